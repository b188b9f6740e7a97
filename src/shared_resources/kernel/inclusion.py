"""Proving to others that lines were part of a checkpoint: a few hashes each, which tell nothing of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import merkle
from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID


@dataclass(frozen=True)
class Checkpointed:
    """A checkpoint: its instant, the root of the one before, its own root, and how many lines it added."""

    id: UUID
    at: datetime
    before: bytes
    root: bytes
    size: int


@dataclass(frozen=True)
class Inclusion:
    """Where a line stands among the lines that a checkpoint added, and the hashes that lead to its root."""

    checkpoint: UUID
    index: int
    path: Sequence[bytes]


async def inclusions(
    chains: Sequence[UUID],
) -> tuple[Sequence[Any], Mapping[int, Inclusion], Sequence[Checkpointed]]:
    """The journal lines of some records in the order of writing, their proofs by gseq, and the checkpoints named.

    Lines that no checkpoint holds yet have no proof: make one first.
    """
    async with reading() as db:
        lines = await db.fetch(
            "SELECT gseq, chain, seq, prev, body, hash, note, salt, at FROM journal_line WHERE chain = ANY($1)"
            " ORDER BY gseq",
            list(chains),
        )
        signed = await db.fetch(
            "SELECT id, at, root, lag(root) OVER w AS before, journal_to, custody_to,"
            " coalesce(lag(journal_to) OVER w, 0) AS journal_from,"
            " coalesce(lag(custody_to) OVER w, 0) AS custody_from"
            " FROM checkpoint WINDOW w AS (ORDER BY at, id) ORDER BY at, id"
        )
        proved: dict[int, Inclusion] = {}
        named: list[Checkpointed] = []
        for row in signed:
            wanted = [line for line in lines if row["journal_from"] < line["gseq"] <= row["journal_to"]]
            if not wanted:
                continue
            hashes = await _hashes(db, row)
            place = {gseq: index for index, (gseq, _) in enumerate(hashes[0])}
            entries = [digest for _, digest in (*hashes[0], *hashes[1])]
            paths = merkle.proofs(entries, [place[line["gseq"]] for line in wanted])
            for line in wanted:
                index = place[line["gseq"]]
                proved[line["gseq"]] = Inclusion(row["id"], index, paths[index])
            named.append(Checkpointed(row["id"], row["at"], row["before"] or b"", row["root"], len(entries)))
    return lines, proved, named


async def _hashes(db: Any, row: Any) -> tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]]:
    """Number and hash of the lines that a checkpoint added, of the journal and of custody."""
    found = []
    for ledger, first, last in (
        ("journal_line", row["journal_from"], row["journal_to"]),
        ("custody_line", row["custody_from"], row["custody_to"]),
    ):
        rows = await db.fetch(
            f"SELECT gseq, hash FROM {ledger} WHERE gseq > $1 AND gseq <= $2 ORDER BY gseq", first, last
        )
        found.append([(one["gseq"], one["hash"]) for one in rows])
    return found[0], found[1]
