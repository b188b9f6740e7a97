"""kill -9 of PostgreSQL in mid-stream: the listener waits for it; nothing that the broker handed over is lost."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import asyncpg

from tests.equipment.trackers.ingest.stream import fleet, listening, publish, words
from tests.equipment.trackers.ingest.test_processes import child
from tests.proofs.serving import House, a_house

if TYPE_CHECKING:
    from tests.equipment.trackers.ingest.conftest import Mosquitto

DEVICES, EACH = 20, 500


async def stored(house: House) -> tuple[int, int]:
    """Rows of history and of state, asked on a connection of its own."""
    connection = await asyncpg.connect(house.cluster.dsn())
    try:
        row = await connection.fetchrow(
            "SELECT (SELECT count(*) FROM position) AS history, (SELECT count(*) FROM tracker_state) AS state"
        )
        assert row is not None
        return row["history"], row["state"]
    finally:
        await connection.close()


async def at_least(house: House, rows: int) -> None:
    """Wait until there are so many rows of history."""
    async with asyncio.timeout(30):
        while (await stored(house))[0] < rows:  # noqa: ASYNC110 another process writes them
            await asyncio.sleep(0.02)


async def test_database_killed_in_mid_stream(mosquitto: Mosquitto) -> None:
    chance = random.Random(197)
    with a_house(WORKER_IN_PROCESS="false") as house:
        async with house.database():
            devices = await fleet(DEVICES)
        async with listening(mosquitto):
            pass  # makes the session
        told = words(devices, EACH)
        async with child(house.cluster.dsn(), mosquitto):
            publishing = asyncio.create_task(asyncio.to_thread(publish, mosquitto, told))
            await at_least(house, 1)
            await asyncio.sleep(chance.uniform(0.0, 0.05))
            assert (await stored(house))[0] < len(told), "the stream ended before the kill"
            house.kill(database=True)
            house.start()
            await publishing
            await at_least(house, len(told))
        assert await stored(house) == (len(told), DEVICES)
