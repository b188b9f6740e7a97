"""What every payload becomes: one observation of one device."""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec


class Observation(msgspec.Struct, frozen=True):
    """One word of one device, in our units, before anybody asked what it means.

    ``device`` is the device's id as its publisher names it: the key in the topic where it publishes itself, else
    its natural id at the source. ``at`` is the device's own time of the fix (UTC), empty where it has no clock.
    Degrees of WGS-84, metres, percent, dBm. ``by_reader``: the source read a tag nearby (a door, a gateway).
    ``revision``: the device has applied our desired state up to it. ``online`` false: its connection ended (last
    will). ``key``: 63 bits, the same for each copy of one message, never made from the time of receipt.
    """

    device: str
    key: int
    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    battery_pct: int | None = None
    tamper: bool | None = None
    rssi: int | None = None
    by_reader: bool = False
    revision: int | None = None
    firmware: str | None = None
    online: bool | None = None

    @property
    def has_place(self) -> bool:
        """Whether it says where the device is."""
        return self.latitude is not None and self.longitude is not None


def message_key(*parts: object) -> int:
    """63 bits of BLAKE2b over what identifies a message (source, device, its own id or the payload itself)."""
    told = b"\x1f".join([part if isinstance(part, bytes) else str(part).encode() for part in parts])
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big") >> 1
