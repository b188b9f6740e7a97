"""Checking what came in whole: its values, what it is, pictures of it; then it is taken in, or told why not."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, notices
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Refusal, Unavailable
from shared_resources.kernel.identity.actors import serving
from shared_resources.kernel.words import N_
from shared_resources.video.media import Unreadable, probe, strip
from shared_resources.video.media.digests import digests
from shared_resources.video.schemas.footage import FootageDraft
from shared_resources.video.service.intake import Arrived, take_in
from shared_resources.video.service.uploads import half_of

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.video.media.digests import Digests

DIFFERENT = N_("The bytes that arrived are not those that were sent. Send the file again.")
VANISHED = N_("The file that was sent is gone. Send it again.")
GONE = N_("The sender no longer serves this agency.")


async def check_next() -> bool:
    """Check the upload that waits longest; False when none waits. One process at a time calls this.

    One that fails by accident (the disk, the database) waits behind the others, and is tried again.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT * FROM footage_upload WHERE state = 'checking' ORDER BY touched_at, id LIMIT 1"
        )
    if row is None:
        return False
    try:
        footage = await _taken_in_already(row["id"]) or await _check(row)
    except Unreadable as refusal:
        await _failed(row, refusal.sentence)
    except FileNotFoundError:
        await _failed(row, VANISHED)
    except Unavailable:
        await _later(row)
        raise
    except Refusal as refusal:
        await _failed(row, refusal.sentence.msgid)
    except Exception:
        await _later(row)
        raise
    else:
        await _done(row, footage)
    return True


async def _check(row: Any) -> UUID:
    """Take the file in; the id of its record.

    Raises:
        Unreadable: it is no recording, or not what was sent.
        Refusal: it may not come in.
    """
    half = half_of(row["id"])
    actor = await serving(row["person"], row["agency"])
    if actor is None:
        raise Unreadable(GONE)
    found = await digests(half)
    if not _equal(row, found):
        raise Unreadable(DIFFERENT)
    probed = await probe(half)
    pictures = await strip(half, probed.duration_ms)
    draft = FootageDraft.model_validate(json.loads(row["draft"]))
    arrived = Arrived(half, row["name"], found, probed, pictures)
    return (await take_in(actor, draft, arrived, act_id=str(row["id"]))).id


def _equal(row: Any, found: Digests) -> bool:
    """Whether the values are those that the sender computed, where it told them."""
    return all(
        sent is None or hmac.compare_digest(sent, ours)
        for sent, ours in ((row["sent_sha256"], found.sha256), (row["sent_sm3"], found.sm3))
    )


async def _taken_in_already(upload: UUID) -> UUID | None:
    """The record of an upload that was taken in by a process that died before it could say so."""
    async with reading() as db:
        return await db.fetchval("SELECT chain FROM journal_line WHERE act = $1", str(upload))  # type: ignore[no-any-return]


@verb
async def _done(row: Any, footage: UUID) -> None:
    await connection().execute(
        "UPDATE footage_upload SET state = 'done', footage = $2, touched_at = $3 WHERE id = $1",
        row["id"],
        footage,
        clock.now(),
    )
    record = await connection().fetchrow("SELECT number, title FROM record WHERE id = $1", footage)
    await notices.tell_people(
        [row["person"]],
        N_("%(number)s “%(name)s” is taken in."),
        {"number": record["number"], "name": record["title"]},
        record=footage,
        link=f"/footage/{record['number']}",
        key=f"upload:{row['id']}",
    )


@verb
async def _later(row: Any) -> None:
    await connection().execute(
        "UPDATE footage_upload SET touched_at = $2 WHERE id = $1 AND state = 'checking'", row["id"], clock.now()
    )


@verb
async def _failed(row: Any, why: str) -> None:
    await connection().execute(
        "UPDATE footage_upload SET state = 'failed', error = $2, touched_at = $3 WHERE id = $1",
        row["id"],
        why,
        clock.now(),
    )
    await notices.tell_people(
        [row["person"]],
        N_("“%(name)s” could not be taken in. Its page says why."),
        {"name": row["name"]},
        record=None,
        link=f"/footage-uploads/{row['id']}",
        key=f"upload:{row['id']}",
    )
