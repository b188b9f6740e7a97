"""The kernel's own jobs: breaches are told, the night is signed, what is over is swept away."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel import clock, deadlines, notices
from shared_resources.kernel.calendar.reprojection import recount
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.identity.limits import sweep_attempts
from shared_resources.kernel.jobs import Job
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Role
from shared_resources.kernel.replays import sweep_replays
from shared_resources.kernel.storage import sweep_halves
from shared_resources.kernel.verify import checkpoint_nightly
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    import asyncpg

ESCALATED_TO = frozenset({Role.LEADER, Role.UNIT_HEAD})
AT_ONCE = 100
BREACHED = (
    "UPDATE deadline d SET told_at = $1 FROM record r WHERE r.id = d.record AND d.id IN (SELECT id FROM deadline"
    " WHERE state = 'running' AND statutory AND NOT provisional AND told_at IS NULL AND due_at <= $1"
    " ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)"
    " RETURNING d.id, d.due_on, d.owed_by, d.owed_to, d.record, r.number, r.title"
)


async def mark_breaches() -> int:
    """Write down every statutory limit that has passed, once, and tell the leaders of both sides.

    Internal targets are never breaches, and nothing escalates on a provisional date (WORKING-DAYS 3.3).
    """
    total = 0
    while found := await _mark_some():
        total += found
    return total


@verb
async def _mark_some() -> int:
    rows = await connection().fetch(BREACHED, clock.now(), AT_ONCE)
    for row in rows:
        await deadlines.enter(row["id"], "breached", SYSTEM_ACTOR, row["due_on"], None)
        await _escalate(row)
    return len(rows)


async def _escalate(row: asyncpg.Record) -> None:
    await notices.tell(
        [agency for agency in (row["owed_by"], row["owed_to"]) if agency is not None],
        ESCALATED_TO,
        N_("%(number)s %(title)s: the statutory limit of %(due)s has passed."),
        {"number": row["number"], "title": row["title"], "due": row["due_on"].isoformat()},
        record=row["record"],
        link=None,
        key=f"{row['id']}:breached:{row['due_on']}",
    )


KERNEL_JOBS = (
    Job("deadlines", timedelta(minutes=1), mark_breaches),
    Job("sign-in attempts", timedelta(hours=1), sweep_attempts),
    Job("replays", timedelta(hours=1), sweep_replays),
    Job("half uploads", timedelta(hours=6), sweep_halves),
    Job("recount", timedelta(hours=6), recount),
    Job("checkpoint", timedelta(minutes=20), checkpoint_nightly),
)
"""``checkpoint`` asks often and signs once a day: a machine that sleeps at night signs in the morning."""
