"""Stored bytes: under their SHA-256, never changed, the same content kept once; on the local disk, or in a bucket.

A file is written beside its place, synced and renamed, so that what is there is whole; where a bucket is set, it
goes there as well, and its local copy may go and come again. The row in ``file`` comes after the bytes: a crash in
between leaves bytes that nobody names, never a row without bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.bucket import bucket, tidy, use
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Invalid, TooLarge, Unavailable
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.media_types import HEAD, agrees, sniff
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Collection

__all__ = [
    "StoredFile",
    "adopt",
    "forget",
    "keep",
    "open_file",
    "remove_contents",
    "sniff",
    "store",
    "sweep_forgotten",
    "sweep_halves",
    "tidy_folder",
]

HALF = ".half-"
"""How the name of a file begins that is still being written."""
HALF_SECONDS = 24 * 3600
LOOKED_BACK = timedelta(days=2)
"""So long the bytes of a forgotten file are tried again."""
LONGEST_NAME = 150
COLUMNS = "id, owner, name, media_type, size, sha256, stored_at, stored_by, secrecy_declared"


@dataclass(frozen=True)
class StoredFile:
    """A row of ``file``: what was stored, by whom, for which agency."""

    id: UUID
    owner: UUID
    name: str
    media_type: str
    size: int
    sha256: bytes
    stored_at: datetime
    stored_by: UUID | None
    secrecy_declared: bool

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return place(self.sha256)


def place(sha256: bytes) -> Path:
    """The place of a content: ``ab/cdef…`` below the storage folder."""
    return settings().storage / _name(sha256)


async def store(
    owner: UUID,
    name: str,
    media_type: str,
    chunks: AsyncIterable[bytes],
    stored_by: UUID | None,
    secrecy_declared: bool,
    *,
    limit: int | None = None,
    only: Collection[str] | None = None,
) -> UUID:
    """Keep a file and return its id. Call it before the verb that names the file, not inside.

    Args:
        media_type: what the sender says it is; what the bytes say must agree.
        limit: most bytes; the limit of the settings when not given.
        only: media types that are welcome here; all that we keep when not given.

    Raises:
        TooLarge: more bytes than the limit.
        Invalid: empty, of a kind that we do not keep, or not what the sender says it is.
    """
    most = settings().upload_limit_mb * 1_000_000 if limit is None else limit
    half = await asyncio.to_thread(_open_half)
    try:
        with half:
            found, size, digest = await _write(half, chunks, media_type, most, only)
            await asyncio.to_thread(_settle, half, digest)
    finally:
        await asyncio.to_thread(Path(half.name).unlink, missing_ok=True)
    row = StoredFile(new_id(), owner, clean(name), found, size, digest, clock.now(), stored_by, secrecy_declared)
    await _keep(row)
    return row.id


async def keep(owner: UUID, name: str, media_type: str, data: bytes, stored_by: UUID | None) -> StoredFile:
    """Keep bytes that we made ourselves (a letter) within the running verb; the row of the file.

    When the verb is undone, the bytes stay without a name: harmless, like those of a crash.
    """
    digest = hashlib.sha256(data).digest()
    await asyncio.to_thread(_keep_bytes, data, digest)
    row = StoredFile(new_id(), owner, clean(name), media_type, len(data), digest, clock.now(), stored_by, True)
    await _insert(row)
    return row


async def adopt(
    half: Path, owner: UUID, name: str, media_type: str, *, sha256: bytes, size: int, stored_by: UUID | None
) -> StoredFile:
    """Within the running verb: keep bytes that lie on our disk already, by moving them into their place.

    Whoever calls has hashed them and knows what they are. When the verb is undone, the bytes stay without a name.
    """
    await asyncio.to_thread(_move, half, sha256)
    row = StoredFile(new_id(), owner, clean(name), media_type, size, sha256, clock.now(), stored_by, True)
    await _insert(row)
    return row


async def open_file(file: UUID) -> tuple[StoredFile, Path]:
    """The row of a stored file and where its bytes lie. Whether a reader may see it is the caller's to ask.

    Raises:
        NotFound: there is no such file.
        Unavailable: it lies in the bucket, which does not answer.
    """
    async with reading() as db:
        row = await db.fetchrow(f"SELECT {COLUMNS} FROM file WHERE id = $1 AND forgotten_at IS NULL", file)
    if row is None:
        raise not_found()
    found = StoredFile(**dict(row))
    await asyncio.to_thread(_at_hand, found.sha256)
    return found, found.path


async def forget(files: Collection[UUID]) -> list[bytes]:
    """Within the running verb: these files are no longer to be had. Their contents, for ``remove_contents``.

    The rows stay: what it was, how large, when and by whom it was stored.
    """
    rows = await connection().fetch(
        "UPDATE file SET forgotten_at = $2 WHERE id = ANY($1) AND forgotten_at IS NULL RETURNING sha256",
        list(files),
        clock.now(),
    )
    return [row["sha256"] for row in rows]


async def remove_contents(contents: Collection[bytes]) -> None:
    """After the commit: remove the bytes of contents that no stored file names any more; call it again at will."""
    for sha256 in contents:
        await _remove_unnamed(sha256)


@verb
async def _remove_unnamed(sha256: bytes) -> None:
    """Nobody can begin to name the content while its bytes go: see ``_insert``."""
    await connection().execute("SELECT pg_advisory_xact_lock($1)", _key(sha256))
    named = await connection().fetchval(
        "SELECT true FROM file WHERE sha256 = $1 AND forgotten_at IS NULL LIMIT 1", sha256
    )
    if not named:
        await asyncio.to_thread(_remove, sha256)


async def sweep_forgotten() -> int:
    """Remove the bytes of what was forgotten, also where a process died in between. How many contents."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT DISTINCT sha256 FROM file WHERE forgotten_at > $1", clock.now() - LOOKED_BACK
        )
    await remove_contents([row["sha256"] for row in rows])
    return len(rows)


