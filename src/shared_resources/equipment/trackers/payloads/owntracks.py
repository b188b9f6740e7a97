"""OwnTracks, the app for phones: ``owntracks/<key>/<device>`` and topics below it.

Locations and transitions say where the phone is; a last will says that its connection ended (its ``tst`` is when
the connection began, so it is no time of this word). Cards, waypoints, steps and the like say nothing to us.
Speeds (``vel``, km/h) and regions are left aside: areas are ours, not the phone's.
"""

from __future__ import annotations

from typing import Any

import msgspec

from shared_resources.equipment.trackers.payloads.observation import Observation, message_key
from shared_resources.equipment.trackers.payloads.reading import (
    CannotRead,
    FieldMap,
    Topic,
    instant,
    metres,
    percent,
    place,
)


class Told(msgspec.Struct):
    """What we read of a message; only its type must be there."""

    type: str = msgspec.field(name="_type")
    tst: Any = None
    lat: Any = None
    lon: Any = None
    acc: Any = None
    batt: Any = None
    id: Any = msgspec.field(name="_id", default=None)


def decode(topic: Topic, payload: bytes, _: FieldMap) -> tuple[Observation, ...]:
    """A fix, the end of the connection, or nothing of interest."""
    told = msgspec.json.decode(payload, type=Told)
    if told.type == "encrypted":
        raise CannotRead("encrypted by OwnTracks itself; take the secret out of the app, TLS keeps it private")
    itself = told.id if isinstance(told.id, str) else payload
    key = message_key("owntracks", *topic, told.type, told.tst, itself)
    if told.type == "lwt":
        return (Observation(device=topic[1], key=key, online=False),)
    if told.type not in ("location", "transition"):
        return ()
    latitude, longitude = place(told.lat, told.lon)
    return (
        Observation(
            device=topic[1],
            key=key,
            at=instant(told.tst),
            latitude=latitude,
            longitude=longitude,
            accuracy_m=metres(told.acc),
            battery_pct=percent(told.batt),
        ),
    )
