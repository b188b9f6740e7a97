"""Loading the demo's trackers: registered, put on things, then all that they told, read as the listener reads it.

What is out has a track of yesterday and today; alarms, check-ins and last places came about by the messages alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.demo.equipment import DEPOTS
from shared_resources.demo.fleet import AREAS, ASTRAY, DOORS, FLEET, MODELS, Fitted
from shared_resources.demo.journeys import Journey, keep
from shared_resources.demo.telling import Told, at_a_door, on_the_way
from shared_resources.equipment.trackers.ingest.bridge import Message
from shared_resources.equipment.trackers.ingest.storing import store
from shared_resources.equipment.trackers.schemas.devices import DeviceModelDraft, SourceDraft, TrackerDraft
from shared_resources.equipment.trackers.schemas.positions import AreaDraft
from shared_resources.equipment.trackers.service.alarms import settle_alarm
from shared_resources.equipment.trackers.service.areas import set_loan_areas
from shared_resources.equipment.trackers.service.credentials import issue_credential
from shared_resources.equipment.trackers.service.devices import (
    bind_tracker,
    register_tracker,
    retire_tracker,
    unbind_tracker,
)
from shared_resources.equipment.trackers.service.holds import hold_track
from shared_resources.equipment.trackers.service.looks import map_items, track_of_loan
from shared_resources.equipment.trackers.service.models import create_device_model
from shared_resources.equipment.trackers.service.months import keep_months
from shared_resources.equipment.trackers.service.silence import watch_silence
from shared_resources.equipment.trackers.service.sources import register_source
from shared_resources.equipment.trackers.simulate.encoders import natural_id
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from shared_resources.demo.people import People
    from shared_resources.demo.register import Register
    from shared_resources.kernel.permissions import Actor

REGISTERED_BEFORE, FITTED_BEFORE, RETIRED_BEFORE = timedelta(days=60), timedelta(days=8), timedelta(days=3)
SILENT_SINCE = timedelta(hours=3)
NOTICED_BEFORE = timedelta(minutes=35)
"""When the words before were weighed: what was amiss by then has been known for a while."""
LARGEST = 400
LINES = """
SELECT r.number, r.state, l.owner, n.borrower, i.code, l.out_at, l.back_at FROM loan_line l
JOIN loan n ON n.id = l.loan JOIN record r ON r.id = l.loan JOIN item i ON i.id = l.item
WHERE l.out_at IS NOT NULL ORDER BY l.out_at, i.asset_no
"""


@dataclass(frozen=True)
class Put:
    """A tracker that was put on a thing; ``loan`` is empty for one at home."""

    fitted: Fitted
    keeper: Actor
    number: str
    code: str
    depot: tuple[float, float]
    loan: str | None
    out_at: datetime
    back_at: datetime | None
    journey: Journey | None


async def load_trackers(people: People, register: Register) -> None:
    """Enter the devices, let them tell what they told, and let people do what they did about it."""
    await keep_months()
    now = clock.now()
    with clock.at(now - REGISTERED_BEFORE):
        models = await load_models(people.by_name["keeper"])
        await load_doors(people, register)
        numbers = [await enter(people, fitted, models) for fitted in FLEET]
    # What is over comes first: its thing may be another's by now.
    order = sorted(zip(FLEET, numbers, strict=True), key=lambda one: one[0].habit != "over")
    lines = await lines_by_story(people, register)
    fleet = [await put_on(people, register, lines, fitted, *entered) for fitted, entered in order]
    for put in fleet:
        await set_area(people, put)
    for put in fleet:
        await tell(put, now)
    await settle(people, fleet, now)
    with clock.at(now - SILENT_SINCE + timedelta(minutes=62)):
        await watch_silence()
    await look_and_keep(people, fleet, now)
    keep([one for put in fleet if (one := living(put)) is not None])


async def load_models(keeper: Actor) -> dict[str, UUID]:
    """The models of tracker, by what they send."""
    drafts = [DeviceModelDraft(**told) for told in MODELS]
    return {draft.payload: await create_device_model(keeper, draft) for draft in drafts}


async def load_doors(people: People, register: Register) -> None:
    """The readers at depots, with credentials."""
    for door in DOORS:
        keeper = keeper_of(people, DEPOTS[door.depot][0])
        draft = SourceDraft(
            key=door.key,
            name=door.name,
            payload="ble",
            depot=register.depots[door.depot],
            return_door=door.return_door,
        )
        await register_source(keeper, draft)
        await issue_credential(keeper, source=door.key)


async def enter(people: People, fitted: Fitted, models: dict[str, UUID]) -> tuple[str, str, str]:
    """Register one device; its number, and its credentials unless a source speaks for it."""
    keeper = keeper_of(people, fitted.owner)
    draft = TrackerDraft(
        name=fitted.name,
        model=models[fitted.profile],
        key=fitted.key,
        source=fitted.door,
        natural_id=natural_id("ble", fitted.key) if fitted.door else None,
    )
    moved = await register_tracker(keeper, draft)
    if fitted.door:
        return moved.number, "", ""
    issued = await issue_credential(keeper, tracker=moved.number)
    return moved.number, issued.username, issued.password


async def lines_by_story(people: People, register: Register) -> dict[tuple[str, str, str, str], list[Any]]:
    """What is or was out, by owner, borrower, kind of thing and the loan's state."""
    slugs = {agency: slug for slug, agency in people.agencies.items()}
    kinds = {item.code: item.category for item in register.items}
    found = defaultdict[tuple[str, str, str, str], list[Any]](list)
    async with reading() as db:
        for row in await db.fetch(LINES):
            found[slugs[row["owner"]], slugs[row["borrower"]], kinds[row["code"]], row["state"]].append(row)
    return found


