"""The worker: woken by the database, one holder of the jobs, nothing that one failure could stop."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import pytest
from tests.kernel.ledger_story import act, ask
from tests.people import make_cast

from shared_resources import worker
from shared_resources.equipment.jobs import JOBS
from shared_resources.kernel import clock, outbox
from shared_resources.kernel.database.transaction import reading, verb
from shared_resources.kernel.housekeeping import KERNEL_JOBS, climb
from shared_resources.kernel.jobs import Job, Rota
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONG = 30.0
SOON = 0.2
MINUTE = timedelta(minutes=1)


@pytest.fixture
def told(db: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("SHARED_RESOURCES_DATABASE_URL", db)
    monkeypatch.setattr(worker, "STAND_BY_SECONDS", 0.05)
    settings.cache_clear()
    yield db
    settings.cache_clear()


class Bell:
    """A job that rings each time it is run."""

    def __init__(self, name: str = "bell", error: Exception | None = None) -> None:
        self.rings: asyncio.Queue[str] = asyncio.Queue()
        self.job = Job(name, MINUTE, self.run)
        self.error = error

    async def run(self) -> int:
        self.rings.put_nowait(self.job.name)
        if self.error:
            raise self.error
        return 1

    async def heard(self) -> str:
        return await self.rings.get()


async def test_job_runs_at_the_start_and_again_after_its_time(db: str) -> None:
    one, other = Bell("one"), Bell("other")
    rota = Rota([one.job, other.job], 100.0)
    assert [await rota.run_next(100.0) for _ in range(3)] == [True, True, False]
    assert rota.next_at == 160.0
    assert await rota.run_next(159.9) is False
    assert await rota.run_next(160.0) is True
    assert (one.rings.qsize() + other.rings.qsize()) == 3


async def test_failing_job_is_logged_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    bad, good = Bell("bad", ZeroDivisionError("what")), Bell("good")
    rota = Rota([bad.job, good.job], 0.0)
    while await rota.run_next(0.0):
        pass
    assert (bad.rings.qsize(), good.rings.qsize()) == (1, 1)
    assert "job bad failed" in caplog.text
    assert await rota.run_next(60.0)


def test_two_jobs_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="bell"):
        Rota([Bell().job, Bell().job], 0.0)
    Rota((*KERNEL_JOBS, *JOBS), 0.0)


async def test_message_is_delivered_as_soon_as_it_is_committed(told: str) -> None:
    arrived: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()

    async def take(_: UUID, body: Mapping[str, Any]) -> None:
        arrived.put_nowait(body)

    @verb
    async def post() -> None:
        await outbox.post("post", "k", {"said": "now"})

    async with worker.running(jobs=(), handlers={"post": take}):
        await post()
        assert await arrived.get() == {"said": "now"}


async def test_one_process_holds_the_jobs_until_it_leaves(told: str) -> None:
    first, second = Bell("first"), Bell("second")
    async with AsyncExitStack() as one, AsyncExitStack() as other:
        await one.enter_async_context(worker.running(jobs=[first.job], handlers={}, stand_by=SOON))
        await first.heard()
        await other.enter_async_context(worker.running(jobs=[second.job], handlers={}, stand_by=SOON))
        assert await waiting_for_the_jobs(told) == 2
        assert second.rings.empty()
        await one.aclose()
        assert await second.heard() == "second"


async def waiting_for_the_jobs(dsn: str) -> int:
    """How many processes hold the jobs or have asked for them; waits until the second has asked."""
    connection = await asyncpg.connect(dsn)
    try:
        async with asyncio.timeout(LONG):
            while True:
                found = await connection.fetchval(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND application_name = 'shared-resources jobs' AND query LIKE '%pg_try_advisory_lock%'"
                    " OR pid = (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND"
                    " (classid::bigint << 32) | objid::bigint = $1 LIMIT 1)",
                    worker.LOCK,
                )
                if found > 1:
                    return int(found)
    finally:
        await connection.close()


async def end_backends(dsn: str) -> None:
    """Cut the connection that holds the jobs."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND (classid::bigint << 32) | objid::bigint = $1",
            worker.LOCK,
        )
    finally:
        await connection.close()


async def test_lost_lock_is_taken_again(told: str) -> None:
    bell = Bell()
    async with worker.running(jobs=[bell.job], handlers={}, stand_by=SOON):
        await bell.heard()
        await end_backends(told)
        assert await bell.heard() == "bell"


async def test_leaving_lets_go_of_the_jobs(told: str) -> None:
    for name in ("one", "two"):
        bell = Bell(name)
        async with worker.running(jobs=[bell.job], handlers={}):
            assert await bell.heard() == name
    assert [task for task in asyncio.all_tasks() if task.get_name() in ("outbox", "jobs", "listen")] == []


async def test_kernel_jobs_run_in_an_empty_house(db: str) -> None:
    for job in KERNEL_JOBS:
        await job.run()
        await job.run()


LATE = datetime(2026, 11, 24, 1, tzinfo=UTC)


async def test_statutory_limit_that_passed_is_told_once(db: str) -> None:
    cast = await make_cast()
    with clock.at(LATE):
        moved = await ask(cast)
        assert (await climb()).breached == 0
    with clock.at(LATE + timedelta(days=7)):
        assert (await climb()).breached == 1
        assert (await climb()).breached == 0
        async with reading() as connection:
            kinds = await connection.fetch("SELECT kind FROM deadline_entry ORDER BY seq")
            told = await connection.fetch("SELECT person FROM notice WHERE sentence LIKE '%limit%'")
        assert [row["kind"] for row in kinds] == ["started", "breached"]
        assert {row["person"] for row in told} == {cast.owner.head.person, cast.borrower.head.person}
        await act("agree", moved.id, cast.owner.head)
    async with reading() as connection:
        assert await connection.fetchval("SELECT state FROM deadline WHERE term = 'reply'") == "met"


@pytest.mark.parametrize("column", ["statutory = false", "provisional = true"])
async def test_targets_and_provisional_dates_are_no_breach(db: str, column: str) -> None:
    with clock.at(LATE):
        await ask(await make_cast())
    async with reading() as connection:
        await connection.execute(f"UPDATE deadline SET {column}")
    with clock.at(LATE + timedelta(days=7)):
        assert (await climb()).breached == 0
