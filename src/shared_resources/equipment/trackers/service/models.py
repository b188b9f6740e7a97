"""Verbs of models of trackers: how they speak, and from where on something is the matter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.trackers.service.devices import check_kind
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.equipment.trackers.schemas.devices import DeviceModelDraft

speaks_for("device_model_name_key", N_("There is a model of this name already."), code="model_taken", field="name")


@verb
async def create_device_model(actor: Actor, draft: DeviceModelDraft) -> UUID:
    """Enter a model of tracker that every agency may use.

    Raises:
        SignInNeeded, NotAllowed: see ``permissions.require``.
        Invalid: a kind of message nobody reads, a device that would be lost before it is silent.
        Taken: there is a model of this name.
    """
    require(actor, Permission.CATALOGUE_EDIT, actor.relations())
    model = new_id()
    await connection().execute(
        "INSERT INTO device_model (id, name, payload, field_map, interval_seconds, silent_minutes, lost_hours,"
        " low_battery_pct, outside_fixes, dwell_minutes, depot_radius_m, worst_accuracy_m)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        model,
        *_columns(draft),
    )
    return model


@verb
async def edit_device_model(actor: Actor, model: UUID, draft: DeviceModelDraft) -> None:
    """Change a model; its devices follow the new thresholds from their next message on.

    Raises:
        SignInNeeded, NotAllowed: see ``permissions.require``.
        NotFound: there is no such model.
        Invalid: see ``create_device_model``.
        Taken: another model has this name.
    """
    require(actor, Permission.CATALOGUE_EDIT, actor.relations())
    done = await connection().execute(
        "UPDATE device_model SET name = $2, payload = $3, field_map = $4, interval_seconds = $5,"
        " silent_minutes = $6, lost_hours = $7, low_battery_pct = $8, outside_fixes = $9, dwell_minutes = $10,"
        " depot_radius_m = $11, worst_accuracy_m = $12 WHERE id = $1",
        model,
        *_columns(draft),
    )
    if done == "UPDATE 0":
        raise not_found()


def _columns(draft: DeviceModelDraft) -> tuple[object, ...]:
    check_kind(draft.payload)
    if draft.lost_hours * 60 <= draft.silent_minutes:
        raise Invalid(
            N_("Contact is lost later than a device is silent."),
            do=N_("Give more hours, or fewer minutes."),
            code="thresholds",
            field="lost_hours",
        )
    return (
        draft.name,
        draft.payload,
        json.dumps(draft.field_map),
        draft.interval_seconds,
        draft.silent_minutes,
        draft.lost_hours,
        draft.low_battery_pct,
        draft.outside_fixes,
        draft.dwell_minutes,
        draft.depot_radius_m,
        draft.worst_accuracy_m,
    )
