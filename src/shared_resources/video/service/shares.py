"""Letting an agency see a recording for a time, and ending that: a revoked share stops within a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from shared_resources.kernel import clock, journal
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.words import N_
from shared_resources.video.rules.footage import FOOTAGE

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from shared_resources.kernel.journal import Moved

Ground = Literal["shared_use", "request"]


async def share(
    footage: UUID, agency: UUID, ground: Ground, record: UUID, until: datetime | None, actor: Actor
) -> None:
    """Within the running verb: share a recording; a share that stands already takes the new end.

    Args:
        ground: shared_use gives the whole recording, request only the copies made for it.
        record: the duty or the request that it follows from.
        until: its end; None where it ends with its ground.

    Raises:
        WrongState: the recording is deleted.
    """
    await standing_footage(footage)
    await connection().execute(
        "INSERT INTO footage_share (id, footage, agency, ground, record, since, until)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (footage, agency, record) WHERE ended_at IS NULL"
        " DO UPDATE SET until = excluded.until",
        new_id(),
        footage,
        agency,
        ground,
        record,
        clock.now(),
        until,
    )
    await _note(footage, "share", actor, {"with": agency, "ground": ground, "record": record, "until": until})


async def end_shares(record: UUID, actor: Actor) -> int:
    """Within the running verb: end every share that follows from ``record``; how many there were."""
    ended = await connection().fetch(
        "UPDATE footage_share SET ended_at = $2, ended_by = $3 WHERE record = $1 AND ended_at IS NULL"
        " RETURNING footage, agency",
        record,
        clock.now(),
        actor.person,
    )
    for row in ended:
        await _note(row["footage"], "end_share", actor, {"with": row["agency"], "record": record})
    return len(ended)


async def standing_footage(footage: UUID) -> Moved:
    """A recording, locked until the verb ends so that nobody deletes it meanwhile.

    Raises:
        WrongState: it is deleted.
    """
    moved = await journal.standing(FOOTAGE, footage)
    if moved.state == "deleted":
        raise WrongState(N_("This recording has been deleted."), code="footage_deleted")
    return moved


async def _note(footage: UUID, name: str, actor: Actor, data: dict[str, object]) -> None:
    """A line of the recording's own: another record's act is what allows it, so no permission is asked here."""
    moved = await journal.standing(FOOTAGE, footage)
    await journal.write(FOOTAGE, None, moved, actor, None, data, None, name=name)
