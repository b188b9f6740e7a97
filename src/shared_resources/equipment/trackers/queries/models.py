"""Models of trackers, common to all agencies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.trackers.schemas.devices import ModelLine
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, not_found, require

if TYPE_CHECKING:
    from collections.abc import Sequence

MODELS = (
    "SELECT dm.id, dm.name, dm.payload, dm.field_map, dm.interval_seconds, dm.silent_minutes, dm.lost_hours,"
    " dm.low_battery_pct, dm.outside_fixes, dm.dwell_minutes, dm.depot_radius_m, dm.worst_accuracy_m,"
    " (SELECT count(*) FROM tracker t JOIN record r ON r.id = t.id WHERE t.model = dm.id AND t.agency = $1"
    "  AND r.state <> 'retired') AS devices FROM device_model dm WHERE "
)


async def model_list(actor: Actor) -> tuple[ModelLine, ...]:
    """Every model by name; how many devices of it are the reader's agency's.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader works for no agency.
    """
    return tuple(_line(row) for row in await _rows(actor, "true ORDER BY dm.name"))


async def model_page(actor: Actor, model: UUID) -> ModelLine:
    """One model.

    Raises:
        SignInNeeded, NotAllowed: the reader works for no agency.
        NotFound: there is no such model.
    """
    rows = await _rows(actor, "dm.id = $2", model)
    if not rows:
        raise not_found()
    return _line(rows[0])


async def _rows(actor: Actor, where: str, *values: Any) -> Sequence[Any]:
    require(actor, Permission.TRACKER_SEE, actor.relations(actor.agency))
    async with reading() as db:
        return await db.fetch(MODELS + where, actor.agency, *values)  # type: ignore[no-any-return]


def _line(row: Any) -> ModelLine:
    return ModelLine(**dict(row) | {"field_map": json.loads(row["field_map"])})
