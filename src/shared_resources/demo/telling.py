"""What each of the demo's trackers told until now: where it was, every few minutes by day, less often by night."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared_resources.demo.fleet import ASTRAY
from shared_resources.demo.journeys import Journey, word
from shared_resources.equipment.trackers.simulate.encoders import natural_id
from shared_resources.equipment.trackers.simulate.walk import between
from shared_resources.kernel.clock import LOCAL_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.equipment.trackers.simulate.walk import Point

TOLD = timedelta(hours=30)
"""Yesterday and today."""
OFTEN, SELDOM = timedelta(minutes=5), timedelta(minutes=30)
DAY = range(8, 19)
LIVELY = timedelta(minutes=100)
"""At whatever hour the demo is loaded, they were on their way just before."""
LEAVING = timedelta(minutes=25)
ASTRAY_FOR, HOME_FOR = timedelta(minutes=50), timedelta(minutes=16)
TAMPERED_BEFORE = timedelta(hours=5)
READ_BEFORE = timedelta(minutes=25)


@dataclass(frozen=True)
class Told:
    """One message and when it was sent."""

    at: datetime
    topic: str
    payload: bytes
    tamper: bool = False


def on_the_way(journey: Journey, habit: str, depot: Point, out_at: datetime, until: datetime) -> tuple[Told, ...]:
    """The words of a device that publishes itself."""
    tampered = until - TAMPERED_BEFORE if habit == "tampered" else None
    words: list[Told] = []
    for at in instants(max(out_at, until - TOLD), until):
        here = place_of(journey, habit, depot, out_at, at, until)
        tamper = tampered is not None and at >= tampered
        if tamper:
            tampered = None
        words.append(Told(at, *journey.says(at, here, tamper=tamper), tamper=tamper))
    return tuple(words)


def instants(since: datetime, until: datetime) -> Iterator[datetime]:
    """When it spoke, the last time just before the end."""
    at = since + timedelta(minutes=1)
    last = until - timedelta(seconds=20)
    while at < last:
        yield at
        at += OFTEN if until - at < LIVELY or at.astimezone(LOCAL_ZONE).hour in DAY else SELDOM
    yield last


def place_of(journey: Journey, habit: str, depot: Point, out_at: datetime, at: datetime, until: datetime) -> Point:
    """Where it was: it left its depot, drove about by day, stood at its place by night."""
    if habit == "home" or (habit == "returns" and until - at < HOME_FOR):
        return depot
    if habit == "strays" and until - at < ASTRAY_FOR:
        return replace(journey, place=ASTRAY).at(at)
    if at - out_at < LEAVING:
        return between(depot, journey.at(out_at + LEAVING), (at - out_at) / LEAVING)
    lively = until - at < LIVELY or at.astimezone(LOCAL_ZONE).hour in DAY
    return journey.at(at) if lively else journey.place


def at_a_door(key: str, source: str, battery: int, now: datetime, here: Point, *, stays: bool) -> tuple[Told, ...]:
    """The readings of a tag: of one that ``stays`` each hour, else of one that came in a while ago."""
    if stays:
        times = [now - timedelta(hours=hours, minutes=4) for hours in range(24, -1, -1)]
    else:
        times = [now - READ_BEFORE + timedelta(seconds=5 * n) for n in range(4)]
    device = natural_id("ble", key)
    return tuple(Told(at, *word(device, "ble", at, here, battery, source=source)) for at in times)
