"""Meshtastic radios by the JSON of their gateways: ``s/<source>/…/json/<channel>/<gateway>``.

The device is the sender's number as ``!%08x``; several gateways publish one packet, whose own id makes them one.
A position may be blurred on purpose (``precision_bits``): then half the width of the square is its accuracy. A
battery above 100 means external power. Packets in protobuf (``/e/``) are not read.
"""

from __future__ import annotations

from typing import Any

import msgspec

from shared_resources.equipment.trackers.payloads.observation import Observation, message_key
from shared_resources.equipment.trackers.payloads.reading import (
    CannotRead,
    FieldMap,
    Topic,
    decibels,
    instant,
    number,
    percent,
    place,
    whole,
)

DEGREE = 1e-7
METRES_OF_A_UNIT = 0.0111320
"""Of 1e-7 degrees along a meridian."""
FULL_PRECISION = 32


class Packet(msgspec.Struct):
    """One packet of the mesh."""

    sender: int = msgspec.field(name="from")
    id: int
    type: str = ""
    timestamp: Any = None
    rssi: Any = None
    payload: Any = None


def decode(topic: Topic, payload: bytes, _: FieldMap) -> tuple[Observation, ...]:
    """A position, or the charge told by telemetry; nothing for texts and the rest."""
    if "json" not in topic[2:]:
        return ()
    told = msgspec.json.decode(payload, type=Packet)
    said = _said(told.type, told.payload) if isinstance(told.payload, dict) else None
    if said is None:
        return ()
    device = f"!{told.sender & 0xFFFFFFFF:08x}"
    fixed = instant(told.payload.get("time")) if told.payload.get("time") else None
    return (
        Observation(
            device=device,
            key=message_key("meshtastic", topic[1], device, told.id),
            at=fixed or instant(told.timestamp),
            rssi=decibels(told.rssi) or None,
            **said,
        ),
    )


def _said(kind: str, told: dict[str, Any]) -> dict[str, Any] | None:
    if kind == "telemetry" and "battery_level" in told:
        level = told["battery_level"]
        return {"battery_pct": 100 if (number(level, 100, 255) or 0) > 100 else percent(level)}
    if kind != "position":
        return None
    bits = whole(told.get("precision_bits"), 0, FULL_PRECISION)
    if bits == 0:
        return {}
    north, east = _degrees(told.get("latitude_i")), _degrees(told.get("longitude_i"))
    latitude, longitude = place(north, east)
    return {
        "latitude": latitude,
        "longitude": longitude,
        "accuracy_m": None if bits is None or latitude is None else _half_width(bits),
    }


def _half_width(bits: int) -> float | None:
    return round(2 ** (FULL_PRECISION - bits) * METRES_OF_A_UNIT / 2, 1) or None


def _degrees(units: Any) -> float | None:
    if units is None:
        return None
    read = number(units, -(2**31), 2**31)
    if read is None:
        raise CannotRead("latitude_i and longitude_i are no place on earth")
    return round(read * DEGREE, 7)
