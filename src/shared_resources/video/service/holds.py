"""Keeping a recording from being deleted: as evidence, for a dispute, because it is to be preserved."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, journal, markings
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission
from shared_resources.kernel.words import N_
from shared_resources.video.queries.visible import visible_footage
from shared_resources.video.rules.footage import FOOTAGE
from shared_resources.video.service.shares import standing_footage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

HOLD = Permission.FOOTAGE_HOLD


@verb
async def place_hold(actor: Actor, number: str, reason: str, act_id: str | None = None) -> None:
    """Hold a recording by hand until the hold is lifted.

    Raises:
        NotFound, NotAllowed: see ``visible_footage``.
        Invalid: no reason, or one that bears a secrecy marking.
        WrongState: it is deleted.
        Repeated: this ``act_id`` was used before.
    """
    seen = await visible_footage(actor, number, HOLD)
    if not reason.strip():
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="reason")
    markings.refuse_marked((reason,), field="reason")
    await _hold(seen.id, reason.strip(), None, actor, act_id)


@verb
async def lift_hold(actor: Actor, number: str, hold: UUID, act_id: str | None = None) -> None:
    """Lift a hold that was placed by hand; those of records end with their records.

    Raises:
        NotFound, NotAllowed: see ``visible_footage``.
        WrongState: there is no such hold any more, or it belongs to a record.
        Repeated: this ``act_id`` was used before.
    """
    seen = await visible_footage(actor, number, HOLD)
    await journal.note_line(FOOTAGE, "lift_hold", seen.id, actor, HOLD, data={"hold": hold}, act_id=act_id)
    lifted = await connection().execute(
        "UPDATE footage_hold SET released_at = $3, released_by = $4"
        " WHERE id = $1 AND footage = $2 AND released_at IS NULL AND record IS NULL",
        hold,
        seen.id,
        clock.now(),
        actor.person,
    )
    if lifted == "UPDATE 0":
        raise WrongState(N_("This hold is lifted already, or it ends with its record."), code="hold_ended")


async def hold_spans(spans: Iterable[Mapping[str, Any]], holder: UUID, record: UUID, actor: Actor) -> int:
    """Within the running verb: hold what is kept already of sources and spans (``source``, ``begins``, ``ends``).

    Spans are true time; a recording's own clock is corrected by its offset. How many recordings are held.
    """
    held: set[UUID] = set()
    for span in spans:
        rows = await connection().fetch(
            "SELECT f.id FROM footage f JOIN footage_source s ON s.id = f.source JOIN record r ON r.id = s.id"
            " WHERE r.number = $1 AND f.holder = $2 AND f.deleted_at IS NULL"
            " AND f.recorded_from - f.clock_offset_ms * interval '1 millisecond' < $4"
            " AND f.recorded_to - f.clock_offset_ms * interval '1 millisecond' > $3",
            span.get("source"),
            holder,
            datetime.fromisoformat(span["begins"]),
            datetime.fromisoformat(span["ends"]),
        )
        for row in rows:
            if row["id"] not in held:
                held.add(row["id"])
                await _hold(row["id"], "", record, actor, None)
    return len(held)


async def release_holds(record: UUID) -> None:
    """Within the running verb: end the holds that follow from a record."""
    await connection().execute(
        "UPDATE footage_hold SET released_at = $2 WHERE record = $1 AND released_at IS NULL", record, clock.now()
    )


async def _hold(footage: UUID, reason: str, record: UUID | None, actor: Actor, act_id: str | None) -> None:
    """Hold it from now on.

    Raises:
        WrongState: it is deleted.
    """
    moved = await standing_footage(footage)
    hold = new_id()
    data = {"hold": hold, "record": record}
    await journal.write(FOOTAGE, None, moved, actor, reason or None, data, act_id, name="hold")
    await connection().execute(
        "INSERT INTO footage_hold (id, footage, reason, record, placed_by, placed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        hold,
        footage,
        reason,
        record,
        actor.person,
        clock.now(),
    )
