"""Working-day arithmetic (WORKING-DAYS 3.1): pure, the calendar comes in as a value.

Dates are Chongqing's. A working day is Monday to Friday outside the holidays of the State Council's notice,
plus the notice's make-up days. Every answer carries its day-by-day explanation, and says so when it leans on
a year whose notice is not confirmed (provisional, 暂定).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DAY = timedelta(days=1)
Day = date
NATION = "CN"
FURTHEST = 1000
"""No legal term is longer; a search beyond it is a mistake in the calendar."""


class DayKind(StrEnum):
    """Why a day differs from plain Monday to Friday."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    WORKDAY_OVERRIDE = "workday_override"
    REST_OVERRIDE = "rest_override"

    @property
    def works(self) -> bool:
        """Whether people work on such a day."""
        return self in (DayKind.MAKEUP, DayKind.WORKDAY_OVERRIDE)


@dataclass(frozen=True)
class SpecialDay:
    """A day of the table; ``scope`` is CN or a county's division code."""

    kind: DayKind
    name: str
    notice_no: str | None = None
    scope: str = NATION


@dataclass(frozen=True)
class CountingPolicy:
    """The choices of WORKING-DAYS 3.1 that an administrator may make; defaults first.

    expiry_rolls: EXP moves an expiry on a rest day to the next working day before it counts.
    clear_days: BACK leaves n full working days between, one day earlier than the n-th day.
    """

    expiry_rolls: bool = True
    clear_days: bool = False


@dataclass(frozen=True)
class Calendar:
    """The table of days and the years whose notice is confirmed."""

    days: Mapping[tuple[str, date], SpecialDay] = field(default_factory=dict)
    confirmed_years: frozenset[int] = frozenset()
    policy: CountingPolicy = CountingPolicy()

    def special(self, day: date, county: str | None) -> SpecialDay | None:
        """What the table says of ``day``; a county's own entry goes before the nation's."""
        own = self.days.get((county, day)) if county else None
        return own or self.days.get((NATION, day))

    def works(self, day: date, county: str | None = None) -> bool:
        """Whether ``day`` is a working day."""
        special = self.special(day, county)
        return special.kind.works if special else day.isoweekday() < 6

    def note(self, day: date, counted: bool, county: str | None) -> DayNote:
        """Why ``day`` was counted or skipped."""
        special = self.special(day, county)
        if special is not None:
            why = N_("%(name)s, make-up working day") if special.kind.works else N_("%(name)s, rest day")
            return DayNote(day, counted, Sentence(why, {"name": special.name}), special.notice_no)
        why = N_("ordinary working day") if day.isoweekday() < 6 else N_("weekend")
        return DayNote(day, counted, Sentence(why), None)


@dataclass(frozen=True)
class DayNote:
    """One line of the explanation of a date."""

    day: date
    counted: bool
    reason: Sentence
    notice_no: str | None


@dataclass(frozen=True)
class DueDate:
    """A due date and why it is that one. ``rolled_from`` is an expiry that fell on a rest day."""

    date: Day
    explanation: tuple[DayNote, ...]
    provisional: bool
    rolled_from: Day | None = None

    @property
    def counted(self) -> tuple[Day, ...]:
        """The days that count towards the term, in the order of counting."""
        return tuple(note.day for note in self.explanation if note.counted)


@dataclass(frozen=True)
class Rule:
    """How a term counts: the name of the rule and its number of days."""

    name: str
    days: int = 0

    def __str__(self) -> str:
        return f"{self.name} {self.days}" if self.days else self.name

    @classmethod
    def parse(cls, text: str) -> Rule:
        """The rule written as ``FWD 5``; the inverse of ``str``."""
        name, _, days = text.partition(" ")
        return cls(name, int(days or 0))


def FWD(days: int) -> Rule:  # noqa: N802 the rule's name in the specification
    """The n-th working day strictly after the event (first day not counted)."""
    return Rule("FWD", days)


def BACK(days: int) -> Rule:  # noqa: N802
    """The n-th working day strictly before the meeting: the last permitted day of delivery (MT-3)."""
    return Rule("BACK", days)


