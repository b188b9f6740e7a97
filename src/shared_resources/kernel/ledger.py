"""Chained, append-only lines: what the journal and custody have in common.

``hash = SHA-256(0x00 || prev || body)``; ``body`` is RFC 8785 JSON, stored exactly as hashed. A trigger in
the database repeats the arithmetic and refuses a fork, a gap or a wrong hash; grants and further triggers refuse
every change. Free text stays out of the body (it may have to be erased); its salted hash is in it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import rfc8785

from shared_resources.kernel.database.transaction import connection

if TYPE_CHECKING:
    from collections.abc import Mapping

Ledger = Literal["journal_line", "custody_line"]
GENESIS = bytes(32)


def line_hash(prev: bytes, body: bytes) -> bytes:
    """SHA-256 of a line: 32 bytes over a zero octet, the hash before and the body."""
    return hashlib.sha256(b"\x00" + prev + body).digest()


def note_hash(salt: bytes, note: str) -> str:
    """What the body keeps of a free text: hex SHA-256 over salt and UTF-8 text."""
    return hashlib.sha256(salt + note.encode()).hexdigest()


@dataclass(frozen=True)
class Written:
    """Where a line came to stand in its chain."""

    seq: int
    hash: bytes


def plain(value: Any) -> Any:
    """``value`` in the words of JSON: instants in ISO 8601 UTC, identifiers as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value


async def append(
    ledger: Ledger, chain: UUID, body: Mapping[str, Any], columns: Mapping[str, Any], note: str | None
) -> Written:
    """Add one line to ``chain`` inside the running verb.

    The caller holds the lock on the chain's record, so the head cannot move under us; if it does, the trigger
    answers with a serialization failure and the verb is tried again.
    """
    salt = secrets.token_bytes(16) if note else None
    head = await connection().fetchrow(
        "SELECT seq, hash FROM chain_head WHERE ledger = $1 AND chain = $2", ledger, chain
    )
    seq, prev = (head["seq"] + 1, head["hash"]) if head else (1, GENESIS)
    noted = {"note_sha256": note_hash(salt, note)} if salt and note else {}
    encoded = rfc8785.dumps(plain({**body, **noted, "chain": chain, "seq": seq}))
    digest = line_hash(prev, encoded)
    row = {
        **columns,
        "chain": chain,
        "seq": seq,
        "prev": prev,
        "body": encoded,
        "hash": digest,
        "note": note,
        "salt": salt,
    }
    places = ", ".join(f"${n}" for n in range(1, len(row) + 1))
    await connection().execute(
        f"INSERT INTO {ledger} ({', '.join(row)}) VALUES ({places})",
        *row.values(),
    )
    return Written(seq, digest)
