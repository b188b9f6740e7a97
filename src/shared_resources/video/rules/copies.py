"""What a copy bears and what it is called. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MOST_MS = 6 * 3600 * 1000
"""The longest span of one copy: asking for minutes, not for days (EXPECTATIONS 10)."""
SUFFIXES = {"video/mp4": "mp4", "video/x-matroska": "mkv"}


def copy_number(footage: str, serial: int) -> str:
    """The number of the ``serial``-th copy of a recording."""
    return f"{footage}-{serial}"


def mark_of(copy: str, request: str | None, receiver: str, at: datetime) -> tuple[str, ...]:
    """What is drawn on every picture of a viewing copy: which copy, for which request, for whom, made when.

    The mark is Chinese: it is part of the copy, not of a page in the reader's language.
    """
    purpose = f"请求 {request}" if request else "内部查看"
    return (f"副本 {copy}　{purpose}　{receiver}　{at:%Y-%m-%d %H:%M}",)


def file_name(copy: str, media_type: str) -> str:
    """What the file of a copy is called."""
    return f"{copy}.{SUFFIXES.get(media_type, 'mp4')}"
