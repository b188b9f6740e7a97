"""A track to take along: CSV for tables, GPX 1.1 for receivers (GeoJSON: ``shown.track_features``).

Places are WGS-84, instants UTC. Positions of which only the place word is kept stand in the table without
coordinates and are left out of GPX, which cannot say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from shared_resources.equipment.trackers.queries.features import utc
from shared_resources.kernel.csv_text import csv_bytes

if TYPE_CHECKING:
    from shared_resources.equipment.trackers.schemas.positions import Track

GPX = "http://www.topografix.com/GPX/1/1"
COLUMNS = (
    "at_utc",
    "tracker",
    "tracker_name",
    "item",
    "latitude_wgs84",
    "longitude_wgs84",
    "accuracy_m",
    "place",
    "battery_pct",
    "tamper",
    "clock_suspect",
)


def as_csv(track: Track) -> bytes:
    """A table that spreadsheets read as UTF-8."""
    lines: list[tuple[object, ...]] = [COLUMNS]
    for part in track.parts:
        about = [part.tracker_number, part.tracker_name, part.code]
        for one in part.points:
            values = (one.latitude, one.longitude, one.accuracy_m, one.place, one.battery_pct)
            lines.append((utc(one.at), *about, *values, int(one.tamper), int(one.clock_suspect)))
    return csv_bytes(lines)


def as_gpx(track: Track) -> bytes:
    """One track for each tracker."""
    root = Element("gpx", {"version": "1.1", "creator": "shared-resources", "xmlns": GPX})
    SubElement(SubElement(root, "metadata"), "name").text = track.loan
    for part in track.parts:
        way = SubElement(root, "trk")
        SubElement(way, "name").text = f"{part.tracker_number} {part.tracker_name}"
        segment = SubElement(way, "trkseg")
        for one in part.points:
            if one.latitude is None or one.longitude is None:
                continue
            place = {"lat": f"{one.latitude:.6f}", "lon": f"{one.longitude:.6f}"}
            SubElement(SubElement(segment, "trkpt", place), "time").text = utc(one.at)
    told: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return told
