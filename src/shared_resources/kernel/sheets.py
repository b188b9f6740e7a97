"""Lists that people keep in spreadsheets: CSV, cells that were pasted, XLSX workbooks. Read and written. Pure."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from shared_resources.kernel.csv_text import defused
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_ROWS = 2000
ENCODINGS = ("utf-8-sig", "gb18030")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK = b"PK\x03\x04"
"""How every XLSX begins: it is a zip."""
WIDEST = 48


def decoded(data: bytes) -> str:
    """The text of an uploaded list: UTF-8, else GB18030 as Chinese spreadsheets write it.

    Raises:
        Invalid: neither.
    """
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid(
        N_("This file is not a text in UTF-8 or GB18030."),
        do=N_("Save the list as CSV, or copy its cells and paste them."),
        code="encoding",
        field="file",
    )


def cells_of(text: str) -> list[tuple[int, list[str]]]:
    """Line number and cells of every line that is not empty; tabs or semicolons may part cells as well."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max("\t,;", key=heading.count)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter, strict=True)
    try:
        lines = [
            (reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))
        ]
    except csv.Error:
        raise Invalid(
            N_("This list cannot be read."), do=N_("Save it as CSV with quotes closed."), code="csv", field="text"
        ) from None
    lines = [(line, cells) for line, cells in lines if any(cells)]
    return few_enough(lines)


def few_enough(lines: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """``lines`` if there is a heading and at least one row, and no more than fit.

    Raises:
        Invalid: otherwise.
    """
    if len(lines) < 2:
        raise Invalid(
            N_("There is no row in this list."),
            do=N_("Paste the headings and at least one row."),
            code="empty_list",
            field="text",
        )
    if len(lines) - 1 > MOST_ROWS:
        raise Invalid(
            N_("This list has more than %(most)s rows."),
            do=N_("Cut it into several lists."),
            code="too_many_rows",
            field="text",
            most=MOST_ROWS,
        )
    return lines


def places_of(
    headings: Sequence[str], columns: Mapping[str, Sequence[str]], required: Sequence[str]
) -> dict[str, int]:
    """Where each of our columns stands, by the headings under which it may come.

    Args:
        columns: our name of a column and the spellings of its heading; its own name is one as well.

    Raises:
        Invalid: a column of ``required`` is missing.
    """
    known = {spelling: name for name, spellings in columns.items() for spelling in (_plain(name), *spellings)}
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = known.get(_plain(heading))
        if name is not None:
            places.setdefault(name, place)
    missing = [columns[name][0] for name in required if name not in places]
    if missing:
        raise Invalid(
            N_("The list lacks the column %(columns)s."),
            do=N_("Its first line must name the columns as the template does."),
            code="columns",
            field="text",
            columns="、".join(missing),
        )
    return places


def _plain(heading: str) -> str:
    return heading.lower().replace("_", " ").replace(".", "").strip()


def cell(cells: Sequence[str], place: int) -> str:
    """One cell, without the apostrophe that keeps spreadsheets from reading a formula."""
    text = cells[place] if place < len(cells) else ""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def rows_of_workbook(data: bytes) -> list[tuple[int, list[str]]]:
    """Line number and cells of every line of a workbook's first sheet that is not empty.

    Raises:
        Invalid: not a workbook, without rows, or with more than fit.
    """
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = [
            (number, [_text(value) for value in row])
            for number, row in enumerate(sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2), 1)
        ]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError, OSError):
        raise Invalid(
            N_("This workbook cannot be read."), do=N_("Save it anew as XLSX or CSV."), code="xlsx", field="file"
        ) from None
    return few_enough([(number, cells) for number, cells in lines if any(cells)])


def workbook(lines: Iterable[Sequence[object]], title: str) -> bytes:
    """Lines as an XLSX workbook of one sheet, the first line its heading; nothing is read as a formula."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    widths: dict[int, int] = {}
    for number, line in enumerate(lines, 1):
        for place, value in enumerate(line, 1):
            plain = value if isinstance(value, int | float | date) else defused(value)
            sheet.cell(number, place, plain).font = Font(bold=number == 1)
            widths[place] = min(WIDEST, max(widths.get(place, 8), _width(str(plain))))
    for place, width in widths.items():
        sheet.column_dimensions[get_column_letter(place)].width = width + 2
    sheet.freeze_panes = "A2"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _width(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def lines_of(data: bytes) -> list[tuple[int, list[str]]]:
    """Line number and cells of an uploaded list, whichever it is.

    Raises:
        Invalid: neither a workbook nor a text that can be read.
    """
    return rows_of_workbook(data) if data.startswith(WORKBOOK) else cells_of(decoded(data))
