"""Verbs of sources: the gateways, readers and servers that publish on behalf of tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.service.register import check_depot, own_agency
from shared_resources.equipment.trackers.service.devices import (
    KEY_TAKEN,
    OR_EMPTY,
    check_kind,
    new_key,
    revoke_all,
)
from shared_resources.kernel import clock
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.equipment.trackers.schemas.devices import SourceDraft, SourceEdit

speaks_for("tracker_source_key_key", KEY_TAKEN, do=OR_EMPTY, code="key_taken", field="key")


@verb
async def register_source(actor: Actor, draft: SourceDraft) -> str:
    """Enter a source of the actor's agency; returns its key.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: a kind of message nobody reads, a depot of another agency, a return door that stands nowhere.
        Taken: the key is taken.
    """
    agency = own_agency(actor, Permission.TRACKER_EDIT)
    check_kind(draft.payload)
    await _check_place(agency, draft)
    key = draft.key or await new_key("tracker_source")
    await connection().execute(
        "INSERT INTO tracker_source (id, agency, key, name, payload, depot, return_door, rssi_floor,"
        " sightings_needed, sighting_seconds, created_by, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        new_id(),
        agency,
        key,
        draft.name,
        draft.payload,
        *_columns(draft),
        actor.person,
        clock.now(),
    )
    return key


@verb
async def edit_source(actor: Actor, key: str, edit: SourceEdit) -> None:
    """Change a source's name, place or thresholds; what it sends and its key stay.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Invalid: a depot of another agency, a return door that stands nowhere.
    """
    source = await own_source(actor, key)
    await _check_place(source["agency"], edit)
    await connection().execute(
        "UPDATE tracker_source SET name = $2, depot = $3, return_door = $4, rssi_floor = $5,"
        " sightings_needed = $6, sighting_seconds = $7 WHERE id = $1",
        source["id"],
        edit.name,
        *_columns(edit),
    )


@verb
async def retire_source(actor: Actor, key: str) -> None:
    """Take a source out of use: its credentials are revoked, what still comes from it counts for nothing.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: it is out of use already.
    """
    source = await own_source(actor, key)
    if source["retired_at"] is not None:
        raise WrongState(N_("This source is out of use already."), code="retired")
    await connection().execute(
        "UPDATE tracker_source SET retired_at = $2, return_door = false WHERE id = $1", source["id"], clock.now()
    )
    await revoke_all("source", source["id"])


async def own_source(actor: Actor, key: str) -> Any:
    """The source with this key, locked until the verb ends, if the actor may change it.

    Raises:
        NotFound: an unknown key, or a source of another agency: no difference is visible.
        NotAllowed: the actor's role does not suffice.
    """
    row = await connection().fetchrow("SELECT * FROM tracker_source WHERE key = $1 FOR NO KEY UPDATE", key)
    if row is None:
        raise not_found()
    require(actor, Permission.TRACKER_EDIT, actor.relations(row["agency"]))
    return row


async def _check_place(agency: UUID, edit: SourceEdit) -> None:
    if edit.depot is not None:
        await check_depot(agency, edit.depot)
    elif edit.return_door:
        raise Invalid(
            N_("A return door stands at a depot."),
            do=N_("Choose the depot, or let a person confirm what comes back."),
            code="door_needs_depot",
            field="depot",
        )


def _columns(edit: SourceEdit) -> tuple[object, ...]:
    return (edit.depot, edit.return_door, edit.rssi_floor, edit.sightings_needed, edit.sighting_seconds)
