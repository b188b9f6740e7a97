"""The live hub: words reach every reader, losses are told, nothing hangs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from shared_resources.kernel.database.listen import QUEUE, Hub, Subscription, Word
from shared_resources.kernel.database.transaction import transaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LONG = 20.0


@pytest.fixture
async def hub(db: str) -> AsyncIterator[Hub]:
    async with Hub(db) as listening:
        await listening.connected.wait()
        yield listening


async def say(channel: str, payload: str) -> None:
    async with transaction() as connection:
        await connection.execute("SELECT pg_notify($1, $2)", channel, payload)


async def lie() -> None:
    async with transaction() as connection:
        await connection.execute("SELECT pg_notify('notices', 'lie')")
        raise ZeroDivisionError


async def test_every_reader_hears_its_channels(hub: Hub) -> None:
    with hub.subscribe("notices") as one, hub.subscribe("notices", "records") as two:
        await say("records", "r")
        await say("notices", "n")
        assert await one.next(LONG) == Word("notices", "n")
        assert [await two.next(LONG), await two.next(LONG)] == [Word("records", "r"), Word("notices", "n")]


async def test_reader_that_leaves_takes_nobody_along(hub: Hub) -> None:
    with hub.subscribe("notices"):
        pass
    with hub.subscribe("notices") as later:
        await say("notices", "n")
        assert await later.next(LONG) == Word("notices", "n")


async def test_rolled_back_word_is_never_heard(hub: Hub) -> None:
    with hub.subscribe("notices") as reader:
        with pytest.raises(ZeroDivisionError):
            await lie()
        await say("notices", "truth")
        assert await reader.next(LONG) == Word("notices", "truth")


async def test_lost_connection_is_made_anew_and_readers_are_told(hub: Hub, db: str) -> None:
    with hub.subscribe("notices") as reader:
        other = await asyncpg.connect(db)
        killed = await other.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'shared-resources listen' AND datname = current_database()"
        )
        await other.close()
        assert len(killed) == 1
        word = await reader.next(LONG)
        assert word is not None
        assert word.is_resync
        await say("notices", "again")
        assert await reader.next(LONG) == Word("notices", "again")


async def test_slow_reader_is_told_to_read_anew() -> None:
    reader = Subscription(("notices",))
    for number in range(QUEUE + 1):
        reader.put(Word("notices", str(number)))
    word = await reader.next(LONG)
    assert word is not None
    assert word.is_resync
    assert await reader.next(0) is None


async def test_closing_ends_every_loop(hub: Hub) -> None:
    async def read() -> list[Word | None]:
        return [word async for word in hub.words("notices", idle=LONG)]

    reading = asyncio.create_task(read())
    await asyncio.sleep(0)
    hub.close()
    assert await reading == []
    assert [word async for word in hub.words("records", idle=LONG)] == []


async def test_silence_gives_none(hub: Hub) -> None:
    async for word in hub.words("notices", idle=0):
        assert word is None
        break


async def test_unknown_channel_is_refused(hub: Hub) -> None:
    with pytest.raises(ValueError, match="gossip"), hub.subscribe("gossip"):
        pass


async def test_start_without_a_server_goes_on_trying() -> None:
    async with Hub("postgresql://nobody@localhost:1/none") as hub:
        with hub.subscribe("notices") as reader:
            assert await reader.next(0.3) is None
