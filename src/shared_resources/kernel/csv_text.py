"""Tables as CSV that spreadsheets read: UTF-8 with a byte-order mark, no cell taken for a formula. Pure."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = b"\xef\xbb\xbf"


def csv_bytes(lines: Iterable[Iterable[object]]) -> bytes:
    """The lines of a table, the heads first."""
    out = io.StringIO()
    csv.writer(out).writerows([defused(value) for value in line] for line in lines)
    return MARK + out.getvalue().encode()


def defused(value: object) -> str:
    """A cell that no spreadsheet takes for a formula; numbers may be negative."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text and not isinstance(value, int | float) else text
