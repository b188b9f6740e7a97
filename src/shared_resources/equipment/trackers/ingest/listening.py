"""Who listens: one process of many, for as long as it holds the lock; the others stand by."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.ingest.batches import Batcher
from shared_resources.equipment.trackers.ingest.bridge import Bridge
from shared_resources.equipment.trackers.service.months import keep_months
from shared_resources.kernel.database.office import GONE, office
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import asyncpg

    from shared_resources.equipment.trackers.ingest.bridge import Address

log = logging.getLogger(__name__)

LOCK = 0x5352_4C49_5354_454E
"""Key of the advisory lock that the process with the broker holds ("SRLISTEN")."""
STAND_BY_SECONDS = 2.0
ASK_SECONDS = 5.0
"""How often the lock and the thread are looked after."""
TELL_EVERY = 12
"""Figures are logged at every twelfth look, once a minute."""


class NotWell(Exception):
    """The thread has died or its connection is dead: this process ends, its supervisor starts another."""


async def listen_always(where: Callable[[], Address], pause: float = STAND_BY_SECONDS) -> None:
    """Listen whenever the broker is free to take, for ever.

    Raises:
        NotWell: see there.
    """
    dsn = settings().database_url
    if dsn is None:
        raise RuntimeError("no database is running")
    while True:
        try:
            async with office(dsn, pause, lock=LOCK, name="listener") as connection:
                await listen(connection, where())
        except GONE as error:
            log.warning("the broker is no longer ours to listen to: %r", error)
        await asyncio.sleep(pause)


async def listen(connection: asyncpg.Connection[Any], address: Address) -> None:
    """Listen for as long as ``connection`` holds the lock.

    Raises:
        NotWell: see there.
        asyncpg.PostgresError, asyncpg.InterfaceError, OSError: the lock is lost.
    """
    await keep_months()
    batcher = Batcher()
    bridge = Bridge(address, batcher.wake)
    bridge.start()
    storing = asyncio.create_task(batcher.run(bridge), name="batches")
    try:
        await _look_after(connection, bridge, batcher, storing)
    finally:
        storing.cancel()
        await asyncio.gather(storing, return_exceptions=True)
        await asyncio.to_thread(bridge.stop)


async def _look_after(
    connection: asyncpg.Connection[Any], bridge: Bridge, batcher: Batcher, storing: asyncio.Task[None]
) -> None:
    looks = 0
    while True:
        await asyncio.wait((storing,), timeout=ASK_SECONDS)
        if storing.done() or not bridge.is_well():
            log.error("the listener is not well: %r", storing.exception() if storing.done() else "its thread")
            raise NotWell
        await connection.fetchval("SELECT true", timeout=ASK_SECONDS)
        looks += 1
        if looks % TELL_EVERY == 0:
            log.info("trackers: %s", json.dumps(figures(bridge, batcher.counts)))


def figures(bridge: Bridge, counts: Counter[str]) -> dict[str, int]:
    """What a person who looks after the system wants to know of the stream."""
    return {
        **counts,
        "waiting": len(bridge.waiting),
        "blocked": bridge.blocked,
        "connected": int(bridge.is_connected),
        "sessions_found": bridge.sessions_found,
    }
