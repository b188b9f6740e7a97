"""What Vite built: hashed names for pages, and the bytes behind them (``/static/…``).

Precompressed siblings (``.br``, ``.gz``) are sent as they lie there; nothing is compressed while somebody waits.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.params import FromPath

import shared_resources
from shared_resources.kernel.permissions import not_found

if TYPE_CHECKING:
    from collections.abc import Mapping

DIST = Path(shared_resources.__file__).parent / "site" / "dist"
HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.\w+$")
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class AssetsMissing(Exception):
    """The front end was not built."""


def asset(name: str) -> str:
    """The address of a source of the front end, such as ``scripts/main.ts``.

    Raises:
        AssetsMissing: nothing was built, or nothing of this name.
    """
    entry = _manifest(DIST).get(name)
    if entry is None:
        raise AssetsMissing(name)
    return f"/static/{entry['file']}"


@functools.lru_cache(maxsize=4)
def _read_manifest(path: Path, _changed: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def _manifest(dist: Path) -> Mapping[str, Any]:
    path = dist / ".vite" / "manifest.json"
    try:
        return _read_manifest(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise AssetsMissing(str(path)) from None


@get("/static/{path:path}", include_in_schema=False)
async def static(request: Request[Any, Any, Any], path: FromPath[Path]) -> Response[bytes]:
    """One file of the front end; its hashed name never changes its content.

    Raises:
        NotFound: no such file, a folder, a hidden file or a way out of the folder.
    """
    found = _inside(str(path).lstrip("/"))
    file, encoding = _best(found, request.headers.get("accept-encoding", ""))
    content, tag = _content(file, file.stat().st_mtime_ns)
    hashed = HASHED.search(found.name) is not None
    headers = {
        "etag": tag,
        "vary": "accept-encoding",
        "cache-control": "public, max-age=31536000, immutable" if hashed else "public, max-age=300",
    }
    if encoding:
        headers["content-encoding"] = encoding
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=MEDIA_TYPES[found.suffix])
    return Response(content, headers=headers, media_type=MEDIA_TYPES[found.suffix])


def _inside(path: str) -> Path:
    parts = path.split("/")
    if "\0" in path or "\\" in path or any(part.startswith(".") or not part for part in parts):
        raise not_found()
    found = DIST.joinpath(*parts)
    if found.suffix not in MEDIA_TYPES or not found.is_file():
        raise not_found()
    return found


def _best(file: Path, accepted: str) -> tuple[Path, str | None]:
    """The smallest sibling that the browser reads."""
    wishes = {part.split(";")[0].strip() for part in accepted.split(",") if "q=0" not in part.replace("q=0.", "")}
    for encoding, suffix in ENCODINGS:
        sibling = file.with_name(file.name + suffix)
        if encoding in wishes and sibling.is_file():
            return sibling, encoding
    return file, None


@functools.lru_cache(maxsize=64)
def _content(file: Path, _changed: int) -> tuple[bytes, str]:
    """The bytes and their tag, read once: the whole front end is a few megabytes."""
    content = file.read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:24]}"'
