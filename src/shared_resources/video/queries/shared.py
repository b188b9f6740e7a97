"""Joint uses from which an agency owes footage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


async def owed_by(agency: UUID) -> Sequence[tuple[str, str]]:
    """Number and title of every joint use for which an agency may still take recordings in, the newest first."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.number, r.title FROM record r JOIN party p ON p.record = r.id"
            " WHERE r.kind = 'shared_footage' AND p.part = 'holder' AND p.agency = $1"
            " AND r.state IN ('owed', 'nothing', 'shared') ORDER BY r.id DESC",
            agency,
        )
    return [(row["number"], row["title"]) for row in rows]