def EXP(days: int) -> Rule:  # noqa: N802
    """FWD from an expiry that first rolls to the next working day if it is a rest day (JE-8)."""
    return Rule("EXP", days)


def EXP0(days: int) -> Rule:  # noqa: N802
    """FWD from the expiry as it stands."""
    return Rule("EXP0", days)


def CAL(days: int) -> Rule:  # noqa: N802
    """Natural days after the event; a last day of rest rolls to the next working day (TR-5)."""
    return Rule("CAL", days)


SAME_DAY = Rule("SAME_DAY")
"""The day itself (AS-7b)."""


def due(rule: Rule, start: date, calendar: Calendar, county: str | None = None) -> DueDate:
    """The date on which a term that begins on ``start`` is due, with its explanation.

    Raises:
        ValueError: an unknown rule, or a number of days that makes no sense.
    """
    if rule.days < 0 or (rule.days == 0) != (rule.name == "SAME_DAY"):
        raise ValueError(f"no such term: {rule}")
    if rule.name == "SAME_DAY":
        return finish(start, (calendar.note(start, True, county),), start, calendar)
    if rule.name == "FWD" or rule.name == "EXP0":
        return count(start, rule.days, DAY, calendar, county)
    if rule.name == "EXP":
        expiry = roll(start, calendar, county) if calendar.policy.expiry_rolls else (start, ())
        return after_expiry(start, expiry, rule.days, calendar, county)
    if rule.name == "BACK":
        return count(start, rule.days + calendar.policy.clear_days, -DAY, calendar, county)
    if rule.name == "CAL":
        return natural(start, rule.days, calendar, county)
    raise ValueError(f"unknown rule: {rule.name}")


def count(start: date, days: int, step: timedelta, calendar: Calendar, county: str | None) -> DueDate:
    """The ``days``-th working day from ``start`` in the direction of ``step``, ``start`` not counted."""
    notes: list[DayNote] = []
    remaining = days
    for day in walk(start + step, step):
        works = calendar.works(day, county)
        notes.append(calendar.note(day, works, county))
        remaining -= works
        if not remaining:
            return finish(day, tuple(notes), start, calendar)
    raise AssertionError("unreachable")


def roll(start: date, calendar: Calendar, county: str | None) -> tuple[date, tuple[DayNote, ...]]:
    """The first working day from ``start`` on, and the rest days passed over."""
    notes: list[DayNote] = []
    for day in walk(start, DAY):
        if calendar.works(day, county):
            return day, tuple(notes)
        notes.append(calendar.note(day, False, county))
    raise AssertionError("unreachable")


def after_expiry(
    start: date, expiry: tuple[date, tuple[DayNote, ...]], days: int, calendar: Calendar, county: str | None
) -> DueDate:
    """FWD from an expiry that may have rolled; both dates stay visible."""
    rolled, passed = expiry
    result = count(rolled, days, DAY, calendar, county)
    rolled_from = start if rolled != start else None
    return finish(result.date, passed + result.explanation, start, calendar, rolled_from)


def natural(start: date, days: int, calendar: Calendar, county: str | None) -> DueDate:
    """Natural days: each one counts, and a last day of rest rolls on."""
    counted = tuple(calendar.note(start + n * DAY, True, county) for n in range(1, days + 1))
    last, passed = roll(start + days * DAY, calendar, county)
    return finish(last, counted + tuple(note for note in passed if note.day > counted[-1].day), start, calendar)


def finish(
    day: date, notes: tuple[DayNote, ...], start: date, calendar: Calendar, rolled_from: date | None = None
) -> DueDate:
    """The answer, provisional when any day it leans on lies in a year without a confirmed notice."""
    years = {note.day.year for note in notes} | {day.year, start.year}
    return DueDate(day, notes, not years <= calendar.confirmed_years, rolled_from)


def walk(start: date, step: timedelta) -> Iterator[date]:
    """Days from ``start`` on, in the direction of ``step``.

    Raises:
        ValueError: no end within ``FURTHEST`` days; the calendar cannot be right.
    """
    for n in range(FURTHEST):
        yield start + n * step
    raise ValueError("no working day found: the calendar cannot be right")
