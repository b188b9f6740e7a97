"""One verb, one transaction: opened here, never nested, never left half done.

Piccolo's own ``DB.transaction()`` is not used: it leaks the connection when COMMIT fails and turns an inner
transaction silently into part of the outer one. Piccolo's queries join ours, because the engine only reads
``current_transaction.get().connection``.
"""

from __future__ import annotations

import asyncio
import functools
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

import asyncpg

from shared_resources.kernel.database.engine import DB, pool
from shared_resources.kernel.database.refusals import refusal_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

P = ParamSpec("P")
T = TypeVar("T")

ACQUIRE_SECONDS = 10
TRIES = 6
RETRIED = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


class TransactionAborted(RuntimeError):
    """An error inside the block was swallowed: PostgreSQL answered COMMIT with ROLLBACK."""


class _Current:
    """What Piccolo's engine looks at: the connection of the running transaction."""

    __slots__ = ("connection",)

    def __init__(self, connection: asyncpg.Connection[Any]) -> None:
        self.connection = connection


@asynccontextmanager
async def transaction() -> AsyncIterator[asyncpg.Connection[Any]]:
    """A transaction for one verb; leaves by COMMIT or, on any error, by ROLLBACK.

    Raises:
        RuntimeError: a transaction is open already (a verb called another verb).
        TransactionAborted: an error was swallowed inside the block.
    """
    if DB.current_transaction.get() is not None:
        raise RuntimeError("transactions are never nested: a verb may not call another verb")
    async with pool().acquire(timeout=ACQUIRE_SECONDS) as proxy:
        connection = cast("asyncpg.Connection[Any]", proxy)
        await connection.execute("BEGIN")
        token = DB.current_transaction.set(cast("Any", _Current(connection)))
        try:
            yield connection
        except BaseException:
            await connection.execute("ROLLBACK")
            raise
        else:
            if await connection.execute("COMMIT") != "COMMIT":
                raise TransactionAborted
        finally:
            DB.current_transaction.reset(token)


def connection() -> asyncpg.Connection[Any]:
    """The connection of the verb that is running.

    Raises:
        RuntimeError: called outside a verb.
    """
    current = DB.current_transaction.get()
    if current is None:
        raise RuntimeError("no transaction is open: this belongs inside a verb")
    return cast("asyncpg.Connection[Any]", current.connection)


@asynccontextmanager
async def reading() -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection to read with: the verb's own inside a verb, else one of the pool without transaction."""
    current = DB.current_transaction.get()
    if current is not None:
        yield cast("asyncpg.Connection[Any]", current.connection)
        return
    async with pool().acquire(timeout=ACQUIRE_SECONDS) as proxy:
        yield cast("asyncpg.Connection[Any]", proxy)


def verb(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
    """Run ``function`` as one transaction; try again when PostgreSQL asks for it.

    A named constraint that refuses becomes the refusal written for it in ``refusals``; any other database
    error passes unchanged.
    """

    @functools.wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(TRIES):
            try:
                async with transaction():
                    return await function(*args, **kwargs)
            except RETRIED:
                if attempt == TRIES - 1:
                    raise
                await asyncio.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 jitter, not a secret
            except asyncpg.IntegrityConstraintViolationError as error:
                refusal = refusal_of(error)
                if refusal is None:
                    raise
                raise refusal from error
        raise AssertionError("unreachable")

    return run
