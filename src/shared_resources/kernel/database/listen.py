"""Word from the database as it happens: one LISTEN connection a process, spread in memory.

A word may be lost (a reconnect, a reader too slow for its queue). Then the reader gets ``RESYNC`` and reads anew;
nothing else may lean on a word having come.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg

from shared_resources.kernel.database.engine import APP_ROLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

log = logging.getLogger(__name__)

CHANNELS = ("footage_copies", "footage_uploads", "notices", "outbox", "records", "trackers")
"""``notices``: id of the person told; ``outbox``: nothing; ``records``: JSON, see ``kernel.journal``;
``trackers``: a JSON list of the ids of trackers that said something; ``footage_…``: what waits to be done."""
RESYNC = "resync"
QUEUE = 100
IDLE_SECONDS = 15.0
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
HEARTBEAT_SECONDS = 30.0
"""A line that died without a word (a firewall's doing) is noticed this late."""


@dataclass(frozen=True)
class Word:
    """What was said on which channel; ``RESYNC`` as payload says that words may have been missed."""

    channel: str
    payload: str

    @property
    def is_resync(self) -> bool:
        """Whether the reader has to read everything anew."""
        return self.payload == RESYNC


class Subscription:
    """A bounded queue of words for one reader."""

    def __init__(self, channels: Sequence[str]) -> None:
        self.channels = frozenset(channels)
        self._queue: asyncio.Queue[Word | None] = asyncio.Queue(QUEUE)
        self.closed = False

    def put(self, word: Word) -> None:
        """Add a word; a reader that is too slow loses them all and has to read anew."""
        if self._queue.full():
            self._empty()
            for channel in sorted(self.channels):
                self._queue.put_nowait(Word(channel, RESYNC))
        else:
            self._queue.put_nowait(word)

    def close(self) -> None:
        """Let the reader's loop end."""
        self.closed = True
        self._empty()
        self._queue.put_nowait(None)

    async def next(self, seconds: float = IDLE_SECONDS) -> Word | None:
        """The next word, or None when none came in time or the hub was closed."""
        try:
            async with asyncio.timeout(seconds):
                return await self._queue.get()
        except TimeoutError:
            return None

    def _empty(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()


class Hub:
    """The process's one listening connection; use as ``async with Hub(dsn) as hub``."""

    def __init__(self, dsn: str, channels: Sequence[str] = CHANNELS) -> None:
        self._dsn = dsn
        self._channels = tuple(channels)
        self._readers: set[Subscription] = set()
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self.connected = asyncio.Event()

    async def __aenter__(self) -> Hub:
        self._task = asyncio.create_task(self._run(), name="listen")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def close(self) -> None:
        """End every reader's loop now (a server that stops does not wait for live pages)."""
        self._closed = True
        for reader in list(self._readers):
            reader.close()

    @contextmanager
    def subscribe(self, *channels: str) -> Iterator[Subscription]:
        """A queue of the words on ``channels`` for as long as the block lasts."""
        unknown = set(channels) - set(self._channels)
        if unknown or not channels:
            raise ValueError(f"no such channels: {sorted(unknown)}")
        reader = Subscription(channels)
        self._readers.add(reader)
        if self._closed:
            reader.close()
        try:
            yield reader
        finally:
            self._readers.discard(reader)

    async def words(self, *channels: str, idle: float = IDLE_SECONDS) -> AsyncIterator[Word | None]:
        """Words as they come, None when none came for ``idle`` seconds; ends when the hub closes."""
        with self.subscribe(*channels) as reader:
            while not reader.closed:
                word = await reader.next(idle)
                if not reader.closed:
                    yield word

    def _spread(self, channel: str, payload: str) -> None:
        for reader in self._readers:
            if channel in reader.channels:
                reader.put(Word(channel, payload))

    def _heard(self, _connection: Any, _pid: int, channel: str, payload: object) -> None:
        self._spread(channel, str(payload))

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._closed:
            try:
                await self._listen()
                pause = FIRST_PAUSE
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("not listening to the database: %s", error)
            finally:
                self.connected.clear()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _listen(self) -> None:
        """Listen until the connection is lost; raises when it cannot be had."""
        settings = {"role": APP_ROLE, "application_name": "shared-resources listen"}
        connection = await asyncpg.connect(self._dsn, timeout=10, server_settings=settings)
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        try:
            for channel in self._channels:
                await connection.add_listener(channel, self._heard)
            self.connected.set()
            for channel in self._channels:
                self._spread(channel, RESYNC)
            while not await _within(lost, HEARTBEAT_SECONDS):
                await connection.fetchval("SELECT true", timeout=10)
        finally:
            # Without UNLISTEN: a cancelled one would leave the next reader deaf.
            connection.terminate()


async def _within(event: asyncio.Event, seconds: float) -> bool:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
