"""Copies for pages, lists and letters: those of a recording, those that a request hands over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.database.transaction import reading
from shared_resources.video.schemas.copies import Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = (
    "SELECT c.id, c.number, c.kind, c.state, c.error, c.start_ms, c.end_ms, c.got_start_ms, c.got_end_ms,"
    " c.asked_at, c.made_at, c.approved_at, c.sm3, c.footage, r.number AS footage_number,"
    " r.title AS footage_title,"
    " q.number AS request_number, file.name AS file_name, file.size, file.sha256, file.media_type,"
    " f.recorded_from, f.clock_offset_ms, coalesce(s.name, f.name) AS device, who.name AS asked_by,"
    " (SELECT matches FROM copy_receipt t WHERE t.copy = c.id ORDER BY t.at DESC, t.id DESC LIMIT 1) AS matches"
    " FROM footage_copy c JOIN footage f ON f.id = c.footage JOIN record r ON r.id = c.footage"
    " LEFT JOIN record q ON q.id = c.request LEFT JOIN file ON file.id = c.file"
    " LEFT JOIN footage_source s ON s.id = f.source LEFT JOIN person who ON who.id = c.asked_by"
)
HANDED_OVER = "c.state = 'ready' AND (c.kind <> 'masked' OR c.approved_at IS NOT NULL)"
"""What a hand-over takes with it."""


@dataclass(frozen=True)
class CopyShown:
    """A copy as people see it. ``matches``: what the receiving side found last; None before it compared."""

    id: UUID
    number: str
    kind: str
    state: str
    error: str | None
    start_ms: int
    end_ms: int
    got_start_ms: int | None
    got_end_ms: int | None
    asked_at: datetime
    made_at: datetime | None
    approved_at: datetime | None
    sm3: bytes | None
    footage: UUID
    footage_number: str
    footage_title: str
    request_number: str | None
    file_name: str | None
    size: int | None
    sha256: bytes | None
    media_type: str | None
    recorded_from: datetime
    clock_offset_ms: int
    device: str
    asked_by: str | None
    matches: bool | None

    @property
    def begins(self) -> datetime:
        """When it begins, by the recorder's clock."""
        return self.recorded_from + timedelta(milliseconds=self.got_start_ms or self.start_ms)

    @property
    def ends(self) -> datetime:
        """When it ends, by the recorder's clock."""
        return self.recorded_from + timedelta(milliseconds=self.got_end_ms or self.end_ms)

    def as_piece(self) -> Piece:
        """The same for a list on paper."""
        assert self.sha256 is not None
        assert self.sm3 is not None
        return Piece(
            number=self.number,
            kind=self.kind,
            file_name=self.file_name or "",
            device=self.device,
            begins=self.begins,
            ends=self.ends,
            offset_ms=self.clock_offset_ms,
            size=self.size or 0,
            sha256=self.sha256.hex(),
            sm3=self.sm3.hex(),
        )


async def copies_of_footage(footage: UUID) -> Sequence[CopyShown]:
    """Every copy of a recording, the newest first. Who may see them is the caller's to ask."""
    return await _copies("c.footage = $1 ORDER BY c.asked_at DESC, c.id DESC", footage)


async def copies_of_request(request: UUID, *, handed_over: bool = True) -> Sequence[CopyShown]:
    """The copies made for a request in the order of their numbers: those that it hands over, or all."""
    more = f" AND {HANDED_OVER}" if handed_over else ""
    return await _copies(f"c.request = $1{more} ORDER BY c.asked_at, c.id", request)


async def copy_shown(number: str) -> CopyShown | None:
    """One copy by its number."""
    found = await _copies("c.number = $1", number)
    return found[0] if found else None


async def _copies(where: str, value: Any) -> Sequence[CopyShown]:
    async with reading() as db:
        rows = await db.fetch(f"{COLUMNS} WHERE {where}", value)
    return [CopyShown(**dict(row)) for row in rows]
