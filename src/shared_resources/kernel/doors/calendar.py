"""The working-day calendar for everybody: a year at a glance, and why a date is the date it is."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel import clock
from shared_resources.kernel.calendar.queries import days_of, years
from shared_resources.kernel.calendar.terms import RULE_LABELS, counted
from shared_resources.kernel.counties import COUNTIES, county_named
from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found
from shared_resources.kernel.schemas.calendar import KIND_LABELS, STATUS_LABELS, DayView, YearView
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.workdays import DAY, FESTIVALS, NATION, YearStatus

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Stretch:
    """Days on end that differ for the same reason; ``key`` is where the table says more about them."""

    key: str
    first: date
    last: date
    day: DayView

    @property
    def length(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@get("/calendar-days", include_in_schema=False)
async def year_view(
    request: WebRequest, actor: Actor, year: int | None = None, county: str | None = None
) -> Response[Any]:
    """A year, month by month, with the notice behind each day that differs."""
    known = await years()
    chosen = year or clock.today().year
    if not date.min.year < chosen < date.max.year:
        raise not_found()
    overlay = actor.county if county is None else county
    stretches = stretches_of(await days_of(chosen, overlay or None))
    return page(
        request,
        "calendar_days/year.html",
        year=next((line for line in known if line.year == chosen), unknown(chosen)),
        years=sorted(line.year for line in known),
        weeks=[Weeks().monthdatescalendar(chosen, month) for month in MONTHS],
        special={first: stretch for stretch in stretches for first in days_in(stretch)},
        stretches=stretches,
        county=overlay or "",
        counties=COUNTIES.values(),
        county_named=county_named,
        kinds=KIND_LABELS,
        festivals=FESTIVALS,
        statuses=STATUS_LABELS,
        may_edit=may(actor, Permission.CALENDAR_EDIT, {Relation.THIRD}) is True,
    )


@get("/calendar-days/count", include_in_schema=False)
async def count(
    request: WebRequest,
    actor: Actor,
    start: str = "",
    rule: Literal["FWD", "BACK", "EXP", "EXP0", "SAME_DAY", "CAL"] = "FWD",
    days: str = "5",
    county: str | None = None,
) -> Response[Any]:
    """Count a term day by day."""
    overlay = (actor.county or "") if county is None else county
    values = {"start": start or clock.today().isoformat(), "rule": rule, "days": days, "county": overlay}
    given: dict[str, Any] = {"rules": RULE_LABELS, "counties": COUNTIES.values(), "county_named": county_named}
    try:
        result = await counted(rule, days, values["start"], overlay or None)
    except KEPT as refusal:
        return form_page(request, "calendar_days/count.html", values, refusal, result=None, **given)
    return form_page(request, "calendar_days/count.html", values, result=result, **given)


def unknown(year: int) -> YearView:
    """A year of which no notice and no estimate is known: plain Monday to Friday, and nothing certain."""
    return YearView(year=year, status=YearStatus.ESTIMATED, notice_no=None, published_on=None)


def stretches_of(days: list[DayView]) -> list[Stretch]:
    """Days on end of one kind, name, notice and scope as one line; a county's own days hide the nation's."""
    own = {day.date for day in days if day.scope != NATION}
    found: list[Stretch] = []
    for day in days:
        if day.scope == NATION and day.date in own:
            continue
        before = found[-1] if found else None
        if before and before.last + DAY == day.date and same(before.day, day):
            found[-1] = Stretch(before.key, before.first, day.date, before.day)
        else:
            found.append(Stretch(f"d{day.date:%m%d}", day.date, day.date, day))
    return found


def same(one: DayView, other: DayView) -> bool:
    """Whether two days differ from plain weekdays for the same reason."""
    return one.model_dump(exclude={"date"}) == other.model_dump(exclude={"date"})


def days_in(stretch: Stretch) -> list[date]:
    """Each of its days."""
    return [stretch.first + n * DAY for n in range(stretch.length)]


ROUTES: list[HTTPRouteHandler] = [year_view, count]
