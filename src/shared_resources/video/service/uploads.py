"""Recordings on their way in: files of many gigabytes that come in pieces and go on where they were cut off.

The bytes lie in ``uploads/`` below the store under the upload's id; their number is the offset (tus 1.0). One
request at a time appends, by a lock on the file itself: a sender on a slow line holds it for hours, which no
connection to the database may.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock, markings
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Invalid, Locked, TooLarge, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.kernel.storage import clean
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterator

    from shared_resources.video.schemas.footage import FootageDraft

GIGA = 1_000_000_000
STALE = timedelta(days=3)
"""How long a half waits to be gone on with after its last piece."""
PIECE = 1 << 20


@dataclass(frozen=True)
class Upload:
    """An upload as it stands; ``offset`` bytes of ``size`` are here."""

    id: UUID
    name: str
    size: int
    offset: int
    state: str
    error: str | None = None
    footage: str | None = None


@verb
async def start_upload(
    actor: Actor,
    name: str,
    size: int,
    draft: FootageDraft,
    *,
    sent_sha256: bytes | None = None,
    sent_sm3: bytes | None = None,
) -> UUID:
    """Begin an upload; its id.

    Args:
        size: of the whole file in bytes.
        draft: what the sender says of the recording, with the declaration that it holds no secret.
        sent_sha256, sent_sm3: what the sender computed over the file; ours must be equal.

    Raises:
        NotFound: the actor works for no agency.
        NotAllowed: the actor's role does not suffice.
        TooLarge: larger than the limit, or more than the agency may keep.
        Invalid: empty, or a text that bears a secrecy marking.
    """
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.FOOTAGE_TAKE_IN, {Relation.HOLDER})
    if size <= 0:
        raise Invalid(N_("This file is empty."), do=N_("Choose another file."), code="file_empty", field="file")
    markings.refuse_marked((name, draft.name, draft.taken_by), field="name")
    await _refuse_too_much(actor.agency, size)
    upload = new_id()
    await connection().execute(
        "INSERT INTO footage_upload (id, agency, person, name, size, draft, sent_sha256, sent_sm3, state,"
        " created_at, touched_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $9)",
        upload,
        actor.agency,
        actor.person,
        clean(name),
        size,
        json.dumps(draft.model_dump(mode="json")),
        sent_sha256,
        sent_sm3,
        clock.now(),
    )
    await asyncio.to_thread(_begin, upload)
    return upload


async def upload_of(actor: Actor, upload: UUID) -> Upload:
    """An upload of the actor's own.

    Raises:
        NotFound: unknown, or somebody else's.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT u.id, u.name, u.size, u.state, u.error, r.number AS footage, u.person FROM footage_upload u"
            " LEFT JOIN record r ON r.id = u.footage WHERE u.id = $1 AND u.agency = $2",
            upload,
            actor.agency,
        )
    if row is None or row["person"] != actor.person or row["state"] == "given_up":
        raise not_found()
    offset = await asyncio.to_thread(_offset, upload) if row["state"] == "open" else row["size"]
    return Upload(row["id"], row["name"], row["size"], offset, row["state"], row["error"], row["footage"])


async def append(actor: Actor, upload: UUID, offset: int, pieces: AsyncIterable[bytes]) -> int:
    """Append what arrives; the offset afterwards. What was written before the line broke stays.

    Raises:
        NotFound: see ``upload_of``.
        Locked: another request is appending at this moment.
        WrongState: the sender is at another place than we are, or all of it is here.
        TooLarge: more bytes than were announced.
    """
    found = await upload_of(actor, upload)
    with _alone(upload):
        found = await upload_of(actor, upload)
        if found.state != "open" or offset != found.offset:
            raise WrongState(
                N_("The upload goes on at another place."), do=N_("Ask for the offset again."), code="offset"
            )
        reached = await _write(upload, found, pieces)
    if reached == found.size:
        await _complete(upload)
    return reached


@verb
async def give_up(actor: Actor, upload: UUID) -> None:
    """Throw an unfinished upload away.

    Raises:
        NotFound: see ``upload_of``; also when it is finished.
    """
    told = await connection().execute(
        "UPDATE footage_upload SET state = 'given_up', touched_at = $4"
        " WHERE id = $1 AND agency = $2 AND person = $3 AND state IN ('open', 'failed')",
        upload,
        actor.agency,
        actor.person,
        clock.now(),
    )
    if told == "UPDATE 0":
        raise not_found()
    await asyncio.to_thread(half_of(upload).unlink, missing_ok=True)


