"""A file against our own letters: whether we issued it, as what, and what became of it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.seals.apart import check_apart
from shared_resources.kernel.seals.report import Problem, Report

if TYPE_CHECKING:
    from collections.abc import Sequence


class Copy(StrEnum):
    """What of a letter a file is."""

    ORIGINAL = "original"
    SEALED = "sealed"
    SCAN = "scan"


@dataclass(frozen=True)
class Known:
    """The letter that a file is, byte for byte, or was before something was added (``is_whole`` is false)."""

    document: UUID
    number: str
    title: str
    issuer_zh: str
    issuer_en: str
    issued_at: datetime
    copy: Copy
    is_whole: bool
    is_newest: bool


@dataclass(frozen=True)
class Checked:
    """What a file is worth by itself, and what we know of it."""

    report: Report
    known: Known | None


async def examined(pdf: bytes) -> Checked:
    """Check a file that somebody sent, and compare it with our letters.

    Raises:
        CannotCheck: see ``apart.check_apart``.
        TooMany: others wait already.
    """
    report = await check_apart(pdf)
    known = await known_as(report)
    if known and known.is_whole and Problem.EXPIRED in {one.problem for one in report.signatures}:
        report = await check_apart(pdf, await _moments(known.document))
    return Checked(report, known)


async def known_as(report: Report) -> Known | None:
    """The letter of ours that these bytes are, else the one that they begin with."""
    found = await _matching([bytes.fromhex(one) for one in (report.sha256, *report.revisions)])
    if not found:
        return None
    own = bytes.fromhex(report.sha256)
    best = max(found, key=lambda row: (row["sha256"] == own, row["at"]))
    kept = ("document", "number", "title", "issuer_zh", "issuer_en", "issued_at", "is_newest")
    return Known(**{name: best[name] for name in kept}, copy=Copy(best["copy"]), is_whole=best["sha256"] == own)


async def _matching(digests: Sequence[bytes]) -> Sequence[Any]:
    async with reading() as db:
        return list(
            await db.fetch(
                "WITH copy AS (SELECT id, id AS document, sha256, 'original' AS copy, issued_at AS at"
                " FROM document WHERE sha256 = ANY($1) UNION ALL"
                " SELECT id, document, sha256, CASE kind WHEN 'scan' THEN 'scan' ELSE 'sealed' END, at"
                " FROM signature WHERE sha256 = ANY($1))"
                " SELECT c.*, d.number, d.title, d.issued_at, a.name_zh AS issuer_zh, a.name_en AS issuer_en,"
                " NOT EXISTS (SELECT FROM signature s WHERE s.document = d.id AND s.sha256 <> c.sha256"
                "  AND (c.copy = 'original' OR (s.at, s.id) > (c.at, c.id))) AS is_newest"
                " FROM copy c JOIN document d ON d.id = c.document JOIN agency a ON a.id = d.issuer",
                list(digests),
            )
        )


async def _moments(document: UUID) -> dict[str, datetime]:
    """When each seal was put on, by our own journal."""
    async with reading() as db:
        rows = await db.fetch("SELECT field, at FROM signature WHERE document = $1", document)
    return {row["field"]: row["at"] for row in rows}
