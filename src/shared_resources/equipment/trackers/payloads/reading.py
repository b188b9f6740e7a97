"""What all decoders share: how a value of the field is read, and what happens to one that cannot be.

Coordinates that no place on earth has make the whole message unreadable, for it lies about what matters most. Any
other value that makes no sense (a battery of 300 %, a clock that shows words) is left out and the rest is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from shared_resources.equipment.trackers.payloads.observation import Observation

Topic = tuple[str, ...]
FieldMap = Mapping[str, Sequence[str]]
"""Our name of a value to the JSON pointers where it may stand."""
Decoder = Callable[[Topic, bytes, FieldMap], "tuple[Observation, ...]"]

LONGEST_NAME = 120
FLAGS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
MILLISECONDS_FROM = 100_000_000_000
"""A count of seconds this large would lie in the year 5138: it counts milliseconds."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that is not what its topic promises; ``reason`` is for those who look after the devices."""

    reason: str


class CannotRead(ValueError):
    """Raised within this room only; ``decode`` makes it an ``Unreadable``."""


def number(value: Any, least: float, most: float) -> float | None:
    """A finite number within its range, else nothing. True and false are no numbers."""
    if type(value) not in (int, float):
        return None
    return float(value) if least <= value <= most else None


def whole(value: Any, least: int, most: int) -> int | None:
    """The same as a whole number, rounded."""
    found = number(value, least, most)
    return None if found is None else round(found)


def percent(value: Any) -> int | None:
    """A charge of 0 to 100."""
    return whole(value, 0, 100)


def flag(value: Any) -> bool | None:
    """Yes or no, also where it is told as 1 or 0 or as a word."""
    if isinstance(value, str):
        return FLAGS.get(value.lower())
    return bool(value) if isinstance(value, bool | int | float) and value in (0, 1) else None


def decibels(value: Any) -> int | None:
    """Received strength in dBm; a positive one is a mistake."""
    return whole(value, -200, 0)


def metres(value: Any) -> float | None:
    """An accuracy; 0 is how devices say that they do not know."""
    return number(value, 0, 20_000_000) or None


def words(value: Any) -> str | None:
    """A short text that can be stored and shown: no control characters, no halves of characters."""
    fits = isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()
    return value if fits else None


def instant(value: Any) -> datetime | None:
    """A time of ISO 8601 (UTC where it names no zone), or a count of seconds or milliseconds since 1970."""
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value)
            return read.replace(tzinfo=read.tzinfo or UTC).astimezone(UTC)
        seconds = number(value, 0, 1e15)
        if seconds is None:
            return None
        return datetime.fromtimestamp(seconds / 1000 if seconds >= MILLISECONDS_FROM else seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def place(latitude: Any, longitude: Any) -> tuple[float, float] | tuple[None, None]:
    """Both coordinates or neither; 0 and 0, in the sea off Africa, is how receivers say that they see no sky.

    Raises ``CannotRead`` for what is no place.
    """
    if latitude is None and longitude is None:
        return None, None
    north, east = number(latitude, -90, 90), number(longitude, -180, 180)
    if north is None or east is None:
        raise CannotRead("latitude and longitude are no place on earth")
    return (None, None) if north == 0 and east == 0 else (north, east)


def at_pointer(document: Any, pointer: str) -> Any:
    """What stands at a JSON pointer (RFC 6901), or nothing; a bare word is a key of the first level."""
    found = document
    for part in pointer.removeprefix("/").split("/"):
        step = part.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isascii() and step.isdigit() and len(step) < 6:
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return found


def as_object(payload: bytes) -> dict[str, Any]:
    """The payload as a JSON object whose members may be anything."""
    return msgspec.json.decode(payload, type=dict[str, Any])
