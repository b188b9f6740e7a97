"""One verb, one transaction: never nested, never leaked, never half done, tried again where it helps."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import asyncpg
import pytest

from shared_resources.kernel.database import transaction as module
from shared_resources.kernel.database.engine import DB, connect, disconnect, pool
from shared_resources.kernel.database.transaction import (
    TransactionAborted,
    connection,
    reading,
    verb,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg.pool

SIZE = 2


@pytest.fixture
async def small(dsn: str) -> AsyncIterator[str]:
    """A pool of two connections: whatever leaks one is noticed at once."""
    owner = await asyncpg.connect(dsn)
    await owner.execute(
        "CREATE TABLE pot (n int PRIMARY KEY);"
        "CREATE TABLE lid (n int REFERENCES pot DEFERRABLE INITIALLY DEFERRED);"
        "GRANT ALL ON pot, lid TO shared_resources_app"
    )
    await owner.close()
    await connect(dsn, min_size=1, max_size=SIZE)
    yield dsn
    await disconnect()


async def count() -> int:
    async with reading() as db:
        return int(await db.fetchval("SELECT count(*) FROM pot"))


async def whole() -> bool:
    """Whether nothing was left behind: no transaction in the context, every connection free and idle."""
    assert DB.current_transaction.get() is None
    held = [await pool().acquire(timeout=5) for _ in range(SIZE)]
    idle = [not one.is_in_transaction() for one in held]
    for one in held:
        await pool().release(one)
    return all(idle)


@verb
async def put(number: int) -> int:
    await connection().execute("INSERT INTO pot VALUES ($1)", number)
    return number


async def test_verb_commits(small: str) -> None:
    assert await put(1) == 1
    assert await count() == 1
    assert await whole()


async def test_commit_that_fails_leaks_nothing(small: str) -> None:
    @verb
    async def orphan() -> None:
        await connection().execute("INSERT INTO lid VALUES (99)")

    for _ in range(SIZE + 3):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await orphan()
    assert await whole()
    await put(1)


async def test_verb_within_a_verb_is_refused_and_both_undone(small: str) -> None:
    @verb
    async def outer() -> None:
        await connection().execute("INSERT INTO pot VALUES (1)")
        await put(2)

    with pytest.raises(RuntimeError, match="nested"):
        await outer()
    assert await count() == 0
    assert await whole()


async def test_swallowed_error_is_not_taken_for_success(small: str) -> None:
    @verb
    async def careless() -> None:
        await connection().execute("INSERT INTO pot VALUES (1)")
        with contextlib.suppress(asyncpg.UniqueViolationError):
            await connection().execute("INSERT INTO pot VALUES (1)")

    with pytest.raises(TransactionAborted):
        await careless()
    assert await count() == 0
    assert await whole()


@pytest.mark.parametrize("moment", ["between statements", "within a statement"])
async def test_cancelled_verb_is_undone(small: str, moment: str) -> None:
    reached, never = asyncio.Event(), asyncio.Event()

    @verb
    async def slow() -> None:
        await connection().execute("INSERT INTO pot VALUES (1)")
        reached.set()
        if moment == "between statements":
            await never.wait()
        await connection().execute("SELECT pg_sleep(60)")

    task = asyncio.ensure_future(slow())
    await reached.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await count() == 0
    assert await whole()


async def test_lost_connection_is_an_error_and_the_pool_recovers(small: str) -> None:
    @verb
    async def suicide() -> None:
        await connection().execute("INSERT INTO pot VALUES (1)")
        await connection().execute("SELECT pg_terminate_backend(pg_backend_pid())")

    for _ in range(SIZE + 1):
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
            await suicide()
    await put(1)
    assert await count() == 1


@pytest.mark.parametrize("state", ["40001", "40P01"])
async def test_verb_is_tried_again_when_the_database_asks_for_it(
    small: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []

    @verb
    async def unlucky(failures: int) -> None:
        tries.append(1)
        await connection().execute("INSERT INTO pot VALUES ($1)", len(tries))
        if len(tries) <= failures:
            await connection().execute(f"DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '{state}'; END $$")

    await unlucky(2)
    assert (len(tries), await count()) == (3, 1)
    tries[:] = [0] * 10
    with pytest.raises(module.RETRIED):
        await unlucky(100)
    assert len(tries) == 10 + module.TRIES
    assert await whole()


async def test_deadlocked_verbs_both_get_through(small: str) -> None:
    await put(1)
    await put(2)
    both = asyncio.Barrier(2)

    @verb
    async def lock(first: int, second: int) -> None:
        await connection().fetch("SELECT n FROM pot WHERE n = $1 FOR UPDATE", first)
        if not met:
            await both.wait()
            met.append(True)
        await connection().fetch("SELECT n FROM pot WHERE n = $1 FOR UPDATE", second)

    met: list[bool] = []
    await asyncio.gather(lock(1, 2), lock(2, 1))
    assert await whole()


async def test_reading_within_a_verb_sees_what_the_verb_wrote(small: str) -> None:
    @verb
    async def look() -> int:
        await connection().execute("INSERT INTO pot VALUES (1)")
        return await count()

    assert await look() == 1


async def test_outside_a_verb_there_is_nothing_to_write_with(small: str) -> None:
    with pytest.raises(RuntimeError, match="inside a verb"):
        connection()


async def test_tasks_do_not_share_a_transaction(small: str) -> None:
    await asyncio.gather(*(put(number) for number in range(10)))
    assert await count() == 10
    assert await whole()
