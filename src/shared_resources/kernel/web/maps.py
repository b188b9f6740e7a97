"""What maps of every department lie on, and their places as GeoJSON (RFC 7946)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable


def ground() -> dict[str, str]:
    """What lies under positions: the tiles of the settings."""
    chosen = settings()
    return {
        "address": chosen.map_tiles or "",
        "attribution": chosen.map_attribution,
        "offset": chosen.map_offset,
    }


def places(given: Iterable[tuple[float | None, float | None, str, str]]) -> dict[str, Any]:
    """Points with a name and a link, from (latitude, longitude, name, href); what has no place is left out."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [east, north]},
                "properties": {"name": name, "href": href},
            }
            for north, east, name, href in given
            if north is not None and east is not None
        ],
    }
