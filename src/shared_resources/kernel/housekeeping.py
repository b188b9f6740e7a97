"""The kernel's own jobs: deadlines escalate, the night is signed, what is over is swept away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel import deadlines, escalation
from shared_resources.kernel.calendar.reprojection import recount
from shared_resources.kernel.database.transaction import verb
from shared_resources.kernel.identity.limits import sweep_attempts
from shared_resources.kernel.jobs import Job
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.replays import sweep_replays
from shared_resources.kernel.storage import sweep_forgotten, sweep_halves, tidy_folder
from shared_resources.kernel.verify import checkpoint_nightly

if TYPE_CHECKING:
    from shared_resources.kernel.schemas.calendar import Tally

AT_ONCE = 100


@dataclass
class Climbed:
    """What a sweep over the rungs did: how many fired, and how many statutory limits were breached with them."""

    fired: int = 0
    breached: int = 0


async def climb() -> Climbed:
    """Fire every rung of escalation that is due, once, in order; safe in two workers at once.

    A statutory limit that has passed is written down as breached; internal targets are never breaches, and nothing
    escalates on a provisional date (WORKING-DAYS 3.3).
    """
    total = Climbed()
    while (found := await _climb_some()).fired:
        total.fired += found.fired
        total.breached += found.breached
    return total


@verb
async def _climb_some() -> Climbed:
    rows = await escalation.claim(AT_ONCE)
    breaches = [row for row in rows if row["statutory"] and row["name"] == escalation.BREACH]
    for row in breaches:
        await deadlines.enter(row["id"], "breached", SYSTEM_ACTOR, row["due_on"], None)
    for row in rows:
        await escalation.tell(row)
    return Climbed(len(rows), len(breaches))


async def count_anew() -> Tally:
    """Each night's proof: every open date is what its ledger gives, and has its rungs."""
    await deadlines.plan_missing()
    return await recount()


KERNEL_JOBS = (
    Job("deadlines", timedelta(minutes=1), climb),
    Job("sign-in attempts", timedelta(hours=1), sweep_attempts),
    Job("replays", timedelta(hours=1), sweep_replays),
    Job("half uploads", timedelta(hours=6), sweep_halves),
    Job("bytes of forgotten files", timedelta(hours=1), sweep_forgotten),
    Job("folder and bucket", timedelta(minutes=15), tidy_folder),
    Job("recount", timedelta(hours=6), count_anew),
    Job("checkpoint", timedelta(minutes=20), checkpoint_nightly),
)
"""``checkpoint`` asks often and signs once a day: a machine that sleeps at night signs in the morning."""
