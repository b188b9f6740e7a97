"""Values of a LoRaWAN codec, whose names are its own: first where the model's field map says, then guesses.

A mapped value is taken at its word. A guessed one only if it can be meant: a battery with a fraction below 5 is
in volts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.payloads.reading import (
    FieldMap,
    at_pointer,
    flag,
    metres,
    number,
    percent,
    place,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_SPOTS = ("", "/gps_1", "/gps", "/location", "/position")
VOLTS_BELOW = 5
GUESSES: FieldMap = {
    "latitude": [f"{spot}/{name}" for spot in _SPOTS for name in ("latitude", "lat", "Latitude")],
    "longitude": [f"{spot}/{name}" for spot in _SPOTS for name in ("longitude", "lon", "lng", "Longitude")],
    "accuracy": ["/accuracy", "/acc", "/hacc", "/gps/accuracy", "/location/accuracy"],
    "battery": ["/battery", "/battery_level", "/batteryLevel", "/battery_pct", "/batteryPercent", "/bat", "/batt"],
    "tamper": ["/tamper", "/tamper_alarm", "/tamperAlarm", "/tilt"],
    "firmware": ["/firmware", "/firmware_version", "/fw"],
}


def values(document: Any, field_map: FieldMap) -> dict[str, Any]:
    """What a decoded uplink says, in the words of an observation."""

    def first(name: str, fits: Callable[[Any], Any], guess: Callable[[Any], Any] | None = None) -> Any:
        mapped = (fits(at_pointer(document, pointer)) for pointer in field_map.get(name, ()))
        guessed = ((guess or fits)(at_pointer(document, pointer)) for pointer in GUESSES[name])
        return next((value for found in (mapped, guessed) for value in found if value is not None), None)

    north, east = first("latitude", _any_number), first("longitude", _any_number)
    latitude, longitude = place(north, east) if north is not None and east is not None else (None, None)
    return {
        "latitude": latitude,
        "longitude": longitude,
        "accuracy_m": first("accuracy", metres),
        "battery_pct": first("battery", percent, _not_volts),
        "tamper": first("tamper", flag),
        "firmware": first("firmware", words),
    }


def _any_number(value: Any) -> int | float | None:
    """A number of whatever size: whether it is a place is asked later."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _not_volts(value: Any) -> int | None:
    read = number(value, 0, 100)
    return None if read is None or (read < VOLTS_BELOW and not read.is_integer()) else round(read)
