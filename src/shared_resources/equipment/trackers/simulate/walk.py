"""How a simulated device moves: it leaves its depot, drives about, comes home and stays there."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Point = tuple[float, float]
"""Latitude and longitude, degrees of WGS-84."""
CHONGQING: Point = (29.563, 106.5516)
METRES_OF_A_DEGREE = 111_320


@dataclass(frozen=True, slots=True)
class Walk:
    """A way from a depot over ``stops`` and home again; where it is depends on the seconds gone and nothing else.

    It waits ``leaves_after`` seconds, drives at ``speed`` (metres a second) straight from stop to stop and stays
    ``pause`` seconds at each; after ``duration`` it is at home for good.
    """

    depot: Point
    stops: tuple[Point, ...]
    leaves_after: float = 60
    speed: float = 9
    pause: float = 300

    @property
    def duration(self) -> float:
        """Seconds until it is home."""
        ways = pairwise((self.depot, *self.stops, self.depot))
        return self.leaves_after + sum(metres(*way) for way in ways) / self.speed + self.pause * len(self.stops)

    def at(self, elapsed: float) -> Point:
        """Where it is after so many seconds."""
        left = elapsed - self.leaves_after
        for start, end in pairwise((self.depot, *self.stops, self.depot)):
            driving = metres(start, end) / self.speed
            if left <= driving:
                return between(start, end, left / driving if driving and left > 0 else 0)
            left -= driving
            if left <= self.pause:
                return end
            left -= self.pause
        return self.depot

    def is_home(self, elapsed: float, within: float = 40) -> bool:
        """Whether a reader at the depot's door hears it."""
        return metres(self.at(elapsed), self.depot) <= within


def walk(
    seed: int | str,
    *,
    depot: Point | None = None,
    stops: Sequence[Point] | None = None,
    around: Point = CHONGQING,
    radius: float = 8_000,
    speed: float | None = None,
) -> Walk:
    """The walk of one device: given depot and stops are taken, what is not given is drawn around a place."""
    chance = random.Random(f"walk {seed}")  # noqa: S311 a simulation
    home = depot or near(around, radius / 2, chance)
    drawn = [near(home, radius, chance) for _ in range(chance.randint(1, 4))]
    return Walk(
        home,
        tuple(drawn if stops is None else stops),
        leaves_after=chance.uniform(30, 120),
        speed=speed or chance.uniform(6, 14),
        pause=chance.uniform(60, 600),
    )


def metres(one: Point, two: Point) -> float:
    """The distance, good enough within a city."""
    north = (two[0] - one[0]) * METRES_OF_A_DEGREE
    east = (two[1] - one[1]) * METRES_OF_A_DEGREE * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


def between(start: Point, end: Point, part: float) -> Point:
    """A point on the straight line."""
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def near(place: Point, radius: float, chance: random.Random) -> Point:
    """A point drawn within a circle."""
    distance, angle = radius * math.sqrt(chance.random()), chance.uniform(0, 2 * math.pi)
    east = METRES_OF_A_DEGREE * math.cos(math.radians(place[0]))
    return (
        place[0] + distance * math.cos(angle) / METRES_OF_A_DEGREE,
        place[1] + distance * math.sin(angle) / east,
    )
