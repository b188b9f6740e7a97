"""The house as an operator starts it: ``shared-resources serve`` as a process, with a city to act in."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.database import postgres
from shared_resources.kernel.database.cluster import Cluster, cluster_of
from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.identity import create_token
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.schemas.people import TokenDraft
from shared_resources.settings import PREFIX, Settings, settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from shared_resources.kernel.permissions import Actor

ADDRESS = re.compile(r"https?://127\.0\.0\.1:\d+")
AT_ONCE = 8


@dataclass
class House:
    """One state folder and the server that runs on it. Default settings: what is committed is on the disk."""

    state: Path
    server: subprocess.Popen[str] | None = None
    address: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start the server; returns when it says where it is."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        own = {f"{PREFIX}STATE_DIR": str(self.state), f"{PREFIX}PORT": "0", **self.environment}
        self.server = subprocess.Popen(
            [sys.executable, "-m", "shared_resources.cli", "serve"],
            env={**kept, **own},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.server.stdout is not None
        for line in self.server.stdout:
            if found := ADDRESS.search(line):
                self.address = found[0]
                return
        raise AssertionError(f"the server ended with {self.server.wait()}")

    def kill(self, *, database: bool = False) -> None:
        """SIGKILL to the server; with ``database`` to PostgreSQL's whole process group as well."""
        assert self.server is not None
        self.server.kill()
        if database:
            os.killpg(int((self.cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        self.server.wait()
        assert self.server.stdout is not None
        self.server.stdout.close()
        self.server = None

    @property
    def cluster(self) -> Cluster:
        """Where its database lives."""
        owner = (self.state / "postgres").owner() if os.geteuid() == 0 else None
        return cluster_of(Settings(state_dir=self.state, pg_user=owner))

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncIterator[None]:
        """The house's pool in this process, on the server's database and with its secret."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(f"{PREFIX}STATE_DIR", str(self.state))
            settings.cache_clear()
            await connect(self.cluster.dsn(), min_size=1, max_size=4)
            try:
                yield
            finally:
                await disconnect()
        settings.cache_clear()


@contextlib.contextmanager
def a_house(**environment: str) -> Iterator[House]:
    """A fresh house that is served; everything of it is gone afterwards."""
    state = Path(tempfile.mkdtemp(prefix="sr-house-"))
    state.chmod(0o711)
    house = House(state, environment={PREFIX + name: value for name, value in environment.items()})
    try:
        house.start()
        yield house
    finally:
        if house.server is not None:
            house.kill()
        postgres.stop(house.cluster, None)
        shutil.rmtree(state)


async def token_of(actor: Actor, *scopes: Permission) -> str:
    """A program's key for these permissions."""
    draft = TokenDraft(
        name="proof",
        scopes=frozenset(scope.value for scope in scopes),
        expires_at=clock.now() + timedelta(days=1),
    )
    return (await create_token(actor, draft)).token


def program(house: House, token: str) -> httpx.AsyncClient:
    """A program's connection to the running server."""
    return httpx.AsyncClient(
        base_url=house.address, headers={"authorization": f"Bearer {token}"}, timeout=httpx.Timeout(60)
    )


async def side_by_side(acts: list[Callable[[], Awaitable[Any]]], at_once: int = AT_ONCE) -> list[Any]:
    """The results of the acts, so many of them at a time."""
    gate = asyncio.Semaphore(at_once)

    async def one(act: Callable[[], Awaitable[Any]]) -> Any:
        async with gate:
            return await act()

    return list(await asyncio.gather(*map(one, acts)))
