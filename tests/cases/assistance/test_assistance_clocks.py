"""The clocks of assistance: reply and its pauses, the day of the start, the oral and the urgent lane."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared_resources.cases.assistance.rules import shown_of
from shared_resources.kernel import clock
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from tests.cases.assistance.asking import MORNING, URGENT, due_of, make_asking, one, state_of

DAY = timedelta(days=1)
NIGHT = datetime(2026, 11, 28, 17, 0, tzinfo=UTC)
"""Sunday, one o'clock at night in Chongqing."""


async def test_the_reply_is_a_target_of_three_working_days_and_stops_for_a_supplement(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue")
        due = await due_of(asking.number, "reply")
        assert (due["due_on"], due["statutory"]) == (date(2026, 11, 27), False)
    with clock.at(MORNING + DAY):
        await asking.take("receive", "ask_supplement")
        assert (await due_of(asking.number, "reply"))["state"] == "paused"
        assert (await due_of(asking.number, "supplement"))["due_on"] == date(2026, 11, 30)
    with clock.at(MORNING + 6 * DAY):
        await asking.take("supplement")
        due = await due_of(asking.number, "reply")
        assert (due["state"], due["due_on"]) == ("running", date(2026, 12, 2))
        assert (await due_of(asking.number, "supplement"))["state"] == "met"
        await asking.take("refuse")
        assert (await due_of(asking.number, "reply"))["state"] == "met"
        assert (await due_of(asking.number, "follow_up"))["due_on"] == date(2026, 12, 7)


async def test_the_start_is_due_on_the_day_of_the_reply_itself(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive", "agree")
        due = await due_of(asking.number, "start")
        assert (due["due_on"], due["statutory"], due["basis"]) == (date(2026, 11, 24), True, "AS-7b")
    with clock.at(MORNING + timedelta(hours=14, minutes=59)):
        await asking.take("start")
        assert not await late_lines(asking.number)
        assert (await due_of(asking.number, "finish"))["due_on"] == date(2026, 12, 4)


async def test_a_late_start_is_flagged_in_the_record_and_told_to_both(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive", "agree")
    with clock.at(MORNING + timedelta(hours=15)):
        await asking.take("start")
    assert await late_lines(asking.number) == 1
    assert (await shown(asking.number))["days_late"] == 1
    assert await state_of(asking.number) == "assisting"
    told = "SELECT count(DISTINCT person) FROM notice WHERE sentence LIKE '%later than the day%'"
    assert await one(told) >= 4


async def shown(number: str) -> Mapping[str, Any]:
    """What the page of a request says above its papers."""
    return shown_of(await facts_of(await one("SELECT id FROM record WHERE number = $1", number)))


async def pending(number: str) -> tuple[bool, bool]:
    """Whether letter and reply are still to come."""
    said = await shown(number)
    return said["letter_pending"], said["reply_pending"]


async def late_lines(number: str) -> int:
    """How often the record says that help started late."""
    return int(
        await one(
            "SELECT count(*) FROM journal_line l JOIN record r ON r.id = l.chain"
            " WHERE r.number = $1 AND l.step = 'flag_late'",
            number,
        )
    )


async def test_a_start_on_the_day_recorded_later_is_in_time(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive", "agree")
    with clock.at(MORNING + 2 * DAY):
        with pytest.raises(Invalid):
            await asking.take("start", started_at=MORNING - DAY)
        with pytest.raises(Invalid):
            await asking.take("start", started_at=MORNING + 3 * DAY)
        await asking.take("start", started_at=MORNING + timedelta(hours=2))
    assert not await late_lines(asking.number)
    assert (await shown(asking.number))["days_late"] == 0


async def test_after_an_oral_request_the_letter_is_due_the_next_working_day(db: str) -> None:
    with clock.at(NIGHT):
        asking = await make_asking()
        await asking.open()
        with pytest.raises(Invalid):
            await asking.take("oral_request", called_at=NIGHT + DAY)
        await asking.take("oral_request")
        assert (await due_of(asking.number, "letter"))["due_on"] == date(2026, 11, 30)
    with clock.at(NIGHT + DAY):
        await asking.take("backfill_letter")
        assert (await due_of(asking.number, "letter"))["state"] == "met"
        assert (await due_of(asking.number, "reply"))["due_on"] == date(2026, 12, 3)


async def test_urgent_help_is_accepted_within_half_an_hour_at_night(db: str) -> None:
    with clock.at(NIGHT):
        asking = await make_asking()
        await on_duty(asking.cast.borrower.agency, asking.cast.borrower.auditor.person)
        await asking.open(**URGENT)
        await asking.take("oral_request")
        assert (await due_of(asking.number, "accept"))["due_at"] == NIGHT + timedelta(minutes=30)
        rung = await one("SELECT person FROM notice WHERE sentence LIKE 'Urgent:%'")
        assert rung == asking.cast.borrower.auditor.person
    with clock.at(NIGHT + timedelta(minutes=20)):
        await asking.take("act_at_once")
        assert (await due_of(asking.number, "accept"))["state"] == "met"
        assert (await due_of(asking.number, "reply_paper"))["due_on"] == date(2026, 11, 30)
        assert (await due_of(asking.number, "finish"))["due_on"] == date(2026, 12, 10)
        with pytest.raises(WrongState) as refused:
            await asking.take("report")
        assert refused.value.code == "not_yet"
        assert await pending(asking.number) == (True, True)
        await asking.take("file_reply", "report")
        assert await pending(asking.number) == (True, False)
        with pytest.raises(WrongState):
            await asking.take("confirm")
        await asking.take("file_letter", "confirm", "close")
        assert not any(await pending(asking.number))


async def on_duty(agency: object, person: object) -> None:
    """Let ``person`` answer the agency's duty desk around the clock."""
    desk = new_id()
    async with transaction() as db:
        await db.execute(
            "INSERT INTO duty_desk (id, agency, name, phone) VALUES ($1, $2, '值班室', '1')", desk, agency
        )
        await db.execute(
            "INSERT INTO duty_shift (id, desk, person, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
            new_id(),
            desk,
            person,
            NIGHT - DAY,
            NIGHT + DAY,
        )


async def test_an_urgent_letter_is_answered_the_same_day(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open(**URGENT)
        await asking.take("issue")
        assert (await due_of(asking.number, "reply"))["due_on"] == date(2026, 11, 24)
        await asking.take("act_at_once")
        assert (await due_of(asking.number, "reply"))["state"] == "cancelled"


async def test_what_is_not_urgent_is_not_acted_on_before_its_reply(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue")
        with pytest.raises(WrongState) as refused:
            await asking.take("act_at_once")
        assert refused.value.code == "not_yet"


async def test_the_finish_moves_only_before_it_has_passed(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive", "agree", "start")
        with pytest.raises(Invalid):
            await asking.take("extend", until=date(2026, 12, 4))
    with clock.at(MORNING + 10 * DAY):
        await asking.take("extend")
        assert (await due_of(asking.number, "finish"))["due_on"] == date(2026, 12, 18)
    with clock.at(MORNING + 25 * DAY), pytest.raises(WrongState):
        await asking.take("extend", until=date(2026, 12, 30))


async def test_dates_in_the_past_are_refused(db: str) -> None:
    with clock.at(MORNING + 30 * DAY):
        asking = await make_asking()
        with pytest.raises(Invalid):
            await asking.open()
    with clock.at(MORNING):
        await asking.open()
        await asking.take("issue", "receive")
    with clock.at(MORNING + 15 * DAY), pytest.raises(Invalid):
        await asking.take("agree")
    assert await state_of(asking.number) == "received"


async def test_the_result_is_due_when_it_is_expected(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive", "agree", "start", "report")
        await asking.take("confirm", result_expected=date(2027, 3, 1))
        assert (await due_of(asking.number, "result"))["due_on"] == date(2027, 3, 1)
