"""A pack as one streamed zip in the layout of BagIt 1.0 (RFC 8493): nothing is read twice or held in memory."""

from __future__ import annotations

import asyncio
import hashlib
import json
import zlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from stat import S_IFREG
from typing import TYPE_CHECKING, Any

from stream_zip import NO_COMPRESSION_64, stream_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MODE = S_IFREG | 0o644
PIECE = 1 << 20


@dataclass(frozen=True)
class Member:
    """One file of a pack: bytes that we made, or a stored file whose values are known."""

    name: str
    sha256: str
    size: int
    crc32: int
    data: bytes | None = None
    path: Path | None = None

    def pieces(self) -> Iterator[bytes]:
        """Its bytes."""
        if self.path is None:
            yield self.data or b""
            return
        with self.path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def made(name: str, data: bytes | str) -> Member:
    """A file that we made."""
    plain = data.encode() if isinstance(data, str) else data
    return Member(name, hashlib.sha256(plain).hexdigest(), len(plain), zlib.crc32(plain), data=plain)


def as_json(name: str, value: Any) -> Member:
    """A value as a JSON file that people can read."""
    return made(name, json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def bagged(payload: Sequence[Member], about: Mapping[str, str]) -> list[Member]:
    """The payload below ``data/`` with its manifests; the last file, the tag manifest, stands for all of them."""
    inside = [Member(f"data/{one.name}", one.sha256, one.size, one.crc32, one.data, one.path) for one in payload]
    size = sum(one.size for one in inside)
    info = {**about, "Payload-Oxum": f"{size}.{len(inside)}"}
    tags = [
        made("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
        made("bag-info.txt", "".join(f"{name}: {value}\n" for name, value in info.items())),
        made("manifest-sha256.txt", _manifest(inside)),
    ]
    return [*inside, *tags, made("tagmanifest-sha256.txt", _manifest(tags))]


def zipped(members: Iterable[Member], folder: str, at: datetime) -> Iterator[bytes]:
    """The zip, piece by piece; all files lie below ``folder``."""
    return iter(
        stream_zip(
            (f"{folder}/{one.name}", at, MODE, NO_COMPRESSION_64(one.size, one.crc32), one.pieces())
            for one in members
        )
    )


async def unheld(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The pieces of a zip, each read in a thread: nobody else waits for a disk."""
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _manifest(members: Iterable[Member]) -> str:
    return "".join(f"{one.sha256}  {one.name}\n" for one in members)
