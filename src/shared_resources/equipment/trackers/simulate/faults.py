"""What goes wrong on the way, and how often: parts of one, drawn anew for each message."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta

WEEKS_TURNED_OVER = datetime(1999, 8, 22, tzinfo=UTC)
"""Where a receiver falls back to when its count of weeks turns over."""


@dataclass(frozen=True, slots=True)
class Faults:
    """``dup``: sent twice; ``late``: told 11 to 120 minutes after; ``skew``: by a wrong clock."""

    dup: float = 0
    late: float = 0
    skew: float = 0
    garbage: float = 0
    retained: float = 0

    @classmethod
    def read(cls, told: str) -> Faults:
        """From ``dup=0.05,late=0.1``; raises ``ValueError`` with a sentence for who typed it."""
        known, found = [field.name for field in fields(cls)], {}
        for part in filter(None, (part.strip() for part in told.split(","))):
            name, _, value = part.partition("=")
            try:
                found[name] = float(value)
            except ValueError:
                found[name] = -1
            if name not in known or not 0 <= found[name] <= 1:
                raise ValueError(f"{part}: write one of {', '.join(known)} = a part from 0 to 1")
        return cls(**found)


def wrong_clock(at: datetime, chance: random.Random) -> datetime:
    """A time that a broken clock would tell."""
    off = chance.choice([timedelta(hours=8), timedelta(minutes=-3), timedelta(days=-400), None])
    return WEEKS_TURNED_OVER if off is None else at + off


def spoiled(payload: bytes, chance: random.Random) -> bytes:
    """A message cut short, with bytes overwritten, with impossible values, or of no sense at all."""
    draw = chance.randrange(5)
    if draw == 0:
        return payload[: chance.randrange(1, len(payload))]
    if draw == 1:
        harmed = bytearray(payload)
        for _ in range(chance.randint(1, 8)):
            harmed[chance.randrange(len(harmed))] = chance.randrange(256)
        return bytes(harmed)
    if draw == 2:
        return payload.replace(b":2", b":NaN").replace(b":1", b":1e999")
    return chance.randbytes(chance.randint(1, 200)) if draw == 3 else b"[" * chance.randint(1, 20_000)
