"""JE-8 over National Day, make-up Saturdays and the turn of the year, as the worked examples have it."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.casework.jobs import take_lapsed_steps
from shared_resources.kernel.casework.queries import case_page
from tests.cases.joint_operations.operating import TASK, due_of, make_operating, one, state_of

EXAMPLES = Path(__file__).parents[2] / "kernel" / "data" / "working-day-cases.csv"
with EXAMPLES.open(encoding="utf-8") as file:
    ROWS = [row for row in csv.DictReader(file) if row["rule"] in ("EXP", "EXP0")]
EXPIRIES = {row["case_id"]: row for row in ROWS if row["rule"] == "EXP"}
OTHER = {row["start_date"]: row["expected_due"] for row in ROWS if row["rule"] == "EXP0"}
"""The same deadlines under the other choice: both are printed where they differ."""
ROLLED = {"2025-10-01": "2025-10-09"}
MINUTE = timedelta(minutes=1)


def day_start(day: date) -> datetime:
    """Midnight in Chongqing."""
    return datetime.combine(day, time.min, clock.LOCAL_ZONE)


@pytest.mark.parametrize("case", EXPIRIES)
async def test_report_is_due_as_the_examples_say(db: str, case: str) -> None:
    row = EXPIRIES[case]
    deadline, due = date.fromisoformat(row["start_date"]), date.fromisoformat(row["expected_due"])
    with clock.at(day_start(deadline - timedelta(days=8)) + timedelta(hours=9)):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign(deadline=deadline)
        report = await due_of(number, "report")
        assert (report["due_on"], report["statutory"]) == (due, True)
        page = await case_page(operating.lead.officer, TASK, number)
    counted = page.facts.last("counted")
    assert counted["report_due"] == row["expected_due"]
    assert counted["effective_expiry"] == ROLLED.get(row["start_date"], row["start_date"])
    assert counted["other_due"] == OTHER.get(row["start_date"])
    shown = next(view for view in page.dues if view.term == "report")
    days = [f"{line.day:%m-%d}" for line in shown.days if line.counted]
    assert days == [text.removesuffix("*") for text in row["counted_days"].split(") ")[-1].split()]


@pytest.mark.parametrize("case", EXPIRIES)
async def test_the_clock_finds_expiry_and_overdue_report_with_the_last_minute(db: str, case: str) -> None:
    row = EXPIRIES[case]
    deadline, due = date.fromisoformat(row["start_date"]), date.fromisoformat(row["expected_due"])
    expiry = date.fromisoformat(ROLLED.get(row["start_date"], row["start_date"]))
    with clock.at(day_start(deadline - timedelta(days=8)) + timedelta(hours=9)):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign(deadline=deadline)
    for moment, state in (
        (day_start(expiry + timedelta(days=1)) - MINUTE, "assigned"),
        (day_start(expiry + timedelta(days=1)), "expired"),
        (day_start(due + timedelta(days=1)) - MINUTE, "expired"),
        (day_start(due + timedelta(days=1)), "report_overdue"),
    ):
        with clock.at(moment):
            await take_lapsed_steps()
            await take_lapsed_steps()
        assert await state_of(number) == state, moment


async def test_after_days_of_outage_both_steps_are_taken_once(db: str) -> None:
    with clock.at(day_start(date(2025, 9, 22)) + timedelta(hours=9)):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign(deadline=date(2025, 9, 26))
    with clock.at(day_start(date(2025, 12, 1))):
        for _ in range(4):
            await take_lapsed_steps()
        assert await state_of(number) == "report_overdue"
        await operating.do("report")
    steps = (
        "SELECT count(*) FROM journal_line l JOIN record r ON r.id = l.chain"
        " WHERE r.number = $1 AND l.step IN ('expire', 'report_overdue')"
    )
    assert await one(steps, number) == 2
    assert await state_of(number) == "reported"


async def test_a_report_in_time_meets_the_statutory_clock(db: str) -> None:
    with clock.at(day_start(date(2025, 9, 22)) + timedelta(hours=9)):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign(deadline=date(2025, 10, 1))
    with clock.at(day_start(date(2025, 10, 15)) + timedelta(hours=23)):
        await take_lapsed_steps()
        await operating.do("report")
    assert (await due_of(number, "report"))["state"] == "met"
    letter = await one(
        "SELECT draft::text FROM document d JOIN record r ON r.id = d.record"
        " WHERE r.number = $1 AND d.kind = 'completion_report'",
        number,
    )
    for printed in ("2025年10月1日", "2025年10月9日", "2025年10月15日", "2025年10月14日"):
        assert printed in letter


async def test_an_explanation_takes_the_clocks_away_and_gives_the_lead_its_own(db: str) -> None:
    with clock.at(day_start(date(2025, 9, 22)) + timedelta(hours=9)):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign(deadline=date(2025, 10, 1))
        await operating.do("acknowledge", "excuse")
    assert (await due_of(number, "report"))["state"] == "cancelled"
    assert (await due_of(number, "deadline"))["state"] == "cancelled"
    judge = await due_of(number, "judge_excuse")
    assert (judge["due_on"], judge["statutory"]) == (date(2025, 10, 15), False)
