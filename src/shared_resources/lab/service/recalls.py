"""An instrument failed its check: results since the last pass are listed, their clients told (EXPECTATIONS 5)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from shared_resources.kernel import clock, notices
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.instruments import on_failed_check
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.roles import INTAKE, PAPERS
from shared_resources.kernel.words import N_
from shared_resources.lab.rules.delegation import DELEGATION
from shared_resources.lab.service.samples import tell

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.instruments import FailedCheck

EVER = date(2000, 1, 1)
"""Since when all is in doubt where no check was ever passed."""
SINCE = (
    "SELECT x.id, t.delegation, r.state FROM lab_result x JOIN lab_test t ON t.id = x.test"
    " JOIN record r ON r.id = t.delegation WHERE x.instrument = $1 AND x.measured_at >= $2"
    " AND x.replaced_by IS NULL AND NOT EXISTS (SELECT FROM lab_recall c WHERE c.result = x.id)"
    " ORDER BY r.id, x.id FOR UPDATE OF x"
)


async def recall(check: FailedCheck) -> None:
    """Within the verb that records the check: list what was measured since the last pass, tell the clients."""
    since = datetime.combine(check.since or EVER, time(), clock.LOCAL_ZONE)
    rows = await connection().fetch(SINCE, check.instrument, since)
    for row in rows:
        await connection().execute(
            "INSERT INTO lab_recall (id, result, delegation, instrument, failed_on, why, told_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            new_id(),
            row["id"],
            row["delegation"],
            check.instrument,
            check.failed_on,
            check.why,
            clock.now(),
        )
    for delegation in dict.fromkeys(row["delegation"] for row in rows if row["state"] != "withdrawn"):
        await tell_both(delegation, check)


async def tell_both(delegation: UUID, check: FailedCheck) -> None:
    """A line in the journal and word to client and laboratory: no step, since closed delegations learn it too."""
    data = {"instrument": check.instrument, "failed_on": check.failed_on.isoformat(), "why": check.why}
    moved = await tell(delegation, SYSTEM_ACTOR, "recall", data)
    await notices.tell(
        moved.parties.agencies,
        PAPERS | INTAKE,
        N_("%(number)s “%(title)s”: an instrument used for it has failed its verification since. See its page."),
        {"number": moved.number, "title": moved.title},
        record=delegation,
        link=DELEGATION.path % {"number": moved.number},
        key=f"{delegation}:recall:{check.instrument}:{check.failed_on}",
    )


on_failed_check(recall)
