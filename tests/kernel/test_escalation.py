"""Rungs of escalation: laid out with a deadline, each fired once and in order, whoever looks and however late."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.kernel.ledger_story import BORROWER, OWNER, act, ask
from tests.people import Cast, Offices, make_cast, make_offices

from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.database.transaction import reading, verb
from shared_resources.kernel.housekeeping import climb
from shared_resources.kernel.parties import Parties
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.procedure import Term
from shared_resources.kernel.workdays import FWD, SAME_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from shared_resources.kernel.deadlines import Due

TUESDAY = datetime(2026, 11, 24, 1, tzinfo=UTC)
"""A reply in three working days is due on Friday 27 November."""
WORK = Term("work", "Work", (), (), OWNER, BORROWER, "X-2", FWD(3))
LIMIT = Term("limit", "Hand it over", (), (), OWNER, BORROWER, "X-2", FWD(3), True)


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def offices(cast: Cast) -> Offices:
    return await make_offices()


@verb
async def begin(cast: Cast, record: UUID, term: Term, until: Due | None = None) -> UUID:
    parties = Parties.of({OWNER: cast.owner.agency, BORROWER: cast.borrower.agency})
    return await deadlines.start(record, term, cast.owner.agency, parties, SYSTEM_ACTOR, until)


@verb
async def change(what: str, record: UUID, until: datetime | None = None) -> None:
    if until is not None:
        await deadlines.extend(record, "work", until, SYSTEM_ACTOR)
    else:
        await getattr(deadlines, what)(record, "work", SYSTEM_ACTOR)


async def rungs(deadline: UUID, which: str = "dropped_at IS NULL") -> list[tuple[str, str]]:
    async with reading() as db:
        rows = await db.fetch(
            f"SELECT name, at FROM rung WHERE deadline = $1 AND {which} ORDER BY at, id", deadline
        )
    return [(row["name"], f"{row['at'].astimezone(clock.LOCAL_ZONE):%m-%d %H:%M}") for row in rows]


async def deadline_of(record: UUID) -> UUID:
    async with reading() as db:
        found: UUID = await db.fetchval("SELECT id FROM deadline WHERE record = $1 AND term = 'reply'", record)
    return found


async def told() -> list[tuple[str, str]]:
    """Every notice in order: who, and its sentence."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT p.username, n.sentence FROM notice n JOIN person p ON p.id = n.person ORDER BY n.id"
        )
    return [(row["username"], row["sentence"]) for row in rows]


async def test_limits_climb_to_the_legal_office(cast: Cast) -> None:
    with clock.at(TUESDAY):
        deadline = await deadline_of((await ask(cast)).id)
    assert await rungs(deadline) == [
        ("soon", "11-26 00:00"),
        ("due", "11-27 00:00"),
        ("late_1", "11-30 00:00"),
        ("late_3", "12-02 00:00"),
        ("late_5", "12-04 00:00"),
    ]


async def test_each_level_is_told_once(cast: Cast, offices: Offices) -> None:
    with clock.at(TUESDAY):
        await ask(cast)
    expected: Sequence[set[str]] = (
        {"owner.officer", "owner.second_officer", "owner.head", "owner.clerk"},
        {"owner.officer", "owner.second_officer", "owner.head", "owner.clerk"},
        {"owner.head", "borrower.head"},
        {"borrower.head"},
        {"legal.head", "legal.auditor"},
    )
    seen = 0
    for days, people in zip((2, 3, 6, 8, 10), expected, strict=True):
        with clock.at(TUESDAY + timedelta(days=days)):
            assert (await climb()).fired == 1
            assert (await climb()).fired == 0
        now = await told()
        assert {who for who, _ in now[seen:]} == people
        seen = len(now)


async def test_targets_are_called_targets_and_stop_at_the_leader(cast: Cast, offices: Offices) -> None:
    with clock.at(TUESDAY):
        moved = await ask(cast)
        await act("agree", moved.id, cast.owner.head)
        deadline = await begin(cast, moved.id, WORK)
        before = len(await told())
    with clock.at(TUESDAY + timedelta(days=60)):
        found = await climb()
    assert (found.fired, found.breached) == (3, 0)
    lines = (await told())[before:]
    assert all("internal target" in sentence for _, sentence in lines)
    assert lines[-1][0] == "owner.head"
    assert [name for name, _ in await rungs(deadline)] == ["soon", "due", "late_1"]


