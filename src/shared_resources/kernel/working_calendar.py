"""The working-day calendar in the database: the authority, seeded once, changed by confirmed notices only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import chinese_calendar.constants as published

from shared_resources.kernel import clock
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.workdays import NATION, Calendar, DayKind, SpecialDay

if TYPE_CHECKING:
    import asyncpg

BEHIND, AHEAD = timedelta(days=400), timedelta(days=800)

ESTIMATED = {
    2027: (
        ("元旦", (1, 1), (1, 3)),
        ("春节", (2, 5), (2, 12)),
        ("清明节", (4, 3), (4, 5)),
        ("劳动节", (5, 1), (5, 5)),
        ("端午节", (6, 9), (6, 9)),
        ("中秋节", (9, 15), (9, 15)),
        ("国庆节", (10, 1), (10, 7)),
    )
}
"""Ranges that the principles of the 2024 revision give; make-up days unknown (WORKING-DAYS 3.3)."""


async def load_calendar(connection: asyncpg.Connection[Any]) -> Calendar:
    """The calendar around today: 400 days back, 800 ahead; longer than any term of the decree."""
    today = clock.today()
    rows = await connection.fetch(
        "SELECT date, kind, name, notice_no, scope FROM calendar_day WHERE date BETWEEN $1 AND $2",
        today - BEHIND,
        today + AHEAD,
    )
    years = await connection.fetch("SELECT year FROM calendar_year WHERE status = 'confirmed'")
    days = {
        (row["scope"], row["date"]): SpecialDay(DayKind(row["kind"]), row["name"], row["notice_no"], row["scope"])
        for row in rows
    }
    return Calendar(days, frozenset(row["year"] for row in years))


async def seed_calendar(connection: asyncpg.Connection[Any]) -> None:
    """Fill an empty calendar from ``chinesecalendar`` (confirmed) and the estimate for the year after."""
    if await connection.fetchval("SELECT true FROM calendar_year LIMIT 1"):
        return
    days = [(day, DayKind.HOLIDAY, name, "library") for day, name in published.holidays.items()]
    days += [(day, DayKind.MAKEUP, name, "library") for day, name in published.workdays.items()]
    years = [(year, "confirmed") for year in sorted({day.year for day, *_ in days})]
    for year, ranges in ESTIMATED.items():
        years.append((year, "estimated"))
        days += [(day, DayKind.HOLIDAY, name, "estimate") for day, name in estimated_days(year, ranges)]
    await connection.executemany(
        "INSERT INTO calendar_day (id, date, kind, name, scope, source) VALUES ($1, $2, $3, $4, $5, $6)",
        [(new_id(), day, kind.value, name, NATION, source) for day, kind, name, source in days],
    )
    await connection.executemany(
        "INSERT INTO calendar_year (id, year, status) VALUES ($1, $2, $3)",
        [(new_id(), year, status) for year, status in years],
    )


def estimated_days(
    year: int, ranges: tuple[tuple[str, tuple[int, int], tuple[int, int]], ...]
) -> list[tuple[date, str]]:
    """Every day of the estimated ranges of one year, with the name of its holiday."""
    found: list[tuple[date, str]] = []
    for name, first, last in ranges:
        day, end = date(year, *first), date(year, *last)
        while day <= end:
            found.append((day, name))
            day += timedelta(days=1)
    return found
