"""Budgets of time: what a ledger gives, day by day, and that the stored date is always what the ledger gives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.kernel.calendars import LIBRARY, calendars
from tests.kernel.ledger_story import BORROWER, ERRAND, OWNER
from tests.people import Cast, make_cast

from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.budgets import STOOD, Budget, Entry, end_of, replay
from shared_resources.kernel.calendar.reprojection import recount
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.parties import Parties
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.procedure import Term
from shared_resources.kernel.records import open_record
from shared_resources.kernel.workdays import BACK, EXP, FWD, Rule, is_working_day
from shared_resources.kernel.working_calendar import load_calendar

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.workdays import Calendar

ZONE = clock.LOCAL_ZONE


def entry(kind: str, day: date, after: date | None = None, **data: Any) -> Entry:
    """A line written at noon of ``day``."""
    return Entry(kind, datetime(day.year, day.month, day.day, 12, tzinfo=ZONE), day, after, data)


def budget(rule: Rule | None, since: date, *more: Entry) -> Budget:
    return Budget(rule, since, (entry("started", since), *more))


def test_clock_stands_still_between_stop_and_going_on() -> None:
    """Tuesday 22 September + 5 days; stopped on the 23rd, gone on with on the 28th; National Day is skipped."""
    stopped, gone_on = entry("paused", date(2026, 9, 23)), entry("resumed", date(2026, 9, 28))
    found = replay(budget(FWD(5), date(2026, 9, 22), stopped, gone_on), LIBRARY, None, ZONE)
    assert (found.state, found.due_on) == ("running", date(2026, 10, 9))
    stood = [note.day.day for note in found.days if note.reason.msgid == STOOD]
    assert stood == [24, 25, 26, 27, 28]
    assert [note.day for note in found.days if note.counted] == [
        date(2026, 9, 23),
        date(2026, 9, 29),
        date(2026, 9, 30),
        date(2026, 10, 8),
        date(2026, 10, 9),
    ]
    holiday = next(note for note in found.days if note.day == date(2026, 10, 1))
    assert holiday.notice_no == "国办发明电〔2025〕7号"


def test_agreed_hour_goes_on_by_the_clock() -> None:
    until = datetime(2026, 11, 24, 15, tzinfo=ZONE)
    first = entry("started", date(2026, 11, 24), date(2026, 11, 24), until=until.isoformat())
    stopped, gone_on = entry("paused", date(2026, 11, 24)), entry("resumed", date(2026, 11, 26))
    found = replay(Budget(None, date(2026, 11, 24), (first, stopped, gone_on)), LIBRARY, None, ZONE)
    assert found.due_at == until + timedelta(days=2)


@pytest.mark.parametrize(
    ("rule", "since", "shown", "other"),
    [
        (EXP(5), date(2026, 11, 28), date(2026, 12, 7), date(2026, 12, 4)),
        (BACK(5), date(2026, 11, 27), date(2026, 11, 20), date(2026, 11, 19)),
        (EXP(5), date(2026, 11, 27), date(2026, 12, 4), None),
    ],
)
def test_date_under_the_other_choice_is_known(rule: Rule, since: date, shown: date, other: date | None) -> None:
    found = replay(budget(rule, since), LIBRARY, None, ZONE)
    assert (found.due_on, found.alternative) == (shown, other)


def test_held_date_stays_until_the_count_passes_it() -> None:
    held = entry("recalculated", date(2026, 11, 26), date(2026, 11, 27), computed="2026-11-25")
    found = replay(budget(FWD(1), date(2026, 11, 24), held), LIBRARY, None, ZONE)
    assert (found.due_on, found.computed) == (date(2026, 11, 27), date(2026, 11, 25))
    found = replay(budget(FWD(5), date(2026, 11, 24), held), LIBRARY, None, ZONE)
    assert found.due_on == date(2026, 12, 1)


moves = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["paused", "resumed"])), max_size=8)


@given(calendars(), st.dates(date(2024, 1, 1), date(2026, 6, 1)), st.integers(1, 15), moves)
def test_property_replay_is_a_walk_over_the_days(
    calendar: Calendar, since: date, days: int, wished: list[tuple[int, str]]
) -> None:
    """A second way to count, day by day with a budget that goes down; stops only while something is left."""
    lines: list[Entry] = []
    at, state = since, "running"
    for later, kind in wished:
        at += timedelta(days=later)
        if state != kind.replace("resumed", "running"):
            state = "paused" if kind == "paused" else "running"
            lines.append(entry(kind, at))
    if state == "paused":
        lines.append(entry("resumed", at))
    found = replay(budget(FWD(days), since, *lines), calendar, None, ZONE)
    assert found.due_on == walk(calendar, since, days, lines)
    assert found.due_at == end_of(found.due_on, ZONE)


def walk(calendar: Calendar, since: date, days: int, lines: list[Entry]) -> date:
    """The day on which the budget is used up."""
    day, left = since, days
    stops = [(lines[n].day, lines[n + 1].day) for n in range(0, len(lines), 2)]
    while left:
        day += timedelta(days=1)
        stands = any(first < day <= last for first, last in stops)
        left -= not stands and is_working_day(day, calendar)
    for first, last in stops:
        day = last if first == day else day
    return day


TARGET = Term("work", "Work", (), (), OWNER, BORROWER, "X-2", FWD(5), False, ("halt",), ("go",))
LIMIT = Term("limit", "Limit", (), (), OWNER, BORROWER, "X-2", FWD(5), True)


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@verb
async def begin(cast: Cast) -> UUID:
    parties = {OWNER: cast.owner.agency, BORROWER: cast.borrower.agency}
    moved = await open_record(ERRAND, cast.borrower.officer, parties, "x")
    for term in (TARGET, LIMIT):
        await deadlines.start(moved.id, term, cast.owner.agency, Parties.of(parties), SYSTEM_ACTOR, None)
    return moved.id


@verb
async def happen(record: UUID, what: str, days: int) -> None:
    """One thing that moves dates, on both terms."""
    for term in ("work", "limit"):
        match what:
            case "pause":
                await deadlines.pause(record, term, SYSTEM_ACTOR)
            case "resume":
                await deadlines.resume(record, term, SYSTEM_ACTOR)
            case "extend":
                await deadlines.extend(record, term, clock.now() + timedelta(days=days), SYSTEM_ACTOR)
    if what in ("rest_override", "workday_override"):
        await connection().execute(
            "INSERT INTO calendar_day (id, date, kind, name, scope, source)"
            " VALUES ($1, $2, $3, '临时', 'CN', 'admin')"
            " ON CONFLICT (scope, date) DO UPDATE SET kind = excluded.kind",
            new_id(),
            clock.today() + timedelta(days=days - 8),
            what,
        )


HAPPENINGS = st.lists(
    st.tuples(
        st.integers(1, 60),
        st.sampled_from(["pause", "resume", "resume", "extend", "rest_override", "workday_override"]),
        st.integers(1, 20),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HAPPENINGS)
async def test_property_stored_date_is_the_ledger_replayed(cast: Cast, story: list[tuple[int, str, int]]) -> None:
    at = datetime(2026, 9, 15, 1, tzinfo=UTC)
    with clock.at(at):
        record = await begin(cast)
    for hours, what, days in story:
        at += timedelta(hours=hours)
        with clock.at(at):
            await happen(record, what, days)
            await recount()
    with clock.at(at):
        async with reading() as db:
            rows = await db.fetch("SELECT * FROM deadline WHERE record = $1", record)
            calendar = await load_calendar(db)
        ledgers = await deadlines.ledgers_of(rows)
    for row in rows:
        found = replay(ledgers[row["id"]], calendar, None, ZONE)
        assert (found.due_on, found.due_at, found.state) == (row["due_on"], row["due_at"], row["state"])
        assert found.provisional == row["provisional"]
        kinds = {line.kind for line in ledgers[row["id"]].entries}
        assert not (row["statutory"] and kinds & {"paused", "resumed"})
        assert_chain(ledgers[row["id"]], row)


def assert_chain(ledger: Budget, row: Any) -> None:
    """The last line that names a date names the stored one."""
    named = [line.after for line in ledger.entries if line.after]
    assert named[-1] == row["due_on"]


def test_what_was_late_when_it_stopped_stays_late() -> None:
    stopped, gone_on = entry("paused", date(2026, 11, 27)), entry("resumed", date(2026, 12, 10))
    found = replay(budget(FWD(1), date(2026, 11, 24), stopped, gone_on), LIBRARY, None, ZONE)
    assert (found.due_on, found.state) == (date(2026, 11, 25), "running")
