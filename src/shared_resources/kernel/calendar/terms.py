"""Counting a term for somebody who wants to know why: rules in plain words, the answer day by day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, Refusal, raise_all
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import MOST_DAYS, DueDate, Rule, due
from shared_resources.kernel.working_calendar import load_calendar
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

RULE_LABELS: Mapping[str, str] = {
    "FWD": N_("Working days after the event"),
    "BACK": N_("Working days before the meeting"),
    "EXP": N_("Working days after the expiry; an expiry on a rest day moves on first"),
    "EXP0": N_("Working days after the expiry as it stands"),
    "CAL": N_("Natural days; a last day of rest moves on"),
    "SAME_DAY": N_("The day itself"),
}
AROUND = 50
"""Years around this one that anybody asks about."""


async def counted(rule: str, days: str, start: str, county: str | None) -> DueDate:
    """The date on which such a term is due, by the calendar as it stands now.

    Raises:
        Invalid, Refusals: what was typed makes no sense; all reasons at once.
    """
    reasons: list[Refusal] = []
    number = _number(days, reasons) if rule != "SAME_DAY" else 0
    day = _day(start, reasons)
    raise_all(reasons)
    async with reading() as db, db.transaction():
        calendar = await load_calendar(db, day)
    return due(Rule(rule, number), day, calendar, county or settings().county)


def _number(text: str, reasons: list[Refusal]) -> int:
    if text.strip().isdecimal() and 1 <= int(text) <= MOST_DAYS:
        return int(text)
    sentence = N_("A term has 1 to %(most)s days.")
    reasons.append(Invalid(sentence, code="days", field="days", most=MOST_DAYS))
    return 1


def _day(text: str, reasons: list[Refusal]) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if abs(day.year - clock.today().year) <= AROUND:
        return day
    reasons.append(
        Invalid(
            N_("This is not a date that can be counted from."),
            do=N_("Write it like 2026-11-24."),
            code="date",
            field="start",
        )
    )
    return clock.today()
