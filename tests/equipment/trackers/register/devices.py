"""Things of these tests: a device on an item of a loan, and what it said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.trackers.schemas.devices import DeviceModelDraft, TrackerDraft
from shared_resources.equipment.trackers.service.devices import bind_tracker, register_tracker
from shared_resources.equipment.trackers.service.models import create_device_model
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading, transaction
from tests.makers import MONDAY, MadeLoan, make_item, make_loan, numbers

if TYPE_CHECKING:
    from datetime import datetime

    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast

PLACE = (29.563, 106.551)


@dataclass(frozen=True)
class Tracked:
    """A loan in a state, the tracker on its one item."""

    loan: MadeLoan
    number: str
    tracker: UUID


async def a_model(keeper: Actor, **more: Any) -> UUID:
    """A model of tracker."""
    draft = DeviceModelDraft(**{"name": f"型号 {next(numbers)}", "payload": "native", **more})
    return await create_device_model(keeper, draft)


async def a_tracker(keeper: Actor, code: str | None = None) -> tuple[str, UUID]:
    """A device, on the item with this code if one is given."""
    with clock.at(MONDAY):
        moved = await register_tracker(keeper, TrackerDraft(name="定位器", model=await a_model(keeper)))
        if code:
            await bind_tracker(keeper, moved.number, code)
    return moved.number, moved.id


async def tracked_loan(cast: Cast, state: str = "out") -> Tracked:
    """A loan of one item with a tracker on it."""
    item = await make_item(keeper=cast.owner.custodian)
    number, tracker = await a_tracker(cast.owner.custodian, item.code)
    loan = await make_loan(cast=cast, state=state, codes=(item.code,))
    return Tracked(loan, number, tracker)


async def said(tracker: UUID, at: datetime, *, cell: int = 1, place: str | None = None) -> None:
    """One position in history and, if it is the newest, in the state, as ingest leaves them."""
    async with transaction() as db:
        for table in ("position", "tracker_state"):
            await db.execute(
                f"INSERT INTO {table} (tracker, {'slot, cell, ' if table == 'position' else ''}fix_at, msg_key,"
                " received_at, live, latitude, longitude, accuracy_m, battery_pct, tamper, place, clock_suspect)"
                f" VALUES ($1, {'$2, $6, ' if table == 'position' else ''}$2, 1, $2, true, $3, $4, 8, 15, false,"
                " $5, false)"
                + (
                    ""
                    if table == "position"
                    else " ON CONFLICT (tracker) DO UPDATE SET fix_at = excluded.fix_at,"
                    " latitude = excluded.latitude, longitude = excluded.longitude, place = excluded.place"
                    " WHERE excluded.fix_at > tracker_state.fix_at"
                ),
                *(tracker, at, *PLACE, place),
                *((cell,) if table == "position" else ()),
            )


async def count(table: str, where: str = "true", *values: Any) -> int:
    """How many rows there are."""
    async with reading() as db:
        return int(await db.fetchval(f"SELECT count(*) FROM {table} WHERE {where}", *values))