async def put_on(
    people: People,
    register: Register,
    lines: dict[tuple[str, str, str, str], list[Any]],
    fitted: Fitted,
    number: str,
    username: str,
    password: str,
) -> Put:
    """Put a device on its thing, off again when its loan is over, out of use when it broke."""
    keeper, now = keeper_of(people, fitted.owner), clock.now()
    line = (
        lines[fitted.owner, fitted.borrower, fitted.category, fitted.state][fitted.nth] if fitted.state else None
    )
    code = line["code"] if line else register.of(fitted.owner, fitted.category)[fitted.nth].code
    item = next(item for item in register.items if item.code == code)
    depot = DEPOTS[item.depot][4:]
    since = now - (REGISTERED_BEFORE if fitted.habit == "over" else FITTED_BEFORE)
    with clock.at(since):
        await bind_tracker(keeper, number, code)
    if line is not None and fitted.habit == "over":
        with clock.at(line["back_at"] + timedelta(hours=1)):
            await unbind_tracker(keeper, number, "换到其他装备")
    if fitted.habit == "retired":
        with clock.at(now - RETIRED_BEFORE):
            await retire_tracker(keeper, number, "电池鼓包,报废")
    journey = Journey(
        fitted.key, fitted.profile, fitted.place or depot, fitted.radius, fitted.battery, username, password
    )
    return Put(
        fitted,
        keeper,
        number,
        code,
        depot,
        line["number"] if line else None,
        max(since, line["out_at"]) if line else since,
        line["back_at"] if line else None,
        None if fitted.door else journey,
    )


async def set_area(people: People, put: Put) -> None:
    """Where the things of its loan may be, said soon after they left."""
    if put.fitted.key in AREAS and put.loan is not None:
        name, (latitude, longitude), radius = AREAS[put.fitted.key]
        area = AreaDraft(name=name, latitude=latitude, longitude=longitude, radius_m=radius)
        head = people.with_role(put.fitted.owner, Role.UNIT_HEAD)[0]
        with clock.at(put.out_at + timedelta(minutes=10)):
            await set_loan_areas(head, put.loan, (area,))


async def tell(put: Put, now: datetime) -> None:
    """All that one tracker told, in the order and at the time in which it came."""
    words = list(told_by(put, now))
    pauses = [now - NOTICED_BEFORE, *[word.at for word in words if word.tamper], now]
    start = 0
    for pause in sorted(pauses):
        end = sum(word.at <= pause for word in words)
        for first in range(start, end, LARGEST):
            await receive(words[first : min(end, first + LARGEST)])
        start = max(start, end)


def told_by(put: Put, now: datetime) -> Sequence[Told]:
    """The words of one tracker."""
    fitted = put.fitted
    if fitted.habit in ("unheard", "retired"):
        return ()
    if put.journey is None:
        assert fitted.door is not None
        return at_a_door(fitted.key, fitted.door, fitted.battery, now, put.depot, stays=fitted.habit == "tag")
    until = {"over": put.back_at, "silent": now - SILENT_SINCE}.get(fitted.habit) or now
    return on_the_way(put.journey, fitted.habit, put.depot, put.out_at, until)


async def receive(words: Sequence[Told]) -> None:
    """Write down what came, a second after each word."""
    second = timedelta(seconds=1)
    with clock.at(words[-1].at + second):
        await store(
            [
                Message(word.topic, word.payload, False, word.at + second, 1, mid, 0)
                for mid, word in enumerate(words, 1)
            ]
        )


async def settle(people: People, fleet: Sequence[Put], now: datetime) -> None:
    """The unit head looked into what seemed to be tampering."""
    (put,) = [put for put in fleet if put.fitted.habit == "tampered"]
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT a.number, a.opened_at FROM alarm x JOIN record a ON a.id = x.id"
            " JOIN record t ON t.id = x.tracker WHERE t.number = $1 AND x.kind = 'tamper' AND a.state = 'open'",
            put.number,
        )
    if row is not None:
        with clock.at(min(now, row["opened_at"] + timedelta(minutes=40))):
            await settle_alarm(people.by_name["head"], row["number"], "现场更换支架时碰到防拆开关,已核实。")


async def look_and_keep(people: People, fleet: Sequence[Put], now: datetime) -> None:
    """Two who looked, and a track that the market regulator keeps as evidence."""
    by_key = {put.fitted.key: put for put in fleet}
    watched, over = by_key["demo-em-01"].loan, by_key["demo-amr-01"].loan
    assert watched is not None
    assert over is not None
    amrhead = people.by_name["amrhead"]
    with clock.at(now - timedelta(hours=2)):
        await track_of_loan(people.by_name["keeper"], watched)
    with clock.at(now - timedelta(minutes=50)):
        await map_items(amrhead)
    with clock.at(now - timedelta(minutes=45)):
        await hold_track(amrhead, over, "当事人对抽检过程提出异议,轨迹留作证据。")


def living(put: Put) -> Journey | None:
    """How it goes on from now, unless it is silent; what seems to have come home stands at its depot."""
    if put.journey is None or put.fitted.habit in ("silent", "over", "unheard", "retired"):
        return None
    if put.fitted.habit == "strays":
        return replace(put.journey, place=ASTRAY)
    return replace(put.journey, place=put.depot, radius=0) if put.fitted.habit == "returns" else put.journey


def keeper_of(people: People, slug: str) -> Actor:
    """Who keeps an agency's equipment."""
    return people.with_role(slug, Role.CUSTODIAN)[0]
