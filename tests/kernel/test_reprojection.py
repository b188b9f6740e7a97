"""What a changed calendar does to open deadlines."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.calendars import calendars, dates

from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.calendar.notices import confirm_notice, propose_notice
from shared_resources.kernel.calendar.reprojection import not_past, recount
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.schemas.calendar import Span, Tally
from shared_resources.kernel.workdays import DayKind
from shared_resources.kernel.working_calendar import county_of

if TYPE_CHECKING:
    from collections.abc import Iterator

from tests.kernel.calendar_story import (
    NOTICE_2027,
    NOW,
    SHIZHU,
    TYPHOON,
    Cast,
    ask,
    deadline,
    entries,
    load,
    make_cast,
)


@pytest.fixture(autouse=True)
def christmas_eve() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


class TestDeadlines:
    """What a changed calendar does to open deadlines."""

    async def test_date_in_an_estimated_year_is_provisional_until_the_notice(self, cast: Cast) -> None:
        with clock.at(NOW + timedelta(days=36)):  # Friday 29 January 2027
            record = await ask(cast.city, cast.county)
            row = await deadline(record)
            assert (row["due_on"], row["provisional"]) == (date(2027, 2, 9), True)
            tally = await load(cast, NOTICE_2027)
        assert tally == Tally(moved=1, settled=1)
        row = await deadline(record)
        assert (row["due_on"], row["provisional"], row["due_at"]) == (
            date(2027, 2, 4),  # Sunday 31 January works now
            False,
            deadlines.end_of(date(2027, 2, 4)),
        )
        last = (await entries(record))[-1]
        assert (last["kind"], last["before"], last["after"], last["actor"]) == (
            "recalculated",
            date(2027, 2, 9),
            date(2027, 2, 4),
            cast.second.person,
        )
        assert json.loads(last["data"])["notice"] == last["note"] == NOTICE_2027.number

    async def test_date_that_holds_is_settled_and_nobody_is_told(self, cast: Cast) -> None:
        with clock.at(datetime(2027, 3, 1, 2, tzinfo=UTC)):
            record = await ask(cast.city, cast.county)
            assert (await deadline(record))["provisional"]
            assert await load(cast, NOTICE_2027) == Tally(settled=2)
            assert not (await deadline(record))["provisional"]
        assert [entry["kind"] for entry in await entries(record)] == ["started", "recalculated"]
        async with reading() as db:
            assert await db.fetchval("SELECT count(*) FROM notice WHERE record = $1", record) == 0

    async def test_both_parties_learn_old_and_new_date(self, cast: Cast) -> None:
        record = await ask(cast.city, cast.county)
        assert await load(cast, TYPHOON) == Tally(moved=2)
        assert (await deadline(record))["due_on"] == date(2027, 1, 5)
        assert (await deadline(record, "press"))["due_on"] == date(2026, 12, 30)
        async with reading() as db:
            rows = await db.fetch("SELECT person, params FROM notice WHERE record = $1", record)
        told = {
            (row["person"], json.loads(row["params"])["before"], json.loads(row["params"])["after"])
            for row in rows
        }
        assert told == {
            (cast.clerk.person, "2026-12-31", "2027-01-05"),
            (cast.county_clerk.person, "2026-12-31", "2027-01-05"),
            (cast.clerk.person, "2026-12-28", "2026-12-30"),
        }

    async def test_county_days_bind_the_county_only(self, cast: Cast) -> None:
        theirs, ours = await ask(cast.county, cast.city), await ask(cast.city, cast.county)
        await load(cast, SHIZHU)
        assert (await deadline(theirs))["due_on"] == date(2027, 1, 4)
        assert (await deadline(ours))["due_on"] == date(2026, 12, 31)
        assert (await deadline(await ask(cast.county, cast.city)))["due_on"] == date(2027, 1, 4)
        async with reading() as db:
            assert await county_of(db, cast.county) == "500240"
            assert await county_of(db, cast.city) is None

    async def test_never_into_the_past(self, cast: Cast) -> None:
        await load(cast, TYPHOON)
        record = await ask(cast.city, cast.county)
        assert (await deadline(record))["due_on"] == date(2027, 1, 5)
        withdrawn = TYPHOON.model_copy(
            update={
                "number": "渝府办发〔2026〕100号",
                "spans": (
                    Span(
                        name="照常",
                        kind=DayKind.WORKDAY_OVERRIDE,
                        first=date(2026, 12, 26),
                        last=date(2026, 12, 31),
                    ),
                ),
            }
        )
        with clock.at(NOW + timedelta(days=6)):  # Wednesday 30 December
            await load(cast, withdrawn)
            row, last = await deadline(record), (await entries(record))[-1]
            assert row["due_on"] == last["after"] == date(2026, 12, 31)
            assert json.loads(last["data"])["computed"] == "2026-12-29"
            assert await recount() == Tally(unchanged=2)

    async def test_closed_and_agreed_dates_stay(self, cast: Cast) -> None:
        met, agreed = await ask(cast.city, cast.county), await ask(cast.city, cast.county)
        async with transaction():
            await deadlines.close(met, "answer", "met", SYSTEM_ACTOR)
            await deadlines.close(met, "press", "met", SYSTEM_ACTOR)
            await deadlines.extend(agreed, "answer", datetime(2027, 1, 20, 4, tzinfo=UTC), SYSTEM_ACTOR)
        await load(cast, TYPHOON)
        assert (await deadline(met))["due_on"] == date(2026, 12, 31)
        assert (await deadline(agreed))["due_on"] == date(2027, 1, 20)
        assert (await deadline(agreed, "press"))["due_on"] == date(2026, 12, 30)

    async def test_recount_finds_nothing_to_do(self, cast: Cast) -> None:
        await ask(cast.city, cast.county)
        await load(cast, TYPHOON)
        assert await recount() == Tally(unchanged=2)

    async def test_no_deadline_slips_between_counting_and_loading(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, TYPHOON)
        opened, *_ = await asyncio.gather(
            ask(cast.city, cast.county),
            confirm_notice(cast.second, number),
            *(ask(cast.city, cast.county) for _ in range(10)),
        )
        assert (await deadline(opened))["due_on"] == date(2027, 1, 5)
        async with reading() as db:
            assert await db.fetchval("SELECT count(DISTINCT due_on) FROM deadline WHERE term = 'answer'") == 1

    @given(calendars(), dates, st.integers(-40, 40), st.integers(-40, 40))
    def test_property_never_into_the_past(self, calendar: Any, today: date, before: int, computed: int) -> None:
        old, new = today + timedelta(days=before), today + timedelta(days=computed)
        kept = not_past(new, old, today, calendar, None)
        assert kept == new or (new < kept <= old)
        assert kept >= min(old, today)
        assert not_past(new, kept, today, calendar, None) == kept
