"""Deadlines as budgets of time: replaying a ledger gives the due date and the reason for each day. Pure.

There is no second way of computing a date: what starts, stops, moves or recounts a deadline replays its ledger
with the line that it is about to write, and stores the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.words import N_, Sentence
from shared_resources.kernel.workdays import DAY, Calendar, DayNote, Rule, count, due, remark, working_days_between

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

AGREED = N_("the day on which both sides agreed")
EXTENDED = N_("both sides agreed on this later day")
STOOD = N_("the clock stood still")
USED_UP = N_("nothing was left of the term when it went on, so it ends here")
HELD = N_("the calendar has changed since; the date stays as it was told")


@dataclass(frozen=True)
class Entry:
    """One line of the ledger as the replay needs it. ``day`` is the Chongqing date on which it was written."""

    kind: str  # started | paused | resumed | extended | recalculated | met | cancelled | breached
    at: datetime
    day: date
    after: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def until(self) -> datetime | None:
        """The instant that was agreed on, where the line names one."""
        text = self.data.get("until")
        return datetime.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Budget:
    """A deadline as it was begun, and everything that happened to it since, in order."""

    rule: Rule | None
    since: date
    entries: tuple[Entry, ...]

    def with_(self, entry: Entry) -> Budget:
        """This budget after one more line."""
        return replace(self, entries=(*self.entries, entry))


@dataclass(frozen=True)
class Standing:
    """Where a deadline stands.

    ``due_on`` and ``due_at`` are what the sides were told; ``computed`` is what the calendar alone gives, which
    may lie earlier where a date was not to come forward into the past. ``alternative`` is the date under the other
    choice of counting (EXP on a rest day, BACK with clear days), to be printed beside it.
    """

    state: str
    due_on: date
    due_at: datetime
    computed: date
    provisional: bool
    days: tuple[DayNote, ...]
    alternative: date | None = None


@dataclass
class _Count:
    """The count in the making: the date so far, the days that led there, and what holds it."""

    calendar: Calendar
    county: str | None
    zone: tzinfo
    computed: date
    days: tuple[DayNote, ...]
    provisional: bool = False
    instant: datetime | None = None
    held: date | None = None
    alternative: date | None = None
    state: str = "running"
    stopped: Entry | None = None

    @property
    def due_on(self) -> date:
        """The date so far: never earlier than one that is held."""
        return max(self.computed, self.held) if self.held else self.computed

    @property
    def due_at(self) -> datetime:
        """The instant so far: a day counts to its end."""
        return self.instant or end_of(self.due_on, self.zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """24:00 of ``day``: the last instant that still counts (WORKING-DAYS 3.1, choice 4)."""
    return datetime.combine(day + DAY, time.min, zone)


def replay(budget: Budget, calendar: Calendar, county: str | None, zone: tzinfo) -> Standing:
    """Read a ledger from its first line: where the deadline stands, and why.

    Args:
        zone: the zone of legal days.
    """
    at = _begin(budget, calendar, county, zone)
    for entry in budget.entries[1:]:
        match entry.kind:
            case "paused":
                at.state, at.stopped = "paused", entry
            case "resumed":
                _resume(at, entry)
            case "extended":
                _move(at, entry)
            case "recalculated":
                at.held = entry.after if entry.data.get("computed") else None
            case "met" | "cancelled":
                at.state = entry.kind
    days = at.days if at.due_on == at.computed else (*at.days, _remark(at, at.due_on, HELD))
    return Standing(at.state, at.due_on, at.due_at, at.computed, at.provisional, days, at.alternative)


def _begin(budget: Budget, calendar: Calendar, county: str | None, zone: tzinfo) -> _Count:
    """The count of the first line: by the rule, or the day that was agreed on."""
    if budget.rule is not None:
        found = due(budget.rule, budget.since, calendar, county)
        at = _Count(calendar, county, zone, found.date, found.explanation, found.provisional)
        at.alternative = alternative_of(budget.rule, budget.since, calendar, county)
        return at
    first = budget.entries[0]
    assert first.after is not None, "a term without rule begins with its day"
    at = _Count(calendar, county, zone, first.after, ())
    at.instant, at.days = first.until, (_remark(at, first.after, AGREED),)
    return at


def alternative_of(rule: Rule, since: date, calendar: Calendar, county: str | None) -> date | None:
    """The date under the other choice of counting, where it differs (WORKING-DAYS 3.1, choices 1 and 3)."""
    chosen = due(rule, since, calendar, county)
    if rule.name != "BACK":
        return chosen.alternative
    policy = replace(calendar.policy, clear_days=not calendar.policy.clear_days)
    other = due(rule, since, replace(calendar, policy=policy), county).date
    return other if other != chosen.date else None


def _move(at: _Count, entry: Entry) -> None:
    """Both sides agreed on another day: whatever led to the old one explains nothing any more but its past."""
    assert entry.after is not None, "an extension names its day"
    at.computed, at.instant, at.held, at.alternative = entry.after, entry.until, None, None
    at.provisional = False
    at.days = (*at.days, _remark(at, entry.after, EXTENDED))


def _resume(at: _Count, entry: Entry) -> None:
    """The clock goes on: so many working days after today as were left when it stopped.

    A term that ends at an hour goes on by the clock, since its days would say too little; one that was late when
    it stopped stays late.
    """
    stopped, at.stopped, at.state = at.stopped, None, "running"
    if stopped is None or stopped.at >= at.due_at:
        return
    ends = at.due_at
    if ends != end_of(at.due_on, at.zone):
        at.instant = ends + (entry.at - stopped.at)
        moved = at.instant.astimezone(at.zone).date()
        at.days = (*at.days, *_standstill(at, stopped.day, entry.day), _remark(at, moved, AGREED))
        at.computed, at.held = moved, None
        return
    left = max(0, working_days_between(stopped.day, at.due_on, at.calendar, at.county))
    before = tuple(note for note in at.days if note.day <= stopped.day)
    ending = (_remark(at, entry.day, USED_UP),)
    counted = count(entry.day, left, DAY, at.calendar, at.county) if left else ending
    at.computed = counted[-1].day
    at.provisional = any(note.provisional for note in (*before, *counted))
    at.days = (*before, *_standstill(at, stopped.day, entry.day), *counted)
    at.instant = at.held = at.alternative = None


def _standstill(at: _Count, first: date, last: date) -> tuple[DayNote, ...]:
    """The days after ``first`` up to ``last``, on which nothing was counted."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return tuple(DayNote(day, False, Sentence(STOOD), None, at.calendar.is_provisional(day.year)) for day in days)


def _remark(at: _Count, day: date, reason: str) -> DayNote:
    """A day that no rule gives."""
    return remark(at.calendar, day, reason, counted=True)
