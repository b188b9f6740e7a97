"""Cursors: where a list goes on, as a word that programs pass back unread."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE_SIZE = 50
LARGEST_PAGE = 200


def cursor_after(key: Sequence[str]) -> str:
    """The cursor that continues after the row with this sort key."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def key_of(cursor: str | None, length: int) -> list[str] | None:
    """The sort key inside ``cursor``; None without one.

    Raises:
        Invalid: not a cursor of ours.
    """
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        key = None
    if not isinstance(key, list) or len(key) != length or not all(isinstance(part, str) for part in key):
        raise Invalid(
            N_("This place in the list is unknown."), do=N_("Start again from its first page."), code="cursor"
        )
    return key


def page_size(asked: int | None) -> int:
    """How many rows to show: what was asked for, within reason."""
    return PAGE_SIZE if asked is None else max(1, min(asked, LARGEST_PAGE))


def like(text: str) -> str:
    """A pattern for ILIKE that finds ``text`` anywhere, its own wildcards taken literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
