"""Verification of the journal against a loop that only computes SHA-256."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from benchmarks.house import bare
from benchmarks.report import Figure
from shared_resources.kernel import clock
from shared_resources.kernel.ledger import GENESIS, line_hash
from shared_resources.kernel.verify import verify_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from benchmarks.seed import Size

CHAIN = 20
"""Lines in each chain."""
AIM = 0.5

Line = tuple[UUID, int, bytes, bytes, bytes, str, str, "datetime"]


async def measure(dsn: str, size: Size) -> list[Figure]:
    """How fast everything is recomputed, as a share of hashing alone."""
    lines = list(chained(size.journal, clock.now()))
    await load(dsn, lines)
    bodies = [(line[2], line[3]) for line in lines]
    del lines
    bare_seconds = hashed(bodies)
    began = time.perf_counter()
    fault = await verify_all()
    seconds = time.perf_counter() - began
    assert fault is None, fault
    share = bare_seconds / seconds
    return [
        Figure(
            f"verification of {size.journal:,} journal lines: speed of a bare SHA-256 loop",
            f"{share:.0%}",
            f"≥ {AIM:.0%}",
            share >= AIM,
        ),
        Figure("verification: lines a second", f"{size.journal / seconds:,.0f} /s"),
    ]


def hashed(bodies: list[tuple[bytes, bytes]]) -> float:
    """Seconds for SHA-256 over every line, as one hashes in a plain loop."""
    began = time.perf_counter()
    for prev, body in bodies:
        hashlib.sha256(b"\x00" + prev + body).digest()
    return time.perf_counter() - began


def chained(count: int, at: datetime) -> Iterator[Line]:
    """Lines as ``journal.write`` leaves them, in the order of writing: all first ones, all second ones, and on."""
    chains = max(1, count // CHAIN)
    heads = [GENESIS] * chains
    instant = at.isoformat()
    for n in range(count):
        number, seq = n % chains, n // chains + 1
        chain, act = UUID(int=1 << 96 | number), UUID(int=2 << 96 | n)
        before = "null" if seq == 1 else '"asked"'
        body = (
            f'{{"act":"{act}","actor":"system","after":"asked","at":"{instant}","basis":"VI-1a","before":{before},'
            f'"chain":"{chain}","data":{{"item":"{act}"}},"kind":"loan","number":"L2026-{number:05d}","seq":{seq},'
            f'"step":"move"}}'
        ).encode()
        prev = heads[number]
        heads[number] = line_hash(prev, body)
        yield chain, seq, prev, body, heads[number], str(act), "move", at


async def load(dsn: str, lines: list[Line]) -> None:
    """Put the lines and their heads where verification looks for them."""
    columns = ["chain", "seq", "prev", "body", "hash", "act", "step", "at"]
    heads: dict[UUID, Line] = {line[0]: line for line in lines}
    at = lines[0][7]
    records: list[tuple[Any, ...]] = [
        (chain, f"L2026-{n:05d}", "loan", "asked", line[1], "联合检查", at, at)
        for n, (chain, line) in enumerate(heads.items())
    ]
    async with bare(dsn, owner=True) as db:
        await db.execute("SET session_replication_role = replica")
        await db.execute("ALTER TABLE journal_line DISABLE TRIGGER append")  # it would take minutes
        await db.copy_records_to_table(
            "record",
            records=records,
            columns=["id", "number", "kind", "state", "version", "title", "opened_at", "changed_at"],
        )
        await db.copy_records_to_table("journal_line", records=lines, columns=columns)
        await db.copy_records_to_table(
            "chain_head",
            records=[(line[0], "journal_line", line[0], line[1], line[4]) for line in heads.values()],
            columns=["id", "ledger", "chain", "seq", "hash"],
        )
        await db.execute("ALTER TABLE journal_line ENABLE ALWAYS TRIGGER append")
        await db.execute("VACUUM ANALYZE")
