"""The entrance for the clock: delivers what has to leave, and does the jobs if no other process does.

Any number of processes may run this. The outbox is shared between them row by row; the jobs belong to whichever
process holds the advisory lock, on a connection kept for nothing else: when it is lost, so is the office.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

from shared_resources.cases.meetings.jobs import JOBS as MEETING_JOBS
from shared_resources.cases.notices.jobs import JOBS as NOTICE_JOBS
from shared_resources.equipment.jobs import JOBS
from shared_resources.equipment.trackers.jobs import JOBS as TRACKER_JOBS
from shared_resources.equipment.trackers.service.address import broker_address
from shared_resources.equipment.trackers.service.commands import desired_handler
from shared_resources.families import FAMILIES
from shared_resources.kernel import outbox
from shared_resources.kernel.casework import jobs as casework_jobs
from shared_resources.kernel.database.listen import Hub
from shared_resources.kernel.database.office import GONE, office
from shared_resources.kernel.housekeeping import KERNEL_JOBS
from shared_resources.kernel.jobs import Job, Rota
from shared_resources.kernel.mail import deliver_mail
from shared_resources.settings import settings
from shared_resources.video.jobs import JOBS as FOOTAGE_JOBS
from shared_resources.video.service import arrivals, making

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    import asyncpg

log = logging.getLogger(__name__)

KNOWN = FAMILIES
"""Imported for what it says: the clock acts on records of every family."""
LOCK = 0x5352_574F_524B_4552
"""Key of the advisory lock that the process with the jobs holds ("SRWORKER")."""
LOOK_SECONDS = 30.0
"""How long a message waits at most when no word of it came, or when it is due later."""
COPIES, ARRIVALS = 0x5352_434F_5049_4553, 0x5352_4152_5249_5645
"""Keys of the locks of the one process that makes copies of footage, and of the one that checks what came in."""
STAND_BY_SECONDS = 10.0
"""How often a process asks whether the jobs are free to take; also the pause after a failure."""
ALL_JOBS: Sequence[Job] = (
    *KERNEL_JOBS,
    *casework_jobs.JOBS,
    *JOBS,
    *TRACKER_JOBS,
    *MEETING_JOBS,
    *NOTICE_JOBS,
    *FOOTAGE_JOBS,
)
HANDLERS: Mapping[str, outbox.Handler] = {"mail": deliver_mail, "tracker": desired_handler(broker_address)}


async def run() -> None:
    """Work until SIGTERM or SIGINT; the pool must be open."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with running():
        print("The worker runs. Ctrl-C stops it.", flush=True)
        await stop.wait()


@asynccontextmanager
async def running(
    hub: Hub | None = None,
    *,
    jobs: Sequence[Job] = ALL_JOBS,
    handlers: Mapping[str, outbox.Handler] = HANDLERS,
    stand_by: float = STAND_BY_SECONDS,
) -> AsyncIterator[None]:
    """Work beside the block; on leaving, the message or job at hand is finished or rolled back, then it ends.

    Args:
        hub: the process's own, if it has one already.
        stand_by: seconds after which to ask again for jobs that another process holds.
    """
    dsn = settings().database_url
    if dsn is None:
        raise RuntimeError("no database is running")
    async with AsyncExitStack() as stack:
        if hub is None:
            hub = await stack.enter_async_context(Hub(dsn))
        tasks = [
            asyncio.create_task(deliver_always(hub, handlers), name="outbox"),
            asyncio.create_task(lead_always(dsn, jobs, stand_by), name="jobs"),
            asyncio.create_task(footage_always(dsn, hub, COPIES, stand_by), name="copies"),
            asyncio.create_task(footage_always(dsn, hub, ARRIVALS, stand_by), name="arrivals"),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def deliver_always(hub: Hub, handlers: Mapping[str, outbox.Handler]) -> None:
    """Deliver whenever a message is left, and every half minute."""
    with hub.subscribe("outbox") as reader:
        while True:
            try:
                while await outbox.deliver(handlers):
                    pass
            except Exception:
                log.exception("the outbox could not be read")
            await reader.next(LOOK_SECONDS)
            if reader.closed:
                await asyncio.sleep(LOOK_SECONDS)


async def lead_always(dsn: str, jobs: Sequence[Job], pause: float = STAND_BY_SECONDS) -> None:
    """Do the jobs whenever they are free to take, for ever."""
    while True:
        try:
            async with office(dsn, pause, lock=LOCK, name="jobs") as connection:
                await do_jobs(jobs, lambda: connection.fetchval("SELECT true", timeout=10))
        except GONE as error:
            log.warning("the jobs are no longer ours: %r", error)
        await asyncio.sleep(pause)


async def footage_always(dsn: str, hub: Hub, lock: int, pause: float = STAND_BY_SECONDS) -> None:
    """Make copies of footage, or check what came in, whenever that is free to take: both keep a core busy."""
    channel, begin, next_one = {
        COPIES: ("footage_copies", making.release_abandoned, making.make_next),
        ARRIVALS: ("footage_uploads", None, arrivals.check_next),
    }[lock]
    while True:
        try:
            async with office(dsn, pause, lock=lock, name=channel) as connection:
                if begin is not None:
                    await begin()
                await one_after_the_other(hub, channel, next_one, connection)
        except GONE as error:
            log.warning("%s is no longer ours: %r", channel, error)
        await asyncio.sleep(pause)


async def one_after_the_other(
    hub: Hub, channel: str, next_one: Callable[[], Awaitable[bool]], connection: asyncpg.Connection[Any]
) -> None:
    """Do what waits, then wait for word of more; before each, ask whether it is still ours to do.

    Raises:
        asyncpg.PostgresError, asyncpg.InterfaceError, OSError: it is not.
    """
    with hub.subscribe(channel) as reader:
        while True:
            await connection.fetchval("SELECT true", timeout=10)
            try:
                while await next_one():
                    await connection.fetchval("SELECT true", timeout=10)
            except Exception:
                log.exception("%s: one could not be done", channel)
            await reader.next(LOOK_SECONDS)
            if reader.closed:
                await asyncio.sleep(LOOK_SECONDS)


async def do_jobs(jobs: Sequence[Job], still_ours: Callable[[], Awaitable[object]]) -> None:
    """Do each job when it is due, asking before each whether it is still ours to do.

    Raises:
        asyncpg.PostgresError, asyncpg.InterfaceError, OSError: it is not.
    """
    loop = asyncio.get_running_loop()
    rota = Rota(jobs, loop.time())
    while True:
        await still_ours()
        if not await rota.run_next(loop.time()):
            await asyncio.sleep(min(rota.next_at - loop.time(), STAND_BY_SECONDS))
