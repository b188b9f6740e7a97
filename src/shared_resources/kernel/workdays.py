"""Working-day arithmetic (WORKING-DAYS 3.1): pure, the calendar comes in as a value.

Dates are Chongqing's. A working day is Monday to Friday outside the holidays of the State Council's notice,
plus the notice's make-up days. Every answer carries its day-by-day explanation, and says so when it leans on
a year whose notice is not confirmed (provisional, 暂定).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DAY = timedelta(days=1)
Day = date
NATION = "CN"
MOST_DAYS = 500
"""No legal term is longer."""
FURTHEST = 1000
"""A search beyond so many natural days is a mistake in the calendar."""

FESTIVALS: Mapping[str, str] = {
    "元旦": N_("New Year's Day"),
    "春节": N_("Spring Festival"),
    "清明节": N_("Qingming Festival"),
    "劳动节": N_("Labour Day"),
    "端午节": N_("Dragon Boat Festival"),
    "中秋节": N_("Mid-Autumn Festival"),
    "国庆节": N_("National Day"),
}
"""The names the notices use, as msgids; any other name of a day is shown as it was typed."""


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


DAY_REASONS: Mapping[DayKind, str] = {
    DayKind.HOLIDAY: N_("%(name)s, rest day"),
    DayKind.MAKEUP: N_("%(name)s, make-up working day"),
    DayKind.WORKDAY_OVERRIDE: N_("working day by order: %(name)s"),
    DayKind.REST_OVERRIDE: N_("rest day by order: %(name)s"),
}


class YearStatus(StrEnum):
    """Whether a year's days come from its notice or are only the days that the law fixes."""

    CONFIRMED = "confirmed"
    ESTIMATED = "estimated"


@dataclass(frozen=True)
class SpecialDay:
    """A day of the table; ``scope`` is CN or a county's division code."""

    kind: DayKind
    name: str
    notice_no: str | None = None
    scope: str = NATION


@dataclass(frozen=True)
class Year:
    """What is known of a year; one that the calendar does not name is as uncertain as an estimate."""

    status: YearStatus
    notice_no: str | None = None


@dataclass(frozen=True)
class CountingPolicy:
    """The choices of WORKING-DAYS 3.1 that an administrator may make; defaults first.

    expiry_rolls: EXP moves an expiry on a rest day to the next working day before it counts.
    deemed_received: an event on a rest day counts as received on the next working day, one day more.
    clear_days: BACK leaves n full working days between, one day earlier than the n-th day.
    """

    expiry_rolls: bool = True
    deemed_received: bool = False
    clear_days: bool = False


@dataclass(frozen=True)
class Calendar:
    """The table of days by scope and date, the years by their notice, and the choices of counting."""

    days: Mapping[tuple[str, date], SpecialDay] = field(default_factory=dict)
    years: Mapping[int, Year] = field(default_factory=dict)
    policy: CountingPolicy = CountingPolicy()

    def special(self, day: date, county: str | None = None) -> SpecialDay | None:
        """What the table says of ``day``; a county's own entry goes before the nation's."""
        own = self.days.get((county, day)) if county else None
        return own or self.days.get((NATION, day))

    def works(self, day: date, county: str | None = None) -> bool:
        """Whether ``day`` is a working day."""
        special = self.special(day, county)
        return special.kind.works if special else day.isoweekday() < 6

    def is_provisional(self, year: int) -> bool:
        """Whether the notice for ``year`` is missing or not confirmed."""
        known = self.years.get(year)
        return known is None or known.status is not YearStatus.CONFIRMED

    def note(self, day: date, counted: bool, county: str | None = None) -> DayNote:
        """Why ``day`` was counted or skipped."""
        special = self.special(day, county)
        provisional = self.is_provisional(day.year)
        if special is not None:
            name = FESTIVALS.get(special.name, special.name)
            reason = Sentence(DAY_REASONS[special.kind], {"name": name})
            return DayNote(day, counted, reason, special.notice_no, provisional)
        why = N_("ordinary working day") if day.isoweekday() < 6 else N_("weekend")
        return DayNote(day, counted, Sentence(why), None, provisional)


@dataclass(frozen=True)
class DayNote:
    """One line of the explanation of a date; ``provisional`` where the year has no confirmed notice."""

    day: date
    counted: bool
    reason: Sentence
    notice_no: str | None
    provisional: bool


@dataclass(frozen=True)
class DueDate:
    """A due date and why it is that one.

    counted_from: the day from which counting began, itself not counted: the start, or where it rolled to.
    alternative: for EXP on a rest day, the date under the other choice; both are printed (WD-41, WD-42).
    """

    date: Day
    explanation: tuple[DayNote, ...]
    provisional: bool
    counted_from: Day
    alternative: Day | None = None

    @property
    def counted(self) -> tuple[Day, ...]:
        """The days that count towards the term, in the order of counting."""
        return tuple(note.day for note in self.explanation if note.counted)

    @property
    def start(self) -> Day:
        """The day of the event, before any roll."""
        return self.explanation[0].day


RULES = ("FWD", "BACK", "EXP", "EXP0", "SAME_DAY", "CAL")


