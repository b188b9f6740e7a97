"""The months of history: made before they begin, dropped once retention has emptied them."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from shared_resources.equipment.trackers.rules.observing import OLDEST
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb

log = logging.getLogger(__name__)

AHEAD = 3
"""Months made before they begin; no job for a quarter of a year and still nothing is lost."""
LOOKED_BACK = 24
"""Months back in which empty ones are looked for."""


@verb
async def keep_months() -> int:
    """Make the months that observations can fall into; drop old ones that retention has emptied.

    Returns:
        How many months were dropped.
    """
    now = clock.now()
    oldest = (now - OLDEST - timedelta(days=1)).date()
    months = months_of(oldest, AHEAD + _months_between(oldest, now.date()))
    for month in months:
        await connection().execute("SELECT position_month($1)", month)
    dropped = 0
    for back in range(1, LOOKED_BACK + 1):
        dropped += await connection().fetchval("SELECT position_forget($1)", _moved(months[0], -back))
    if await connection().fetchval("SELECT EXISTS (SELECT FROM position_default)"):
        log.error("positions lie outside all months (table position_default): no month could be made for them")
    return dropped


def months_of(day: date, following: int) -> list[date]:
    """The first days of the month of ``day`` and of as many months after it."""
    return [_moved(day, n) for n in range(following + 1)]


def _moved(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
