"""What has to leave the house: written with the act, delivered after the commit, retried, never lost.

A message is claimed (``SKIP LOCKED``), handled, marked done; one at a time, so that no claim runs out while
another message is handled. A crash between handling and marking repeats it, so handlers use the message's id to
make the repetition harmless (Message-ID of a mail, unique row here).
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.identifiers import new_id

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import asyncpg

    Handler = Callable[[UUID, Mapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)

CLAIM_SECONDS = 300
"""Longer than any handler takes."""
BATCH = 20
MOST_TRIES = 12
"""With doubling pauses this is about a day; then the message is kept as failed and shown to operators."""


async def post(topic: str, key: str, body: Mapping[str, Any], due_at: datetime | None = None) -> None:
    """Leave a message within the running verb; a key that was used before changes nothing."""
    await connection().execute(
        "INSERT INTO outbox (id, topic, key, body, created_at, due_at, tries) VALUES ($1, $2, $3, $4, $5, $6, 0)"
        " ON CONFLICT (key) DO NOTHING",
        new_id(),
        topic,
        key,
        json.dumps(dict(body), ensure_ascii=False, default=str),
        clock.now(),
        due_at or clock.now(),
    )
    await connection().execute("SELECT pg_notify('outbox', '')")


@verb
async def claim() -> asyncpg.Record | None:
    """Take the message that is due longest; other processes skip it meanwhile. None when nothing is due."""
    now = clock.now()
    return await connection().fetchrow(
        "UPDATE outbox SET locked_until = $1, tries = tries + 1 WHERE id = (SELECT id FROM outbox"
        " WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= $2"
        " AND (locked_until IS NULL OR locked_until < $2) ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)"
        " RETURNING id, topic, body, tries",
        now + timedelta(seconds=CLAIM_SECONDS),
        now,
    )


@verb
async def mark_done(message: UUID) -> None:
    """The message has left."""
    await connection().execute(
        "UPDATE outbox SET done_at = $2, locked_until = NULL, error = NULL WHERE id = $1", message, clock.now()
    )


@verb
async def mark_failed(message: UUID, tries: int, error: str) -> None:
    """Try again later, each time after about twice as long; at last keep it as failed."""
    pause = timedelta(seconds=min(2**tries, 7200) * random.uniform(0.75, 1.25))  # noqa: S311 jitter, no secret
    await connection().execute(
        "UPDATE outbox SET locked_until = NULL, error = $2, due_at = $3,"
        " failed_at = CASE WHEN $4 THEN $5::timestamptz END WHERE id = $1",
        message,
        error[:2000],
        clock.now() + pause,
        tries >= MOST_TRIES,
        clock.now(),
    )


async def deliver(handlers: Mapping[str, Handler], most: int = BATCH) -> int:
    """Deliver what is due, ``most`` at once; returns how many were tried. One bad message stops no other.

    Cancelled in the middle of a message, it finishes that one first: a mail is not sent twice for nothing.
    """
    for count in range(most):
        row = await claim()
        if row is None:
            return count
        handling = asyncio.ensure_future(_handle(row, handlers))
        try:
            await asyncio.shield(handling)
        except asyncio.CancelledError:
            await asyncio.wait({handling})
            raise
    return most


async def _handle(row: asyncpg.Record, handlers: Mapping[str, Handler]) -> None:
    try:
        await handlers[row["topic"]](row["id"], json.loads(row["body"]))
    except Exception as error:
        log.exception("outbox message %s (%s) failed", row["id"], row["topic"])
        await mark_failed(row["id"], row["tries"], f"{type(error).__name__}: {error}")
    else:
        await mark_done(row["id"])
