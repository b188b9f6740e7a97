"""ChirpStack v4: ``s/<source>/application/<id>/device/<DevEUI>/event/<up|status|location|…>``.

Early versions of 4 wrote ``…/state/<status|location>``; both are read. ``deduplicationId`` is one for all gateways
that heard a message. The places of gateways (``rxInfo``) are not the device's and never read.
"""

from __future__ import annotations

from typing import Any

import msgspec

from shared_resources.equipment.trackers.payloads.codec import values
from shared_resources.equipment.trackers.payloads.observation import Observation, message_key
from shared_resources.equipment.trackers.payloads.reading import (
    CannotRead,
    FieldMap,
    Topic,
    decibels,
    flag,
    instant,
    metres,
    percent,
    place,
)


class DeviceInfo(msgspec.Struct, rename="camel"):
    """Whom it is about."""

    dev_eui: str


class Location(msgspec.Struct):
    """A place that the server has computed, or a device was told."""

    latitude: Any = 0.0
    longitude: Any = 0.0
    accuracy: Any = None


class Told(msgspec.Struct, rename="camel"):
    """What we read of any event; left out of JSON are values that are 0."""

    device_info: DeviceInfo | None = None
    deduplication_id: Any = None
    time: Any = None
    f_cnt: Any = 0
    object: Any = None
    rx_info: list[dict[str, Any]] = []
    battery_level: Any = None
    external_power_source: Any = None
    location: Location | None = None


def decode(topic: Topic, payload: bytes, field_map: FieldMap) -> tuple[Observation, ...]:
    """An uplink, a battery or a place; nothing for joins, acknowledgements and the log."""
    below = topic[2:]
    at = next((i for i, level in enumerate(below) if level in ("event", "state")), None)
    kind = below[at + 1] if at is not None and at + 1 < len(below) else ""
    if kind not in ("up", "status", "location"):
        return ()
    told = msgspec.json.decode(payload, type=Told)
    device = (told.device_info.dev_eui if told.device_info else _in_topic(below)).lower()
    itself = told.deduplication_id if isinstance(told.deduplication_id, str) else (told.f_cnt, told.time, payload)
    return (
        Observation(
            device=device,
            key=message_key("chirpstack", topic[1], device, kind, itself),
            at=instant(told.time),
            **_said(kind, told, field_map),
        ),
    )


def _said(kind: str, told: Told, field_map: FieldMap) -> dict[str, Any]:
    if kind == "status":
        return {"battery_pct": 100 if flag(told.external_power_source) else percent(told.battery_level)}
    if kind == "location":
        found = told.location or Location()
        latitude, longitude = place(found.latitude, found.longitude)
        return {"latitude": latitude, "longitude": longitude, "accuracy_m": metres(found.accuracy)}
    strengths = [value for heard in told.rx_info if (value := decibels(heard.get("rssi"))) is not None]
    return {**values(told.object, field_map), "rssi": max(strengths, default=None)}


def _in_topic(below: Topic) -> str:
    """The DevEUI of the topic, for states of old that do not repeat it."""
    after = below[below.index("device") + 1 :] if "device" in below else ()
    if not after:
        raise CannotRead("no DevEUI")
    return after[0]
