"""When a depot is open: hours of the week in its own zone, and days on which it stays closed.

Hours are ISO weekday -> list of [opens, closes], "HH:MM", half-open, "24:00" for the end of the day. They are
times on the wall clock: in the night when clocks go back, an hour that comes twice is open twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

WEEKDAYS = {
    "1": N_("Monday"),
    "2": N_("Tuesday"),
    "3": N_("Wednesday"),
    "4": N_("Thursday"),
    "5": N_("Friday"),
    "6": N_("Saturday"),
    "7": N_("Sunday"),
}
DAY_MINUTES = 24 * 60

_TIME = re.compile(r"^(\d{1,2}):(\d{2})$")
_SPAN = re.compile(r"^\s*(\d{1,2}:\d{2})\s*(?:-|–|—|~|至)\s*(\d{1,2}:\d{2})\s*$")


@dataclass(frozen=True)
class Closure:
    """Days on which a depot stays closed, first and last included."""

    first_day: date
    last_day: date
    reason: str = ""


def check_open(
    hours: Mapping[str, Sequence[Sequence[str]]],
    closures: Sequence[Closure],
    zone: ZoneInfo,
    instant: datetime,
    *,
    closing: bool = False,
) -> Sentence | None:
    """None when the depot is open at ``instant``, else why not.

    Args:
        closing: whether the moment of closing still counts, as it does for a return: "until 18:00" includes
            18:00 sharp, and "until 24:00" the midnight that is already the next day.
    """
    local = instant.astimezone(zone)
    day, minute = local.date(), local.hour * 60 + local.minute
    sharp = closing and local.second == 0 and local.microsecond == 0
    if sharp and minute == 0:
        eve = day - timedelta(days=1)
        closes_then = any(end == DAY_MINUTES for _, end in spans_of(hours, eve))
        if closes_then and closed_by(closures, eve) is None:
            return None
    closure = closed_by(closures, day)
    if closure is not None:
        return _closed_day(closure)
    spans = spans_of(hours, day)
    if any(start <= minute < end or (sharp and minute == end) for start, end in spans):
        return None
    if not spans:
        return Sentence(N_("The depot is closed on that day of the week."))
    shown = ", ".join(f"{_shown(start)}–{_shown(end)}" for start, end in spans)
    return Sentence(N_("The depot is closed at that time; on that day it is open %(hours)s."), {"hours": shown})


def spans_of(hours: Mapping[str, Sequence[Sequence[str]]], day: date) -> list[tuple[int, int]]:
    """The opening hours of ``day`` in minutes from midnight on the wall clock."""
    return [(_minutes(opens), _minutes(closes)) for opens, closes in hours.get(str(day.isoweekday()), ())]


def closed_by(closures: Sequence[Closure], day: date) -> Closure | None:
    """The closure that ``day`` falls into, if any."""
    return next((closure for closure in closures if closure.first_day <= day <= closure.last_day), None)


def parse_day(text: str, field: str) -> list[list[str]]:
    """Hours of one weekday as people write them: ``08:30-12:00, 14:00-18:00``; nothing means closed.

    Raises:
        Invalid: a time that no clock shows, an end before its beginning, or two spans that meet or overlap.
    """
    found: list[tuple[int, int]] = []
    for part in re.split(r"[,，;；]", text):
        if not part.strip():
            continue
        match = _SPAN.match(part)
        if match is None:
            raise _unreadable(field)
        found.append((_checked(match[1], field), _checked(match[2], field)))
    found.sort()
    for position, (opens, closes) in enumerate(found):
        if opens >= closes:
            raise Invalid(
                N_("Opening hours end before they begin."),
                do=N_("Hours past midnight are written on both days: 22:00-24:00 and 00:00-06:00."),
                code="hours",
                field=field,
            )
        if position and found[position - 1][1] >= opens:
            raise Invalid(N_("Two spans of opening hours overlap or touch."), code="hours", field=field)
    return [[_shown(opens), _shown(closes)] for opens, closes in found]


def written(spans: Sequence[Sequence[str]]) -> str:
    """Hours of one weekday the way ``parse_day`` reads them."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in spans)


def _closed_day(closure: Closure) -> Sentence:
    if closure.reason:
        return Sentence(N_("The depot is closed on that day: %(reason)s"), {"reason": closure.reason})
    return Sentence(N_("The depot is closed on that day."))


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _checked(text: str, field: str) -> int:
    match = _TIME.match(text)
    if match is None or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > DAY_MINUTES:
        raise _unreadable(field)
    return _minutes(text)


def _unreadable(field: str) -> Invalid:
    return Invalid(
        N_("These opening hours cannot be read."),
        do=N_("Write them like 08:30-12:00, 14:00-18:00; leave the day empty when closed."),
        code="hours",
        field=field,
    )


def _shown(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
