"""The register of cameras and recorders: entered, corrected, their clocks measured, taken out of use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, journal, markings
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.kernel.records import open_record
from shared_resources.kernel.words import N_
from shared_resources.video.rules.sources import SOURCE

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.journal import Moved
    from shared_resources.video.schemas.sources import Offset, SourceDraft

EDIT = Permission.SOURCE_EDIT
speaks_for(
    "footage_source_item_once",
    N_("This item is a source already."),
    do=N_("Open that one."),
    code="item_is_source",
    field="item",
)


@verb
async def register_source(actor: Actor, draft: SourceDraft, act_id: str | None = None) -> Moved:
    """Enter a source of the actor's agency.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: an unknown item, or a text that bears a secrecy marking.
        Taken: the item is a source already.
        Repeated: this ``act_id`` was used before.
    """
    if actor.agency is None:
        raise not_found()
    require(actor, EDIT, {Relation.HOLDER})
    markings.refuse_marked((draft.name, draft.place), field="name")
    moved = await open_record(SOURCE, actor, {Relation.HOLDER: actor.agency}, draft.name, act_id=act_id)
    values = draft.model_dump() | {"item": await _item(actor.agency, draft.item)}
    names = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(3, len(values) + 3))
    await connection().execute(
        f"INSERT INTO footage_source (id, holder, {names}) VALUES ($1, $2, {places})",
        moved.id,
        actor.agency,
        *values.values(),
    )
    return moved


@verb
async def edit_source(actor: Actor, number: str, draft: SourceDraft, act_id: str | None = None) -> None:
    """Correct what the register says; the journal names the fields that changed.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid, Taken, Repeated: see ``register_source``.
    """
    row = await _own(actor, number)
    markings.refuse_marked((draft.name, draft.place), field="name")
    values = draft.model_dump() | {"item": await _item(row["holder"], draft.item)}
    changed = sorted(name for name, value in values.items() if value != row[name])
    if not changed:
        return
    await journal.note_line(SOURCE, "edit", row["id"], actor, EDIT, data={"changed": changed}, act_id=act_id)
    pairs = ", ".join(f"{name} = ${place}" for place, name in enumerate(values, 2))
    await connection().execute(f"UPDATE footage_source SET {pairs} WHERE id = $1", row["id"], *values.values())
    await connection().execute("UPDATE record SET title = $2 WHERE id = $1", row["id"], draft.name)


@verb
async def measure_clock(actor: Actor, number: str, offset: Offset, act_id: str | None = None) -> None:
    """Write down by how much a source's clock is ahead of true time (校时).

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Repeated: this ``act_id`` was used before.
    """
    row = await _own(actor, number)
    milliseconds = round(offset.seconds * 1000)
    await journal.note_line(
        SOURCE, "measure_clock", row["id"], actor, EDIT, data={"offset_ms": milliseconds}, act_id=act_id
    )
    await connection().execute(
        "UPDATE footage_source SET clock_offset_ms = $2, offset_measured_at = $3 WHERE id = $1",
        row["id"],
        milliseconds,
        clock.now(),
    )


@verb
async def retire_source(actor: Actor, number: str, reason: str, act_id: str | None = None) -> Moved:
    """Take a source out of use; what it recorded stays.

    Raises:
        NotFound, NotAllowed, WrongState, Invalid, Repeated: see ``journal.act``.
    """
    row = await _own(actor, number)
    return await journal.act(SOURCE, "retire", row["id"], actor, note=reason, act_id=act_id)


async def _own(actor: Actor, number: str) -> Any:
    """The row of a source, locked, if the actor may change it."""
    row = await connection().fetchrow(
        "SELECT s.* FROM footage_source s JOIN record r ON r.id = s.id WHERE r.number = $1 FOR NO KEY UPDATE OF s",
        number,
    )
    if row is None:
        raise not_found()
    require(actor, EDIT, {Relation.HOLDER if row["holder"] == actor.agency else Relation.THIRD})
    return row


async def _item(agency: UUID, number: str | None) -> UUID | None:
    """The record of an equipment item of the agency.

    Raises:
        Invalid: it has none with this number.
    """
    if not number:
        return None
    found = await connection().fetchval(
        "SELECT r.id FROM record r JOIN party p ON p.record = r.id WHERE r.number = $1 AND r.kind = 'item'"
        " AND p.agency = $2 AND p.part = 'owner'",
        number.upper(),
        agency,
    )
    if found is None:
        raise Invalid(
            N_("Your agency has no item with this number."),
            do=N_("Take it from the item's page, or leave it empty."),
            code="unknown_item",
            field="item",
        )
    return found  # type: ignore[no-any-return]
