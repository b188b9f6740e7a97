"""The text inside a stored file, as far as it can be read, to look for markings in it."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pypdfium2

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.media_types import PDF, PLAIN
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from pathlib import Path

MOST_PAGES = 400
MOST_CHARACTERS = 4_000_000
SECONDS = 30
_one_at_a_time = threading.Lock()
"""PDFium serves one thread of a process at a time."""


async def text_of(path: Path, media_type: str) -> str:
    """The text of a text file or a PDF; empty for pictures, scans and what takes too long to read.

    Raises:
        Invalid: a PDF locked with a password, which nobody could look into.
    """
    readers = {PLAIN: _plain, PDF: _pdf}
    if media_type not in readers:
        return ""
    try:
        async with asyncio.timeout(SECONDS):
            return await asyncio.to_thread(readers[media_type], path)
    except TimeoutError:
        return ""


def _plain(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(MOST_CHARACTERS)


def _pdf(path: Path) -> str:
    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower():
                raise _locked() from None
            return ""
        try:
            return _pages(document)
        finally:
            document.close()


def _pages(document: pypdfium2.PdfDocument) -> str:
    found, length = [], 0
    for number in range(min(len(document), MOST_PAGES)):
        try:
            text = document[number].get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError:
            continue
        found.append(text)
        length += len(text)
        if length > MOST_CHARACTERS:
            break
    return "\n".join(found)


def _locked() -> Invalid:
    return Invalid(
        N_("This PDF is locked with a password."),
        do=N_("Save it without a password: nobody else could read it here."),
        code="file_locked",
        field="file",
    )
