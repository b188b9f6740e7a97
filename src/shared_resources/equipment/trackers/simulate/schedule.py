"""The messages of simulated trackers in the order in which they are sent: pure, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from shared_resources.equipment.trackers.simulate.encoders import (
    AT_THE_DOOR,
    BY_THEMSELVES,
    ENCODERS,
    Report,
    encode,
    natural_id,
)
from shared_resources.equipment.trackers.simulate.faults import Faults, spoiled, wrong_clock
from shared_resources.equipment.trackers.simulate.walk import CHONGQING, Point, Walk, metres, near, walk

NONE = Faults()
JITTER_M = 4
HOURS_OF_A_BATTERY = 72


@dataclass(frozen=True, slots=True)
class Message:
    """One message, sent at ``at``. ``faults`` befell it; ``copy`` is one, for it repeats the message before."""

    topic: str
    payload: bytes
    retain: bool
    at: datetime
    tracker: str
    report: Report
    faults: tuple[str, ...] = ()


def messages(
    profile: str,
    trackers: Sequence[str],
    seed: int,
    faults: Faults = NONE,
    *,
    start: datetime,
    seconds: float = 3600,
    interval: float = 30,
    source: str = "simulated",
    around: Point = CHONGQING,
    walks: Sequence[Walk] | None = None,
) -> Iterator[Message]:
    """Each tracker (its key) reports every ``interval`` seconds, evenly spread, for ``seconds``.

    ``walks``: one for each tracker, in their order; drawn around a place when not given. Trackers of profiles that
    are read at a door say nothing while they are away.
    """
    ways = walks or [walk(f"{seed} {key}", around=around) for key in trackers]
    plan = _Plan(profile, start, source, faults, random.Random(f"messages {seed}"))  # noqa: S311 a simulation
    for turn in range(int(seconds // interval) + 1):
        for place, (key, way) in enumerate(zip(trackers, ways, strict=True)):
            elapsed = (turn + place / len(trackers)) * interval
            if elapsed < seconds and (profile not in AT_THE_DOOR or way.is_home(elapsed)):
                yield from _sent(plan, key, way, elapsed)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What holds for all messages."""

    profile: str
    start: datetime
    source: str
    faults: Faults
    chance: random.Random


def _sent(plan: _Plan, key: str, way: Walk, elapsed: float) -> Iterator[Message]:
    """One report as it arrives: fine as a rule."""
    chance = plan.chance
    struck = tuple(name for name, part in asdict(plan.faults).items() if chance.random() < part)
    behind = chance.uniform(660, 7200) if "late" in struck else 0
    at = plan.start + timedelta(seconds=elapsed)
    number = int(at.timestamp() * 1000) % 2**32  # another one in each run, as frame counts and packet ids are
    told = report(plan.profile, key, way, number, elapsed - behind, plan.start, chance)
    if "skew" in struck:
        told = replace(told, at=wrong_clock(told.at, chance))
    topic, payload = encode(plan.profile, told, plan.source)
    if "garbage" in struck:
        payload = spoiled(payload, chance)
    message = Message(topic, payload, "retained" in struck, at, key, told, struck)
    yield message
    if "dup" in struck:
        yield replace(message, faults=(*struck[1:], "copy"))


def report(
    profile: str, key: str, way: Walk, number: int, elapsed: float, start: datetime, chance: random.Random
) -> Report:
    """What the device would say after so many seconds; the receiver is some metres off."""
    here = way.at(elapsed)
    latitude, longitude = near(here, JITTER_M, chance)
    used = max(0, elapsed) / 3600 / HOURS_OF_A_BATTERY
    return Report(
        device=natural_id(profile, key),
        number=number,
        at=start + timedelta(seconds=round(elapsed, 3)),
        latitude=round(latitude, 7),
        longitude=round(longitude, 7),
        accuracy_m=round(chance.uniform(3, 15), 1),
        battery_pct=round(max(0, 100 * (1 - used))),
        rssi=-50 - min(60, round(metres(here, way.depot))) - chance.randint(0, 10),
        speed=0 if here == way.at(elapsed - 1) else way.speed,
    )


def names(count: int) -> list[str]:
    """Keys of so many simulated trackers: ``sim-00001`` and on."""
    return [f"sim-{number:05d}" for number in range(1, count + 1)]


def needs_source(profile: str) -> bool:
    """Whether a source publishes for the trackers of a profile."""
    return profile not in BY_THEMSELVES


PROFILES = tuple(ENCODERS)
