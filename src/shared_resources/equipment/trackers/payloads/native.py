"""Our own messages: ``t/<key>/obs``, ``t/<key>/reported``, ``t/<key>/status``.

They are ours, so they are read strictly: any value of the wrong type or out of range makes the message unreadable,
and the reason names it. A gateway that speaks our language sends ``s/<source>/<natural id>/obs``; with ``rssi``
that is the reading of a tag nearby.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shared_resources.equipment.trackers.payloads.observation import Observation, message_key
from shared_resources.equipment.trackers.payloads.reading import (
    CannotRead,
    FieldMap,
    Topic,
    instant,
    percent,
    place,
    words,
)

Revision = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class Seen(msgspec.Struct):
    """``obs``: where the device is and how it fares. ``seq`` only keeps otherwise equal messages apart."""

    seq: Annotated[int, Meta(ge=0)] | None = None
    at: float | str | None = None
    lat: Annotated[float, Meta(ge=-90, le=90)] | None = None
    lon: Annotated[float, Meta(ge=-180, le=180)] | None = None
    acc: Annotated[float, Meta(ge=0, le=20_000_000)] | None = None
    battery: Annotated[float, Meta(ge=0, le=100)] | None = None
    tamper: bool | None = None
    rssi: Annotated[float, Meta(ge=-200, le=0)] | None = None
    fw: Annotated[str, Meta(max_length=60)] | None = None


class Reported(msgspec.Struct):
    """``reported``: the desired state up to ``rev`` is applied."""

    rev: Revision
    at: float | str | None = None
    fw: Annotated[str, Meta(max_length=60)] | None = None


class Status(msgspec.Struct):
    """``status``: the connection stands or has ended; the last will."""

    online: bool


def decode(topic: Topic, payload: bytes, _: FieldMap) -> tuple[Observation, ...]:
    """One observation for each of the three topics."""
    below = topic[2:] if topic[0] == "s" else topic[1:]
    if len(below) != 2 or below[1] not in _READERS:
        raise CannotRead("the topic must end in obs, reported or status")
    key = message_key("native", *topic, payload)
    return (Observation(device=below[0], key=key, **_READERS[below[1]](payload, topic[0] == "s")),)


def _seen(payload: bytes, from_source: bool) -> dict[str, Any]:
    told = msgspec.json.decode(payload, type=Seen)
    latitude, longitude = place(told.lat, told.lon)
    return {
        "at": _time(told.at),
        "latitude": latitude,
        "longitude": longitude,
        "accuracy_m": told.acc or None,
        "battery_pct": percent(told.battery),
        "tamper": told.tamper,
        "rssi": None if told.rssi is None else round(told.rssi),
        "by_reader": from_source and told.rssi is not None,
        "firmware": words(told.fw),
    }


def _reported(payload: bytes, _: bool) -> dict[str, Any]:
    told = msgspec.json.decode(payload, type=Reported)
    return {"at": _time(told.at), "revision": told.rev, "firmware": words(told.fw)}


def _status(payload: bytes, _: bool) -> dict[str, Any]:
    plain = {b"online": True, b"offline": False}.get(payload.strip())
    return {"online": msgspec.json.decode(payload, type=Status).online if plain is None else plain}


def _time(told: float | str | None) -> Any:
    read = instant(told)
    if told is not None and read is None:
        raise CannotRead("`at` is no time")
    return read


_READERS = {"obs": _seen, "reported": _reported, "status": _status}
