"""Positions as features of GeoJSON, with the words that go with them in the reader's language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.queries.words import from_depot, place_words
from shared_resources.equipment.trackers.rules.procedures import TRACKER
from shared_resources.equipment.trackers.schemas.features import (
    FixFeature,
    FixProperties,
    MapFeature,
    MapFeatures,
    MapProperties,
    Point,
    TrackFeatures,
)
from shared_resources.kernel.language import CHINESE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared_resources.equipment.trackers.schemas.positions import AreaView, MapItem, Track, TrackPoint
    from shared_resources.kernel.language import Language

DEPOT_RADIUS_M = 80
"""Drawn around a depot; each model of tracker has its own."""


def named(language: Language, thing: Any, attribute: str) -> str:
    """The name of a thing that has one in both languages; empty where it has none."""
    one, other = ("zh", "en") if language.locale == CHINESE else ("en", "zh")
    return getattr(thing, f"{attribute}_{one}") or getattr(thing, f"{attribute}_{other}") or ""


def utc(at: datetime) -> str:
    """``2026-11-25T03:00:00Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def position(one: MapItem | TrackPoint) -> tuple[float, float] | None:
    """Latitude and longitude; None unless both are known."""
    return None if one.latitude is None or one.longitude is None else (one.latitude, one.longitude)


def point(place: tuple[float, float] | None) -> Point | None:
    """A point of GeoJSON, to a hand's breadth."""
    return None if place is None else Point(coordinates=(round(place[1], 6), round(place[0], 6)))


def depot_of(one: MapItem | Track) -> tuple[float, float] | None:
    """Where the depot of an item is."""
    known = one.depot_latitude is not None and one.depot_longitude is not None
    return (one.depot_latitude, one.depot_longitude) if known else None  # type: ignore[return-value]


def tone_of(item: MapItem) -> str:
    """What stands out on the map: alarms, then what is late, then how the tracker stands."""
    if item.alarms:
        return "bad"
    return "warning" if item.is_late else TRACKER.states[item.tracker_state].tone


def map_features(language: Language, items: Iterable[MapItem]) -> MapFeatures:
    """Everything on the live map: the items, and each depot once."""
    found, depots = [], dict[tuple[float, float], str]()
    for item in items:
        depot = depot_of(item)
        if depot is not None:
            depots[depot] = named(language, item, "depot_name")
        told = _of(language, item)
        found.append(MapFeature(id=item.tracker_number, geometry=point(position(item)), properties=told))
    return MapFeatures(features=(*(_circle("depot", name, at) for at, name in depots.items()), *found))


def _of(language: Language, item: MapItem) -> MapProperties:
    way = from_depot(language, depot_of(item), position(item))
    return MapProperties(
        kind="tracker",
        name=named(language, item, "model_name"),
        tone=tone_of(item),
        code=item.code,
        loan=item.loan,
        seen_at=item.seen_at,
        live=item.live,
        place=item.place,
        where=way or place_words(language, item.place),
        holder=named(language, item, "holder"),
        battery_pct=item.battery_pct,
        accuracy_m=item.accuracy_m,
        alarms=item.alarms,
        checked_in_at=item.checked_in_at,
    )


def _circle(kind: str, name: str, at: tuple[float, float], radius: int = DEPOT_RADIUS_M) -> MapFeature:
    told = MapProperties(kind=kind, name=name, radius_m=radius)  # type: ignore[arg-type]
    return MapFeature(geometry=point(at), properties=told)


def circles(areas: Iterable[AreaView], depot: tuple[float, float] | None = None, name: str = "") -> MapFeatures:
    """Allowed circles, and the depot that things belong to."""
    found = [_circle("area", area.name, (area.latitude, area.longitude), area.radius_m) for area in areas]
    return MapFeatures(features=(*([_circle("depot", name, depot)] if depot else []), *found))


def track_features(track: Track) -> TrackFeatures:
    """A track for programs."""
    return TrackFeatures(
        features=tuple(
            FixFeature(
                geometry=point(position(one)),
                properties=FixProperties(
                    at=one.at,
                    tracker=part.tracker_number,
                    item=part.code,
                    accuracy_m=one.accuracy_m,
                    place=one.place,
                    battery_pct=one.battery_pct,
                    tamper=one.tamper,
                    clock_suspect=one.clock_suspect,
                ),
            )
            for part in track.parts
            for one in part.points
        )
    )
