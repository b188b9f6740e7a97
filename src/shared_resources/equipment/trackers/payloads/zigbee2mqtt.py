"""Zigbee2MQTT with ``base_topic: s/<source>``: ``s/<source>/<name>`` and ``…/<name>/availability``.

The name may contain ``/``. There is no place: that the coordinator hears the device is where it is, so a word of
it counts as read nearby. Messages are often retained and have no id; ``last_seen`` has to be switched on.
"""

from __future__ import annotations

from typing import Any

import msgspec

from shared_resources.equipment.trackers.payloads.observation import Observation, message_key
from shared_resources.equipment.trackers.payloads.reading import (
    CannotRead,
    FieldMap,
    Topic,
    as_object,
    flag,
    instant,
    percent,
)

ASKED_OF_IT = frozenset({"set", "get"})


class Availability(msgspec.Struct):
    """Whether the coordinator still hears the device."""

    state: str


def decode(topic: Topic, payload: bytes, _: FieldMap) -> tuple[Observation, ...]:
    """A device's state or availability; nothing for the bridge itself and for what is asked of devices."""
    below = topic[3:] if topic[2:3] == ("zigbee2mqtt",) else topic[2:]
    if not below or below[0] == "bridge" or below[-1] in ASKED_OF_IT:
        return ()
    if len(below) > 1 and below[-1] == "availability":
        return (_availability("/".join(below[:-1]), topic, payload),)
    told, name = as_object(payload), "/".join(below)
    return (
        Observation(
            device=name,
            key=message_key("zigbee2mqtt", topic[1], name, payload),
            at=instant(told.get("last_seen")),
            battery_pct=percent(told.get("battery")),
            tamper=flag(told.get("tamper")),
            by_reader=True,
        ),
    )


def _availability(name: str, topic: Topic, payload: bytes) -> Observation:
    plain = payload.decode().strip()
    state: Any = plain if plain in ("online", "offline") else msgspec.json.decode(payload, type=Availability).state
    if state not in ("online", "offline"):
        raise CannotRead("availability is neither online nor offline")
    key = message_key("zigbee2mqtt", topic[1], name, "availability", payload)
    return Observation(device=name, key=key, online=state == "online", by_reader=state == "online")
