"""A loan that is out with a tracker on its item, and what the tracker said of its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.schemas.devices import DeviceModelDraft, TrackerDraft
from shared_resources.equipment.trackers.service.devices import bind_tracker, register_tracker
from shared_resources.equipment.trackers.service.models import create_device_model
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from tests.makers import END, HOUR, MONDAY, START, MadeLoan, make_depot, make_item, make_loan

if TYPE_CHECKING:
    from uuid import UUID

    from tests.people import Cast

DEPOT = (29.5630, 106.5516)
NOW = END - HOUR
"""Two hours before the end of the loan, when pages of these tests are looked at."""


@dataclass(frozen=True)
class Tracked:
    """What the tests look at."""

    loan: MadeLoan
    tracker: UUID
    number: str
    code: str


async def tracked_loan(cast: Cast) -> Tracked:
    """Registered, put on an item, lent; ten positions to the north, the last three minutes ago."""
    keeper = cast.owner.custodian
    with clock.at(MONDAY):
        depot = await make_depot(keeper=keeper, latitude=DEPOT[0], longitude=DEPOT[1])
        item = await make_item(keeper=keeper, depot=depot)
        model = await create_device_model(keeper, DeviceModelDraft(name="GT-06", payload="native"))
        moved = await register_tracker(keeper, TrackerDraft(name="Tracker 07", model=model))
        await bind_tracker(keeper, moved.number, item.code)
        loan = await make_loan(cast=cast, state="out", codes=(item.code,))
    for step in range(10):
        await said(moved.id, NOW - timedelta(minutes=3 + 10 * (9 - step)), DEPOT[0] + 0.002 * step, DEPOT[1])
    return Tracked(loan, moved.id, moved.number, item.code)


async def said(tracker: UUID, at: datetime, latitude: float, longitude: float) -> None:
    """One word of a tracker, as ingest would keep it."""
    assert at > START
    values = (tracker, at, int(at.timestamp()), at, latitude, longitude)
    async with transaction() as db:
        await db.execute(
            "INSERT INTO position (tracker, slot, cell, fix_at, msg_key, received_at, live, latitude, longitude,"
            " accuracy_m, battery_pct, tamper, place, clock_suspect) VALUES"
            " ($1, $2, $3, $2, $3, $4, true, $5, $6, 8, 64, false, 'allowed', false)",
            *values,
        )
        await db.execute(
            "INSERT INTO tracker_state (tracker, fix_at, msg_key, received_at, live, latitude, longitude,"
            " accuracy_m, battery_pct, tamper, place, clock_suspect)"
            " VALUES ($1, $2, $3, $4, true, $5, $6, 8, 64, false, 'allowed', false)"
            " ON CONFLICT (tracker) DO UPDATE SET fix_at = $2, msg_key = $3, received_at = $4, latitude = $5,"
            " longitude = $6",
            *values,
        )
