"""Proof of journal and custody: whatever a superuser does to a line, it is named."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.kernel.ledger_story import ask, history, superuser, whole_story
from tests.people import make_cast

from shared_resources.kernel import clock, verify
from shared_resources.kernel.database.transaction import reading
from shared_resources.settings import Settings

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.chains import Fault

SECOND = "WHERE chain = $1 AND seq = 2"
TAMPERINGS = {
    "one bit of a body": ("UPDATE {} SET body = set_byte(body, 20, get_byte(body, 20) # 1) " + SECOND, 2),
    "one bit of a hash": ("UPDATE {} SET hash = set_byte(hash, 0, get_byte(hash, 0) # 1) " + SECOND, 2),
    "the hash before": ("UPDATE {} SET prev = set_byte(prev, 0, get_byte(prev, 0) # 1) " + SECOND, 2),
    "the last line dropped": ("DELETE FROM {0} WHERE chain = $1 AND seq = {1}", -1),
    "a middle line dropped": ("DELETE FROM {} " + SECOND, 2),
    "the first line dropped": ("DELETE FROM {} WHERE chain = $1 AND seq = 1", 1),
    "the act": ("UPDATE {} SET act = 'other' " + SECOND, 2),
    "the instant": ("UPDATE {} SET at = at + interval '1 microsecond' " + SECOND, 2),
    "the note": ("UPDATE {} SET note = note || '!' " + SECOND, 2),
    "the salt": ("UPDATE {} SET salt = NULL " + SECOND, 2),
    "all lines dropped": ("DELETE FROM {} WHERE chain = $1", 1),
}
LENGTH = {"journal_line": 5, "custody_line": 3}
OWN = {
    "who acted": ("journal_line", "UPDATE journal_line SET actor = NULL WHERE chain = $1 AND seq = 3", 3),
    "for whom": ("journal_line", "UPDATE journal_line SET agency = NULL WHERE chain = $1 AND seq = 3", 3),
    "the step": ("journal_line", "UPDATE journal_line SET step = 'refuse' WHERE chain = $1 AND seq = 4", 4),
    "the state": ("journal_line", "UPDATE record SET state = 'asked' WHERE id = $1", 5),
    "the holder": ("custody_line", f"UPDATE custody_line SET holder = 'me' {SECOND}", 2),
    "the kind": ("custody_line", f"UPDATE custody_line SET kind = 'loss' {SECOND}", 2),
    "the giver": ("custody_line", f"UPDATE custody_line SET giver = NULL {SECOND}", 2),
    "the loan": ("custody_line", f"UPDATE custody_line SET loan = NULL {SECOND}", 2),
    "the head": (
        "custody_line",
        "UPDATE chain_head SET hash = sha256('x') WHERE chain = $1 AND ledger = 'custody_line'",
        3,
    ),
}


async def tampered(dsn: str, statement: str, *values: Any) -> Fault | None:
    async with superuser(dsn) as connection:
        await connection.execute(statement, *values)
    return await verify.verify_all()


@pytest.mark.parametrize("ledger", ["journal_line", "custody_line"])
@pytest.mark.parametrize("name", TAMPERINGS)
async def test_every_change_is_found_and_its_line_named(db: str, name: str, ledger: str) -> None:
    cast, chain = await whole_story()
    await history(cast)
    assert await verify.verify_all() is None
    statement, seq = TAMPERINGS[name]
    fault = await tampered(db, statement.format(ledger, LENGTH[ledger]), chain)
    assert fault is not None
    assert (fault.ledger, fault.chain, fault.seq) == (ledger, str(chain), seq if seq > 0 else LENGTH[ledger])
    assert f"line {fault.seq}" in str(fault)


@pytest.mark.parametrize("name", OWN)
async def test_every_column_counts(db: str, name: str) -> None:
    _, chain = await whole_story()
    ledger, statement, seq = OWN[name]
    fault = await tampered(db, statement, chain)
    assert fault is not None
    assert (fault.ledger, fault.chain, fault.seq) == (ledger, str(chain), seq)


async def rewritten(connection: Any, chain: UUID, seq: int, **changes: Any) -> None:
    """A clever forger: changes a body and makes its own hash fit again."""
    row = await connection.fetchrow(
        "SELECT prev, body FROM journal_line WHERE chain = $1 AND seq = $2", chain, seq
    )
    said = json.loads(row["body"]) | changes
    body = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    digest = hashlib.sha256(b"\0" + row["prev"] + body).digest()
    await connection.execute(
        "UPDATE journal_line SET body = $3, hash = $4 WHERE chain = $1 AND seq = $2", chain, seq, body, digest
    )


@pytest.mark.parametrize("seq", [1, 2, 5])
async def test_forged_line_with_a_fitting_hash_is_found(db: str, seq: int) -> None:
    _, chain = await whole_story()
    async with superuser(db) as connection:
        await rewritten(connection, chain, seq, data={"forged": True})
    fault = await verify.verify_all()
    assert fault is not None
    assert (fault.chain, fault.seq) == (str(chain), seq)


async def test_inserted_line_is_found(db: str) -> None:
    _, chain = await whole_story()
    columns = "chain, prev, body, hash, step, actor, agency, at"
    fault = await tampered(
        db,
        f"INSERT INTO journal_line (seq, act, {columns}) SELECT 6, 'new', {columns} FROM journal_line"
        " WHERE chain = $1 AND seq = 5",
        chain,
    )
    assert fault is not None
    assert (fault.chain, fault.seq) == (str(chain), 6)


async def test_swapped_lines_are_found(db: str) -> None:
    _, chain = await whole_story()
    async with superuser(db) as connection:
        await connection.execute("DROP INDEX journal_line_chain_seq")
    fault = await tampered(db, "UPDATE journal_line SET seq = 5 - seq WHERE chain = $1 AND seq IN (2, 3)", chain)
    assert fault is not None
    assert fault.chain == str(chain)
    assert fault.seq in (2, 3)


async def test_erased_note_leaves_the_chain_whole(db: str) -> None:
    _, chain = await whole_story()
    fault = await tampered(
        db, "UPDATE journal_line SET note = NULL, salt = NULL WHERE chain = $1 AND seq = 2", chain
    )
    assert fault is None


async def test_chain_that_never_began_is_found(db: str) -> None:
    cast = await make_cast()
    moved = await ask(cast)
    fault = await tampered(db, "DELETE FROM chain_head WHERE chain = $1", moved.id)
    assert fault is not None
    assert (fault.chain, fault.seq) == (str(moved.id), 1)


async def test_several_processes_find_the_same(db: str) -> None:
    cast, chain = await whole_story()
    for _ in range(3):
        await history(cast)
    assert await verify.verify_all(processes=3, many=1) is None
    async with superuser(db) as connection:
        await connection.execute(TAMPERINGS["a middle line dropped"][0].format("journal_line"), chain)
    one, three = await verify.verify_all(), await verify.verify_all(processes=3, many=1)
    assert one == three
    assert one is not None


async def erase_everything(dsn: str, chain: UUID) -> None:
    """A whole record gone without a trace: lines, heads, parties, the record."""
    async with superuser(dsn) as connection:
        for table, column in (
            ("journal_line", "chain"),
            ("custody_line", "chain"),
            ("chain_head", "chain"),
            ("party", "record"),
            ("record", "id"),
        ):
            await connection.execute(f"DELETE FROM {table} WHERE {column} = $1", chain)


async def test_whole_chain_that_vanished_is_missed_by_the_checkpoint(db: str) -> None:
    cast, chain = await whole_story()
    await verify.checkpoint()
    await history(cast)
    await verify.checkpoint()
    assert await verify.verify_all() is None
    await erase_everything(db, chain)
    fault = await verify.verify_all()
    assert fault is not None
    assert (fault.ledger, fault.seq) == ("checkpoint", 1)


async def test_checkpoint_is_signed_once_a_day(db: str) -> None:
    await whole_story()
    assert await verify.checkpoint_nightly()
    assert await verify.checkpoint_nightly() is None
    with clock.at(clock.now() + timedelta(days=1)):
        assert await verify.checkpoint_nightly()
    async with reading() as connection:
        assert [row["lines"] for row in await connection.fetch("SELECT lines FROM checkpoint ORDER BY at")] == [
            8,
            8,
        ]


@pytest.mark.parametrize("column", ["root", "signature"])
async def test_changed_checkpoint_is_found(db: str, column: str) -> None:
    await whole_story()
    await verify.checkpoint()
    fault = await tampered(db, f"UPDATE checkpoint SET {column} = sha256({column})")
    assert fault is not None
    assert fault.ledger == "checkpoint"


async def test_checkpoint_with_another_key_is_not_ours(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await whole_story()
    with monkeypatch.context() as patch:
        patch.setattr(Settings, "secret", lambda _: b"forger")
        await verify.checkpoint()
        assert await verify.verify_all() is None
    fault = await verify.verify_all()
    assert fault is not None
    assert "signature" in fault.what
