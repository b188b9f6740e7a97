"""The Things Stack v3, brought here by a bridge of Mosquitto: ``s/<source>/v3/<app>/devices/<id>/up`` and
``…/location/solved``.

The stack leaves out whatever is 0, false or empty: a missing ``f_cnt`` is 0, a place without longitude lies on the
meridian of Greenwich. Places of gateways are not the device's, nor is one that a person typed in
(``SOURCE_REGISTRY``).
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
    instant,
    metres,
    percent,
    place,
)

TYPED_IN = "SOURCE_REGISTRY"


class Ids(msgspec.Struct):
    """The device's names: the DevEUI where it has one, else the name in the application."""

    device_id: str = ""
    dev_eui: str = ""


class Location(msgspec.Struct):
    """A place; 0 is left out."""

    latitude: Any = 0.0
    longitude: Any = 0.0
    accuracy: Any = None
    source: Any = None


class Battery(msgspec.Struct):
    """The last answer of the device about its battery."""

    value: Any = 0.0


class Uplink(msgspec.Struct):
    """One uplink, decoded by the application's formatter."""

    session_key_id: Any = None
    f_cnt: Any = 0
    decoded_payload: Any = None
    rx_metadata: list[dict[str, Any]] = []
    locations: dict[str, Location] = {}
    received_at: Any = None
    last_battery_percentage: Battery | None = None


class Solved(msgspec.Struct):
    """A place that a location service has computed."""

    service: Any = None
    location: Location | None = None


class Told(msgspec.Struct):
    """What we read of a message."""

    end_device_ids: Ids
    correlation_ids: Any = None
    received_at: Any = None
    uplink_message: Uplink | None = None
    location_solved: Solved | None = None


def decode(topic: Topic, payload: bytes, field_map: FieldMap) -> tuple[Observation, ...]:
    """An uplink or a computed place; nothing for joins, downlinks and events of the service."""
    if topic[-1] != "up" and topic[-2:] != ("location", "solved"):
        return ()
    told = msgspec.json.decode(payload, type=Told)
    device = told.end_device_ids.dev_eui.lower() or told.end_device_ids.device_id
    if not device:
        raise CannotRead("no device id")
    source = topic[1]
    if told.uplink_message is not None:
        return (_uplink(source, device, told, told.uplink_message, payload, field_map),)
    if told.location_solved is None or told.location_solved.location is None:
        return ()
    key = message_key("tts", source, device, "solved", told.correlation_ids or payload, told.received_at)
    where = _place(told.location_solved.location)
    return (Observation(device=device, key=key, at=instant(told.received_at), **where),)


def _uplink(source: str, device: str, told: Told, up: Uplink, payload: bytes, field_map: FieldMap) -> Observation:
    if isinstance(up.session_key_id, str):
        itself: tuple[Any, ...] = (up.session_key_id, up.f_cnt)
    else:
        itself = (told.correlation_ids or payload,)
    said = values(up.decoded_payload, field_map)
    if said["latitude"] is None:
        measured = (found for found in up.locations.values() if found.source != TYPED_IN)
        said.update(next(map(_place, measured), {}))
    if said["battery_pct"] is None and up.last_battery_percentage is not None:
        said["battery_pct"] = percent(up.last_battery_percentage.value)
    strengths = [value for heard in up.rx_metadata if (value := decibels(heard.get("rssi"))) is not None]
    return Observation(
        device=device,
        key=message_key("tts", source, device, "up", *itself),
        at=instant(up.received_at) or instant(told.received_at),
        rssi=max(strengths, default=None),
        **said,
    )


def _place(found: Location) -> dict[str, Any]:
    latitude, longitude = place(found.latitude, found.longitude)
    return {"latitude": latitude, "longitude": longitude, "accuracy_m": metres(found.accuracy)}
