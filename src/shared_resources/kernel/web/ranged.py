"""A stored file as an answer: whole, a part of it (RFC 9110 14), or only word that it is still the same."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from shared_resources.kernel.permissions import not_found

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from shared_resources.kernel.storage import StoredFile
    from shared_resources.kernel.web.pages import WebRequest

CHUNK = 256 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
UNSATISFIABLE = range(-1, -1)


Watch = Callable[[int], Awaitable[bool]]
"""Told how many bytes went out since it was last told; whether more may follow."""
WATCHED = 4 << 20
"""So many bytes go out before it is asked again."""


def ranged(
    request: WebRequest, file: StoredFile, path: Path, *, download: bool = False, watch: Watch | None = None
) -> Response[Any]:
    """The bytes that the request asks for. Browsers keep them but ask each time whether they may still see them.

    Args:
        watch: asked again and again while bytes flow; where it says no, they stop.

    Raises:
        NotFound: the bytes are gone.
    """
    tag = f'"{file.sha256.hex()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache", "accept-ranges": "bytes", "vary": "cookie"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    if not path.is_file():
        raise not_found()
    kind = "attachment" if download else "inline"
    headers["content-disposition"] = f"{kind}; filename*=UTF-8''{quote(file.name, safe='')}"
    part = None
    if request.headers.get("if-range", tag) == tag:
        part = wanted_part(request.headers.get("range", ""), file.size)
    if part is UNSATISFIABLE:
        return Response(
            None,
            status_code=416,
            headers={**headers, "content-range": f"bytes */{file.size}"},
            media_type="text/plain",
        )
    whole = range(file.size)
    span = whole if part is None else part
    if part is not None:
        headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    headers["content-length"] = str(len(span))
    return Stream(
        _read(path, span, watch),
        status_code=200 if part is None else 206,
        headers=headers,
        media_type=file.media_type,
    )


def wanted_part(header: str, size: int) -> range | None:
    """The one part that a ``Range`` header asks for; None for the whole, ``UNSATISFIABLE`` for one outside."""
    found = RANGE.fullmatch(header.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        return range(size - length, size) if length else UNSATISFIABLE
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None
    return range(first, last + 1) if first < size else UNSATISFIABLE


async def _read(path: Path, span: range, watch: Watch | None) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    untold = 0
    try:
        await asyncio.to_thread(file.seek, span.start)
        left = len(span)
        while left > 0:
            chunk = await asyncio.to_thread(file.read, min(CHUNK, left))
            if not chunk:
                break
            left -= len(chunk)
            untold += len(chunk)
            yield chunk
            if watch is not None and untold >= WATCHED:
                told, untold = untold, 0
                if not await watch(told):
                    break
    finally:
        file.close()
        if watch is not None and untold:
            await asyncio.shield(watch(untold))
