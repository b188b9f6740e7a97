"""A PostgreSQL server for one run, its databases, and the statements that the house sends."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg

from shared_resources.kernel.database.cluster import Cluster, cluster_of
from shared_resources.kernel.database.engine import APP_ROLE, connect, disconnect
from shared_resources.kernel.database.migrate import migrate
from shared_resources.kernel.database.postgres import running_postgres
from shared_resources.settings import PREFIX, Settings, settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

QUICK = {
    "fsync": "off",
    "synchronous_commit": "off",
    "shared_buffers": "1GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "autovacuum": "off",
}
"""Both sides of every ratio run on it. Without waiting for the disk what the house adds weighs most."""
METHODS = ("execute", "fetch", "fetchrow", "fetchval", "executemany")
FAREWELL = "SELECT pg_advisory_unlock_all"

Said = tuple[str, str, tuple[Any, ...]]
"""Method, statement, values."""


@contextmanager
def server() -> Iterator[Cluster]:
    """An embedded server in a folder of its own, gone afterwards."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="sr-bench-"))
    folder.chmod(0o711)  # the server's own user must get through when we are root
    os.environ[f"{PREFIX}STATE_DIR"] = str(folder)
    settings.cache_clear()
    chosen = Settings(state_dir=folder)
    try:
        with running_postgres(chosen, QUICK):
            yield cluster_of(chosen)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def database(cluster: Cluster, name: str) -> AsyncIterator[str]:
    """A migrated database with the house's pool open on it; the value is its address as owner."""
    db = await asyncpg.connect(cluster.dsn())
    await db.execute(f"CREATE DATABASE {name}")
    await db.close()
    dsn = cluster.dsn(name)
    await migrate(dsn)
    await connect(dsn, min_size=1, max_size=4)
    try:
        yield dsn
    finally:
        await disconnect()


@asynccontextmanager
async def bare(dsn: str, *, owner: bool = False) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A plain connection: asyncpg and nothing of ours."""
    role = {} if owner else {"role": APP_ROLE}
    db = await asyncpg.connect(dsn, server_settings={**role, "timezone": "UTC"})
    try:
        yield db
    finally:
        await db.close()


@contextmanager
def recorded() -> Iterator[list[Said]]:
    """Every statement that the house sends while the block runs, with its values."""
    said: list[Said] = []
    kept = {name: getattr(asyncpg.Connection, name) for name in METHODS}
    for name, method in kept.items():
        setattr(asyncpg.Connection, name, _listening(name, method, said))
    try:
        yield said
    finally:
        for name, method in kept.items():
            setattr(asyncpg.Connection, name, method)


def _listening(name: str, method: Callable[..., Any], said: list[Said]) -> Callable[..., Any]:
    async def listen(self: Any, query: str, *args: Any, **kwargs: Any) -> Any:
        if not query.startswith(FAREWELL):
            said.append((name, query, args))
        return await method(self, query, *args, **kwargs)

    return listen


async def replay(db: asyncpg.Connection[Any], said: Sequence[Said]) -> None:
    """Send the same statements again, one after the other."""
    for method, query, values in said:
        await getattr(db, method)(query, *values)


async def timed(work: Callable[[], Awaitable[Any]], times: int) -> list[float]:
    """Seconds of each of so many runs, after one that does not count; shortest first."""
    await work()
    found: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        found.append(time.perf_counter() - began)
    return sorted(found)


def part(seconds: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the sorted ``seconds`` lie."""
    return seconds[min(len(seconds) - 1, int(len(seconds) * share))]
