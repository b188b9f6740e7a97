"""Making copies, one after the other: claimed, made in a child process, stored, told. Runs beside the worker.

A copy that was being made when a process died returns to the queue; after three tries it has failed and says why.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, journal, notices
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.storage import HALF, adopt, open_file
from shared_resources.kernel.words import N_
from shared_resources.settings import settings
from shared_resources.video.media import Unreadable, extract, viewing
from shared_resources.video.media.digests import digests
from shared_resources.video.rules.copies import file_name, mark_of
from shared_resources.video.rules.footage import FOOTAGE
from shared_resources.video.schemas.copies import Mask

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.video.media import Made
    from shared_resources.video.media.digests import Digests

MOST_TRIES = 3


async def make_next() -> bool:
    """Make the copy that waits longest; False when none waits."""
    order = await _claim()
    if order is None:
        return False
    try:
        await _make(order)
    except Unreadable as refusal:
        await _fail(order["id"], refusal.sentence, again=False)
    except Exception as error:
        await _fail(order["id"], str(error)[:300] or type(error).__name__, again=True)
        raise
    return True


@verb
async def release_abandoned() -> int:
    """Put copies back that a process had in hand when it died; call it when no other process makes any."""
    told = await connection().execute("UPDATE footage_copy SET state = 'waiting' WHERE state = 'making'")
    return int(told.split()[-1])


@verb
async def _claim() -> Any:
    """Take the next order."""
    return await connection().fetchrow(
        "UPDATE footage_copy c SET state = 'making', tries = tries + 1 FROM (SELECT id FROM footage_copy"
        " WHERE state = 'waiting' ORDER BY asked_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) next,"
        " footage f, record r WHERE c.id = next.id AND f.id = c.footage AND r.id = c.footage"
        " RETURNING c.*, f.file AS original, f.holder, r.number AS footage_number,"
        " (SELECT number FROM record WHERE id = c.request) AS request_number,"
        " coalesce((SELECT a.name_zh FROM party p JOIN agency a ON a.id = p.agency WHERE p.record = c.request"
        "  AND p.part = 'requesting_agency' LIMIT 1), (SELECT name FROM person WHERE id = c.asked_by)) AS receiver"
    )


async def _make(order: Any) -> None:
    """Run the child and keep what it made."""
    _, path = await open_file(order["original"])
    folder = settings().storage
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=HALF, delete=False) as half:
        target = Path(half.name)
    try:
        mark = mark_of(
            order["number"],
            order["request_number"],
            order["receiver"] or "",
            order["asked_at"].astimezone(clock.LOCAL_ZONE),
        )
        masks = [Mask(**mask) for mask in json.loads(order["masks"])]
        if order["kind"] == "extract":
            made = await extract(path, order["start_ms"], order["end_ms"], target)
        else:
            made = await viewing(path, order["start_ms"], order["end_ms"], target, mark=mark, masks=masks)
        await _keep(order, made, target, await digests(target), mark)
    finally:
        await asyncio.to_thread(target.unlink, missing_ok=True)


@verb
async def _keep(order: Any, made: Made, target: Path, found: Digests, mark: tuple[str, ...]) -> None:
    """Store the copy with what identifies it; of one that was withdrawn meanwhile nothing is kept."""
    moved = await journal.standing(FOOTAGE, order["footage"])
    wanted = await connection().fetchval(
        "SELECT true FROM footage_copy WHERE id = $1 AND state = 'making' FOR NO KEY UPDATE", order["id"]
    )
    if not wanted:
        return
    file = await adopt(
        target,
        order["holder"],
        file_name(order["number"], made.media_type),
        made.media_type,
        sha256=found.sha256,
        size=found.size,
        stored_by=order["asked_by"],
    )
    data = {
        "copy": order["number"],
        "sha256": found.sha256.hex(),
        "sm3": found.sm3.hex(),
        "size": found.size,
        "start_ms": made.start_ms,
        "end_ms": made.end_ms,
        "made_with": made.parameters,
    }
    await journal.write(FOOTAGE, None, moved, SYSTEM_ACTOR, None, data, None, name="copy_made")
    await connection().execute(
        "UPDATE footage_copy SET state = 'ready', file = $2, sm3 = $3, crc32 = $4, got_start_ms = $5,"
        " got_end_ms = $6, made_with = $7, made_at = $8, mark = $9, error = NULL"
        " WHERE id = $1",
        order["id"],
        file.id,
        found.sm3,
        found.crc32,
        made.start_ms,
        made.end_ms,
        json.dumps(made.parameters),
        clock.now(),
        None if order["kind"] == "extract" else "\n".join(mark),
    )
    await _tell(order, N_("Copy %(copy)s is ready."))


@verb
async def _fail(copy: UUID, why: str, *, again: bool) -> None:
    """Note why a copy could not be made; an accident gets another try, a file that cannot be read does not."""
    row = await connection().fetchrow(
        "UPDATE footage_copy SET error = $2, state = CASE WHEN $3 AND tries < $4 THEN 'waiting' ELSE 'failed' END"
        " WHERE id = $1 AND state = 'making' RETURNING number, footage, asked_by, state",
        copy,
        why,
        again,
        MOST_TRIES,
    )
    if row is not None and row["state"] == "failed":
        await _tell(row, N_("Copy %(copy)s could not be made."))


async def _tell(order: Any, sentence: str) -> None:
    """Tell who ordered it."""
    number = await connection().fetchval("SELECT number FROM record WHERE id = $1", order["footage"])
    await notices.tell_people(
        [order["asked_by"]],
        sentence,
        {"copy": order["number"]},
        record=order["footage"],
        link=f"/footage/{number}",
        key=f"{order['number']}:{sentence}",
    )
