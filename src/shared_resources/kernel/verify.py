"""Proving journal and custody: everything is recomputed, and the first line that is not as written is named.

``checkpoint`` signs every day what there is: SHA-256 over the root before and the Merkle root (RFC 6962) over the
hashes of the lines since, so that a line's part in it is proved by a few hashes (``inclusion``).
The signature is HMAC-SHA256 with a key derived from the house's secret: whoever holds the secret can tell that
nobody without it replaced a checkpoint. To prove it to others, keep the roots outside (the log has them).
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import hmac
import json
import logging
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg

from shared_resources.kernel import clock, merkle
from shared_resources.kernel.chains import FORMS, NOTHING, Fault, Stretch
from shared_resources.kernel.database.engine import APP_ROLE, DB
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import datetime

    from shared_resources.kernel.chains import Last

log = logging.getLogger(__name__)

ROWS = 2000
MANY = 400_000
"""From so many lines on, further processes are worth their start."""
WAIT_SECONDS = 90.0
CHECKPOINT_LOCK = 0x4348_4543_4B50_4F49
"""Key of the advisory lock under which one checkpoint at a time is made ("CHECKPOI")."""
LEDGERS = tuple(FORMS)
LAST = "SELECT at, lines, journal_to, custody_to, root FROM checkpoint ORDER BY at DESC, id DESC LIMIT 1"


@dataclass(frozen=True)
class Statement:
    """What a checkpoint says: at this instant there were so many lines, up to these, with this root."""

    at: datetime
    lines: int
    reach: tuple[int, int]
    root: bytes

    def signature(self) -> bytes:
        """HMAC-SHA256 over the statement with a key that is used for nothing else."""
        key = hmac.digest(settings().secret(), b"shared-resources checkpoint 1", "sha256")
        said = [self.at.isoformat(), self.lines, *self.reach, self.root.hex()]
        return hmac.digest(key, json.dumps(said).encode(), "sha256")


async def verify_all(*, processes: int | None = None, many: int = MANY) -> Fault | None:
    """Recompute both ledgers, their heads, the states they lead to and all checkpoints; None when all is whole.

    Args:
        processes: how many share the work when there is much of it; as many as processors when not given.
        many: from so many lines on they do.
    """
    async with _snapshot() as (db, snapshot):
        ledgers: dict[str, Mapping[str, Last]] = {}
        for ledger in LEDGERS:
            stretch = await _walked(db, snapshot, ledger, processes or os.cpu_count() or 1, many)
            fault = stretch.fault or await _check_heads(db, ledger, stretch.heads)
            if fault:
                return fault
            ledgers[ledger] = stretch.heads
        return await _check_states(db, ledgers["journal_line"]) or await _check_checkpoints(db)


async def checkpoint_nightly() -> str | None:
    """Sign once a day, in the first hour of it that somebody is awake; the root, or None when it was done."""
    async with reading() as db:
        last = await db.fetchrow(LAST)
    if last is not None and clock.local_date(last["at"]) >= clock.today():
        return None
    return await checkpoint()


async def checkpoint() -> str:
    """Sign all lines that there are now; returns the root in hex.

    Raises:
        TimeoutError: a transaction would not end; try again later.
    """
    reach = await _settled_reach()
    statement = await _sign(reach)
    log.warning("checkpoint %s: %s lines, root %s", statement.at, statement.lines, statement.root.hex())
    return statement.root.hex()


@verb
async def _sign(reach: tuple[int, int]) -> Statement:
    await connection().execute("SELECT pg_advisory_xact_lock($1)", CHECKPOINT_LOCK)
    last = await connection().fetchrow(LAST)
    before, root, lines = ((0, 0), b"", 0)
    if last is not None:
        before, root, lines = (last["journal_to"], last["custody_to"]), last["root"], last["lines"]
    reach = (max(reach[0], before[0]), max(reach[1], before[1]))
    root, count = await _root(connection(), root, before, reach)
    statement = Statement(clock.now(), lines + count, reach, root)
    await connection().execute(
        "INSERT INTO checkpoint (id, at, lines, journal_to, custody_to, root, signature)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new_id(),
        statement.at,
        statement.lines,
        *reach,
        root,
        statement.signature(),
    )
    return statement


async def _settled_reach() -> tuple[int, int]:
    """The last line of each ledger, once no transaction is left that might still add one before them."""
    until = asyncio.get_running_loop().time() + WAIT_SECONDS
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT coalesce((SELECT max(gseq) FROM journal_line), 0) AS journal,"
            " coalesce((SELECT max(gseq) FROM custody_line), 0) AS custody,"
            " pg_snapshot_xmax(pg_current_snapshot())::text AS next"
        )
        while not await db.fetchval(
            "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8", row["next"]
        ):
            if asyncio.get_running_loop().time() > until:
                raise TimeoutError("a transaction does not end: no checkpoint now")
            await asyncio.sleep(0.05)
    return row["journal"], row["custody"]


async def _root(db: Any, root: bytes, before: Sequence[int], reach: Sequence[int]) -> tuple[bytes, int]:
    """SHA-256 over the root before and the Merkle root of the lines since, journal first; and how many lines."""
    tree = merkle.Tree()
    for ledger, first, last in zip(LEDGERS, before, reach, strict=True):
        lines = await db.cursor(
            f"SELECT hash FROM {ledger} WHERE gseq > $1 AND gseq <= $2 ORDER BY gseq", first, last
        )
        while rows := await lines.fetch(10 * ROWS):
            tree.extend([row[0] for row in rows])
    return chained(root, tree.root), tree.size


def chained(before: bytes, root: bytes) -> bytes:
    """The root of a checkpoint from the one before it and the Merkle root of the lines since."""
    return hashlib.sha256(before + root).digest()


async def _check_checkpoints(db: Any) -> Fault | None:
    before, root, lines = (0, 0), b"", 0
    rows = await db.fetch("SELECT * FROM checkpoint ORDER BY at, id")
    for number, row in enumerate(rows, 1):
        statement = Statement(row["at"], row["lines"], (row["journal_to"], row["custody_to"]), row["root"])
        if not hmac.compare_digest(statement.signature(), row["signature"]):
            return Fault("checkpoint", str(row["id"]), number, "its signature is not ours")
        root, count = await _root(db, root, before, statement.reach)
        before, lines = statement.reach, lines + count
        if (root, lines) != (statement.root, statement.lines):
            what = f"a whole chain is gone, or the lines it signed at {row['at']} are not those that are there"
            return Fault("checkpoint", str(row["id"]), number, what)
    return None


async def _check_heads(db: Any, ledger: str, heads: Mapping[str, Last]) -> Fault | None:
    """The database's own memory of each chain's end, moved by triggers only, against the lines."""
    seen = 0
    cursor = await db.cursor(
        "SELECT chain::text, seq, hash FROM chain_head WHERE ledger = $1 ORDER BY chain", ledger
    )
    while rows := await cursor.fetch(ROWS):
        for chain, seq, digest in rows:
            last, known, _ = heads.get(chain, NOTHING)
            if last < seq:
                return Fault(ledger, chain, last + 1, "it is missing at the end of the chain")
            if last > seq:
                return Fault(ledger, chain, seq + 1, "it was added behind the chain's end")
            if known != digest:
                return Fault(ledger, chain, seq, "it is not the line with which the chain ended")
            seen += 1
    if seen < len(heads):
        begun = {row[0] for row in await db.fetch("SELECT chain::text FROM chain_head WHERE ledger = $1", ledger)}
        return Fault(ledger, min(heads.keys() - begun), 1, "it was added as a chain that never began")
    return None


async def _check_states(db: Any, heads: Mapping[str, Last]) -> Fault | None:
    """Every record stands where its journal left it."""
    cursor = await db.cursor("SELECT id::text, state FROM record ORDER BY id")
    while rows := await cursor.fetch(ROWS):
        for record, state in rows:
            last, _, ends = heads.get(record, NOTHING)
            if not last:
                return Fault("journal_line", record, 1, "it is missing: the record has no journal at all")
            if ends != state:
                what = f"it left the record at {ends!r}, but the record says {state!r}"
                return Fault("journal_line", record, last, what)
    return None


async def _walked(db: Any, snapshot: str, ledger: str, processes: int, many: int) -> Stretch:
    """All lines of a ledger, by this process or by several."""
    row = await db.fetchrow(f"SELECT min(gseq), max(gseq), count(*) FROM {ledger}")
    first, last, count = row[0] or 0, row[1] or 0, row[2]
    whole = Stretch(ledger)
    if processes < 2 or count < many:
        whole.join(await _walk(db, ledger, first, last))
        return whole
    step = (last - first) // processes + 1
    starts = range(first, last + 1, step)
    loop, dsn = asyncio.get_running_loop(), DB.config["dsn"]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        jobs = [
            loop.run_in_executor(pool, walk_elsewhere, dsn, snapshot, ledger, start, start + step - 1)
            for start in starts
        ]
        for stretch in await asyncio.gather(*jobs):
            if whole.fault is None:
                whole.join(stretch)
    return whole


def walk_elsewhere(dsn: str, snapshot: str, ledger: str, first: int, last: int) -> Stretch:
    """One stretch, in a process of its own that sees the database exactly as its parent does."""

    async def walk() -> Stretch:
        db = await asyncpg.connect(dsn, server_settings={"role": APP_ROLE, "timezone": "UTC"})
        try:
            async with db.transaction(isolation="repeatable_read", readonly=True):
                await db.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
                return await _walk(db, ledger, first, last)
        finally:
            await db.close()

    return asyncio.run(walk())


async def _walk(db: Any, ledger: str, first: int, last: int) -> Stretch:
    stretch = Stretch(ledger)
    statement = f"SELECT {FORMS[ledger].select} FROM {ledger} WHERE gseq BETWEEN $1 AND $2 ORDER BY gseq"
    lines = await db.cursor(statement, first, last)
    rows = await lines.fetch(ROWS)
    while rows:
        following = asyncio.ensure_future(lines.fetch(ROWS))
        await asyncio.sleep(0)  # lets the server read on while we compute
        gc.disable()  # nothing here makes a circle, and looking for one costs a third of the time
        go_on = stretch.walk(rows)
        gc.enable()
        rows = await following
        if not go_on:
            break
    return stretch


@asynccontextmanager
async def _snapshot() -> AsyncIterator[tuple[Any, str]]:
    """A connection that sees the database as of one instant, and the name under which others may see the same."""
    async with reading() as db, db.transaction(isolation="repeatable_read", readonly=True):
        await db.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield db, await db.fetchval("SELECT pg_export_snapshot()")
