"""Batches from the thread to the database and back: committed, then acknowledged. Nothing stops the stream."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

import asyncpg

from shared_resources.equipment.trackers.ingest.storing import quarantine, store
from shared_resources.kernel.database.transaction import RETRIED, TransactionAborted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from shared_resources.equipment.trackers.ingest.bridge import Bridge, Message

T = TypeVar("T")
log = logging.getLogger(__name__)

LARGEST = 500
"""Half of what the broker hands over unacknowledged: while one half is written the other comes."""
LINGER_SECONDS, LOOK_SECONDS = 0.05, 0.005
"""How long more messages are waited for, a batch of one costs as much as one of a hundred; how often one looks."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
OUTAGE = (
    *RETRIED,
    OSError,
    TimeoutError,
    TransactionAborted,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.SyntaxOrAccessError,
    asyncpg.LockNotAvailableError,
)
"""What a batch is not to blame for: the database is away, full, being stopped or not migrated yet."""


class Batcher:
    """Takes from a bridge, stores, settles; ``wake`` is to be called from any thread."""

    def __init__(self, storing: Callable[[Sequence[Message]], Awaitable[Counter[str]]] = store) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._asked = False
        self._store = storing
        self.counts: Counter[str] = Counter()

    def wake(self) -> None:
        """Let the batcher look; once for as many messages as come until it does."""
        if not self._asked:
            self._asked = True
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self, bridge: Bridge) -> None:
        """Store what comes, for ever."""
        while True:
            batch = await self._take(bridge)
            await self._commit(batch)
            bridge.settle(batch)
            self.counts["committed"] += len(batch)
            self.counts["batches"] += 1

    async def _take(self, bridge: Bridge) -> list[Message]:
        while not bridge.waiting:
            await self._woken.wait()
            self._woken.clear()
            self._asked = False
        until = self._loop.time() + LINGER_SECONDS
        while len(bridge.waiting) < LARGEST and self._loop.time() < until:  # noqa: ASYNC110 waking each time costs more
            await asyncio.sleep(LOOK_SECONDS)
        return [bridge.waiting.popleft() for _ in range(min(LARGEST, len(bridge.waiting)))]

    async def _commit(self, batch: Sequence[Message]) -> None:
        """Store a batch, however long the database is away; one that it refuses is halved down to the culprit."""
        try:
            self.counts += await self._patiently(lambda: self._store(batch))
        except Exception as error:
            if len(batch) > 1:
                self.counts["halved"] += 1
                half = len(batch) // 2
                await self._commit(batch[:half])
                await self._commit(batch[half:])
                return
            log.exception("one message was put aside: its topic is %s", batch[0].topic)
            await self._put_aside(batch[0], repr(error))

    async def _put_aside(self, message: Message, reason: str) -> None:
        try:
            await self._patiently(lambda: quarantine(message, reason))
        except Exception:
            log.exception("a message could not even be put aside: its topic is %s", message.topic)
        self.counts["quarantined"] += 1

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        pause = FIRST_PAUSE
        while True:
            try:
                return await work()
            except OUTAGE as error:
                self.counts["retried"] += 1
                log.warning("the database is not to be had: %r; once more in %.1f s", error, pause)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 jitter, not a secret
            pause = min(2 * pause, LONGEST_PAUSE)
