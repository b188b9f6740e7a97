"""What was decided before: disputes between the same two agencies about assistance in the same field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from uuid import UUID

DECIDED = (
    "SELECT d.id FROM record d"
    " JOIN record_link l ON l.source = d.id AND l.kind = 'about'"
    " JOIN record a ON a.id = l.target AND a.kind = 'assistance'"
    " JOIN party asks ON asks.record = a.id AND asks.part = 'requesting_agency' AND asks.agency = $1"
    " JOIN party helps ON helps.record = a.id AND helps.part = 'assisting_agency' AND helps.agency = $2"
    " JOIN filing f ON f.record = a.id AND f.step = 'ask' AND f.body->>'subfield' = $3"
    " WHERE d.kind = 'dispute' AND d.state IN ('settled', 'decided', 'closed')"
    " ORDER BY d.changed_at DESC, d.id LIMIT 3"
)


async def decided_earlier(requesting: UUID, assisting: UUID, subfield: str) -> list[UUID]:
    """The newest disputes that were settled or decided on the same matter between the same two."""
    async with reading() as db:
        rows = await db.fetch(DECIDED, requesting, assisting, subfield)
    return [row["id"] for row in rows]
