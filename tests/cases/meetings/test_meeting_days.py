"""The days before a meeting: the rows of the specification, late notices, the reason that allows them."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.cases.meetings.rules.days import check_notice, earliest_day, last_days
from shared_resources.cases.meetings.schemas.meeting import Postponement, Sending
from shared_resources.kernel import clock
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.statutory_days import statutory_days
from shared_resources.kernel.workdays import (
    NATION,
    Calendar,
    CountingPolicy,
    DayKind,
    SpecialDay,
    Year,
    YearStatus,
)
from shared_resources.kernel.working_calendar import library_years
from tests.cases.meetings.convening import BEGINS, ENDS, MORNING, due_of, make_convening, one, rows

DATA = Path(__file__).parents[2] / "kernel" / "data"
YEARS = library_years()
CALENDAR = Calendar(
    {(NATION, day): SpecialDay(kind, name) for days in YEARS.values() for day, kind, name in days},
    {year: Year(YearStatus.CONFIRMED) for year in YEARS},
)
CASES = [
    row
    for row in csv.DictReader((DATA / "working-day-cases.csv").read_text("utf-8").splitlines())
    if row["rule"] == "BACK" and row["n"] in ("5", "2")
]
DAYS = st.dates(date(2025, 1, 20), date(2026, 12, 20))


@pytest.mark.parametrize("row", CASES, ids=[row["case_id"] for row in CASES])
def test_last_days_over_holidays(row: dict[str, str]) -> None:
    last = last_days(date.fromisoformat(row["start_date"]), CALENDAR)
    found = last.notice if row["n"] == "5" else last.reply
    assert found.date == date.fromisoformat(row["expected_due"])
    assert found.counted == tuple(
        date.fromisoformat(f"{found.date.year if day[:2] <= row['start_date'][5:7] else 0}-{day.rstrip('*')}")
        for day in row["counted_days"].split()
    )


def test_there_are_rows_for_both_days() -> None:
    assert {row["n"] for row in CASES} == {"5", "2"}
    assert len(CASES) >= 8


@given(DAYS)
def test_notice_comes_before_replies_and_both_before_the_meeting(day: date) -> None:
    last = last_days(day, CALENDAR)
    assert last.notice.date < last.reply.date < day
    assert len(last.notice.counted) == 5
    assert len(last.reply.counted) == 2


@given(DAYS)
def test_the_earliest_day_is_in_time_and_the_day_before_is_not(today: date) -> None:
    first = earliest_day(today, CALENDAR)
    assert not check_notice(last_days(first, CALENDAR), today, None)
    assert last_days(first - timedelta(days=1), CALENDAR).is_late(today)


def test_clear_days_ask_for_one_day_more() -> None:
    clear = Calendar(CALENDAR.days, CALENDAR.years, CountingPolicy(clear_days=True))
    assert last_days(date(2025, 3, 21), CALENDAR).notice.date == date(2025, 3, 14)
    assert last_days(date(2025, 3, 21), clear).notice.date == date(2025, 3, 13)


def test_a_year_without_its_notice_is_provisional() -> None:
    estimated = {(NATION, day): SpecialDay(DayKind.HOLIDAY, name) for day, name in statutory_days(2027).items()}
    assert last_days(date(2027, 1, 12), Calendar(estimated, {})).notice.provisional


async def test_a_late_notice_is_refused_with_the_last_day(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        with pytest.raises(Invalid) as refused:
            await meeting.plan(starts_at=BEGINS - timedelta(days=3), ends_at=ENDS - timedelta(days=3))
        assert refused.value.sentence.params == {"day": date(2026, 11, 30), "last": date(2026, 11, 23)}
        assert refused.value.field == "urgent_reason"
        assert await one("SELECT count(*) FROM record WHERE kind = 'meeting'") == 0
        with pytest.raises(Invalid, match="passed"):
            await meeting.plan(starts_at=MORNING - timedelta(days=1), ends_at=MORNING - timedelta(hours=23))


async def test_an_urgent_meeting_may_be_told_late_and_is_irregular(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        early = {"starts_at": BEGINS - timedelta(days=3), "ends_at": ENDS - timedelta(days=3)}
        await meeting.plan(**early, urgent_reason="国庆前发现重大隐患")
        await meeting.take("send_notice")
    facts = await meeting.facts()
    assert facts.last("reckon")["irregular"]
    [line] = await rows("SELECT body FROM journal_line WHERE chain = $1 AND step = 'send_notice'", meeting.record)
    assert json.loads(line["body"])["data"]["irregular"] is True
    [notice] = await due_of(meeting.number, "notice")
    assert (notice["due_on"], notice["statutory"], notice["state"]) == (date(2026, 11, 23), True, "met")
    draft = await one("SELECT draft::text FROM document WHERE record = $1", meeting.record)
    assert "国庆前发现重大隐患" in draft


async def test_a_notice_that_was_in_time_when_planned_may_be_late_when_sent(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.plan()
    with clock.at(datetime(2026, 11, 26, 15, 59, tzinfo=UTC)):  # the last minute of the last day
        assert (await due_of(meeting.number, "notice"))[0]["due_on"] == date(2026, 11, 26)
    with clock.at(datetime(2026, 11, 26, 16, 0, tzinfo=UTC)):
        with pytest.raises(Invalid, match="needs its notice"):
            await meeting.take("send_notice")
        assert await meeting.state() == "planning"
        await meeting.take("send_notice", entries=Sending(urgent_reason="会场临时落实"))
    assert (await meeting.facts()).last("reckon")["irregular"]


async def test_another_date_begins_the_clock_anew(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.plan()
        await meeting.take("amend")
        first, second = await due_of(meeting.number, "notice")
        assert (first["state"], second["state"]) == ("cancelled", "running")
        await meeting.take("send_notice")
        assert {row["owed_by"] for row in await due_of(meeting.number, "reply")} == set(meeting.invited)
        assert {row["due_on"] for row in await due_of(meeting.number, "reply")} == {date(2026, 12, 1)}
        await meeting.replied()
        assert await meeting.state() == "confirmed"
        await meeting.take("postpone")
        assert await meeting.state() == "noticed"
        clocks = await due_of(meeting.number, "reply")
        assert [(row["state"], row["due_on"]) for row in clocks[2:]] == [("running", date(2026, 12, 8))] * 2
        near = meeting.later(BEGINS - timedelta(days=3))
        with pytest.raises(Invalid, match="needs its notice"):
            await meeting.take("postpone", entries=near)
        urgent = Postponement(**{**near.model_dump(), "urgent_reason": "市政府要求提前"})
        await meeting.take("postpone", entries=urgent)
    assert (await meeting.facts()).last("reckon")["irregular"]
