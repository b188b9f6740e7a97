"""Tags of Bluetooth, read by a gateway of OpenMQTTGateway or Theengs: ``s/<source>/…/BTtoMQTT/<MAC>``.

The gateway is the source, and where it stands is where the tag is. The message has neither an id nor, as a rule,
a time (some gateways add ``UTCtime``): two readings of one gateway with the very same bytes have one key. A beacon
is told twice, by its iBeacon id (``uuid-major-minor``) and by its MAC, since either may be on the register; that
which is not is dropped there, as is every phone that passes by.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from shared_resources.equipment.trackers.payloads.observation import Observation, message_key
from shared_resources.equipment.trackers.payloads.reading import (
    CannotRead,
    FieldMap,
    Topic,
    decibels,
    flag,
    instant,
    percent,
    whole,
)

MAC = re.compile(r"[0-9A-F]{12}")
HEX_32 = re.compile(r"[0-9a-f]{32}")


class Reading(msgspec.Struct):
    """What we read of a message."""

    id: Any = None
    rssi: Any = None
    uuid: Any = None
    major: Any = None
    minor: Any = None
    batt: Any = None
    tamper: Any = None
    unixtime: Any = None
    utc_time: Any = msgspec.field(name="UTCtime", default=None)


def decode(topic: Topic, payload: bytes, _: FieldMap) -> tuple[Observation, ...]:
    """A reading under each id that the tag has; nothing for the gateway's word about itself."""
    if "BTtoMQTT" not in topic[2:]:
        return ()
    told = msgspec.json.decode(payload, type=Reading)
    names = [name for name in (beacon(told.uuid, told.major, told.minor), mac(topic[-1]) or mac(told.id)) if name]
    if not names:
        raise CannotRead("neither a MAC nor an iBeacon id")
    return tuple(
        Observation(
            device=name,
            key=message_key("ble", *topic[1:], name, payload),
            at=instant(told.utc_time) or instant(told.unixtime),
            battery_pct=percent(told.batt),
            tamper=flag(told.tamper),
            rssi=decibels(told.rssi),
            by_reader=True,
        )
        for name in names
    )


def mac(told: Any) -> str | None:
    """``AA:BB:CC:DD:EE:FF``, however it is written; nothing for anything else."""
    bare = re.sub(r"[:\-. ]", "", told).upper() if isinstance(told, str) else ""
    return ":".join(bare[i : i + 2] for i in range(0, 12, 2)) if MAC.fullmatch(bare) else None


def beacon(uuid: Any, major: Any, minor: Any) -> str | None:
    """``uuid-major-minor`` of an iBeacon; the uuid as 32 small hexadecimal digits."""
    bare = uuid.replace("-", "").lower() if isinstance(uuid, str) else ""
    one, two = whole(_digits(major), 0, 65535), whole(_digits(minor), 0, 65535)
    return f"{bare}-{one}-{two}" if HEX_32.fullmatch(bare) and one is not None and two is not None else None


def _digits(told: Any) -> Any:
    return int(told) if isinstance(told, str) and re.fullmatch(r"[0-9]{1,5}", told) else told
