"""What identifies the bytes of a file: SHA-256, SM3 (GM/T 0004-2012) and CRC-32 (for zip), in one pass."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes

if TYPE_CHECKING:
    from pathlib import Path

PIECE = 4 << 20


@dataclass(frozen=True)
class Digests:
    """The values of one file; ``size`` in bytes."""

    sha256: bytes
    sm3: bytes
    crc32: int
    size: int


async def digests(path: Path) -> Digests:
    """The values of the file at ``path``; read off the event loop.

    Raises:
        OSError: it cannot be read.
    """
    return await asyncio.to_thread(digests_of, path)


def digests_of(path: Path) -> Digests:
    """The same without a loop."""
    sha256, sm3 = hashes.Hash(hashes.SHA256()), hashes.Hash(hashes.SM3())
    crc32 = size = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            sha256.update(piece)
            sm3.update(piece)
            crc32 = zlib.crc32(piece, crc32)
            size += len(piece)
    return Digests(sha256.finalize(), sm3.finalize(), crc32, size)
