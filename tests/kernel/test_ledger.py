"""The database itself keeps journal and custody append-only: from us, and from the owner of the tables."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
from tests.kernel.ledger_story import whole_story

from shared_resources.kernel import ledger, verify
from shared_resources.kernel.database.transaction import reading, transaction

if TYPE_CHECKING:
    from uuid import UUID

LEDGERS = ("journal_line", "custody_line")
CHANGES = (
    "UPDATE {} SET act = 'x'",
    "UPDATE {} SET body = 'x', hash = sha256('x')",
    "UPDATE {} SET note = 'x'",
    "DELETE FROM {} WHERE seq = (SELECT max(seq) FROM {})",
    "TRUNCATE {} CASCADE",
)


@pytest.mark.parametrize("table", [*LEDGERS, "checkpoint", "deadline_entry"])
@pytest.mark.parametrize("change", ["UPDATE {} SET at = at", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_not_even_the_owner_changes_a_line(db: str, table: str, change: str) -> None:
    await whole_story()
    await verify.checkpoint()
    owner = await asyncpg.connect(db)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute(change.format(table))
        await owner.execute("SET session_replication_role = replica")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute(change.format(table))
    finally:
        await owner.close()
    assert await verify.verify_all() is None


@pytest.mark.parametrize("table", LEDGERS)
@pytest.mark.parametrize("change", CHANGES)
async def test_application_has_not_the_right_to_try(db: str, table: str, change: str) -> None:
    await whole_story()
    async with reading() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change.replace("{}", table))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chain_head SET seq = 0",
        "DELETE FROM chain_head",
        "DELETE FROM record",
        "DELETE FROM party",
        "UPDATE checkpoint SET lines = 0",
    ],
)
async def test_application_cannot_touch_what_proves(db: str, statement: str) -> None:
    await whole_story()
    async with reading() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def insert(db: str, chain: UUID, **changes: Any) -> None:
    """A further journal line by hand, right but for ``changes``."""
    async with transaction() as connection:
        head = await connection.fetchrow(
            "SELECT seq, hash FROM chain_head WHERE ledger = 'journal_line' AND chain = $1", chain
        )
        line = {"seq": head["seq"] + 1, "prev": head["hash"], "act": "by hand", "at": "2030-01-01T00:00:00+00:00"}
        line |= changes
        said = '{{"act":"by hand","at":"2030-01-01T00:00:00+00:00","chain":"{}","seq":{}}}'
        body = said.format(chain, head["seq"] + 1).encode()
        digest = changes.get("hash") or hashlib.sha256(b"\0" + line["prev"] + body).digest()
        await connection.execute(
            "INSERT INTO journal_line (chain, seq, prev, body, hash, act, step, at)"
            " VALUES ($1, $2, $3, $4, $5, $6, 'by hand', $7::text::timestamptz)",
            chain,
            line["seq"],
            line["prev"],
            body,
            digest,
            line["act"],
            line["at"],
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 7},
        {"seq": 5},
        {"prev": bytes(32)},
        {"hash": bytes(32)},
        {"act": "another"},
        {"at": "2030-01-01T00:00:01+00:00"},
    ],
    ids=str,
)
async def test_line_that_does_not_fit_is_not_written(db: str, changes: dict[str, Any]) -> None:
    _, chain = await whole_story()
    with pytest.raises((asyncpg.SerializationError, asyncpg.CheckViolationError)):
        await insert(db, chain, **changes)
    assert await verify.verify_all() is None


async def test_line_that_fits_is_written(db: str) -> None:
    _, chain = await whole_story()
    await insert(db, chain)
    async with reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM journal_line WHERE chain = $1", chain) == 6


async def test_free_text_may_be_erased_and_nothing_else_with_it(db: str) -> None:
    await whole_story()
    owner = await asyncpg.connect(db)
    try:
        await owner.execute("UPDATE journal_line SET note = NULL, salt = NULL")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await owner.execute("UPDATE journal_line SET note = NULL, salt = NULL, step = 'x'")
    finally:
        await owner.close()
    assert await verify.verify_all() is None


def test_hash_is_the_documented_one() -> None:
    assert ledger.line_hash(ledger.GENESIS, b"{}") == hashlib.sha256(bytes(33) + b"{}").digest()
    assert ledger.note_hash(b"s", "字") == hashlib.sha256("s字".encode()).hexdigest()