async def tidy_folder() -> tuple[int, int]:
    """Where a bucket is set: see ``bucket.tidy``."""
    return await asyncio.to_thread(tidy, settings().storage, settings().s3_cache_gb * 10**9)


async def sweep_halves() -> int:
    """Remove what interrupted uploads left behind a day ago or longer; returns how many."""
    return await asyncio.to_thread(_sweep)


def clean(name: str) -> str:
    """A file name that is only a name: no path, no control characters, not too long, never empty."""
    bare = re.split(r"[/\\]", name)[-1]
    bare = "".join(character for character in bare if character.isprintable()).strip(" .")
    stem, dot, suffix = bare.rpartition(".")
    if len(bare) > LONGEST_NAME:
        bare = f"{(stem or bare)[: LONGEST_NAME - 12]}{dot}{suffix[:11]}"
    return bare or "file"


async def _write(
    half: IO[bytes], chunks: AsyncIterable[bytes], claimed: str, most: int, only: Collection[str] | None
) -> tuple[str, int, bytes]:
    """Write the chunks; the type that was found, the size and the SHA-256."""
    summary, size, head, found = hashlib.sha256(), 0, b"", ""
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise too_large(most)
        if not found:
            head += chunk[:HEAD]
            if len(head) >= HEAD:
                found = _checked(head, claimed, only)
        summary.update(chunk)
        await asyncio.to_thread(half.write, chunk)
    return found or _checked(head, claimed, only), size, summary.digest()


def _checked(head: bytes, claimed: str, only: Collection[str] | None) -> str:
    found = sniff(head)
    if not head:
        raise Invalid(N_("This file is empty."), do=N_("Choose another file."), code="file_empty", field="file")
    if found is None or (only is not None and found not in only):
        raise Invalid(
            N_("Files of this kind are not kept here."),
            do=N_("Choose a photo (JPEG, PNG, WebP).") if only else N_("Choose a photo, a PDF or a text file."),
            code="file_kind",
            field="file",
        )
    if not agrees(claimed, found):
        raise Invalid(
            N_("This file is not what its name says: it is sent as %(claimed)s but holds %(found)s."),
            do=N_("Export it again in the right format."),
            code="file_disguised",
            field="file",
            claimed=claimed[:60],
            found=found,
        )
    return found


