"""The working-day calendar in the database: the authority, seeded once, changed by confirmed notices only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import chinese_calendar.constants as published

from shared_resources.kernel import clock
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.statutory_days import MOVING, statutory_days
from shared_resources.kernel.workdays import (
    NATION,
    Calendar,
    CountingPolicy,
    DayKind,
    SpecialDay,
    Year,
    YearStatus,
)
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

    import asyncpg

LOCK = 0x4341_4C45_4E44_4152
"""Key of the advisory lock: counting shares it, loading a notice takes it alone ("CALENDAR")."""
BEHIND, AHEAD = 1, 2
"""Whole years around the present one that a count may need; no term of the decree reaches further."""

NAMES: Mapping[str, str] = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
}
"""The library's names in the words of the notices."""

NOTICES: Mapping[int, tuple[str, date]] = {
    2008: ("国办发明电〔2007〕52号", date(2007, 12, 15)),
    2009: ("国办发明电〔2008〕42号", date(2008, 12, 4)),
    2010: ("国办发明电〔2009〕27号", date(2009, 12, 8)),
    2011: ("国办发明电〔2010〕40号", date(2010, 12, 10)),
    2012: ("国办发明电〔2011〕45号", date(2011, 12, 6)),
    2013: ("国办发明电〔2012〕33号", date(2012, 12, 8)),
    2014: ("国办发明电〔2013〕28号", date(2013, 12, 11)),
    2015: ("国办发明电〔2014〕28号", date(2014, 12, 16)),
    2016: ("国办发明电〔2015〕18号", date(2015, 12, 10)),
    2017: ("国办发明电〔2016〕17号", date(2016, 12, 1)),
    2018: ("国办发明电〔2017〕12号", date(2017, 11, 30)),
    2019: ("国办发明电〔2018〕15号", date(2018, 12, 4)),
    2020: ("国办发明电〔2019〕16号", date(2019, 11, 21)),
    2021: ("国办发明电〔2020〕27号", date(2020, 11, 25)),
    2022: ("国办发明电〔2021〕11号", date(2021, 10, 25)),
    2023: ("国办发明电〔2022〕16号", date(2022, 12, 8)),
    2024: ("国办发明电〔2023〕7号", date(2023, 10, 25)),
    2025: ("国办发明电〔2024〕12号", date(2024, 11, 12)),
    2026: ("国办发明电〔2025〕7号", date(2025, 11, 4)),
}
"""Number and date of the State Council's notice for each year that the library knows; none before 2008."""

CHANGES: Iterable[tuple[date, date, str]] = (
    (date(2015, 9, 3), date(2015, 9, 6), "国发明电〔2015〕1号"),
    (date(2019, 4, 28), date(2019, 5, 5), "国办发明电〔2019〕3号"),
    (date(2020, 1, 31), date(2020, 2, 2), "国办发明电〔2020〕1号"),
)
"""Days that a later notice changed midway through a year."""


def policy() -> CountingPolicy:
    """The choices of counting that the administrator has set."""
    chosen = settings()
    return CountingPolicy(chosen.expiry_rolls, chosen.deemed_received, chosen.clear_days)


async def county_of(connection: asyncpg.Connection[Any], agency: UUID) -> str | None:
    """The county whose own days bind ``agency``: its division code, else the one in the settings."""
    county = await connection.fetchval("SELECT county FROM agency WHERE id = $1", agency)
    return county or settings().county


async def load_calendar(connection: asyncpg.Connection[Any], since: date | None = None) -> Calendar:
    """The calendar from the year before this one (or that of ``since``) to two years ahead.

    Inside a verb it stays true until the verb ends: a notice is loaded before or after, never in between.
    A year outside counts as missing, so that a date which leans on it is provisional and never silently wrong.
    """
    this_year = clock.today().year
    first, last = min(this_year - BEHIND, since.year if since else this_year), this_year + AHEAD
    await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", LOCK)
    rows = await connection.fetch(
        "SELECT date, kind, name, notice_no, scope FROM calendar_day WHERE date BETWEEN $1 AND $2",
        date(first, 1, 1),
        date(last, 12, 31),
    )
    years = await connection.fetch(
        "SELECT year, status, notice_no FROM calendar_year WHERE year BETWEEN $1 AND $2", first, last
    )
    return Calendar(
        {
            (row["scope"], row["date"]): SpecialDay(
                DayKind(row["kind"]), row["name"], row["notice_no"], row["scope"]
            )
            for row in rows
        },
        {row["year"]: Year(YearStatus(row["status"]), row["notice_no"]) for row in years},
        policy(),
    )


async def seed_calendar(connection: asyncpg.Connection[Any]) -> None:
    """Add the years that the calendar does not know yet; what is there already stays as it is.

    Years of ``chinesecalendar`` are confirmed, those after it up to next year are estimated.
    """
    known = {row["year"] for row in await connection.fetch("SELECT year FROM calendar_year")}
    library = {year: days for year, days in library_years().items() if year not in known}
    estimated = [year for year in estimable_years() if year not in known]
    days = [
        (new_id(), day, kind.value, name, notice_of(day), NATION, "library")
        for special in library.values()
        for day, kind, name in special
    ]
    days += [
        (new_id(), day, DayKind.HOLIDAY.value, name, None, NATION, "estimate")
        for year in estimated
        for day, name in statutory_days(year).items()
    ]
    years = [(new_id(), year, YearStatus.CONFIRMED.value, *NOTICES.get(year, (None, None))) for year in library]
    years += [(new_id(), year, YearStatus.ESTIMATED.value, None, None) for year in estimated]
    await connection.executemany(
        "INSERT INTO calendar_day (id, date, kind, name, notice_no, scope, source)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (scope, date) DO NOTHING",
        days,
    )
    await connection.executemany(
        "INSERT INTO calendar_year (id, year, status, notice_no, published_on)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (year) DO NOTHING",
        years,
    )


def library_years() -> dict[int, list[tuple[date, DayKind, str]]]:
    """The days of ``chinesecalendar`` by year, with the names that the notices use."""
    found: dict[int, list[tuple[date, DayKind, str]]] = {}
    for kind, table in ((DayKind.HOLIDAY, published.holidays), (DayKind.MAKEUP, published.workdays)):
        for day, name in table.items():
            found.setdefault(day.year, []).append((day, kind, NAMES[name]))
    return dict(sorted(found.items()))


def estimable_years() -> range:
    """The years after the library's last one up to next year, as far as their lunar festivals are known."""
    return range(max(library_years()) + 1, min(clock.today().year + 1, max(MOVING)) + 1)


def notice_of(day: date) -> str | None:
    """The notice by which a day of the library differs; days of December belong to the next year's notice."""
    for first, last, number in CHANGES:
        if first <= day <= last:
            return number
    year = day.year + 1 if day.month == 12 else day.year
    return NOTICES[year][0] if year in NOTICES else None
