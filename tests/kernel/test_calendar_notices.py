"""A notice takes two persons, and checks that neither of them replaces."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
from tests.kernel.calendars import LIBRARY

from shared_resources.kernel import clock
from shared_resources.kernel.calendar import notices, queries
from shared_resources.kernel.calendar.notices import confirm_notice, propose_notice, withdraw_notice
from shared_resources.kernel.calendar.rules import reasons_against
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusals, SignInNeeded, Taken, WrongState
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor
from shared_resources.kernel.schemas.calendar import NoticeDraft, Span, Tally
from shared_resources.kernel.workdays import DayKind, YearStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

from tests.kernel.calendar_story import (
    NOTICE_2027,
    NOW,
    TYPHOON,
    Cast,
    load,
    make_cast,
    replace_spans,
    system_admin,
    year_2027,
)


@pytest.fixture(autouse=True)
def christmas_eve() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


class TestTwoPersons:
    """A notice takes two."""

    async def test_days_count_only_after_the_second_person(self, cast: Cast) -> None:
        number = await propose_notice(cast.first, NOTICE_2027)
        assert (await year_2027()).status is YearStatus.ESTIMATED
        assert [view.state for view in await queries.notices(cast.second)] == ["proposed"]
        await confirm_notice(cast.second, number)
        year = await year_2027()
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
        assert (await year_2027()).status is YearStatus.ESTIMATED

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
        assert [(row["person"], row["link"]) for row in rows] == [(cast.second.person, f"/admin/notices/{number}")]

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
