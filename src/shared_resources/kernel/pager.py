"""Cursors: where a list goes on, as a word that programs pass back unread."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGE_SIZE = 50
LARGEST_PAGE = 200


def key_of(cursor: str | None, *kinds: Callable[[str], Any]) -> list[Any] | None:
    """The sort key inside ``cursor``, each part read by its kind; None without one.

    Raises:
        Invalid: not a cursor of ours.
    """
    if not cursor:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [kind(part) for kind, part in zip(kinds, key, strict=True)]
    except (binascii.Error, UnicodeDecodeError, ValueError, TypeError, AttributeError):
        raise Invalid(
            N_("This place in the list is unknown."), do=N_("Start again from its first page."), code="cursor"
        ) from None


def page_of(
    rows: Sequence[Any], size: int, key: Callable[[Any], Sequence[Any]]
) -> tuple[Sequence[Any], str | None]:
    """The rows of a page out of one more than it holds, and the cursor of the next page if there is one."""
    shown = rows[:size]
    return shown, cursor_after(key(shown[-1])) if len(rows) > size else None


def cursor_after(key: Sequence[Any]) -> str:
    """The cursor that continues after the row with this sort key."""
    words = json.dumps([part.isoformat() if isinstance(part, datetime) else str(part) for part in key])
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def page_size(asked: int | None) -> int:
    """How many rows to show: what was asked for, within reason."""
    return PAGE_SIZE if asked is None else max(1, min(asked, LARGEST_PAGE))


def like(text: str) -> str:
    """A pattern for ILIKE that finds ``text`` anywhere, its own wildcards taken literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
