"""What templates and the map are given of trackers: words beside instants, what is drawn, the ground below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.queries.features import depot_of, position, utc
from shared_resources.equipment.trackers.queries.words import ago, from_depot, place_words
from shared_resources.kernel import clock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shared_resources.equipment.trackers.schemas.features import MapFeatures
    from shared_resources.equipment.trackers.schemas.positions import Track
    from shared_resources.kernel.language import Language


def said(language: Language, at: datetime | None, place: str | None = None) -> dict[str, Any] | None:
    """When something was last heard, and where it was then, in words; None where never."""
    if at is None:
        return None
    return {
        "iso": utc(at),
        "at": at,
        "ago": ago(language, at, clock.now()),
        "place": place_words(language, place),
    }


def track_rows(language: Language, track: Track) -> list[dict[str, Any]]:
    """The positions of a track as rows of a table, all trackers together in the order of time."""
    depot = depot_of(track)
    rows = [
        {
            "at": one.at,
            "tracker": part.tracker_name,
            "number": part.tracker_number,
            "place": one.place,
            "where": place_words(language, one.place),
            "way": from_depot(language, depot, position(one)) if one.place != "depot" else "",
            "latitude": one.latitude,
            "longitude": one.longitude,
            "accuracy": one.accuracy_m,
            "battery": one.battery_pct,
            "suspect": one.clock_suspect,
            "tamper": one.tamper,
        }
        for part in track.parts
        for one in part.points
    ]
    return sorted(rows, key=lambda row: row["at"])


def track_drawing(rows: Iterable[dict[str, Any]], around: MapFeatures) -> dict[str, Any]:
    """What the island draws of a track: circles, then the rows of the table in its order."""
    fixes = [
        {
            "type": "Feature",
            "geometry": None
            if row["latitude"] is None
            else {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {
                "at": utc(row["at"]),
                "tracker": row["number"],
                "says": " · ".join(filter(None, (row["where"], row["way"], row["tracker"]))),
            },
        }
        for row in rows
    ]
    circles_too = around.model_dump(mode="json")["features"]
    return {"type": "FeatureCollection", "features": [*circles_too, *fixes]}
