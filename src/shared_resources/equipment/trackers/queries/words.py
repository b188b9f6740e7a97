"""How it is said what a tracker said: how long ago, where, how far and which way from the depot."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.rules.geo import distance_m
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.language import Language

AT_THE_PLACE_M = 30
"""Nearer than this is "at", not "30 m north of"."""
PLACES = {
    "depot": N_("at the depot"),
    "allowed": N_("inside the allowed area"),
    "outside": N_("outside the allowed area"),
}
"""Words of ``place``; None is a place nobody knows."""
BEARINGS = (
    N_("%(distance)s north of the depot"),
    N_("%(distance)s north-east of the depot"),
    N_("%(distance)s east of the depot"),
    N_("%(distance)s south-east of the depot"),
    N_("%(distance)s south of the depot"),
    N_("%(distance)s south-west of the depot"),
    N_("%(distance)s west of the depot"),
    N_("%(distance)s north-west of the depot"),
)
"""Eight winds, clockwise from north."""


def ago(language: Language, at: datetime, now: datetime) -> str:
    """How long ago, in the one unit that fits: "3 minutes ago"."""
    minutes = max(0, int((now - at) / timedelta(minutes=1)))
    if minutes < 1:
        return language.gettext(N_("just now"))
    if minutes < 60:
        return language.ngettext("%(num)d minute ago", "%(num)d minutes ago", minutes) % {"num": minutes}
    hours = minutes // 60
    if hours < 24:
        return language.ngettext("%(num)d hour ago", "%(num)d hours ago", hours) % {"num": hours}
    days = hours // 24
    return language.ngettext("%(num)d day ago", "%(num)d days ago", days) % {"num": days}


def place_words(language: Language, place: str | None) -> str:
    """Where it was, without coordinates; empty where nobody knows."""
    return language.gettext(PLACES[place]) if place in PLACES else ""


def distance_words(metres: float) -> str:
    """A distance as people say it: 340 m, 2.4 km, 31 km."""
    if metres < 995:
        return f"{round(metres / 10) * 10:.0f} m"
    return f"{metres / 1000:.1f} km" if metres < 9950 else f"{metres / 1000:.0f} km"


def from_depot(language: Language, depot: tuple[float, float] | None, at: tuple[float, float] | None) -> str:
    """Which way and how far from its depot (latitude, longitude each); empty where one of them is unknown."""
    if depot is None or at is None:
        return ""
    metres = distance_m(*depot, *at)
    if metres < AT_THE_PLACE_M:
        return language.gettext(PLACES["depot"])
    wind = BEARINGS[round(bearing(depot, at) / 45) % len(BEARINGS)]
    return language.gettext(wind) % {"distance": distance_words(metres)}


def bearing(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Degrees clockwise from north, 0 to 360, in which ``end`` lies seen from ``start``."""
    (north, east), (north_2, east_2) = ([math.radians(degree) for degree in place] for place in (start, end))
    across = math.sin(east_2 - east) * math.cos(north_2)
    along = math.cos(north) * math.sin(north_2) - math.sin(north) * math.cos(north_2) * math.cos(east_2 - east)
    return math.degrees(math.atan2(across, along)) % 360
