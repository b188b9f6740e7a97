"""What the child process is told to do, and what it answers. Pure values."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Cover(msgspec.Struct, frozen=True):
    """A rectangle in fractions of the picture, filled from ``from_ms`` to ``to_ms`` of the recording."""

    x: float
    y: float
    w: float
    h: float
    from_ms: int
    to_ms: int


class Order(msgspec.Struct, frozen=True):
    """One task over one file. ``task``: probe | strip | extract | viewing. Milliseconds of the recording."""

    task: str
    path: str
    target: str = ""
    start_ms: int = 0
    end_ms: int = 0
    count: int = 0
    mark: tuple[str, ...] = ()
    covers: tuple[Cover, ...] = ()


class Stream(msgspec.Struct, frozen=True):
    """One stream of a file: video, audio, subtitle, data."""

    kind: str
    codec: str


class Probed(msgspec.Struct, frozen=True):
    """What a file is. ``claimed_at``: the time that stands in the file, a claim only; ``fps`` as a fraction."""

    container: str
    media_type: str
    duration_ms: int
    width: int
    height: int
    codec: str
    fps: str
    audio: bool
    claimed_at: datetime | None
    streams: tuple[Stream, ...]


class Made(msgspec.Struct, frozen=True):
    """A copy as it was made: its bounds, and with what (for whoever wants to repeat it)."""

    start_ms: int
    end_ms: int
    media_type: str
    parameters: dict[str, str]


class Answer(msgspec.Struct, frozen=True):
    """What the child says: one of these, or the msgid of why not."""

    probed: Probed | None = None
    made: Made | None = None
    pictures: tuple[tuple[int, str], ...] = ()
    cannot: str = ""
