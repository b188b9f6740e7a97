"""The scene of the proofs, built once for the run; tests that use it leave it as they find it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel.database.engine import connect, disconnect
from tests.conftest import TEMPLATE, copy_of
from tests.proofs.houses import House, Houses, all_houses
from tests.proofs.scene import Scene, build

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from shared_resources.kernel.database.cluster import Cluster


@pytest.fixture(scope="session")
def stage(postgres: Cluster, template_dsn: str) -> Iterator[tuple[str, Scene]]:
    """A database with the scene: its address and what is in it."""

    async def built() -> Scene:
        await connect(dsn)
        try:
            return await build()
        finally:
            await disconnect()

    with copy_of(postgres, TEMPLATE) as dsn:
        yield dsn, asyncio.run(built())


@pytest.fixture
async def scene(stage: tuple[str, Scene]) -> AsyncIterator[Scene]:
    """The scene, with the pool open on it."""
    dsn, scene = stage
    await connect(dsn, min_size=1, max_size=3)
    yield scene
    await disconnect()


@pytest.fixture
def fresh_dsn(postgres: Cluster, stage: tuple[str, Scene]) -> Iterator[str]:
    """A copy of the scene's database."""
    name = stage[0].partition("@/")[2].partition("?")[0]
    with copy_of(postgres, name) as address:
        yield address


@pytest.fixture
async def fresh(fresh_dsn: str, stage: tuple[str, Scene]) -> AsyncIterator[Scene]:
    """The scene in a copy of one's own, to be changed at will; the pool is open on it."""
    await connect(fresh_dsn, min_size=1, max_size=4)
    yield stage[1]
    await disconnect()


@pytest.fixture(scope="session")
def houses(postgres: Cluster, template_dsn: str) -> Iterator[Houses]:
    """A database for each family of records, with a record in every state; tests leave them as they find them."""
    with all_houses(postgres) as found:
        yield found


@pytest.fixture
def house(houses: Houses, kind: str) -> House:
    """The database of the family that a test is parametrized with."""
    return houses.of(kind)
