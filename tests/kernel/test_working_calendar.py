"""The calendar in the database: seeded, changed by two persons, and what that does to open deadlines."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.calendars import LIBRARY, calendars, dates
from tests.people import make_agency, make_person

from shared_resources.kernel import clock, deadlines, records
from shared_resources.kernel.calendar import notices, queries
from shared_resources.kernel.calendar.notices import confirm_notice, propose_notice, withdraw_notice
from shared_resources.kernel.calendar.reprojection import not_past, recount
from shared_resources.kernel.calendar.rules import reasons_against
from shared_resources.kernel.database.transaction import reading, transaction, verb
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusals, SignInNeeded, Taken, WrongState
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor, Relation, Role
from shared_resources.kernel.procedure import Procedure, State, Step, Term
from shared_resources.kernel.schemas.calendar import NoticeDraft, Span, Tally
from shared_resources.kernel.workdays import CAL, FWD, DayKind, YearStatus, due
from shared_resources.kernel.working_calendar import county_of, load_calendar, seed_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 12, 24, 2, tzinfo=UTC)
"""Thursday 24 December 2026, 10:00 in Chongqing; 25 to 31 December are five working days."""
OWNER, BORROWER = Relation.OWNER, Relation.BORROWER

NOTICE_2027 = NoticeDraft(
    number="国办发明电〔2026〕9号",
    year=2027,
    published_on=date(2026, 11, 26),
    spans=(
        Span(name="元旦", kind=DayKind.HOLIDAY, first=date(2027, 1, 1), last=date(2027, 1, 3)),
        Span(name="春节", kind=DayKind.HOLIDAY, first=date(2027, 2, 5), last=date(2027, 2, 12)),
        Span(name="春节", kind=DayKind.MAKEUP, first=date(2027, 1, 31)),
        Span(name="春节", kind=DayKind.MAKEUP, first=date(2027, 2, 14)),
        Span(name="清明节", kind=DayKind.HOLIDAY, first=date(2027, 4, 3), last=date(2027, 4, 5)),
        Span(name="劳动节", kind=DayKind.HOLIDAY, first=date(2027, 5, 1), last=date(2027, 5, 5)),
        Span(name="劳动节", kind=DayKind.MAKEUP, first=date(2027, 5, 8)),
        Span(name="端午节", kind=DayKind.HOLIDAY, first=date(2027, 6, 9)),
        Span(name="中秋节", kind=DayKind.HOLIDAY, first=date(2027, 9, 15)),
        Span(name="国庆节", kind=DayKind.HOLIDAY, first=date(2027, 10, 1), last=date(2027, 10, 7)),
        Span(name="国庆节", kind=DayKind.MAKEUP, first=date(2027, 9, 26)),
        Span(name="国庆节", kind=DayKind.MAKEUP, first=date(2027, 10, 9)),
    ),
)
"""Invented: the ranges of WORKING-DAYS 3.3 with make-up days made up for this test."""

TYPHOON = NoticeDraft(
    number="渝府办发〔2026〕99号",
    year=2026,
    published_on=date(2026, 12, 24),
    whole_year=False,
    spans=(Span(name="暴雪", kind=DayKind.REST_OVERRIDE, first=date(2026, 12, 28), last=date(2026, 12, 29)),),
)
SHIZHU = NoticeDraft(
    number="石柱府发〔2026〕8号",
    year=2026,
    published_on=date(2026, 12, 1),
    whole_year=False,
    scope="500240",
    spans=(Span(name="县庆", kind=DayKind.REST_OVERRIDE, first=date(2026, 12, 25)),),
)

QUERY = Procedure(
    kind="test_query",
    prefix="Q",
    basis="AR-2b",
    label="Query",
    path="/queries/%(number)s",
    opening="ask",
    initial="asked",
    parties=(OWNER, BORROWER),
    states={"asked": State("Asked"), "answered": State("Answered", final=True)},
    steps=(Step("answer", ("asked",), "answered", None, "Answer", "AR-2c"),),
    terms=(
        Term("answer", "Answer", ("ask",), ("answer",), OWNER, BORROWER, "AR-2c", FWD(5), statutory=True),
        Term("press", "Press", ("ask",), ("answer",), OWNER, None, "TR-5", CAL(3)),
    ),
)


@dataclass(frozen=True)
class Cast:
    """Two system administrators, and two agencies of which one lies in Shizhu."""

    first: Actor
    second: Actor
    city: UUID
    clerk: Actor
    county: UUID
    county_clerk: Actor


@pytest.fixture(autouse=True)
def christmas_eve() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    city = await make_agency("cq-amr", "市市场监督管理局")
    county = await make_agency("d-500240", "石柱土家族自治县林业局", level="county", county="500240")
    return Cast(
        await system_admin(city, "root.a"),
        await system_admin(city, "root.b"),
        city,
        await make_person(city, "cq-amr.clerk", [Role.CLERK]),
        county,
        await make_person(county, "d-500240.clerk", [Role.CLERK]),
    )


async def system_admin(agency: UUID, username: str) -> Actor:
    actor = await make_person(agency, username, [])
    async with transaction() as connection:
        await connection.execute("UPDATE person SET is_system_admin = true WHERE id = $1", actor.person)
    return Actor(actor.person, None, username, roles=frozenset({Role.SYSTEM_ADMIN}))


@verb
async def ask(owner: UUID, borrower: UUID) -> UUID:
    moved = await records.open_record(QUERY, SYSTEM_ACTOR, {OWNER: owner, BORROWER: borrower}, "档案查询")
    return moved.id


async def load(cast: Cast, draft: NoticeDraft) -> Tally:
    return await confirm_notice(cast.second, await propose_notice(cast.first, draft))


async def deadline(record: UUID, term: str = "answer") -> Any:
    async with reading() as db:
        return await db.fetchrow("SELECT * FROM deadline WHERE record = $1 AND term = $2", record, term)


async def entries(record: UUID, term: str = "answer") -> list[Any]:
    async with reading() as db:
        return await db.fetch(
            "SELECT e.* FROM deadline_entry e JOIN deadline d ON d.id = e.deadline"
            " WHERE d.record = $1 AND d.term = $2 ORDER BY e.seq",
            record,
            term,
        )


class TestSeed:
    """What a fresh database knows."""

    async def test_database_gives_the_same_calendar_as_the_library(self, db: str) -> None:
        async with reading() as connection:
            loaded = await load_calendar(connection, since=date(2004, 1, 1))
        assert loaded.days == LIBRARY.days
        assert {year: known.status for year, known in loaded.years.items()} == {
            year: known.status for year, known in LIBRARY.years.items()
        }

    async def test_years_stand_with_their_notices(self, db: str) -> None:
        years = {view.year: view for view in await queries.years()}
        assert min(years) == 2004
        assert max(years) == 2027
        assert (years[2026].notice_no, years[2026].published_on) == ("国办发明电〔2025〕7号", date(2025, 11, 4))
        assert years[2027].status is YearStatus.ESTIMATED
        assert len(await queries.days_of(2027)) == 13

    @pytest.mark.parametrize(
        ("day", "number"),
        [
            (date(2022, 12, 31), "国办发明电〔2022〕16号"),
            (date(2020, 2, 1), "国办发明电〔2020〕1号"),
            (date(2015, 9, 6), "国发明电〔2015〕1号"),
            (date(2005, 5, 1), None),
        ],
    )
    def test_day_names_the_notice_that_made_it_so(self, day: date, number: str | None) -> None:
        special = LIBRARY.special(day)
        assert special is not None
        assert special.notice_no == number

    async def test_second_time_changes_nothing(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        before = await connection.fetch("SELECT * FROM calendar_day ORDER BY id")
        await seed_calendar(connection)
        assert await connection.fetch("SELECT * FROM calendar_day ORDER BY id") == before
        await connection.close()

    async def test_next_year_joins_when_it_is_time(self, dsn: str) -> None:
        connection = await asyncpg.connect(dsn)
        with clock.at(datetime(2027, 3, 1, tzinfo=UTC)):
            await seed_calendar(connection)
        row = await connection.fetchrow("SELECT status FROM calendar_year WHERE year = 2028")
        assert row["status"] == "estimated"
        with clock.at(datetime(2077, 3, 1, tzinfo=UTC)):
            await seed_calendar(connection)
        assert await connection.fetchval("SELECT max(year) FROM calendar_year") == 2036
        await connection.close()

    async def test_year_outside_the_window_is_missing_and_not_silently_plain(self, db: str) -> None:
        async with reading() as connection:
            near, far = await load_calendar(connection), await load_calendar(connection, date(2019, 5, 1))
        assert due(FWD(2), date(2019, 4, 30), near).provisional
        result = due(FWD(2), date(2019, 4, 30), far)
        assert (result.date, result.provisional) == (date(2019, 5, 6), False)


class TestTwoPersons:
    """A notice takes two."""

    async def test_days_count_only_after_the_second_person(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, NOTICE_2027)
        assert (await queries.years())[0].status is YearStatus.ESTIMATED
        assert [view.state for view in await queries.notices(cast.second)] == ["proposed"]
        await confirm_notice(cast.second, number)
        year = (await queries.years())[0]
        assert (year.status, year.notice_no, year.published_on) == (
            YearStatus.CONFIRMED,
            NOTICE_2027.number,
            NOTICE_2027.published_on,
        )
        days = await queries.days_of(2027)
        assert {day.source for day in days} == {"notice"}
        assert len(days) == sum(len(list(span.days())) for span in NOTICE_2027.spans)
        view = await queries.notice(cast.first, number)
        assert (view.state, view.proposed_by, view.confirmed_by) == ("confirmed", "root.a", "root.b")
        assert view.spans == NOTICE_2027.spans

    async def test_proposer_cannot_confirm(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, NOTICE_2027)
        with pytest.raises(NotAllowed, match="second person"):
            await confirm_notice(cast.first, number)
        assert (await queries.years())[0].status is YearStatus.ESTIMATED

    async def test_not_even_by_a_mistake_of_ours(self, cast: Cast) -> None:
        await propose_notice(cast.first, NOTICE_2027)
        with pytest.raises(asyncpg.CheckViolationError):
            async with transaction() as connection:
                await connection.execute("UPDATE calendar_notice SET confirmed_by = proposed_by")

    async def test_two_at_once_one_confirmation(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, NOTICE_2027)
        third = await system_admin(cast.city, "root.c")
        done = await asyncio.gather(
            *(confirm_notice(actor, number) for actor in (cast.second, third) * 3), return_exceptions=True
        )
        assert sum(isinstance(result, Tally) for result in done) == 1
        assert sum(isinstance(result, WrongState) for result in done) == 5

    async def test_the_other_administrators_are_asked(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, NOTICE_2027)
        async with reading() as db:
            rows = await db.fetch("SELECT person, sentence, link FROM notice")
        assert [(row["person"], row["link"]) for row in rows] == [
            (cast.second.person, f"/admin/calendar/{number}")
        ]

    async def test_withdrawn_counts_for_nothing_and_can_be_entered_again(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, NOTICE_2027)
        await withdraw_notice(cast.first, number, note="打错了")
        with pytest.raises(WrongState):
            await confirm_notice(cast.second, number)
        await load(cast, NOTICE_2027)

    async def test_same_notice_does_not_wait_twice(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, NOTICE_2027)
        with pytest.raises(Taken) as refused:
            await propose_notice(cast.second, NOTICE_2027)
        assert refused.value.do is not None
        assert number in str(refused.value.do)

    async def test_who_may(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, NOTICE_2027)
        for actor in (cast.clerk, cast.county_clerk):
            with pytest.raises(NotAllowed):
                await propose_notice(actor, TYPHOON)
            with pytest.raises(NotAllowed):
                await confirm_notice(actor, number)
            with pytest.raises(NotAllowed):
                await withdraw_notice(actor, number)
            with pytest.raises(NotAllowed):
                await queries.notices(actor)
        with pytest.raises(SignInNeeded):
            await confirm_notice(Actor(None, None, ""), number)
        with pytest.raises(NotFound):
            await confirm_notice(SYSTEM_ACTOR, number)
        with pytest.raises(NotFound):
            await confirm_notice(cast.second, "C2026-99999")

    async def test_every_step_is_in_the_journal_with_its_days(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, NOTICE_2027)
        await confirm_notice(cast.second, number)
        async with reading() as db:
            rows = await db.fetch(
                "SELECT l.step, l.actor, l.body FROM journal_line l JOIN record r ON r.id = l.chain"
                " WHERE r.number = $1 ORDER BY l.seq",
                number,
            )
        assert [(row["step"], row["actor"]) for row in rows] == [
            ("propose", cast.first.person),
            ("confirm", cast.second.person),
        ]
        said = [json.loads(row["body"])["data"] for row in rows]
        assert said[0] == said[1]
        assert ["2027-01-31", "makeup", "春节"] in said[0]["days"]

    async def test_loading_again_replaces_what_the_notice_said_before(self, cast: Cast) -> None:
        await load(cast, NOTICE_2027)
        corrected = NOTICE_2027.model_copy(
            update={"spans": tuple(span for span in NOTICE_2027.spans if span.first != date(2027, 5, 8))}
        )
        await load(cast, corrected)
        assert date(2027, 5, 8) not in {day.date for day in await queries.days_of(2027)}

    async def test_december_of_the_year_before_belongs_to_the_notice(self, cast: Cast) -> None:
        eve = Span(name="元旦", kind=DayKind.REST_OVERRIDE, first=date(2026, 12, 31))
        await load(cast, TYPHOON.model_copy(update={"number": "A", "year": 2027, "spans": (eve,)}))
        assert date(2026, 12, 31) in {day.date for day in await queries.days_of(2026)}
        await load(cast, NOTICE_2027)
        assert date(2026, 12, 31) in {day.date for day in await queries.days_of(2026)}


class TestDeadlines:
    """What a changed calendar does to open deadlines."""

    async def test_date_in_an_estimated_year_is_provisional_until_the_notice(self, cast: Cast) -> None:
        with clock.at(NOW + timedelta(days=36)):  # Friday 29 January 2027
            record = await ask(cast.city, cast.county)
            row = await deadline(record)
            assert (row["due_on"], row["provisional"]) == (date(2027, 2, 9), True)
            tally = await load(cast, NOTICE_2027)
        assert tally == Tally(moved=1, settled=1)
        row = await deadline(record)
        assert (row["due_on"], row["provisional"], row["due_at"]) == (
            date(2027, 2, 4),  # Sunday 31 January works now
            False,
            deadlines.end_of(date(2027, 2, 4)),
        )
        last = (await entries(record))[-1]
        assert (last["kind"], last["before"], last["after"], last["actor"]) == (
            "recalculated",
            date(2027, 2, 9),
            date(2027, 2, 4),
            cast.second.person,
        )
        assert json.loads(last["data"])["notice"] == last["note"] == NOTICE_2027.number

    async def test_date_that_holds_is_settled_and_nobody_is_told(self, cast: Cast) -> None:
        with clock.at(datetime(2027, 3, 1, 2, tzinfo=UTC)):
            record = await ask(cast.city, cast.county)
            assert (await deadline(record))["provisional"]
            assert await load(cast, NOTICE_2027) == Tally(settled=2)
            assert not (await deadline(record))["provisional"]
        assert [entry["kind"] for entry in await entries(record)] == ["started", "recalculated"]
        async with reading() as db:
            assert await db.fetchval("SELECT count(*) FROM notice WHERE record = $1", record) == 0

    async def test_both_parties_learn_old_and_new_date(self, cast: Cast) -> None:
        record = await ask(cast.city, cast.county)
        assert await load(cast, TYPHOON) == Tally(moved=2)
        assert (await deadline(record))["due_on"] == date(2027, 1, 5)
        assert (await deadline(record, "press"))["due_on"] == date(2026, 12, 30)
        async with reading() as db:
            rows = await db.fetch("SELECT person, params FROM notice WHERE record = $1", record)
        told = {
            (row["person"], json.loads(row["params"])["before"], json.loads(row["params"])["after"])
            for row in rows
        }
        assert told == {
            (cast.clerk.person, "2026-12-31", "2027-01-05"),
            (cast.county_clerk.person, "2026-12-31", "2027-01-05"),
            (cast.clerk.person, "2026-12-28", "2026-12-30"),
        }

    async def test_county_days_bind_the_county_only(self, cast: Cast) -> None:
        theirs, ours = await ask(cast.county, cast.city), await ask(cast.city, cast.county)
        await load(cast, SHIZHU)
        assert (await deadline(theirs))["due_on"] == date(2027, 1, 4)
        assert (await deadline(ours))["due_on"] == date(2026, 12, 31)
        assert (await deadline(await ask(cast.county, cast.city)))["due_on"] == date(2027, 1, 4)
        async with reading() as db:
            assert await county_of(db, cast.county) == "500240"
            assert await county_of(db, cast.city) is None

    async def test_never_into_the_past(self, cast: Cast) -> None:
        await load(cast, TYPHOON)
        record = await ask(cast.city, cast.county)
        assert (await deadline(record))["due_on"] == date(2027, 1, 5)
        withdrawn = TYPHOON.model_copy(
            update={
                "number": "渝府办发〔2026〕100号",
                "spans": (
                    Span(
                        name="照常",
                        kind=DayKind.WORKDAY_OVERRIDE,
                        first=date(2026, 12, 26),
                        last=date(2026, 12, 31),
                    ),
                ),
            }
        )
        with clock.at(NOW + timedelta(days=6)):  # Wednesday 30 December
            await load(cast, withdrawn)
            row, last = await deadline(record), (await entries(record))[-1]
            assert row["due_on"] == last["after"] == date(2026, 12, 31)
            assert json.loads(last["data"])["computed"] == "2026-12-29"
            assert await recount() == Tally(unchanged=2)

    async def test_closed_and_agreed_dates_stay(self, cast: Cast) -> None:
        met, agreed = await ask(cast.city, cast.county), await ask(cast.city, cast.county)
        async with transaction():
            await deadlines.close(met, "answer", "met", SYSTEM_ACTOR)
            await deadlines.close(met, "press", "met", SYSTEM_ACTOR)
            await deadlines.extend(agreed, "answer", datetime(2027, 1, 20, 4, tzinfo=UTC), SYSTEM_ACTOR)
        await load(cast, TYPHOON)
        assert (await deadline(met))["due_on"] == date(2026, 12, 31)
        assert (await deadline(agreed))["due_on"] == date(2027, 1, 20)
        assert (await deadline(agreed, "press"))["due_on"] == date(2026, 12, 30)

    async def test_recount_finds_nothing_to_do(self, cast: Cast) -> None:
        await ask(cast.city, cast.county)
        await load(cast, TYPHOON)
        assert await recount() == Tally(unchanged=2)

    async def test_no_deadline_slips_between_counting_and_loading(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, TYPHOON)
        opened, *_ = await asyncio.gather(
            ask(cast.city, cast.county),
            confirm_notice(cast.second, number),
            *(ask(cast.city, cast.county) for _ in range(10)),
        )
        assert (await deadline(opened))["due_on"] == date(2027, 1, 5)
        async with reading() as db:
            assert await db.fetchval("SELECT count(DISTINCT due_on) FROM deadline WHERE term = 'answer'") == 1

    @given(calendars(), dates, st.integers(-40, 40), st.integers(-40, 40))
    def test_property_never_into_the_past(self, calendar: Any, today: date, before: int, computed: int) -> None:
        old, new = today + timedelta(days=before), today + timedelta(days=computed)
        kept = not_past(new, old, today, calendar, None)
        assert kept == new or (new < kept <= old)
        assert kept >= min(old, today)
        assert not_past(new, kept, today, calendar, None) == kept


class TestChecks:
    """Slips that two readers may overlook."""

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"spans": NOTICE_2027.spans[1:]}, "notice_left_out"),
            ({"spans": (*NOTICE_2027.spans, NOTICE_2027.spans[0])}, "notice_named_twice"),
            ({"scope": "500240"}, "notice_not_national"),
        ],
    )
    def test_yearly_notice(self, change: dict[str, Any], code: str) -> None:
        assert {reason.code for reason in reasons_against(NOTICE_2027.model_copy(update=change))} == {code}

    @pytest.mark.parametrize(
        ("kind", "first", "last", "code"),
        [
            (DayKind.MAKEUP, date(2026, 12, 24), None, "notice_no_weekend"),
            (DayKind.REST_OVERRIDE, date(2026, 12, 24), date(2026, 12, 20), "notice_inverted"),
            (DayKind.REST_OVERRIDE, date(2025, 11, 30), None, "notice_other_year"),
            (DayKind.REST_OVERRIDE, date(2027, 1, 2), None, "notice_other_year"),
        ],
    )
    def test_single_days(self, kind: DayKind, first: date, last: date | None, code: str) -> None:
        spans = (Span(name="某日", kind=kind, first=first, last=last),)
        assert {reason.code for reason in reasons_against(replace_spans(TYPHOON, spans))} == {code}

    def test_yearly_notice_of_the_library_passes(self) -> None:
        for year in range(2008, 2027):
            spans = tuple(
                Span(name=found.name, kind=found.kind, first=day)
                for (_, day), found in sorted(LIBRARY.days.items())
                if day.year == year
            )
            draft = NoticeDraft(number="N", year=year, published_on=date(year - 1, 11, 1), spans=spans)
            assert reasons_against(draft) == []

    async def test_all_reasons_at_once_and_nothing_half_done(self, cast: Cast) -> None:
        with pytest.raises(Refusals) as refused:
            await propose_notice(cast.first, replace_spans(NOTICE_2027, NOTICE_2027.spans[3:]))
        assert len(refused.value.reasons) == 5  # New Year, four days of the Spring Festival
        assert await queries.notices(cast.first) == []

    async def test_one_reason(self, cast: Cast) -> None:
        spans = tuple(span for span in NOTICE_2027.spans if span.name != "端午节")
        with pytest.raises(Invalid, match="Dragon Boat"):
            await propose_notice(cast.first, replace_spans(NOTICE_2027, spans))

    def test_procedure_is_drawn(self) -> None:
        assert "proposed --> confirmed: confirm" in notices.NOTICE.diagram()


def replace_spans(draft: NoticeDraft, spans: tuple[Span, ...]) -> NoticeDraft:
    return draft.model_copy(update={"spans": spans})
