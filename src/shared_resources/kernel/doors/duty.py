"""Duty desks and who sits there: a week at a glance, shifts planned and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel import clock
from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identity import cancel_shift, create_desk, edit_desk, plan_shift
from shared_resources.kernel.identity.queries import duty_now, people_of, shifts
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.schemas.people import DeskDraft, DutyOfficer, ShiftDraft, ShiftLine
from shared_resources.kernel.web.forms import Form, form_of, local_instant, parse
from shared_resources.kernel.web.pages import WebRequest, see_other
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import DAY

BEGINS = time(8, 30)
"""When a shift begins unless somebody says otherwise."""


@dataclass(frozen=True)
class DayPlan:
    """A day at one desk: its shifts, and the stretches in which nobody sits there."""

    day: date
    shifts: tuple[ShiftLine, ...]
    gaps: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class DeskPlan:
    """A desk and its week."""

    desk: DutyOfficer
    officers: tuple[str, ...]
    days: tuple[DayPlan, ...]


@get("/admin/duty", include_in_schema=False)
async def week(request: WebRequest, actor: Actor, day: date | None = None) -> Response[Any]:
    """The week around ``day``, desk by desk."""
    return await week_page(request, actor, day)


@post("/admin/duty/desks", include_in_schema=False)
async def open_desk(request: WebRequest, actor: Actor) -> Response[Any]:
    """Open a desk."""
    form = await form_of(request)
    try:
        await create_desk(actor, parse(DeskDraft, form.values))
    except KEPT as refusal:
        return await week_page(request, actor, None, form, refusal, "desk")
    return see_other(request, "/admin/duty", N_("The duty desk is open."))


@post("/admin/duty/desks/{id:uuid}", include_in_schema=False)
async def change_desk(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Change name and telephone of a desk."""
    form = await form_of(request)
    try:
        await edit_desk(actor, id, parse(DeskDraft, form.values))
    except KEPT as refusal:
        return await week_page(request, actor, None, form, refusal, f"edit-{id}")
    return see_other(request, "/admin/duty", N_("Saved."))


@post("/admin/duty/desks/{id:uuid}/shifts", include_in_schema=False)
async def plan(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Put a colleague at a desk for a time."""
    form = await form_of(request)
    try:
        draft = shift_of(form)
        await plan_shift(actor, id, draft)
    except KEPT as refusal:
        return await week_page(request, actor, None, form, refusal, f"shift-{id}")
    return see_other(request, f"/admin/duty?day={clock.local_date(draft.starts_at)}", N_("The shift is planned."))


@post("/admin/duty/shifts/{id:uuid}/cancel", include_in_schema=False)
async def take_back(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Take a shift out of the plan; one that runs ends now."""
    form = await form_of(request)
    await cancel_shift(actor, id)
    back = form.text("day")
    return see_other(request, f"/admin/duty?day={back}" if back else "/admin/duty", N_("The shift is taken back."))


async def week_page(
    request: WebRequest,
    actor: Actor,
    day: date | None,
    form: Form | None = None,
    refusal: Refusal | None = None,
    opened: str = "",
) -> Response[str]:
    """The week; ``opened`` names the form that stands open with what was typed."""
    require(actor, Permission.DUTY_EDIT, actor.relations(actor.agency))
    assert actor.agency is not None
    chosen = day or clock.today()
    monday = chosen - timedelta(days=chosen.weekday())
    since, until = begin(monday), begin(monday + 7 * DAY)
    planned = await shifts(actor, actor.agency, since, until)
    return form_page(
        request,
        "duty/week.html",
        form.values if form else {},
        refusal,
        desks=list(desks_of(await duty_now(actor.agency), planned, monday)),
        people=await people_of(actor, actor.agency),
        monday=monday,
        sunday=monday + 6 * DAY,
        before=monday - 7 * DAY,
        after=monday + 7 * DAY,
        opened=opened,
        proposal=proposal(planned),
    )


def desks_of(now: list[DutyOfficer], planned: list[ShiftLine], monday: date) -> Iterator[DeskPlan]:
    """Each desk with its seven days."""
    for desk in {line.desk: line for line in now}.values():
        own = [shift for shift in planned if shift.desk == desk.desk]
        officers = tuple(line.name for line in now if line.desk == desk.desk and line.name)
        yield DeskPlan(desk, officers, tuple(day_plan(own, monday + n * DAY) for n in range(7)))


def day_plan(own: list[ShiftLine], day: date) -> DayPlan:
    """The shifts that touch a day, and what they leave uncovered."""
    since, until = begin(day), begin(day + DAY)
    here = tuple(shift for shift in own if shift.starts_at < until and shift.ends_at > since)
    gaps, covered = [], since
    for shift in here:
        if shift.starts_at > covered:
            gaps.append((covered, shift.starts_at))
        covered = max(covered, shift.ends_at)
    if covered < until:
        gaps.append((covered, until))
    return DayPlan(day, here, tuple(gaps))


def proposal(planned: list[ShiftLine]) -> tuple[datetime, datetime]:
    """When the next shift probably runs: a day on from where the plan ends, never in the past."""
    begins = datetime.combine(clock.today(), BEGINS, clock.LOCAL_ZONE)
    last = max((shift.ends_at for shift in planned), default=begins)
    start = max(last, begins)
    return start, start + DAY


def begin(day: date) -> datetime:
    """Midnight in Chongqing."""
    return datetime.combine(day, time(), clock.LOCAL_ZONE)


def shift_of(form: Form) -> ShiftDraft:
    """The shift that was typed.

    Raises:
        Invalid, Refusals: what cannot be read.
    """
    instants = {name: local_instant(form.text(name), name) for name in ("starts_at", "ends_at")}
    return parse(ShiftDraft, {"person": form.text("person"), **instants})


ROUTES: list[HTTPRouteHandler] = [week, open_desk, change_desk, plan, take_back]
