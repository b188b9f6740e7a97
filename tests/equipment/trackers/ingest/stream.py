"""A fleet of devices on the register, what they say, and somebody who listens."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from shared_resources.equipment.trackers.ingest.batches import Batcher
from shared_resources.equipment.trackers.ingest.bridge import Bridge, Message
from shared_resources.equipment.trackers.service.months import keep_months
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from tests.equipment.trackers.register.devices import a_model, a_tracker
from tests.people import make_cast

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from datetime import datetime

    from tests.equipment.trackers.ingest.conftest import Mosquitto

SLOT = 300


@dataclass(frozen=True)
class Device:
    """A device that publishes itself."""

    id: UUID
    key: str


async def fleet(count: int) -> list[Device]:
    """Devices of one agency, on no item."""
    await keep_months()
    cast = await make_cast()
    await a_model(cast.owner.custodian)
    made = [(await a_tracker(cast.owner.custodian))[1] for _ in range(count)]
    async with reading() as db:
        rows = await db.fetch("SELECT id, key FROM tracker WHERE id = ANY($1) ORDER BY key", made)
    return [Device(row["id"], row["key"]) for row in rows]


def words(devices: list[Device], each: int) -> list[tuple[str, bytes]]:
    """Observations with a slot of their own each: a row for every one."""
    now = int(clock.now().timestamp()) // SLOT * SLOT
    return [
        (f"t/{one.key}/obs", json.dumps({"seq": n, "at": now - n * SLOT, "battery": 80}).encode())
        for n in range(each)
        for one in devices
    ]


def publish(
    broker: Mosquitto, told: Iterable[tuple[str, bytes]], *, retain: bool = False, name: str = "pub"
) -> None:
    """Hand messages to the broker and wait until it has taken them all. Blocks."""
    client = Client(CallbackAPIVersion.VERSION2, name)
    client.max_queued_messages_set(0)
    client.max_inflight_messages_set(1000)
    client.connect(broker.host, broker.port)
    client.loop_start()
    sent = [client.publish(topic, payload, 1, retain) for topic, payload in told]
    for one in sent:
        one.wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


@contextlib.asynccontextmanager
async def listening(broker: Mosquitto, batcher: Batcher | None = None, **more: Any) -> AsyncIterator[Listener]:
    """Listen within the block."""
    batcher = batcher or Batcher()
    bridge = Bridge(broker, batcher.wake, **more)
    bridge.start()
    task = asyncio.create_task(batcher.run(bridge))
    try:
        await until(lambda: bridge.is_connected)
        await asyncio.sleep(0.1)  # the subscription's answer
        yield Listener(bridge, batcher)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.to_thread(bridge.stop)


@dataclass
class Listener:
    """Who listens."""

    bridge: Bridge
    batcher: Batcher

    async def committed(self, count: int) -> None:
        """Wait until so many messages are committed."""
        await until(lambda: self.batcher.counts["committed"] >= count)


async def until(true: Any, seconds: float = 12) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 what is waited for happens in another thread or process
            await asyncio.sleep(0.01)


async def rows(table: str = "position") -> list[tuple[Any, ...]]:
    """Everything in a table, sorted."""
    async with reading() as db:
        return sorted(tuple(row) for row in await db.fetch(f"SELECT * FROM {table}"))


async def count(table: str = "position") -> int:
    """How many rows there are."""
    async with reading() as db:
        found: int = await db.fetchval(f"SELECT count(*) FROM {table}")
    return found


async def counted(many: int, seconds: float = 12) -> None:
    """Wait until there are so many rows of history."""
    async with asyncio.timeout(seconds):
        while await count() < many:  # noqa: ASYNC110 see above
            await asyncio.sleep(0.05)


def message(topic: str, payload: bytes, at: datetime, *, retained: bool = False) -> Message:
    """A message as the bridge hands it over."""
    return Message(topic, payload, retained, at, 1, 1, 1)
