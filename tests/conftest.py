"""One real PostgreSQL for the run, a fresh migrated database for each test that asks, and no way out."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import itertools
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import argon2
import asyncpg
import hypothesis
import pytest

from shared_resources.families import FAMILIES
from shared_resources.kernel.database.cluster import Cluster, cluster_of
from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.database.migrate import migrate
from shared_resources.kernel.database.postgres import running_postgres
from shared_resources.kernel.identity import passwords
from shared_resources.settings import PREFIX, Settings, settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("house")
"""Everybody tries the same examples, on slow machines too; ``--hypothesis-profile=explore`` looks for new ones."""

HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""The tests' database may be lost with the machine; no test proves durability with it."""
assert FAMILIES, "acts of one department open records of another: every family is loaded"
TEMPLATE = "migrated"
SLOW = (
    "proofs/test_killed.py",
    "test_demo_trackers.py",
    "test_demo_cases.py",
    "proofs/test_foreign_is_unknown.py",
    "proofs/test_cases_matrix.py",
    "cli/test_serve.py",
    "cli/test_children.py",
    "proofs/test_api_by_its_document.py",
    "kernel/test_postgres.py",
    "ingest/test_database_killed.py",
    "proofs/test_two_hundred_approvals.py",
    "equipment/test_booking_races.py",
)
"""Files that take longest. They go first, so that at the end no process works alone on one of them."""
numbers = itertools.count(1)
MEMORY, ROOM = Path("/dev/shm"), 4 << 30


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow files first, each as a whole; else the order stays."""
    items.sort(key=lambda item: not item.path.as_posix().endswith(SLOW))


@pytest.fixture(scope="session", autouse=True)
def state_dir() -> Iterator[Path]:
    """A state folder for this run, named by the environment; any settings of the caller are put aside."""
    folder = Path(tempfile.mkdtemp(prefix="sr-test-", dir=_memory()))
    folder.chmod(0o711)  # ours: the server's user must get through when we are root
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            patch.delenv(name)
        patch.setenv(f"{PREFIX}STATE_DIR", str(folder))
        settings.cache_clear()
        yield folder
    settings.cache_clear()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def no_way_out() -> Iterator[None]:
    """Let no test reach another machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] != "localhost":
            assert ipaddress.ip_address(address[0]).is_loopback, f"a test wants to reach {address}"
        real(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        yield


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hashes of passwords that cost next to nothing; known and unknown names still cost the same."""
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", cheap)
        patch.setattr(passwords, "DUMMY", cheap.hash("nobody knows this word"))
        yield


@pytest.fixture(scope="session")
def postgres(state_dir: Path) -> Iterator[Cluster]:
    """The embedded server of this run."""
    chosen = Settings(state_dir=state_dir)
    with running_postgres(chosen, HURRY):
        yield cluster_of(chosen)


@pytest.fixture(scope="session")
def template_dsn(postgres: Cluster) -> str:
    """A database that is migrated and otherwise empty; copy it, never connect to it while others copy."""
    asyncio.run(_execute(postgres, f"CREATE DATABASE {TEMPLATE}"))
    asyncio.run(migrate(postgres.dsn(TEMPLATE)))
    return postgres.dsn(TEMPLATE)


@pytest.fixture
def dsn(postgres: Cluster, template_dsn: str) -> Iterator[str]:
    """The address, as owner, of a fresh migrated database; no pool is open."""
    with copy_of(postgres, TEMPLATE) as address:
        yield address


@pytest.fixture
async def db(dsn: str) -> AsyncIterator[str]:
    """A fresh migrated database with the house's pool open on it; the value is its address as owner."""
    await connect(dsn, min_size=1, max_size=8)
    try:
        yield dsn
    finally:
        await disconnect()


def _memory() -> Path | None:
    """A folder in memory, if there is room for many small databases: copying them is quicker there."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


@contextlib.contextmanager
def copy_of(postgres: Cluster, template: str) -> Iterator[str]:
    """A copy of a database for as long as the block lasts."""
    name = f"test_{next(numbers)}"
    asyncio.run(_execute(postgres, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    try:
        yield postgres.dsn(name)
    finally:
        asyncio.run(_execute(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(postgres: Cluster, statement: str) -> None:
    connection = await asyncpg.connect(postgres.dsn())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
