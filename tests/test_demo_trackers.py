"""The demo's trackers: whenever it is loaded their pages have life, and nothing is told that must not be."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.demo.driving import message_of, run
from shared_resources.demo.equipment import DEPOTS
from shared_resources.demo.fleet import FLEET
from shared_resources.demo.journeys import Journey, kept, path
from shared_resources.demo.loading import SEED
from shared_resources.demo.loans import load_loans
from shared_resources.demo.people import load_people
from shared_resources.demo.register import load_register
from shared_resources.demo.trackers import load_trackers
from shared_resources.equipment.trackers.ingest.bridge import Message
from shared_resources.equipment.trackers.ingest.storing import store
from shared_resources.equipment.trackers.payloads import decode
from shared_resources.equipment.trackers.rules.geo import inside
from shared_resources.equipment.trackers.service.looks import map_items, track_of_loan
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.verify import verify_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shared_resources.demo.people import People

DAYS = (
    datetime(2026, 11, 29, 16, 10, tzinfo=UTC),
    datetime(2027, 2, 2, 1, 30, tzinfo=UTC),
)
"""Ten past midnight of a Monday; a working morning at the beginning of a month."""
ALARMS = {
    ("low_battery", "open"): 1,
    ("outside_area", "open"): 1,
    ("outside_period", "open"): 2,
    ("silent", "open"): 1,
    ("tamper", "settled"): 1,
}
CHECKINS = {("door", "confirmed"): 1, ("door", "proposed"): 1, ("dwell", "proposed"): 1}
MOVING = Journey("demo-em-01", "native", (29.7, 106.6), 2500, 80, "demo-em-01", "secret")


async def counted(statement: str) -> dict[tuple[str, str], int]:
    """How often each pair of words occurs."""
    async with reading() as db:
        return Counter((row[0], row[1]) for row in await db.fetch(statement))


async def value(statement: str, *values: Any) -> Any:
    """The one value that a query finds."""
    async with reading() as db:
        return await db.fetchval(statement, *values)


@pytest.mark.parametrize("day", DAYS, ids=str)
async def test_there_is_life_on_every_page(db: str, day: datetime) -> None:
    with clock.at(day):
        people = await loaded()
        assert await counted("SELECT a.kind, r.state FROM alarm a JOIN record r ON r.id = a.id") == ALARMS
        assert await counted("SELECT how, state FROM checkin") == CHECKINS
        assert await value("SELECT count(*) FROM quarantine") == 0
        assert await value("SELECT count(*) FROM position_default") == 0
        assert await value("SELECT count(*) FROM position WHERE fix_at > $1", day) == 0
        assert await value("SELECT count(*) FROM journal_line WHERE at > $1", day) == 0
        assert await value("SELECT count(*) FROM position_look") > 0
        assert await verify_all() is None
        await check_states()
        await check_evidence(people)
        await check_moving(people)


async def loaded() -> People:
    """The demo up to its trackers."""
    chance = Random(SEED)
    people = await load_people(chance)
    register = await load_register(people, chance)
    await load_loans(people, register)
    await load_trackers(people, register)
    return people


async def check_states() -> None:
    """One was never heard of, one is retired, one has fallen silent; what is at home has no coordinates."""
    states = await counted("SELECT t.key, r.state FROM tracker t JOIN record r ON r.id = t.id")
    assert len(states) == len(FLEET)
    assert {("demo-em-06", "stale"), ("demo-em-12", "bound"), ("demo-em-13", "retired")} <= states.keys()
    at_home = await value(
        "SELECT count(*) FROM position p JOIN tracker t ON t.id = p.tracker"
        " WHERE t.key = ANY($1) AND p.latitude IS NOT NULL",
        [fitted.key for fitted in FLEET if not fitted.state],
    )
    assert at_home == 0


async def check_evidence(people: People) -> None:
    """The track of a closed loan is kept, and whoever reads it reads it as evidence."""
    number = await value("SELECT r.number FROM position_hold h JOIN record r ON r.id = h.loan")
    track = await track_of_loan(people.by_name["amrhead"], number)
    assert track.is_evidence
    assert track.state == "closed"
    assert len(track.parts[0].points) > 20


async def check_moving(people: People) -> None:
    """What the child process sends is read, moves what is on the map and changes no alarm or check-in."""
    assert path().stat().st_mode & 0o777 == 0o600
    before = {one.tracker_name: one for one in await map_items(people.by_name["keeper"]) if one.latitude}
    assert len(before) >= 7
    for minutes in range(1, 16):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            await store([received(journey, n) for n, journey in enumerate(kept(), 1)])
    assert await counted("SELECT a.kind, r.state FROM alarm a JOIN record r ON r.id = a.id") == ALARMS
    assert await counted("SELECT how, state FROM checkin") == CHECKINS
    after = {one.tracker_name: one for one in await map_items(people.by_name["keeper"])}
    moved = [name for name, one in before.items() if one.latitude != after[name].latitude]
    assert len(moved) >= 6


def received(journey: Journey, mid: int) -> Message:
    """What the child process sends now, as the listener gets it."""
    sent = message_of(journey)
    return Message(sent.topic, sent.payload, sent.retain, clock.now(), 1, mid, 0)


def test_it_drives_without_leaps() -> None:
    places = [MOVING.at(DAYS[0] + timedelta(seconds=second)) for second in range(0, 7200, 15)]
    assert len(set(places)) > 300
    assert all(inside(*one, two, 14 * 15 + 5) for one, two in pairwise(places))
    assert all(inside(*place, MOVING.place, 2600) for place in places)


def test_what_it_says_is_read() -> None:
    topic, payload = MOVING.says(DAYS[0])
    told = decode("native", tuple(topic.split("/")), payload, {})
    assert isinstance(told, tuple)
    assert (told[0].at, told[0].battery_pct) == (DAYS[0], 80)
    assert "secret" not in repr(MOVING)


def test_a_demo_without_trackers_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("shared_resources.demo.journeys.path", lambda: tmp_path / "none")
    with pytest.raises(SystemExit, match="without trackers"):
        run()


def depots_of(owner: str) -> Sequence[tuple[float, float]]:
    """Where an agency keeps its things."""
    return [(depot[4], depot[5]) for depot in DEPOTS if depot[0] == owner]


def test_nobody_drives_about_at_its_own_depot() -> None:
    for fitted in FLEET:
        if fitted.place is not None:
            assert not any(inside(*fitted.place, depot, 500) for depot in depots_of(fitted.owner)), fitted.key