async def give_up_stale() -> int:
    """Throw away what nobody went on with, and failed files a day after they were told. How many."""
    async with reading() as db:
        rows = await db.fetch(
            "UPDATE footage_upload SET state = 'given_up' WHERE (state = 'open' AND touched_at < $1)"
            " OR (state = 'failed' AND touched_at < $2) RETURNING id",
            clock.now() - STALE,
            clock.now() - timedelta(days=1),
        )
    for row in rows:
        await asyncio.to_thread(half_of(row["id"]).unlink, missing_ok=True)
    return len(rows)


def half_of(upload: UUID) -> Path:
    """Where the bytes of an upload lie until they are taken in."""
    return settings().storage / "uploads" / upload.hex


async def _refuse_too_much(agency: UUID, size: int) -> None:
    most = settings().footage_limit_gb * GIGA
    if size > most:
        raise TooLarge(
            N_("This file is larger than %(limit)s GB."),
            do=N_("Send it in parts."),
            code="file_too_large",
            field="file",
            limit=f"{settings().footage_limit_gb}",
        )
    kept = await connection().fetchval(
        "SELECT coalesce((SELECT sum(file.size) FROM footage f JOIN file ON file.id = f.file"
        " WHERE f.holder = $1 AND f.deleted_at IS NULL), 0) + coalesce((SELECT sum(u.size) FROM footage_upload u"
        " WHERE u.agency = $1 AND u.state IN ('open', 'checking')), 0)",
        agency,
    )
    if kept + size > settings().footage_quota_gb * GIGA:
        raise TooLarge(
            N_("Your agency keeps as much footage as it may."),
            do=N_("Decide on what is due for deletion, or ask your administrator for more room."),
            code="quota",
            field="file",
        )


@contextmanager
def _alone(upload: UUID) -> Iterator[None]:
    """Hold the lock on the upload's file, or refuse.

    Raises:
        NotFound: the file is gone.
        Locked: somebody else holds it.
    """
    try:
        file = half_of(upload).open("rb")
    except FileNotFoundError:
        raise not_found() from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(
                N_("This upload is being written to at this moment."),
                do=N_("Try again in a moment."),
                code="upload_busy",
            ) from None
        yield


async def _write(upload: UUID, found: Upload, pieces: AsyncIterable[bytes]) -> int:
    """Write the pieces; a sender that goes away leaves what came so far."""
    reached, waiting = found.offset, bytearray()
    handle = await asyncio.to_thread(os.open, half_of(upload), os.O_WRONLY | os.O_APPEND)
    try:
        try:
            async for piece in pieces:
                if reached + len(waiting) + len(piece) > found.size:
                    raise TooLarge(
                        N_("More bytes came than were announced."),
                        do=N_("Begin the upload anew."),
                        code="too_long",
                    )
                waiting += piece
                if len(waiting) >= PIECE:
                    await asyncio.to_thread(_put, handle, bytes(waiting))
                    reached += len(waiting)
                    waiting.clear()
        finally:
            if waiting:
                await asyncio.shield(asyncio.to_thread(_put, handle, bytes(waiting)))
                reached += len(waiting)
        if reached == found.size:
            await asyncio.to_thread(os.fsync, handle)
    finally:
        os.close(handle)
        await asyncio.shield(_touch(upload))
    return reached


@verb
async def _touch(upload: UUID) -> None:
    await connection().execute("UPDATE footage_upload SET touched_at = $2 WHERE id = $1", upload, clock.now())


@verb
async def _complete(upload: UUID) -> None:
    """All of it is here: it is to be checked."""
    await connection().execute(
        "UPDATE footage_upload SET state = 'checking', touched_at = $2 WHERE id = $1 AND state = 'open'",
        upload,
        clock.now(),
    )
    await connection().execute("SELECT pg_notify('footage_uploads', $1)", str(upload))


def _begin(upload: UUID) -> None:
    half = half_of(upload)
    half.parent.mkdir(parents=True, exist_ok=True)
    half.touch(mode=0o600)


def _offset(upload: UUID) -> int:
    try:
        return half_of(upload).stat().st_size
    except FileNotFoundError:
        raise not_found() from None


def _put(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]
