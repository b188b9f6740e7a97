"""Loans whose items carry a tag for the depot's door or a device that knows where it is, and what these say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.journal import acts_of
from shared_resources.equipment.trackers.ingest.storing import store
from shared_resources.equipment.trackers.schemas.devices import SourceDraft, TrackerDraft
from shared_resources.equipment.trackers.service.devices import bind_tracker, register_tracker
from shared_resources.equipment.trackers.service.months import keep_months
from shared_resources.equipment.trackers.service.sources import register_source
from shared_resources.kernel import clock, custody
from shared_resources.kernel.database.transaction import reading
from tests.equipment.trackers.ingest.stream import message
from tests.equipment.trackers.register.devices import PLACE, a_model
from tests.makers import END, MONDAY, START, MadeLoan, make_depot, make_item, make_loan

if TYPE_CHECKING:
    from datetime import datetime

    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast

NEAR, FAR = PLACE, (29.61, 106.60)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Carried:
    """A tracker and the item that carries it."""

    id: UUID
    number: str
    key: str
    mac: str
    item: UUID
    code: str

    async def says(self, at: datetime, where: tuple[float, float] | None = None, **more: Any) -> None:
        """A word of the device about itself, received two seconds later."""
        place = {"lat": where[0], "lon": where[1], "acc": 8} if where else {}
        told = json.dumps({"at": at.timestamp(), **place, **more}).encode()
        with clock.at(at + timedelta(seconds=2)):
            await store([message(f"t/{self.key}/obs", told, at + timedelta(seconds=2))])

    async def stands(self, at: datetime, where: tuple[float, float], minutes: int = 6) -> None:
        """A word each minute from one place."""
        for minute in range(minutes + 1):
            await self.says(at + minute * MINUTE, where)

    async def is_read(self, door: str, at: datetime, times: int = 3, rssi: int = -60) -> None:
        """Read by a gateway every six seconds."""
        for n in range(times):
            now = at + timedelta(seconds=6 * n)
            told = json.dumps({"id": self.mac, "rssi": rssi}).encode()
            topic = f"s/{door}/gw/BTtoMQTT/{self.mac.replace(':', '')}"
            with clock.at(now):
                await store([message(topic, told, now)])


@dataclass(frozen=True)
class Story:
    """A loan that is out (or in another state) with a tracker on each of its items."""

    cast: Cast
    loan: MadeLoan
    door: str
    things: tuple[Carried, ...]

    @property
    def thing(self) -> Carried:
        """The first of them."""
        return self.things[0]

    async def came_home(self, at: datetime, thing: Carried | None = None) -> UUID:
        """Read at the return door; the check-in that came of it."""
        await (thing or self.thing).is_read(self.door, at)
        return (await self.checkins("confirmed", thing))[-1]["id"]  # type: ignore[no-any-return]

    async def checkins(self, state: str = "", thing: Carried | None = None) -> list[Any]:
        """The check-ins of an item, the first first."""
        async with reading() as db:
            return list(
                await db.fetch(
                    "SELECT * FROM checkin WHERE item = $1 AND ($2 = '' OR state = $2) ORDER BY made_at, id",
                    (thing or self.thing).item,
                    state,
                )
            )

    async def alarms(self, open_only: bool = True) -> list[str]:
        """Kinds of the alarms of its trackers."""
        async with reading() as db:
            rows = await db.fetch(
                "SELECT kind FROM alarm WHERE tracker = ANY($1) AND (settled_at IS NULL OR NOT $2) ORDER BY kind",
                [thing.id for thing in self.things],
                open_only,
            )
        return [row["kind"] for row in rows]

    async def line(self, thing: Carried | None = None) -> Any:
        """The loan line of an item."""
        async with reading() as db:
            return await db.fetchrow(
                "SELECT * FROM loan_line WHERE loan = $1 AND item = $2", self.loan.id, (thing or self.thing).item
            )

    async def terms(self) -> dict[str, Any]:
        """When the terms that run on the loan are due."""
        async with reading() as db:
            rows = await db.fetch(
                "SELECT term, due_at FROM deadline WHERE record = $1 AND state = 'running'", self.loan.id
            )
        return {row["term"]: row["due_at"] for row in rows}

    async def acts(self) -> list[str]:
        """What the loan's journal shows, oldest first."""
        return [act.step for act in reversed(await acts_of(self.loan.id))]

    async def chain(self) -> list[Any]:
        """Every line of custody of its items."""
        return [line for thing in self.things for line in await custody.log_of(thing.item)]


async def story(
    cast: Cast, *, items: int = 1, tags: bool = False, state: str = "out", at_once: bool = True, **more: Any
) -> Story:
    """A loan over the usual time from a depot at ``NEAR`` with one reader at its door."""
    await keep_months()
    keeper = cast.owner.custodian
    starts_at, ends_at = more.pop("starts_at", START), more.pop("ends_at", END)
    with clock.at(MONDAY):
        depot = await make_depot(keeper=keeper, latitude=NEAR[0], longitude=NEAR[1])
        door = await register_source(
            keeper, SourceDraft(name="门口读写器", payload="ble", depot=depot, return_door=at_once)
        )
        model = await a_model(keeper, **({"payload": "ble"} if tags else {}), **more)
        codes = [(await make_item(keeper=keeper, depot=depot)).code for _ in range(items)]
        things = tuple([await carried(keeper, code, model, door if tags else None) for code in codes])
    loan = await make_loan(cast=cast, state=state, codes=tuple(codes), starts_at=starts_at, ends_at=ends_at)
    return Story(cast, loan, door, things)


async def carried(keeper: Actor, code: str, model: UUID, door: str | None) -> Carried:
    """A tracker on this item: a tag of the door, or a device of its own."""
    async with reading() as db:
        mac = ":".join(f"{n:02X}" for n in (170, 0, 0, 0, 0, await db.fetchval("SELECT count(*) FROM tracker")))
    tag = {"source": door, "natural_id": mac} if door else {}
    moved = await register_tracker(keeper, TrackerDraft(name="定位器", model=model, **tag))
    await bind_tracker(keeper, moved.number, code)
    async with reading() as db:
        row = await db.fetchrow("SELECT key, item FROM tracker WHERE id = $1", moved.id)
    return Carried(moved.id, moved.number, row["key"], mac, row["item"], code)
