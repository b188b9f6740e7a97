"""The web process: socket first, database next, then the pages; Ctrl-C and SIGTERM undo it in reverse."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn

from shared_resources.cli.children import beside
from shared_resources.cli.loading import load
from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.database.migrate import migrate
from shared_resources.kernel.database.postgres import running_postgres
from shared_resources.settings import settings, variable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

GRACE_SECONDS = 5
"""How long open requests may take after we were asked to stop."""


class CannotListen(SystemExit):
    """The address cannot be used; the message says why and which setting changes it."""


class Server(uvicorn.Server):
    """uvicorn that says where we are as soon as one can come in."""

    greeting = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then greet."""
        await super().startup(sockets)
        if self.started:
            print(self.greeting, flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let live pages go first: they would not end by themselves."""
        load("shared_resources.kernel.web.live:end_streams")()
        await super().shutdown(sockets)


@contextmanager
def database() -> Iterator[str]:
    """A migrated database; its address stands in ``settings().database_url`` for everybody below."""
    with running_postgres(settings()) as dsn:
        tell(database_url=dsn)
        asyncio.run(migrate(dsn))
        yield dsn


async def with_pool(work: Callable[[], Awaitable[Any]]) -> Any:
    """Do ``work`` with the pool open on the database of the settings."""
    chosen = settings()
    if chosen.database_url is None:
        raise RuntimeError("the database is not running: call this within database()")
    await connect(chosen.database_url, min_size=min(1, chosen.pool_min), max_size=chosen.pool_max)
    try:
        return await work()
    finally:
        await disconnect()


def tell(**values: object) -> None:
    """Change settings of this process and of those it starts."""
    for name, value in values.items():
        os.environ[variable(name)] = str(value)
    settings.cache_clear()


def serve(*, demo: bool = False, site: Path | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Args:
        demo: load the demo first (once) and print its sign-ins.
        site: the front end's folder, to say what to do when it was not built.

    Raises:
        CannotListen: the port is taken or not ours to use.
    """
    with closing(_bound()) as listener:
        tell(port=listener.getsockname()[1])
        if demo:
            tell(demo=True)
        with database():
            sign_ins = asyncio.run(with_pool(load("shared_resources.demo:load"))) if demo else []
            companions = _companions(demo)
            with beside(*companions):
                _run(listener, _greeting(sign_ins or [], broker="broker" in companions))


def _companions(demo: bool) -> tuple[str, ...]:
    """What runs beside the pages for trackers. In the demo the broker takes another port if its own is taken."""
    chosen = settings()
    if not (demo or chosen.trackers):
        return ()
    if chosen.broker_url is not None:
        return ("listen",)
    if demo and not _is_free(chosen.broker_host, chosen.broker_port):
        tell(broker_port=_free_port(chosen.broker_host))
    tell(trackers=True)
    drives = demo and load("shared_resources.demo.journeys:path")().exists()
    return ("broker", "listen", "drive-demo") if drives else ("broker", "listen")


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _run(listener: socket.socket, greeting: str) -> None:
    chosen = settings()
    config = uvicorn.Config(
        load("shared_resources.app:create_app")(_offered() if chosen.demo else ()),
        lifespan="on",
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=chosen.proxies > 0,
        forwarded_allow_ips="*" if chosen.proxies else None,
        server_header=False,
        access_log=False,
        ws="none",
        log_level="warning",
    )
    server = Server(config)
    server.greeting = greeting
    server.run(sockets=[listener])
    if not server.started:
        raise SystemExit("The server did not start; see above.")


def _offered() -> list[Any]:
    """The demo's sign-ins as the sign-in page shows them."""
    make = load("shared_resources.kernel.doors.sign_in:DemoSignIn")
    password = load("shared_resources.demo.agencies:PASSWORD")
    return [make(username, password, what) for username, what in load("shared_resources.demo.loading:SIGN_INS")]


def _bound() -> socket.socket:
    chosen = settings()
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((chosen.host, chosen.port))
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"Cannot listen on {chosen.host}, port {chosen.port}: {error.strerror}. "
            f"Name another port: {variable('port')}=8001"
        ) from None
    return listener


def _stand_in() -> str:
    keeping = "shared_resources.equipment.trackers.broker.keeping"
    return "" if load(f"{keeping}:find_mosquitto")() else f"\n  {load(f'{keeping}:BANNER')}"


def _greeting(sign_ins: list[object], *, broker: bool) -> str:
    chosen = settings()
    lines = ["", f"  Shared Resources is at {chosen.address}", *(f"    {line}" for line in sign_ins)]
    if broker:
        lines.append(f"  Trackers' broker: mqtt://{chosen.broker_host}:{chosen.broker_port}{_stand_in()}")
    return "\n".join([*lines, "  Ctrl-C stops it.", ""])
