"""The entrance for the clock: delivers what has to leave, and does the jobs if no other process does.

Any number of processes may run this. The outbox is shared between them row by row; the jobs belong to whichever
process holds the advisory lock, on a connection kept for nothing else: when it is lost, so is the office.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from shared_resources.cases.meetings.jobs import JOBS as MEETING_JOBS
from shared_resources.cases.notices.jobs import JOBS as NOTICE_JOBS
from shared_resources.equipment.jobs import JOBS
from shared_resources.equipment.trackers.jobs import JOBS as TRACKER_JOBS
from shared_resources.equipment.trackers.service.address import broker_address
from shared_resources.equipment.trackers.service.commands import desired_handler
from shared_resources.kernel import outbox
from shared_resources.kernel.casework import jobs as casework_jobs
from shared_resources.kernel.database.listen import Hub
from shared_resources.kernel.database.office import GONE, office
from shared_resources.kernel.housekeeping import KERNEL_JOBS
from shared_resources.kernel.jobs import Job, Rota
from shared_resources.kernel.mail import deliver_mail
from shared_resources.settings import settings
from shared_resources.video.jobs import JOBS as FOOTAGE_JOBS
from shared_resources.video.service import making

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

log = logging.getLogger(__name__)

LOCK = 0x5352_574F_524B_4552
"""Key of the advisory lock that the process with the jobs holds ("SRWORKER")."""
LOOK_SECONDS = 30.0
"""How long a message waits at most when no word of it came, or when it is due later."""
COPIES = 0x5352_434F_5049_4553
"""Key of the lock that the one process holds that makes copies of footage ("SRCOPIES")."""
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
            asyncio.create_task(copy_always(dsn, hub, stand_by), name="copies"),
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


async def copy_always(dsn: str, hub: Hub, pause: float = STAND_BY_SECONDS) -> None:
    """Make copies of footage one after the other whenever that is free to take: encoding keeps a core busy."""
    while True:
        try:
            async with office(dsn, pause, lock=COPIES, name="copies") as connection:
                await make_copies(hub, lambda: connection.fetchval("SELECT true", timeout=10))
        except GONE as error:
            log.warning("making copies is no longer ours: %r", error)
        await asyncio.sleep(pause)


async def make_copies(hub: Hub, still_ours: Callable[[], Awaitable[object]]) -> None:
    """Make what waits, then wait for word of more.

    Raises:
        asyncpg.PostgresError, asyncpg.InterfaceError, OSError: it is no longer ours to do.
    """
    await making.release_abandoned()
    with hub.subscribe("footage_copies") as reader:
        while True:
            await still_ours()
            try:
                while await making.make_next():
                    await still_ours()
            except Exception:
                log.exception("a copy could not be made")
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
