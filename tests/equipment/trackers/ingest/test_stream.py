"""What the broker hands over is applied once, whatever happens in between."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest

from shared_resources.equipment.trackers.ingest.batches import Batcher
from shared_resources.equipment.trackers.ingest.storing import store
from shared_resources.kernel import clock
from tests.equipment.trackers.ingest.stream import (
    count,
    counted,
    fleet,
    listening,
    message,
    publish,
    rows,
    until,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.equipment.trackers.ingest.bridge import Message
    from tests.equipment.trackers.ingest.conftest import Mosquitto


async def test_every_word_is_kept_once(db: str, mosquitto: Mosquitto) -> None:
    told = words(await fleet(5), 60)
    async with listening(mosquitto) as listener:
        await asyncio.to_thread(publish, mosquitto, told)
        await listener.committed(len(told))
        await asyncio.to_thread(publish, mosquitto, told[:100], name="again")
        await listener.committed(len(told) + 100)
    assert await count() == len(told)
    assert await count("tracker_state") == 5


async def test_the_database_loses_its_connections_in_mid_stream(db: str, mosquitto: Mosquitto) -> None:
    chance = random.Random(4)
    told = words(await fleet(10), 400)
    async with listening(mosquitto) as listener:
        publishing = asyncio.create_task(asyncio.to_thread(publish, mosquitto, told))
        killer = await asyncpg.connect(db)
        for _ in range(6):
            await asyncio.sleep(chance.uniform(0.05, 0.3))
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'shared-resources' AND datname = current_database()"
            )
        await publishing
        await listener.committed(len(told))
    # Read past the pool: what it hands out may have been killed a moment ago and not know it yet.
    assert await killer.fetchval("SELECT count(*) FROM position") == len(told)
    assert await killer.fetchval("SELECT count(*) FROM quarantine") == 0
    await killer.close()


async def test_listeners_die_in_mid_stream(db: str, mosquitto: Mosquitto) -> None:
    """Each dies without a word to the broker: what it had not acknowledged comes again to the next."""
    chance = random.Random(7)
    told = words(await fleet(10), 300)
    async with listening(mosquitto):
        pass
    publishing = asyncio.create_task(asyncio.to_thread(publish, mosquitto, told))
    for _ in range(5):
        async with listening(mosquitto) as listener:
            await asyncio.sleep(chance.uniform(0.0, 0.15))
            listener.bridge._client._sock_close()  # type: ignore[attr-defined]
    await publishing
    async with listening(mosquitto):
        await counted(len(told))
    assert await count() == len(told)


async def test_the_broker_is_restarted(db: str, mosquitto: Mosquitto) -> None:
    devices = await fleet(3)
    first, second = words(devices, 40)[:60], words(devices, 40)[60:]
    async with listening(mosquitto) as listener:
        await asyncio.to_thread(publish, mosquitto, first)
        await asyncio.to_thread(mosquitto.restart)
        await until(lambda: not listener.bridge.is_connected or listener.bridge.generation > 1)
        await until(lambda: listener.bridge.is_connected)
        await asyncio.to_thread(publish, mosquitto, second)
        await counted(120)
    assert listener.bridge.sessions_found == 1


async def test_retained_garbage_is_put_aside_and_does_not_come_with_every_connection(
    db: str, mosquitto: Mosquitto
) -> None:
    (device,) = await fleet(1)
    garbage = [(f"t/{device.key}/obs", b"\xff\x00{" * 2000)]
    await asyncio.to_thread(publish, mosquitto, garbage, retain=True)
    async with listening(mosquitto) as listener:
        await listener.committed(1)
        await asyncio.to_thread(publish, mosquitto, words([device], 3))
        await listener.committed(4)
    async with listening(mosquitto) as listener:
        await asyncio.to_thread(publish, mosquitto, words([device], 4))
        await listener.committed(4)
        assert listener.batcher.counts["committed"] == 4  # nothing retained came again
        assert listener.bridge.sessions_found == 1
    assert await count() == 4
    ((_, topic, payload, size, retained, reason, _),) = await rows("quarantine")
    assert (topic, len(payload), size, retained) == (garbage[0][0], 2048, 6000, True)
    assert reason


async def test_retained_words_are_old_news(db: str) -> None:
    (device,) = await fleet(1)
    now = clock.now()
    said = json.dumps({"at": now.timestamp()}).encode()
    await store([message(f"t/{device.key}/obs", said, now, retained=True)])
    assert [row[3] for row in await rows("tracker_state")] == [now]
    assert [row[4] for row in await rows("tracker_state")] == [False]


async def test_one_poisoned_message_goes_and_the_rest_stays(db: str, mosquitto: Mosquitto) -> None:
    told = words(await fleet(4), 25)
    poison = told[37]

    async def fails(batch: Sequence[Message]) -> Counter[str]:
        if any((one.topic, one.payload) == poison for one in batch):
            raise ValueError("poison")
        return await store(batch)

    async with listening(mosquitto, Batcher(fails)) as listener:
        await asyncio.to_thread(publish, mosquitto, told)
        await listener.committed(len(told))
    assert await count() == len(told) - 1
    ((_, topic, payload, *_),) = await rows("quarantine")
    assert (topic, payload) == poison
    assert listener.batcher.counts["halved"] <= 7


async def test_what_waits_is_bounded(db: str, mosquitto: Mosquitto) -> None:
    told = words(await fleet(4), 200)
    gate = asyncio.Event()

    async def waits(batch: Sequence[Message]) -> Counter[str]:
        await gate.wait()
        return await store(batch)

    async with listening(mosquitto, Batcher(waits), waiting=50) as listener:
        await asyncio.to_thread(publish, mosquitto, told)
        await until(lambda: listener.bridge.blocked)
        assert len(listener.bridge.waiting) <= 50
        gate.set()
        await listener.committed(len(told))
    assert await count() == len(told)


async def test_strangers_leave_nothing(db: str) -> None:
    (device,) = await fleet(1)
    now = clock.now()
    tally = await store([message("t/nobody/obs", b"{}", now), message("s/none/BTtoMQTT/AABBCCDDEEFF", b"{}", now)])
    assert tally["unknown"] == 2
    assert [await count(), await count("quarantine")] == [0, 0]
    assert device.key


@pytest.mark.parametrize("ago", [timedelta(minutes=11), timedelta(days=29)])
async def test_late_words_are_history(db: str, ago: timedelta) -> None:
    (device,) = await fleet(1)
    now = clock.now()
    await store([message(f"t/{device.key}/obs", json.dumps({"at": (now - ago).timestamp()}).encode(), now)])
    assert [row[6] for row in await rows()] == [False]