async def test_three_days_out_and_two_workers_fire_each_rung_once_in_order(cast: Cast, offices: Offices) -> None:
    with clock.at(TUESDAY):
        ids = [await deadline_of((await ask(cast, f"errand {n}")).id) for n in range(60)]
    with clock.at(TUESDAY + timedelta(days=30)):
        found = await asyncio.gather(*(climb() for _ in range(4)))
        rest = await climb()
    assert sum(each.fired for each in found) + rest.fired == 300
    assert sum(each.breached for each in found) + rest.breached == 60
    async with reading() as db:
        breaches = await db.fetchval("SELECT count(*) FROM deadline_entry WHERE kind = 'breached'")
        lines = await db.fetch(
            "SELECT record, array_agg(DISTINCT sentence) AS said, count(*) AS number,"
            " min(id::text) FILTER (WHERE sentence LIKE '%limit%') AS breach,"
            " min(id::text) FILTER (WHERE sentence LIKE '%still open%') AS after FROM notice GROUP BY record"
        )
    assert (breaches, len(lines)) == (60, len(ids))
    assert {row["number"] for row in lines} == {4 + 4 + 2 + 1 + 2}
    assert all(row["breach"] < row["after"] for row in lines)


async def test_provisional_dates_wait_and_fire_once_confirmed(cast: Cast) -> None:
    with clock.at(TUESDAY):
        deadline = await deadline_of((await ask(cast)).id)
    async with reading() as db:
        await db.execute("UPDATE deadline SET provisional = true")
    with clock.at(TUESDAY + timedelta(days=30)):
        assert (await climb()).fired == 0
        async with reading() as db:
            await db.execute("UPDATE deadline SET provisional = false")
        assert (await climb()).fired == 5
    assert len(await rungs(deadline, "fired_at IS NOT NULL")) == 5


async def test_stopped_moved_and_met_deadlines_leave_no_rung(cast: Cast) -> None:
    with clock.at(TUESDAY):
        moved = await ask(cast)
        reply = await deadline_of(moved.id)
        deadline = await begin(cast, moved.id, WORK)
        await change("pause", moved.id)
        assert await rungs(deadline) == []
    with clock.at(TUESDAY + timedelta(days=2)):
        await change("resume", moved.id)
        assert (await rungs(deadline))[-1] == ("late_1", "12-02 00:00")
        await change("extend", moved.id, TUESDAY + timedelta(days=15))
        assert (await rungs(deadline))[-1] == ("late_1", "12-10 00:00")
        await act("agree", moved.id, cast.owner.head)
    assert await rungs(reply, "dropped_at IS NULL AND fired_at IS NULL") == []


async def test_moved_date_warns_anew(cast: Cast) -> None:
    with clock.at(TUESDAY):
        moved = await ask(cast)
        await act("agree", moved.id, cast.owner.head)
        deadline = await begin(cast, moved.id, WORK)
    with clock.at(TUESDAY + timedelta(days=2)):
        assert (await climb()).fired == 1
        await change("extend", moved.id, TUESDAY + timedelta(days=15))
    with clock.at(TUESDAY + timedelta(days=14)):
        assert (await climb()).fired == 1
    assert [name for name, _ in await rungs(deadline, "fired_at IS NOT NULL")] == ["soon", "soon"]


async def test_short_terms_run_by_the_clock(cast: Cast) -> None:
    """Thirty minutes: due and late at the instant, the other side after an hour, the legal office after ninety."""
    with clock.at(TUESDAY):
        moved = await ask(cast)
        deadline = await begin(cast, moved.id, LIMIT, TUESDAY + timedelta(minutes=30))
    assert await rungs(deadline) == [
        ("due", "11-24 09:30"),
        ("late_1", "11-24 09:30"),
        ("late_3", "11-24 10:00"),
        ("late_5", "11-24 10:30"),
    ]
    with clock.at(TUESDAY + timedelta(minutes=31)):
        assert (await climb()).breached == 1


async def test_same_day_is_not_announced_on_the_day_before(cast: Cast) -> None:
    with clock.at(TUESDAY):
        moved = await ask(cast)
        deadline = await begin(cast, moved.id, LIMIT, SAME_DAY)
    assert [name for name, _ in await rungs(deadline)] == ["late_1", "late_3", "late_5"]


async def test_deadlines_from_before_there_were_rungs_get_theirs(cast: Cast) -> None:
    with clock.at(TUESDAY):
        deadline: Any = await deadline_of((await ask(cast)).id)
        async with reading() as db:
            await db.execute("UPDATE rung SET dropped_at = now()")
        assert await deadlines.plan_missing() == 1
        assert await deadlines.plan_missing() == 0
    assert len(await rungs(deadline)) == 5
