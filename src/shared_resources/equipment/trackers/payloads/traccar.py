"""Traccar's forwarding of positions and events (``forward.type=mqtt``): any topic below ``s/<source>/``.

The device is ``uniqueId`` (an IMEI as a rule). ``position.id`` is 0 in every message, for forwarding runs before
the position is stored: the key is made of the times, the place and the attributes. Speed is in knots and not read.
A position that the receiver calls not valid, or that repeats an old one (``outdated``), counts without its place.
"""

from __future__ import annotations

from typing import Any

import msgspec

from shared_resources.equipment.trackers.payloads.observation import Observation, message_key
from shared_resources.equipment.trackers.payloads.reading import (
    CannotRead,
    FieldMap,
    Topic,
    flag,
    instant,
    metres,
    percent,
    place,
    words,
)

TAMPERING = frozenset({"tampering", "removing"})


class Device(msgspec.Struct, rename="camel"):
    """Whom Traccar speaks for."""

    unique_id: str


class Position(msgspec.Struct, rename="camel"):
    """One position; ``attributes`` depends on the device's protocol."""

    fix_time: Any = None
    device_time: Any = None
    valid: Any = None
    outdated: Any = None
    latitude: Any = None
    longitude: Any = None
    accuracy: Any = None
    attributes: dict[str, Any] | None = None


class Event(msgspec.Struct, rename="camel"):
    """One event; ``alarm`` stands in its attributes."""

    type: str
    event_time: Any = None
    attributes: dict[str, Any] | None = None


class Forwarded(msgspec.Struct):
    """A position, or an event with or without the position at which it happened."""

    device: Device
    position: Position | None = None
    event: Event | None = None


def decode(topic: Topic, payload: bytes, _: FieldMap) -> tuple[Observation, ...]:
    """A position, an alarm with its position, or that a device came or went."""
    told = msgspec.json.decode(payload, type=Forwarded)
    if told.event is not None:
        return _event(topic, told.device.unique_id, told.event, told.position)
    if told.position is None:
        raise CannotRead("neither a position nor an event")
    return (_position(topic, told.device.unique_id, told.position),)


def _position(topic: Topic, device: str, told: Position) -> Observation:
    found = told.attributes or {}
    latitude, longitude = place(told.latitude, told.longitude)
    stale = flag(told.valid) is False or flag(told.outdated) is True
    return Observation(
        device=device,
        key=message_key("traccar", topic[1], device, *msgspec.structs.astuple(told)),
        at=instant(told.device_time if stale else told.fix_time) or instant(told.device_time),
        latitude=None if stale else latitude,
        longitude=None if stale else longitude,
        accuracy_m=metres(told.accuracy),
        battery_pct=percent(found.get("batteryLevel")),
        tamper=_tamper(found.get("alarm")),
        firmware=words(found.get("versionFw")),
    )


def _event(topic: Topic, device: str, told: Event, position: Position | None) -> tuple[Observation, ...]:
    if told.type in ("deviceOnline", "deviceOffline"):
        key = message_key("traccar", topic[1], device, told.type, told.event_time)
        online = told.type == "deviceOnline"
        return (Observation(device=device, key=key, at=instant(told.event_time), online=online),)
    alarm = (told.attributes or {}).get("alarm")
    if told.type != "alarm" or not _tamper(alarm):
        return ()
    key = message_key("traccar", topic[1], device, told.type, told.event_time, alarm)
    where = _position(topic, device, position) if position else None
    return (
        Observation(
            device=device,
            key=key,
            at=where.at if where else instant(told.event_time),
            latitude=where.latitude if where else None,
            longitude=where.longitude if where else None,
            accuracy_m=where.accuracy_m if where else None,
            tamper=True,
        ),
    )


def _tamper(alarm: Any) -> bool | None:
    """Whether one of the alarms (words between commas) is of tampering; that none is, Traccar never says."""
    alarms = {part.strip() for part in alarm.split(",")} if isinstance(alarm, str) else set()
    return True if alarms & TAMPERING else None