@dataclass(frozen=True)
class Rule:
    """How a term counts: the name of the rule and its number of days.

    Raises:
        ValueError: no such rule, or a number of days that makes no sense.
    """

    name: str
    days: int = 0

    def __post_init__(self) -> None:
        """Refuse a rule that cannot be counted."""
        fits = self.days == 0 if self.name == "SAME_DAY" else 1 <= self.days <= MOST_DAYS
        if self.name not in RULES or not fits:
            raise ValueError(f"no such term: {self.name} {self.days}")

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
        ValueError: no working day within ``FURTHEST`` days; the calendar cannot be right.
    """
    policy = calendar.policy
    if rule.name == "FWD":
        return forward(start, rule.days, calendar, county, rolls=policy.deemed_received)
    if rule.name == "EXP0":
        return forward(start, rule.days, calendar, county, rolls=False)
    if rule.name == "EXP":
        chosen = forward(start, rule.days, calendar, county, rolls=policy.expiry_rolls)
        other = forward(start, rule.days, calendar, county, rolls=not policy.expiry_rolls)
        return replace(chosen, alternative=other.date if other.date != chosen.date else None)
    if rule.name == "BACK":
        return backward(start, rule.days, calendar, county)
    if rule.name == "CAL":
        return natural(start, rule.days, calendar, county)
    day_itself = remark(calendar, start, N_("the day itself"), counted=True)
    return finish(start, (day_itself,), start)


def forward(start: date, days: int, calendar: Calendar, county: str | None, *, rolls: bool) -> DueDate:
    """The n-th working day strictly after ``start``, or after the working day that ``start`` rolls to."""
    begin, passed = roll(start, calendar, county) if rolls else (start, ())
    opening = remark(calendar, begin, N_("the term begins on this day, which is not counted"))
    notes = count(begin, days, DAY, calendar, county)
    return finish(notes[-1].day, (*passed, opening, *notes), begin)


def backward(start: date, days: int, calendar: Calendar, county: str | None) -> DueDate:
    """The n-th working day strictly before ``start``; with clear days, the working day before that one."""
    opening = remark(calendar, start, N_("the day itself is not counted"))
    notes = count(start, days, -DAY, calendar, county)
    if calendar.policy.clear_days:
        further = count(notes[-1].day, 1, -DAY, calendar, county)
        last = remark(calendar, further[-1].day, N_("the last permitted day, before full days"))
        notes = (*notes, *further[:-1], last)
    return finish(notes[-1].day, (opening, *notes), start)


def natural(start: date, days: int, calendar: Calendar, county: str | None) -> DueDate:
    """Natural days: each one counts, and a last day of rest rolls on."""
    opening = remark(calendar, start, N_("the term begins on this day, which is not counted"))
    counted = tuple(remark(calendar, start + n * DAY, N_("natural day"), counted=True) for n in range(1, days + 1))
    last, passed = roll(counted[-1].day, calendar, county)
    if not passed:
        return finish(last, (opening, *counted), start)
    moved = remark(calendar, last, N_("the last day was a rest day, so the term ends here"))
    return finish(last, (opening, *counted, *passed[1:], moved), start)


def count(start: date, days: int, step: timedelta, calendar: Calendar, county: str | None) -> tuple[DayNote, ...]:
    """The days from ``start`` (not counted) in the direction of ``step`` until ``days`` of them worked."""
    notes: list[DayNote] = []
    remaining = days
    for day in walk(start + step, step):
        works = calendar.works(day, county)
        notes.append(calendar.note(day, works, county))
        remaining -= works
        if not remaining:
            break
    return tuple(notes)


def roll(start: date, calendar: Calendar, county: str | None) -> tuple[date, tuple[DayNote, ...]]:
    """The first working day from ``start`` on, and the rest days passed over."""
    notes: list[DayNote] = []
    for day in walk(start, DAY):
        if calendar.works(day, county):
            return day, tuple(notes)
        notes.append(calendar.note(day, False, county))
    raise AssertionError("unreachable")


def remark(calendar: Calendar, day: date, reason: str, *, counted: bool = False) -> DayNote:
    """A note whose reason is the rule's, not the day's kind."""
    return DayNote(day, counted, Sentence(reason), None, calendar.is_provisional(day.year))


def finish(day: date, notes: tuple[DayNote, ...], counted_from: date) -> DueDate:
    """The answer, provisional when any day it leans on lies in a year without a confirmed notice."""
    return DueDate(day, notes, any(note.provisional for note in notes), counted_from)


def walk(start: date, step: timedelta) -> Iterator[date]:
    """Days from ``start`` on, in the direction of ``step``.

    Raises:
        ValueError: no end within ``FURTHEST`` days; the calendar cannot be right.
    """
    for n in range(FURTHEST):
        yield start + n * step
    raise ValueError("no working day found: the calendar cannot be right")


def is_working_day(day: date, calendar: Calendar, county: str | None = None) -> bool:
    """Whether people work on ``day`` in ``county``, or in the nation at large."""
    return calendar.works(day, county)


def add_working_days(start: date, days: int, calendar: Calendar, county: str | None = None) -> date:
    """``start`` moved by so many working days, back when negative; ``start`` itself for none."""
    if not days:
        return start
    return count(start, abs(days), DAY if days > 0 else -DAY, calendar, county)[-1].day


def working_days_between(first: date, last: date, calendar: Calendar, county: str | None = None) -> int:
    """Working days after ``first`` up to and including ``last``; negative when ``last`` is the earlier day."""
    if last < first:
        return -working_days_between(last, first, calendar, county)
    return sum(calendar.works(first + n * DAY, county) for n in range(1, (last - first).days + 1))