def too_large(most: int) -> TooLarge:
    """The refusal for more than ``most`` bytes."""
    return TooLarge(
        N_("This file is larger than %(limit)s MB."),
        do=N_("Make it smaller, or send it in parts."),
        code="file_too_large",
        field="file",
        limit=f"{most / 1_000_000:g}",
    )


def _open_half() -> IO[bytes]:
    folder = settings().storage
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.NamedTemporaryFile(dir=folder, prefix=HALF, delete=False)


def _settle(half: Any, digest: bytes) -> None:
    """Put a whole file in its place. The same content may be there: it is replaced by its equal."""
    if half.writable():
        half.flush()
    os.fsync(half.fileno())
    target = place(digest)
    target.parent.mkdir(exist_ok=True)
    Path(half.name).replace(target)
    for folder in (target.parent, target.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    if (far := bucket()) is not None:
        far.put(_name(digest), target)


def _at_hand(digest: bytes) -> None:
    """See to it that a content lies in its place, if the bucket has it."""
    far, target = bucket(), place(digest)
    if far is None:
        return
    if target.exists():
        use(target)
        return
    with _open_half() as half:
        try:
            if far.fetch(_name(digest), half):
                half.flush()
                if _hash(Path(half.name)) == digest:
                    target.parent.mkdir(exist_ok=True)
                    Path(half.name).replace(target)
        finally:
            Path(half.name).unlink(missing_ok=True)


def _hash(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _remove(digest: bytes) -> None:
    if (far := bucket()) is not None:
        far.remove(_name(digest))
    place(digest).unlink(missing_ok=True)


def _key(digest: bytes) -> int:
    """The number by which those who name a content and those who remove it know of each other."""
    return int.from_bytes(digest[:8], signed=True)


def _name(digest: bytes) -> str:
    """What a content is called in the bucket: as its place in the folder."""
    return f"{digest.hex()[:2]}/{digest.hex()[2:]}"


def _move(half: Path, digest: bytes) -> None:
    """Move a whole file into its place; over the border of a file system its bytes are copied first.

    A verb that is tried again finds them there already.
    """
    if not half.exists() and place(digest).exists():
        return
    folder = settings().storage
    folder.mkdir(parents=True, exist_ok=True)
    if half.stat().st_dev == folder.stat().st_dev:
        with half.open("rb") as file:
            _settle(file, digest)
        return
    with _open_half() as copy, half.open("rb") as file:
        shutil.copyfileobj(file, copy, 1 << 20)
        _settle(copy, digest)
    half.unlink()


def _keep_bytes(data: bytes, digest: bytes) -> None:
    half = _open_half()
    try:
        with half:
            half.write(data)
            _settle(half, digest)
    finally:
        Path(half.name).unlink(missing_ok=True)


def _sweep() -> int:
    folder, oldest = settings().storage, clock.now().timestamp() - HALF_SECONDS
    left = [path for path in folder.glob(f"{HALF}*") if path.stat().st_mtime < oldest]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


@verb
async def _keep(file: StoredFile) -> None:
    await _insert(file)


async def _insert(file: StoredFile) -> None:
    """Name a content; from here to the commit nobody removes it.

    Raises:
        Unavailable: it was removed between its arrival and now, with the last file of the same content.
    """
    await connection().execute("SELECT pg_advisory_xact_lock_shared($1)", _key(file.sha256))
    if not await asyncio.to_thread(file.path.exists):
        raise Unavailable(N_("The file was removed at this very moment."), do=N_("Send it again."), code="gone")
    await connection().execute(
        f"INSERT INTO file ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        file.id,
        file.owner,
        file.name,
        file.media_type,
        file.size,
        file.sha256,
        file.stored_at,
        file.stored_by,
        file.secrecy_declared,
    )
