"""Listeners as processes: killed in mid-stream, and two of them at once."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import asyncpg

from tests.equipment.trackers.ingest.stream import count, counted, fleet, listening, publish, words

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.equipment.trackers.ingest.conftest import Mosquitto

CHILD = "tests.equipment.trackers.ingest.child"
HELD = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"


@contextlib.asynccontextmanager
async def child(dsn: str, broker: Mosquitto) -> AsyncIterator[subprocess.Popen[bytes]]:
    """A listener; killed at the end of the block without a chance to say anything."""
    process = subprocess.Popen([sys.executable, "-m", CHILD, dsn, str(broker.port)])  # noqa: ASYNC220 does not wait
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(5)


async def test_killed_in_mid_stream_nothing_is_lost_or_applied_twice(db: str, mosquitto: Mosquitto) -> None:
    chance = random.Random(21)
    devices = await fleet(10)
    told = words(devices, 500)
    async with listening(mosquitto):
        pass  # makes the session
    publishing = asyncio.create_task(asyncio.to_thread(publish, mosquitto, told))
    for _ in range(3):
        before = await count()
        async with child(db, mosquitto):
            if before < len(told):
                await counted(before + 1)
            await asyncio.sleep(chance.uniform(0.0, 0.1))
    await publishing
    async with child(db, mosquitto):
        await counted(len(told))
    assert await count() == len(told)
    assert await count("tracker_state") == len(devices)
    assert await count("quarantine") == 0


async def test_of_two_listeners_one_connects(db: str, mosquitto: Mosquitto) -> None:
    told = words(await fleet(2), 40)
    async with listening(mosquitto):
        pass  # makes the session
    watcher = await asyncpg.connect(db)
    async with child(db, mosquitto) as first, child(db, mosquitto) as second:
        await asyncio.to_thread(publish, mosquitto, told[:1])
        await until_held(watcher)
        await asyncio.sleep(1)
        assert len(await watcher.fetch(HELD)) == 1
        assert first.poll() is None
        assert second.poll() is None
        await asyncio.to_thread(publish, mosquitto, told[:40])
        await counted(40)
        first.kill()
        await asyncio.to_thread(publish, mosquitto, told[40:])
        await counted(80)
    await watcher.close()


async def until_held(watcher: asyncpg.Connection) -> None:  # type: ignore[type-arg]
    """Wait until somebody has the office."""
    async with asyncio.timeout(10):
        while not await watcher.fetch(HELD):  # noqa: ASYNC110 another process does it
            await asyncio.sleep(0.05)
