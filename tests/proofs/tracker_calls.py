"""How each verb of trackers is called in the scene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.schemas.handover import ItemState
from shared_resources.equipment.trackers.schemas.devices import (
    DesiredState,
    DeviceModelDraft,
    SourceDraft,
    SourceEdit,
    TrackerDraft,
    TrackerEdit,
)
from shared_resources.equipment.trackers.schemas.positions import AreaDraft
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.identifiers import new_id

if TYPE_CHECKING:
    from tests.proofs.calls import Arguments, Case

CIRCLE = AreaDraft(name="园区", latitude=29.5, longitude=106.5, radius_m=800)
NEXT_MODEL = DeviceModelDraft(name="TL-2", payload="native")


def tracker(case: Case) -> str:
    """The device on the thing that is out."""
    return case.scene.tracker


def spare_tracker(case: Case) -> str:
    """The device on nothing."""
    return case.scene.spare_tracker


def of_the_device(case: Case) -> Arguments:
    """Named: the device on the thing that is out."""
    return (), {"tracker": case.scene.tracker}


def of_the_spare(case: Case) -> Arguments:
    """Named: the device on nothing."""
    return (), {"tracker": case.scene.spare_tracker}


def alarm(case: Case) -> str:
    """The alarm about the thing that is out."""
    return case.scene.alarm


def found(case: Case) -> list[ItemState]:
    """What the keeper has before them of what came home."""
    return [ItemState(code=code, wiped=True) for code in case.scene.loans["came home"].codes]


def source(case: Case) -> str:
    """The gateway."""
    return case.scene.source


def device_model(case: Case) -> Any:
    """The model of the devices."""
    return case.scene.device_model


def a_tracker(case: Case) -> TrackerDraft:
    """One more device."""
    return TrackerDraft(name="定位器 3", model=case.scene.device_model)


def renamed(case: Case) -> TrackerEdit:
    """The same device under another name."""
    return TrackerEdit(name="定位器 9", model=case.scene.device_model)


async def is_held(case: Case) -> None:
    """The track of the loan that is out is kept already."""
    await connection().execute(
        "INSERT INTO position_hold (id, loan, reason, held_by, held_at) VALUES ($1, $2, '调查', $3, $4)",
        new_id(),
        case.scene.loans["out"].id,
        case.actor.person,
        clock.now(),
    )


AREAS = (CIRCLE,)
ASKED = DesiredState(interval_seconds=60, find=True)
A_SOURCE = SourceDraft(name="门口", payload="ble")
A_SOURCE_EDIT = SourceEdit(name="网关 2")
