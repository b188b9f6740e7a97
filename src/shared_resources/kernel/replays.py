"""Answers that were given to an ``Idempotency-Key``: a program that asks again gets the same one.

A key belongs to the person who uses it. It is claimed before the work begins and settled with the answer after it;
a claim whose worker died is free again after a while, unless the act was done before it died.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, Repeated, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.words import N_

ABANDONED = timedelta(minutes=2)
KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Given:
    """An answer as it was given."""

    status: int
    media_type: str | None
    location: str | None
    body: bytes


@verb
async def claim(person: UUID, key: str, request_hash: bytes) -> Given | None:
    """Claim ``key`` for a request; returns the answer when this very request was answered before.

    Raises:
        Invalid: the key was used for another request.
        WrongState: the same request is being worked on at this moment.
        Repeated: the act was done, but whoever did it died before the answer was kept.
    """
    at, own = clock.now(), new_id()
    claimed = await connection().fetchval(
        "INSERT INTO replay (id, person, key, request_hash, created_at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (person, key) DO UPDATE SET created_at = $5"
        " WHERE replay.status IS NULL AND replay.created_at < $6 AND replay.request_hash = $4 RETURNING id",
        own,
        person,
        key,
        request_hash,
        at,
        at - ABANDONED,
    )
    if claimed is not None:
        if claimed != own and await _is_done(person, key):
            raise Repeated(
                N_("This was already done; nothing was done twice."),
                do=N_("Reload the page to see where it stands."),
                code="repeated",
            )
        return None
    row = await connection().fetchrow("SELECT * FROM replay WHERE person = $1 AND key = $2", person, key)
    if row is None or (row["status"] is None and row["request_hash"] == request_hash):
        raise WrongState(
            N_("This very request is being worked on."),
            do=N_("Wait a moment, then ask again."),
            code="in_progress",
        )
    if row["request_hash"] != request_hash:
        raise Invalid(
            N_("This Idempotency-Key was used for another request."),
            do=N_("Give every act a key of its own."),
            code="key_reused",
        )
    return Given(row["status"], row["media_type"], row["location"], row["body"] or b"")


async def _is_done(person: UUID, key: str) -> bool:
    """Whether the journal has the act of this key: doing it again would meet its own effect as an obstacle."""
    return bool(
        await connection().fetchval("SELECT EXISTS (SELECT FROM journal_line WHERE act = $1)", f"{person}:{key}")
    )


@verb
async def settle(person: UUID, key: str, given: Given) -> None:
    """Keep the answer."""
    await connection().execute(
        "UPDATE replay SET status = $3, media_type = $4, location = $5, body = $6 WHERE person = $1 AND key = $2",
        person,
        key,
        given.status,
        given.media_type,
        given.location,
        given.body,
    )


@verb
async def release(person: UUID, key: str) -> None:
    """Let the key be used again: nothing was done."""
    await connection().execute("DELETE FROM replay WHERE person = $1 AND key = $2 AND status IS NULL", person, key)


@verb
async def sweep_replays() -> int:
    """Forget answers that are older than two days; returns how many."""
    done = await connection().execute("DELETE FROM replay WHERE created_at < $1", clock.now() - KEPT)
    return int(done.split()[-1])
