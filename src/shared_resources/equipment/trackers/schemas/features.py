"""Positions as GeoJSON (RFC 7946), for the map and for programs. Longitude first, WGS-84, instants in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared_resources.equipment.schemas.register import Words


class Point(Words):
    """A place."""

    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float] = Field(description="longitude, latitude", examples=[[106.5516, 29.563]])


class MapProperties(Words):
    """What a feature of the map is: a tracker, a depot or an allowed area. ``where`` and ``holder`` are words."""

    kind: Literal["tracker", "depot", "area"]
    name: str
    tone: str | None = None
    code: str | None = None
    loan: str | None = None
    seen_at: datetime | None = None
    live: bool | None = None
    place: str | None = None
    where: str | None = None
    holder: str | None = None
    battery_pct: int | None = None
    accuracy_m: float | None = None
    radius_m: int | None = None
    alarms: int | None = None
    checked_in_at: datetime | None = None


class MapFeature(Words):
    """One of them; ``id`` is the number of the tracker."""

    type: Literal["Feature"] = "Feature"
    id: str | None = None
    geometry: Point | None
    properties: MapProperties


class MapFeatures(Words):
    """Everything on the map."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[MapFeature, ...]


class FixProperties(Words):
    """One position of a track; only the place word is known where there is no geometry."""

    at: datetime
    tracker: str
    item: str
    accuracy_m: float | None
    place: str | None
    battery_pct: int | None
    tamper: bool
    clock_suspect: bool


class FixFeature(Words):
    """One of them."""

    type: Literal["Feature"] = "Feature"
    geometry: Point | None
    properties: FixProperties


class TrackFeatures(Words):
    """A track, tracker by tracker in the order of time."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[FixFeature, ...]
