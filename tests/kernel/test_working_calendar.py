"""The calendar in the database: what a fresh one knows, and how it grows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import asyncpg
import pytest
from tests.kernel.calendars import LIBRARY

from shared_resources.kernel import clock
from shared_resources.kernel.calendar import queries
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.workdays import FWD, YearStatus, due
from shared_resources.kernel.working_calendar import load_calendar, seed_calendar

if TYPE_CHECKING:
    pass


class TestSeed:
    """What a fresh database knows."""

    async def test_database_gives_the_same_calendar_as_the_library(self, db: str) -> None:
        async with reading() as connection:
            loaded = await load_calendar(connection, since=date(2004, 1, 1))
        assert {key: found for key, found in loaded.days.items() if key[1].year < 2028} == LIBRARY.days
        assert {year: known.status for year, known in loaded.years.items() if year < 2028} == {
            year: known.status for year, known in LIBRARY.years.items()
        }

    async def test_years_stand_with_their_notices(self, db: str) -> None:
        years = {view.year: view for view in await queries.years()}
        assert min(years) == 2004
        assert (years[2026].notice_no, years[2026].published_on) == ("国办发明电〔2025〕7号", date(2025, 11, 4))
        assert years[2027].status is YearStatus.ESTIMATED
        assert len(await queries.days_of(2027)) == 13

    @pytest.mark.parametrize(
        ("day", "number"),
        [
            (date(2022, 12, 31), "国办发明电〔2022〕16号"),
            (date(2020, 2, 1), "国办发明电〔2020〕1号"),
            (date(2015, 9, 6), "国发明电〔2015〕1号"),
            (date(2005, 5, 1), None),
        ],
    )
    def test_day_names_the_notice_that_made_it_so(self, day: date, number: str | None) -> None:
        special = LIBRARY.special(day)
        assert special is not None
        assert special.notice_no == number

    async def test_second_time_changes_nothing(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        before = await connection.fetch("SELECT * FROM calendar_day ORDER BY id")
        await seed_calendar(connection)
        assert await connection.fetch("SELECT * FROM calendar_day ORDER BY id") == before
        await connection.close()

    async def test_next_year_joins_when_it_is_time(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        with clock.at(datetime(2027, 3, 1, tzinfo=UTC)):
            await seed_calendar(connection)
        row = await connection.fetchrow("SELECT status FROM calendar_year WHERE year = 2028")
        assert row["status"] == "estimated"
        with clock.at(datetime(2077, 3, 1, tzinfo=UTC)):
            await seed_calendar(connection)
        assert await connection.fetchval("SELECT max(year) FROM calendar_year") == 2036
        await connection.close()

    async def test_year_outside_the_window_is_missing_and_not_silently_plain(self, db: str) -> None:
        async with reading() as connection:
            near, far = await load_calendar(connection), await load_calendar(connection, date(2019, 5, 1))
        assert due(FWD(2), date(2019, 4, 30), near).provisional
        result = due(FWD(2), date(2019, 4, 30), far)
        assert (result.date, result.provisional) == (date(2019, 5, 6), False)
