"""What the player is told of an opening: whose it is, which part of which recording, what the clock showed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class OpeningShown:
    """``begins``: what the recorder's clock showed at the first picture; true time is that minus the offset."""

    id: UUID
    footage: UUID
    footage_number: str
    footage_state: str
    name: str
    copy_number: str | None
    copy_kind: str | None
    request_number: str | None
    begins: datetime
    clock_offset_ms: int
    duration_ms: int
    reason: str
    until: datetime | None


async def opening_shown(opening: UUID) -> OpeningShown:
    """An opening as the player shows it. Whose it is was asked with its ticket."""
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT o.id, o.footage, r.number AS footage_number, r.state AS footage_state, f.name,"
            " c.number AS copy_number, c.kind AS copy_kind, q.number AS request_number,"
            " f.recorded_from + coalesce(c.got_start_ms, 0) * interval '1 millisecond' AS begins,"
            " f.clock_offset_ms, coalesce(c.got_end_ms - c.got_start_ms, f.duration_ms) AS duration_ms, o.reason,"
            " (SELECT min(s.until) FROM footage_share s WHERE s.footage = o.footage AND s.agency = o.agency"
            " AND s.ended_at IS NULL) AS until FROM footage_opening o JOIN footage f ON f.id = o.footage"
            " JOIN record r ON r.id = f.id LEFT JOIN footage_copy c ON c.id = o.copy"
            " LEFT JOIN record q ON q.id = c.request WHERE o.id = $1",
            opening,
        )
    return OpeningShown(**dict(row))


async def open_requests(holder: UUID) -> Sequence[tuple[str, str]]:
    """Number and title of requests for which a holder makes copies, the newest first."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.number, r.title FROM record r JOIN party p ON p.record = r.id"
            " WHERE r.kind = 'footage_request' AND p.part = 'holder' AND p.agency = $1"
            " AND r.state IN ('received', 'oral', 'granted', 'delivered') ORDER BY r.id DESC",
            holder,
        )
    return [(row["number"], row["title"]) for row in rows]
