"""Live word: what an open page hears, and that it ends when the house closes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.clients import client_for
from tests.people import Cast, make_cast

from shared_resources.kernel.database.listen import Hub
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.doors.live import _events
from shared_resources.kernel.notices import tell_people

PATIENCE = 10


@asynccontextmanager
async def house(db: str) -> AsyncIterator[Hub]:
    """A hub that listens."""
    async with Hub(db) as hub:
        await hub.connected.wait()
        yield hub


async def heard(stream: AsyncIterator[str]) -> tuple[str, dict[str, Any]]:
    """The next event of a stream."""
    async with asyncio.timeout(PATIENCE):
        async for text in stream:
            if text.startswith("event: "):
                name, data = text.strip().split("\n")
                return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))
    raise AssertionError("the stream ended")


async def tell(cast: Cast) -> None:
    person = cast.owner.custodian.person
    assert person is not None
    async with transaction():
        await tell_people([person], "Something happened.", {}, record=None, link="/", key="one")


async def change(number: str, *agencies: object) -> None:
    word = json.dumps({"number": number, "kind": "loan", "agencies": [str(agency) for agency in agencies]})
    async with transaction() as connection:
        await connection.execute("SELECT pg_notify('records', $1)", word)


async def test_a_page_hears_its_readers_notices_and_records_and_nobody_elses(db: str) -> None:
    cast = await make_cast()
    async with house(db) as hub:
        mine, theirs = _events(cast.owner.custodian, hub), _events(cast.third.custodian, hub)
        assert await heard(mine) == ("notices", {"unread": 0})
        assert await heard(theirs) == ("notices", {"unread": 0})
        listening = [asyncio.create_task(heard(mine)), asyncio.create_task(heard(theirs))]
        await tell(cast)
        assert await listening[0] == ("notices", {"unread": 1})
        await change("L2026-00001", cast.owner.agency, cast.borrower.agency)
        assert await heard(mine) == ("record", {"number": "L2026-00001", "kind": "loan"})
        await change("L2026-00002", cast.third.agency)
        assert await listening[1] == ("record", {"number": "L2026-00002", "kind": "loan"})
        for stream in (mine, theirs):
            await stream.aclose()  # type: ignore[attr-defined]


async def test_streams_end_when_the_house_closes(db: str) -> None:
    cast = await make_cast()
    async with house(db) as hub:
        stream = _events(cast.owner.custodian, hub)
        await heard(stream)
        waiting = asyncio.create_task(anext(stream, "over"))
        await asyncio.sleep(0)
        hub.close()
        async with asyncio.timeout(PATIENCE):
            assert await waiting == "over"


async def test_nobody_listens_without_signing_in(db: str) -> None:
    async with client_for() as browser:
        answer = await browser.page("/live")
        assert answer.status_code == 303
    async with client_for((await make_cast()).owner.custodian) as browser:
        answer = await browser.get("/live")
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.text.startswith("retry: ")
