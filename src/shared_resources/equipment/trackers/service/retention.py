"""The clock's part in privacy: positions go when their time is over, unless they are kept as evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.trackers.queries.looks import KEPT
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, reading, verb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

LOOKS_KEPT = timedelta(days=730)
AT_ONCE = 200

OVER = tuple(name for name, state in LOAN.states.items() if state.final)
FORGET = (
    "DELETE FROM position p WHERE p.tracker = ANY($1) AND p.slot < $2 AND p.fix_at < $2 AND NOT EXISTS ("
    " SELECT FROM tracker_binding b JOIN loan_line ll ON ll.item = b.item JOIN record r ON r.id = ll.loan"
    " WHERE b.tracker = p.tracker AND ll.out_at IS NOT NULL AND p.fix_at >= greatest(ll.out_at, b.since)"
    " AND p.fix_at < least(coalesce(ll.back_at, 'infinity'), coalesce(b.until, 'infinity'))"
    " AND (r.state <> ALL($3) OR r.changed_at > $2"
    "  OR EXISTS (SELECT FROM position_hold h WHERE h.loan = ll.loan AND h.released_at IS NULL)))"
)
"""Everything older than 90 days, except what belongs to a loan that runs, closed since, or is kept as evidence."""
DIM = (
    "UPDATE tracker_state s SET latitude = NULL, longitude = NULL, accuracy_m = NULL"
    " WHERE s.latitude IS NOT NULL AND NOT EXISTS (SELECT FROM tracker t JOIN loan_line ll ON ll.item = t.item"
    "  WHERE t.id = s.tracker AND ll.out_at IS NOT NULL AND ll.back_at IS NULL AND ll.state = 'out'"
    "  AND s.fix_at >= greatest(ll.out_at, t.bound_at))"
)


async def forget_positions() -> int:
    """Delete the positions whose time is over; returns how many. Safe to repeat, a few trackers a transaction."""
    before = clock.now() - KEPT
    async with reading() as db:
        trackers = [row["id"] for row in await db.fetch("SELECT id FROM tracker ORDER BY id")]
    return sum([await _forget(trackers[at : at + AT_ONCE], before) for at in range(0, len(trackers), AT_ONCE)])


@verb
async def _forget(trackers: Sequence[UUID], before: datetime) -> int:
    return count_of(await connection().execute(FORGET, trackers, before, OVER))


@verb
async def dim_states() -> int:
    """Take the coordinates out of the state of every tracker whose item is home; returns how many."""
    return count_of(await connection().execute(DIM))


@verb
async def forget_looks() -> int:
    """Delete the log of looks after two years; returns how many lines."""
    return count_of(
        await connection().execute("DELETE FROM position_look WHERE at < $1", clock.now() - LOOKS_KEPT)
    )


def count_of(status: str) -> int:
    """How many rows a statement touched, from PostgreSQL's word for it."""
    return int(status.rpartition(" ")[2])
