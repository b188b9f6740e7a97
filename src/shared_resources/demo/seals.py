"""Seals of the demo: a development authority and a key for each agency of the demo, made on first start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from shared_resources.demo.agencies import AGENCIES
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.seals import authority
from shared_resources.kernel.seals.setup import use_development_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from shared_resources.kernel.seals.keys import KeyPair


async def load_seals() -> int:
    """Give a seal to every agency of the demo that never had one; returns how many got one."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT a.id, a.name_zh FROM agency a WHERE a.slug = ANY($1)"
            " AND NOT EXISTS (SELECT FROM seal s WHERE s.agency = a.id) ORDER BY a.slug",
            [agency.slug for agency in AGENCIES],
        )
    made = await asyncio.to_thread(_made, [row["name_zh"] for row in rows])
    for row, pair in zip(rows, made, strict=True):
        agency: UUID = row["id"]
        await use_development_key(agency, pair)
    return len(rows)


def _made(names: Sequence[str]) -> list[KeyPair]:
    root = authority.root() if names else None
    return [authority.certify(root, name) for name in names] if root else []
