"""A broker elsewhere with dynamic security: brought to what the register says, at every word and every minute.

What a verb issues it tells the broker itself, for only then is the password known; see ``service.credentials``.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.broker.keeping import CHANNEL, LOOK_SECONDS
from shared_resources.equipment.trackers.queries.credentials import standing_logins
from shared_resources.equipment.trackers.rules.credentials import LISTENER_MAY
from shared_resources.equipment.trackers.rules.dynsec import EVERYBODY, entering, ours, plan
from shared_resources.equipment.trackers.service.address import broker_address
from shared_resources.equipment.trackers.service.credentials import BROKER_LOCK
from shared_resources.equipment.trackers.service.dynsec import apply
from shared_resources.kernel import clock
from shared_resources.kernel.database.listen import Hub
from shared_resources.kernel.database.transaction import transaction
from shared_resources.settings import settings

if TYPE_CHECKING:
    from shared_resources.equipment.trackers.service.address import Address

log = logging.getLogger(__name__)


async def run(admin: Address) -> None:
    """Keep the broker up to date until SIGTERM or SIGINT; the pool must be open."""
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    print(f"Credentials are kept at the broker on {admin.host}:{admin.port}.", flush=True)
    tasks = [asyncio.create_task(keep(admin)), asyncio.create_task(stop.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    ended, _ = await asyncio.gather(*tasks, return_exceptions=True)
    if isinstance(ended, Exception):
        raise ended


async def keep(admin: Address) -> None:
    """Reconcile whenever something changed, for ever; a broker that is away is asked again."""
    dsn = settings().database_url
    if dsn is None:
        raise RuntimeError("no database is running")
    async with Hub(dsn, (CHANNEL,)) as hub:
        async for _ in hub.words(CHANNEL, idle=LOOK_SECONDS):
            try:
                missing = await reconcile(admin)
            except OSError as error:
                log.warning("the broker could not be brought up to date: %s", error)
            else:
                if missing:
                    log.warning("the broker does not know %s: renew their credentials", ", ".join(missing))


async def reconcile(admin: Address) -> tuple[str, ...]:
    """Bring the broker to what the register says; the names that it should know and does not.

    Raises:
        OSError: the broker cannot be reached or refuses.
    """
    listener = broker_address()
    async with transaction() as db:
        # Whoever issues credentials holds this shared until it commits: nobody just let in is thrown out here.
        await db.execute("SELECT pg_advisory_xact_lock($1)", BROKER_LOCK)
        wanted = {login.username for login in await standing_logins(clock.now())}
        (answer,) = await asyncio.to_thread(apply, admin, [EVERYBODY])
        found = ours(answer)
        commands, missing = list(plan(wanted, found - {listener.username}).commands), wanted - found
        if listener.username not in {*found, admin.username}:
            commands += entering(listener.username, listener.password, LISTENER_MAY)
        if commands:
            await asyncio.to_thread(apply, admin, commands)
    return tuple(sorted(missing))
