"""The geometry of the booking calendar: units, columns, lanes, closed stretches. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from shared_resources.equipment.rules.hours import closed_by, spans_of
from shared_resources.equipment.schemas.timeline import Stretch, TimelineColumn, TimelineGroup
from shared_resources.kernel.workdays import DayKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from shared_resources.equipment.rules.hours import Closure
    from shared_resources.kernel.workdays import Calendar

SPANS: Mapping[str, tuple[int, ...]] = {"days": (14, 7, 31), "hours": (1, 2, 3)}
"""How many days each scale can show; the first is the usual one."""
UNIT_MINUTES = {"days": 60, "hours": 30}
UNITS_PER_COLUMN = {"days": 24, "hours": 2}
COLUMNS_PER_DAY = {"days": 1, "hours": 24}
FINEST = 10_000_000
"""Units are told to this fraction, always rounded up: back in milliseconds the instant is exact."""
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Window:
    """The time that is shown: whole days in the zone of the columns."""

    scale: Literal["days", "hours"]
    first_day: date
    days: int
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """The left edge, in the zone of the columns."""
        return datetime.combine(self.first_day, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The right edge: the first instant that is not shown."""
        return datetime.combine(self.first_day + self.days * DAY, time(), self.zone)

    @property
    def unit(self) -> timedelta:
        """What ``s`` and ``n`` count."""
        return timedelta(minutes=UNIT_MINUTES[self.scale])

    @property
    def per(self) -> int:
        """Units in one column."""
        return UNITS_PER_COLUMN[self.scale]

    def units(self, length: timedelta) -> float:
        """A length in units, rounded up to a fraction far below a millisecond."""
        return -(-(length // MICROSECOND) * FINEST // (self.unit // MICROSECOND)) / FINEST

    def place(self, instant: datetime) -> float:
        """An instant in units from the left edge; negative before it."""
        return self.units(instant - self.start)


def window_of(
    scale: Literal["days", "hours"], start: date | None, days: int | None, today: date, zone: ZoneInfo
) -> Window:
    """The window for what was asked: a number of days that the scale does not know becomes the nearest one."""
    known = SPANS[scale]
    length = known[0] if days is None else min(known, key=lambda span: (abs(span - days), span))
    return Window(scale, start or today, length, zone)


def columns_of(window: Window, calendar: Calendar, county: str | None, today: date) -> list[TimelineColumn]:
    """One column for each day or each hour of it."""
    found: list[TimelineColumn] = []
    for day in days_of(window):
        kind, is_today = kind_of(day, calendar, county), day == today
        hours: Sequence[int | None] = range(24) if window.scale == "hours" else (None,)
        found += [TimelineColumn(day=day, hour=hour, kind=kind, today=is_today) for hour in hours]
    return found


def groups_of(window: Window) -> list[TimelineGroup]:
    """The days above the hours; nothing above days."""
    if window.scale == "days":
        return []
    return [TimelineGroup(day=day, span=COLUMNS_PER_DAY["hours"]) for day in days_of(window)]


def days_of(window: Window) -> Iterator[date]:
    """Every day that is shown."""
    return (window.first_day + n * DAY for n in range(window.days))


def kind_of(day: date, calendar: Calendar, county: str | None) -> str:
    """How a day is shaded: by the notice where there is one, else by the weekday."""
    special = calendar.special(day, county)
    if special is None:
        return "work" if day.isoweekday() < 6 else "rest"
    if special.kind in (DayKind.HOLIDAY, DayKind.REST_OVERRIDE):
        return "holiday"
    return "makeup"


def lanes_of(spans: Sequence[Span]) -> list[int]:
    """A lane for each span so that none overlap: greedy by beginning, which needs the fewest lanes possible."""
    ends: list[datetime] = []
    found = [0] * len(spans)
    for position in sorted(range(len(spans)), key=lambda n: spans[n]):
        start, end = spans[position]
        lane = next((n for n, free_from in enumerate(ends) if free_from <= start), len(ends))
        ends[lane : lane + 1] = [end]
        found[position] = lane
    return found


def closed_stretches(
    window: Window, hours: Mapping[str, Sequence[Sequence[str]]], closures: Sequence[Closure], zone: ZoneInfo
) -> list[Stretch]:
    """When a depot is closed: whole days where columns are days, else every hour outside its hours."""
    opens = list(open_spans(window, hours, closures, zone))
    if window.scale == "days":
        opens = [whole_days(span, zone) for span in opens]
    found: list[Stretch] = []
    position = window.start
    for start, end in [*opens, (window.end, window.end)]:
        until = min(start, window.end)
        if until > position:
            found.append(Stretch(s=window.place(position), n=window.units(until - position)))
        position = max(position, end)
    return found


def open_spans(
    window: Window, hours: Mapping[str, Sequence[Sequence[str]]], closures: Sequence[Closure], zone: ZoneInfo
) -> Iterator[Span]:
    """The opening hours that touch the window, in order, as instants."""
    day = window.start.astimezone(zone).date()
    while (midnight := datetime.combine(day, time(), zone)) < window.end:
        if closed_by(closures, day) is None:
            for opens, closes in spans_of(hours, day):
                yield wall(midnight, opens), wall(midnight, closes)
        day += DAY


def whole_days(span: Span, zone: ZoneInfo) -> Span:
    """The days, in the depot's zone, that ``span`` touches."""
    first = span[0].astimezone(zone).date()
    last = (span[1] - MICROSECOND).astimezone(zone).date()
    return datetime.combine(first, time(), zone), datetime.combine(last + DAY, time(), zone)


def wall(midnight: datetime, minutes: int) -> datetime:
    """The instant at which the wall clock of that day shows so many minutes."""
    return (midnight + timedelta(minutes=minutes)).astimezone(UTC)
