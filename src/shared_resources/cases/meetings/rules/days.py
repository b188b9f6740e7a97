"""The days before a meeting: last day for the notice, last day for replies (MT-3). Pure; the calendar comes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import BACK, DueDate
from shared_resources.kernel.workdays import due as due_by_rule

if TYPE_CHECKING:
    from shared_resources.kernel.workdays import Calendar

NOTICE, REPLY = BACK(5), BACK(2)
FURTHEST = 60
"""A notice of today reaches a meeting within so many days, whatever the holidays."""


@dataclass(frozen=True)
class LastDays:
    """For a meeting on ``day``: the last day on which the notice may be delivered, and the last for replies."""

    day: date
    notice: DueDate
    reply: DueDate

    def is_late(self, today: date) -> bool:
        """Whether a notice delivered today comes too late."""
        return today > self.notice.date


def last_days(day: date, calendar: Calendar, county: str | None = None) -> LastDays:
    """The last days for a meeting on ``day``."""
    return LastDays(day, due_by_rule(NOTICE, day, calendar, county), due_by_rule(REPLY, day, calendar, county))


def earliest_day(today: date, calendar: Calendar, county: str | None = None) -> date:
    """The first day for which a notice delivered today is in time.

    Raises:
        ValueError: none within ``FURTHEST`` days; the calendar cannot be right.
    """
    for ahead in range(1, FURTHEST):
        day = today + timedelta(days=ahead)
        if not last_days(day, calendar, county).is_late(today):
            return day
    raise ValueError("no day for a meeting: the calendar cannot be right")


def check_notice(last: LastDays, today: date, urgent_reason: str | None) -> bool:
    """Whether a notice of today would be late and is allowed as that of an urgent meeting.

    Raises:
        Invalid: the day has passed, or the notice would be late and no urgent reason is given (MT-3a).
    """
    if last.day < today:
        raise Invalid(N_("This day has passed."), do=N_("Choose a later day."), code="past", field="starts_at")
    if not last.is_late(today):
        return False
    if not urgent_reason:
        raise Invalid(
            N_("A meeting on %(day)s needs its notice by %(last)s; today is later."),
            do=N_("Choose another day, or give the reason for an urgent meeting."),
            code="late_notice",
            field="urgent_reason",
            day=last.day,
            last=last.notice.date,
        )
    return True
