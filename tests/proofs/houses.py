"""One database for each family, with a record in every state; made on first use, kept for the run."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.database.engine import connect, disconnect
from tests.conftest import TEMPLATE, copy_of
from tests.proofs.walks import BY_KIND, MORNING
from tests.proofs.walks.makers import MAKERS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from shared_resources.kernel.database.cluster import Cluster
    from tests.proofs.walks import Walk

STATES = [(kind, state) for kind in sorted(MAKERS) for state in BY_KIND[kind].procedure.states]
"""Every family with every state of it."""


@dataclass(frozen=True)
class House:
    """A family's database: its address, who is there, and the number of a record in each state."""

    dsn: str
    walk: Walk
    numbers: Mapping[str, str]

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Walk]:
        """The pool open on it; whoever comes in leaves it as it was."""
        await connect(self.dsn, min_size=1, max_size=4)
        try:
            yield self.walk
        finally:
            await disconnect()


async def _furnished(kind: str, dsn: str) -> House:
    await connect(dsn, min_size=1, max_size=4)
    try:
        with clock.at(MORNING):
            walk = await MAKERS[kind]()
            numbers = {state: await walk.reach(state) for state in BY_KIND[kind].procedure.states}
        return House(dsn, walk, numbers)
    finally:
        await disconnect()


class Houses:
    """The houses of a run."""

    def __init__(self, postgres: Cluster, stack: contextlib.ExitStack) -> None:
        self.postgres, self.stack, self.built = postgres, stack, dict[str, House]()

    def of(self, kind: str) -> House:
        """The house of a family; later ones are the same."""
        if kind not in self.built:
            dsn = self.stack.enter_context(copy_of(self.postgres, TEMPLATE))
            self.built[kind] = asyncio.run(_furnished(kind, dsn))
        return self.built[kind]

    def copy(self, kind: str) -> AbstractContextManager[str]:
        """The address of a copy of a family's house, to be changed at will."""
        name = self.of(kind).dsn.partition("@/")[2].partition("?")[0]
        return copy_of(self.postgres, name)


@contextlib.contextmanager
def all_houses(postgres: Cluster) -> Iterator[Houses]:
    """Houses until the end of the block."""
    with contextlib.ExitStack() as stack:
        yield Houses(postgres, stack)
