"""An instrument failed its check: results since the last pass are listed, their clients told (EXPECTATIONS 5)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import move
from shared_resources.kernel.casework.family import family_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.instruments import on_failed_check
from shared_resources.kernel.permissions import SYSTEM_ACTOR

if TYPE_CHECKING:
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
    family = family_of("lab_delegation")
    assert family is not None, "families are loaded with the verbs"
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
    for delegation, state in dict.fromkeys((row["delegation"], row["state"]) for row in rows):
        if state != "withdrawn":
            await move(family, delegation, "recall", SYSTEM_ACTOR)


on_failed_check(recall)
