"""Deadlines as they are shown: labels, tones, working days left, and why this date."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.kernel.calendar_story import NOW, QUERY, TYPHOON, Cast, ask, load, make_cast

from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.database.transaction import verb
from shared_resources.kernel.dues import dues_of, dues_owed_by, dues_owed_to, next_dues
from shared_resources.kernel.parties import Parties
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Relation
from shared_resources.kernel.procedure import Procedure, Term, register

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from shared_resources.kernel.schemas.dues import DueView

DAY = timedelta(days=1)
AGREED = Term("hand_back", "Hand back", (), (), Relation.BORROWER, Relation.OWNER, "VI-1a")
KNOWN = register(Procedure(**{**vars(QUERY), "terms": (*QUERY.terms, AGREED)}))
"""The story's procedure with one more term whose day is agreed on, as that of a return is."""


@pytest.fixture(autouse=True)
def christmas_eve() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@verb
async def close(record: UUID, term: str) -> None:
    await deadlines.close(record, term, "met", SYSTEM_ACTOR)


@verb
async def agree_on(record: UUID, cast: Cast, until: datetime) -> None:
    parties = {Relation.OWNER: cast.city, Relation.BORROWER: cast.county}
    await deadlines.start(record, AGREED, parties[AGREED.owed_by], Parties.of(parties), SYSTEM_ACTOR, until)


@verb
async def extend(record: UUID, term: str, until: datetime) -> None:
    await deadlines.extend(record, term, until, SYSTEM_ACTOR)


async def answer_of(record: UUID) -> DueView:
    return next(due for due in await dues_of(record) if due.term == "answer")


async def test_due_names_term_sides_page_and_what_is_left(cast: Cast) -> None:
    due = await answer_of(await ask(cast.city, cast.county))
    assert (due.label, due.basis, due.statutory, due.title) == ("Answer", "AR-2c", True, "档案查询")
    assert due.path == f"/queries/{due.number}"
    assert (due.owed_by, due.owed_to) == (cast.city, cast.county)
    assert (due.owed_by_zh, due.owed_to_zh) == ("市市场监督管理局", "石柱土家族自治县林业局")
    assert (due.due_on, due.working_days_left, due.tone, due.is_late) == (date(2026, 12, 31), 5, "neutral", False)


async def test_every_day_of_the_count_has_its_reason(cast: Cast) -> None:
    due = await answer_of(await ask(cast.city, cast.county))
    counted = [line.day for line in due.days if line.counted]
    assert counted == [date(2026, 12, day) for day in (25, 28, 29, 30, 31)]
    assert [line.reason for line in due.days if line.day == date(2026, 12, 26)] == ["weekend"]
    assert due.days[0].day == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("later", "left", "tone", "is_late"),
    [
        (timedelta(days=6), 1, "warning", False),
        (timedelta(days=7), 0, "warning", False),
        (timedelta(days=11), -1, "bad", True),
    ],
)
async def test_tone_follows_the_working_days_left(
    cast: Cast, later: timedelta, left: int, tone: str, is_late: bool
) -> None:
    record = await ask(cast.city, cast.county)
    with clock.at(NOW + later):
        due = await answer_of(record)
    assert (due.working_days_left, due.tone, due.is_late) == (left, tone, is_late)


async def test_met_deadline_is_good_and_owed_no_longer(cast: Cast) -> None:
    record = await ask(cast.city, cast.county)
    await close(record, "answer")
    due = await answer_of(record)
    assert (due.state, due.tone, due.working_days_left) == ("met", "good", None)
    assert [owed.term for owed in await dues_owed_by(cast.city)] == ["press"]
    assert await dues_owed_to(cast.county) == ()


async def test_lists_are_by_urgency_and_carry_no_days(cast: Cast) -> None:
    await ask(cast.city, cast.county)
    with clock.at(NOW + DAY):
        second = await ask(cast.city, cast.county)
        owed = await dues_owed_by(cast.city)
        assert [due.due_at for due in owed] == sorted(due.due_at for due in owed)
        assert not any(due.days for due in owed)
        assert {due.term for due in await dues_owed_to(cast.county)} == {"answer"}
        assert (await next_dues([second]))[second].term == "press"
    assert await dues_owed_by(cast.county) == ()


async def test_county_holiday_stretches_the_count_and_names_its_notice(cast: Cast) -> None:
    await load(cast, TYPHOON)
    due = await answer_of(await ask(cast.city, cast.county))
    skipped = [line for line in due.days if line.notice_no == TYPHOON.number]
    assert [line.counted for line in skipped] == [False, False]
    assert str(skipped[0].sentence) == "rest day by order: 暴雪"


async def test_agreed_and_extended_dates_say_so(cast: Cast) -> None:
    record = await ask(cast.city, cast.county)
    until = datetime(2027, 1, 8, 9, tzinfo=UTC)
    await agree_on(record, cast, datetime(2027, 1, 6, 9, tzinfo=UTC))
    await extend(record, "answer", until)
    dues = {due.term: due for due in await dues_of(record)}
    assert [line.reason for line in dues["hand_back"].days] == ["the day on which both sides agreed"]
    assert [line.reason for line in dues["answer"].days][-1] == "both sides agreed on this later day"
    assert (dues["answer"].days[-1].day, dues["answer"].due_at) == (date(2027, 1, 8), until)


def test_two_procedures_of_one_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="test_query"):
        register(Procedure(**{**vars(KNOWN), "basis": "XX-1"}))
