"""How the demo's trackers move, and where what the child process needs to move them is kept.

Where a tracker is depends on its key and the time alone: the history that is loaded and what the child process
sends afterwards are one way.
"""

from __future__ import annotations

import json
import os
import random
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.simulate.encoders import Report, encode
from shared_resources.equipment.trackers.simulate.walk import near, walk
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from shared_resources.equipment.trackers.simulate.walk import Point

FILE = "demo-trackers.json"
STOP_SECONDS = 20.0
JITTER_M = 4


@dataclass(frozen=True)
class Journey:
    """One tracker that publishes itself, driving about within ``radius`` metres of a place; 0: it stands there."""

    key: str
    profile: str
    place: tuple[float, float]
    radius: float
    battery: int
    username: str
    password: str = field(repr=False)

    def at(self, instant: datetime) -> Point:
        """Where it is."""
        if not self.radius:
            return self.place
        way = walk(self.key, depot=self.place, radius=self.radius)
        way = replace(way, pause=STOP_SECONDS, leaves_after=STOP_SECONDS)
        return way.at(instant.timestamp() % way.duration)

    def says(self, instant: datetime, here: Point | None = None, *, tamper: bool = False) -> tuple[str, bytes]:
        """Topic and payload of its word at that instant."""
        return word(self.key, self.profile, instant, here or self.at(instant), self.battery, tamper=tamper)


def word(
    device: str,
    profile: str,
    instant: datetime,
    here: Point,
    battery: int,
    *,
    tamper: bool = False,
    source: str = "",
) -> tuple[str, bytes]:
    """Topic and payload of what a device, or the source that reads it, says; the receiver is some metres off."""
    number = int(instant.timestamp() * 1000) % 2**32
    chance = random.Random(f"{device} {number}")  # noqa: S311 a story, not a secret
    latitude, longitude = near(here, JITTER_M, chance)
    told = Report(
        device=device,
        number=number,
        at=instant,
        latitude=round(latitude, 6),
        longitude=round(longitude, 6),
        accuracy_m=round(chance.uniform(3, 15), 1),
        battery_pct=battery,
        tamper=tamper,
        rssi=-52 - chance.randint(0, 9),
        speed=9,
    )
    return encode(profile, told, source)


def path() -> Path:
    """The file with the journeys; it holds passwords, so only we can read it."""
    return settings().state_dir / FILE


def keep(journeys: Sequence[Journey]) -> None:
    """Write down what the child process needs."""
    kept = path()
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.unlink(missing_ok=True)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(journey) for journey in journeys], file)


def kept() -> list[Journey]:
    """The journeys as they were written down; none when this demo was loaded without."""
    try:
        told = json.loads(path().read_text("utf-8"))
    except FileNotFoundError:
        return []
    return [Journey(**one | {"place": tuple(one["place"])}) for one in told]
