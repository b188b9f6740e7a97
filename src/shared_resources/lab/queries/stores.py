"""Where a laboratory can put a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from uuid import UUID


async def stores_for(sample: UUID) -> list[tuple[str, str]]:
    """Id and name of the places of the laboratory that a sample's delegation is with."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT o.id, o.name, o.lowest_c, o.highest_c FROM lab_store o JOIN lab_delegation d"
            " ON d.laboratory = o.laboratory JOIN sample s ON s.delegation = d.id WHERE s.id = $1 ORDER BY o.name",
            sample,
        )
    return [(str(row["id"]), row["name"]) for row in rows]
