"""Live word of trackers: only to those who may see the positions, ids and nothing else, gathered for a second."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.pages import map as map_pages
from shared_resources.equipment.trackers.queries.audible import audible
from shared_resources.kernel import clock
from shared_resources.kernel.database.listen import Hub
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.doors.live import _events
from tests.equipment.trackers.pages.story import NOW, tracked_loan
from tests.people import make_cast

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE = 10


async def next_of(stream: AsyncIterator[str], name: str) -> dict[str, object]:
    """The data of the next event of this name."""
    async with asyncio.timeout(PATIENCE):
        async for text in stream:
            if text.startswith(f"event: {name}\n"):
                told: dict[str, object] = json.loads(text.split("data: ")[1])
                return told
    raise AssertionError("the stream ended")


async def test_the_owners_keeper_hears_of_the_tracker_by_id(db: str) -> None:
    cast = await make_cast()
    with clock.at(NOW):
        story = await tracked_loan(cast)
    assert map_pages.ROUTES
    async with Hub(db) as hub:
        await hub.connected.wait()
        stream = _events(cast.owner.custodian, hub)
        await next_of(stream, "notices")
        listening = asyncio.create_task(next_of(stream, "trackers"))
        await asyncio.sleep(0)
        async with transaction() as connection:
            await connection.execute("SELECT pg_notify('trackers', $1)", json.dumps([str(story.tracker)]))
        assert await listening == {"ids": [str(story.tracker)]}
        await stream.aclose()  # type: ignore[attr-defined]


async def test_who_sees_no_positions_hears_nothing(db: str) -> None:
    cast = await make_cast()
    with clock.at(NOW):
        story = await tracked_loan(cast)
    ids = frozenset({str(story.tracker)})
    assert await audible(cast.owner.custodian, ids) == ids
    assert await audible(cast.borrower.head, ids) == ids
    for reader in (cast.borrower.officer, cast.third.custodian, cast.third.head):
        assert await audible(reader, ids) == frozenset()
