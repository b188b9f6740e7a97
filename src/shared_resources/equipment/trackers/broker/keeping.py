"""Our own broker: started, told of every change of the credentials, ended with us.

Credentials live in the database. A verb that changes them says so on the channel ``broker``; grace ends by itself,
so the files are also looked after every minute.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import signal
import sys
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.broker import files
from shared_resources.equipment.trackers.broker.home import Home, home_of
from shared_resources.equipment.trackers.queries.credentials import standing_logins
from shared_resources.equipment.trackers.rules.credentials import SALT_BYTES, hash_of
from shared_resources.equipment.trackers.service.address import KEPT, broker_address
from shared_resources.kernel import clock
from shared_resources.kernel.children import die_with_parent
from shared_resources.kernel.database.listen import Hub
from shared_resources.settings import settings, variable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from shared_resources.equipment.trackers.rules.credentials import Login

CHANNEL = "broker"
NONE = "none"
SYSTEM_PROGRAMS = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"
ADDED = "broker.d"
"""Folder of the state folder whose ``*.conf`` stand at the end of Mosquitto's configuration."""
LOOK_SECONDS = 60.0
START_SECONDS = 20.0
STOP_SECONDS = 10.0
FALLBACK = "shared_resources.equipment.trackers.broker.fallback"
BANNER = (
    "Demo broker: delivery not guaranteed. Mosquitto is not installed, so a broker in Python stands in for it; "
    "in real use install mosquitto."
)


class Keeper:
    """Writes what the broker reads, and has it read again."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._password = settings().kept_secret(KEPT).decode()
        # The same salt for as long as we live: a file that says the same is not written again.
        self._hash = hash_of(self._password, os.urandom(SALT_BYTES))

    def configure(self) -> str:
        """Write the configuration and the certificates it names; returns its path."""
        chosen, home = settings(), self.home
        tls = chosen.broker_tls_dir
        revoked = tls is not None and (tls / "crl.pem").exists()
        where = files.Listening(
            str(home.folder),
            chosen.broker_host,
            chosen.broker_port,
            None if tls is None else chosen.broker_tls_port,
            revoked,
        )
        home.write("mosquitto.conf", "\n".join([files.configuration(where), *self._added()]).encode())
        self._certificates()
        return str(home.folder / "mosquitto.conf")

    def write(self, logins: Sequence[Login]) -> bool:
        """Write who is let in and may do what; whether anything changed."""
        changed = [
            self.home.write("acl", files.access(logins).encode()),
            self.home.write("acl-certificates", files.access_by_certificate().encode()),
            self.home.write("passwords", files.passwords(logins, self._hash).encode()),
            self._certificates(),
        ]
        return any(changed)

    def _added(self) -> list[str]:
        """What the operator adds: bridges to the servers of others."""
        return [path.read_text("utf-8") for path in sorted((settings().state_dir / ADDED).glob("*.conf"))]

    def _certificates(self) -> bool:
        """Copy them to where the broker may read them; whether one is new."""
        folder = settings().broker_tls_dir
        if folder is None:
            return False
        names = ["ca.crt", "server.crt", "server.key"] + ["crl.pem"] * (folder / "crl.pem").exists()
        changed = [self.home.write(name, (folder / name).read_bytes()) for name in names]
        return any(changed)


async def run() -> None:
    """Run the broker until SIGTERM or SIGINT; the pool must be open.

    Raises:
        SystemExit: there is no program for it, it does not start, or it ended by itself.
    """
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with kept() as ended:
        chosen = settings()
        print(f"The broker listens on {chosen.broker_host}:{chosen.broker_port}.", flush=True)
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait((stopping, ended), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not stop.is_set():
            raise SystemExit(f"The broker has ended: {await ended}")


@asynccontextmanager
async def kept() -> AsyncIterator[asyncio.Task[str]]:
    """Our own broker with the credentials as they are, for as long as the block lasts.

    Yields:
        A task that says why it is over, if it is so before the block.

    Raises:
        SystemExit: there is no program for it, or it does not start.
    """
    home = home_of(settings())
    with _alone(home):
        keeper = Keeper(home)
        keeper.configure()
        keeper.write(await standing_logins(clock.now()))
        async with running(home) as process:
            keeping = asyncio.create_task(_keep(keeper, process), name="credentials")
            ended = asyncio.create_task(_ending(keeping, process))
            try:
                yield ended
            finally:
                keeping.cancel()
                ended.cancel()
                await asyncio.gather(keeping, ended, return_exceptions=True)


@asynccontextmanager
async def running(home: Home) -> AsyncIterator[asyncio.subprocess.Process]:
    """The broker's process, answering; ended with the block.

    Raises:
        SystemExit: it does not start.
    """
    command, runner = command_of(home)
    process = await asyncio.create_subprocess_exec(
        *command, start_new_session=True, preexec_fn=die_with_parent(), cwd="/", **runner
    )
    try:
        address = broker_address()
        until = asyncio.get_running_loop().time() + START_SECONDS
        while not await _answers(address.host, address.port):
            if process.returncode is not None or asyncio.get_running_loop().time() > until:
                raise SystemExit(f"The broker does not start on port {address.port}; see above.")
            await asyncio.sleep(0.02)
        if process.returncode is not None:
            raise SystemExit(f"Somebody else is on port {address.port}.")
        yield process
    finally:
        await _ended(process)


def command_of(home: Home) -> tuple[list[str], dict[str, Any]]:
    """The command line of the broker that this machine has, and as whom it runs.

    Raises:
        SystemExit: it has none.
    """
    conf = str(home.folder / "mosquitto.conf")
    program = find_mosquitto()
    if program is not None:
        return [program, "-c", conf], dict(home.runner)
    print(BANNER, file=sys.stderr, flush=True)
    chosen = settings()
    return [sys.executable, "-m", FALLBACK, str(home.folder), chosen.broker_host, str(chosen.broker_port)], {}


def find_mosquitto() -> str | None:
    """The program as set, on the path, or where Debian puts what is not on everybody's path.

    Raises:
        SystemExit: the one that was set is not there.
    """
    named = settings().mosquitto
    if named == NONE:
        return None
    found = shutil.which(named or "mosquitto") or shutil.which(named or "mosquitto", path=SYSTEM_PROGRAMS)
    if named and not found:
        raise SystemExit(f"{variable('mosquitto')}: there is no program {named}")
    return found


async def _keep(keeper: Keeper, process: asyncio.subprocess.Process) -> None:
    dsn = settings().database_url
    if dsn is None:
        raise RuntimeError("no database is running")
    async with Hub(dsn, (CHANNEL,)) as hub:
        async for _ in hub.words(CHANNEL, idle=LOOK_SECONDS):
            if keeper.write(await standing_logins(clock.now())):
                process.send_signal(signal.SIGHUP)


async def _ending(keeping: asyncio.Task[None], process: asyncio.subprocess.Process) -> str:
    waiting = asyncio.create_task(process.wait())
    await asyncio.wait((waiting, keeping), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    return (
        repr(keeping.exception()) if keeping.done() and not keeping.cancelled() else f"code {process.returncode}"
    )


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Ask it to end, which saves its sessions; then make it."""
    for end in (process.terminate, process.kill):
        with suppress(ProcessLookupError):
            end()
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
            return


async def _answers(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    with (home.folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"Another broker runs in {home.folder}.") from None
        yield
