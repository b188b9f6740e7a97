"""Whose live pages hear of which trackers: those that may see the positions, and only while the thing is out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.trackers.queries.visible import ITS_LOANS, OUT_NOW, positions_visible
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Refusal

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor

AUDIBLE = (
    "SELECT t.id FROM tracker t JOIN loan_line ll ON ll.item = t.item JOIN loan l ON l.id = ll.loan"
    f" WHERE t.id = ANY($4) AND {OUT_NOW} AND {ITS_LOANS}"
)


async def audible(actor: Actor, trackers: frozenset[str]) -> frozenset[str]:
    """Those of ``trackers`` (ids) that this reader may hear of; none where the reader sees no positions at all."""
    try:
        visible = positions_visible(actor)
    except Refusal:
        return frozenset()
    async with reading() as db:
        rows = await db.fetch(AUDIBLE, *visible.values, [UUID(tracker) for tracker in trackers])
    return frozenset(str(row["id"]) for row in rows)
