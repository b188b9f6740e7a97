"""A request that is asked to supply more again and again, while days become rest days and working days by order.

After any such story the date that is stored of every clock on the record is the one that its ledger gives, and the
rungs of its escalation fire once each although three workers look after three days without any.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.budgets import replay
from shared_resources.kernel.calendar.reprojection import recount
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.housekeeping import climb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.working_calendar import load_calendar
from tests.cases.assistance.asking import MORNING, Asking, make_asking

STORIES = st.lists(
    st.tuples(
        st.integers(1, 50),
        st.sampled_from(
            ["ask_supplement", "supplement", "ask_supplement", "supplement", "rest_override", "workday_override"]
        ),
        st.integers(-3, 14),
    ),
    min_size=2,
    max_size=9,
)
_ASKING: list[Asking] = []


async def asking_once() -> Asking:
    """One cast for all examples: they share a database."""
    if not _ASKING:
        _ASKING.append(await make_asking())
    return _ASKING[0]


async def happen(asking: Asking, what: str, days: int) -> None:
    """A step of the procedure where it fits, or a day that the government moves."""
    if what.endswith("override"):
        async with transaction() as db:
            await db.execute(
                "INSERT INTO calendar_day (id, date, kind, name, scope, source)"
                " VALUES ($1, $2, $3, '临时', 'CN', 'admin')"
                " ON CONFLICT (scope, date) DO UPDATE SET kind = excluded.kind",
                new_id(),
                clock.today() + timedelta(days=days),
                what,
            )
        await recount()
        return
    with contextlib.suppress(WrongState):
        await asking.take(what)


async def clocks_of(number: str) -> list[Any]:
    """Every clock on the record."""
    async with reading() as db:
        return list(
            await db.fetch(
                "SELECT d.* FROM deadline d JOIN record r ON r.id = d.record WHERE r.number = $1", number
            )
        )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STORIES)
async def test_stored_dates_are_their_ledgers_replayed(db: str, story: list[tuple[int, str, int]]) -> None:
    asking = await asking_once()
    at = MORNING
    with clock.at(at):
        await asking.open()
        await asking.take("issue", "receive")
    for hours, what, days in story:
        at += timedelta(hours=hours)
        with clock.at(at):
            await happen(asking, what, days)
    with clock.at(at):
        rows = await clocks_of(asking.number)
        async with reading() as connection:
            calendar = await load_calendar(connection)
        ledgers = await deadlines.ledgers_of(rows)
    assert {row["term"] for row in rows} >= {"reply"}
    for row in rows:
        if row["state"] not in ("running", "paused"):
            continue
        found = replay(ledgers[row["id"]], calendar, None, clock.LOCAL_ZONE)
        assert (found.due_on, found.due_at, found.state) == (row["due_on"], row["due_at"], row["state"])
    with clock.at(at + timedelta(days=3)):
        before = await fired()
        found = await asyncio.gather(*(climb() for _ in range(3)))
        rest = await climb()
        assert sum(each.fired for each in (*found, rest)) == await fired() - before
        assert (await climb()).fired == 0


async def fired() -> int:
    """How many rungs have told somebody."""
    async with reading() as db:
        return int(await db.fetchval("SELECT count(*) FROM rung WHERE fired_at IS NOT NULL"))
