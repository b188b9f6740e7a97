"""Loading holiday notices: one administrator pastes the text, another one confirms the days."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, Literal

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel import clock
from shared_resources.kernel.calendar import queries
from shared_resources.kernel.calendar.notice_text import read_notice
from shared_resources.kernel.calendar.notices import NOTICE, confirm_notice, propose_notice, withdraw_notice
from shared_resources.kernel.calendar.rules import reasons_against
from shared_resources.kernel.counties import COUNTIES, county_named
from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.errors import Invalid, Refusal, raise_all
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.schemas.calendar import KIND_LABELS, NoticeDraft, Span, Tally
from shared_resources.kernel.web.forms import Form, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_, Sentence
from shared_resources.kernel.workdays import FESTIVALS, NATION, DayKind

ROWS = 4
"""Lines for days typed one by one; a longer notice is pasted."""


@get("/admin/notices", include_in_schema=False)
async def notice_list(request: WebRequest, actor: Actor) -> Response[Any]:
    """Every notice that was entered, waiting ones first."""
    return page(
        request,
        "admin/notices.html",
        notices=await queries.notices(actor),
        states=NOTICE.states,
        county_named=county_named,
        nation=NATION,
    )


@get("/admin/notices/new", include_in_schema=False)
async def new_form(request: WebRequest, actor: Actor, way: Literal["text", "days"] = "text") -> Response[Any]:
    """The form to paste the text of a notice, or to enter days one by one."""
    require(actor, Permission.CALENDAR_EDIT, actor.relations())
    year = clock.today().year + (way == "text")
    return notice_form(request, {"year": year, "scope": NATION, "way": way})


@post("/admin/notices/new", include_in_schema=False)
async def propose(request: WebRequest, actor: Actor) -> Response[Any]:
    """Show the days that were read; propose them when the reader has looked and presses again."""
    require(actor, Permission.CALENDAR_EDIT, actor.relations())
    form = await form_of(request)
    draft = None
    try:
        draft = written(form)
        raise_all(reasons_against(draft))
        if form.text("do") != "propose" or form.text("seen") != print_of(draft):
            return notice_form(request, form.values, draft=draft, rows=rows_of(form))
        number = await propose_notice(actor, draft, act_id=form.act_id)
    except KEPT as refusal:
        return notice_form(request, form.values, refusal, draft, rows_of(form))
    return see_other(
        request,
        f"/admin/notices/{number}",
        N_("Proposed. The days count as soon as a second person confirms them."),
    )


@get("/admin/notices/{number:str}", include_in_schema=False)
async def one_notice(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One notice: its days, and who may confirm it."""
    found = await queries.notice(actor, number)
    return page(
        request,
        "admin/notice.html",
        notice=found,
        state=NOTICE.states[found.state],
        is_own=found.proposed_by_id == actor.person,
        tally=await queries.moved_by(found.notice_no) if found.state == "confirmed" else None,
        kinds=KIND_LABELS,
        festivals=FESTIVALS,
        county_named=county_named,
        nation=NATION,
    )


@post("/admin/notices/{number:str}/confirm", include_in_schema=False)
async def confirm(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Confirm as the second person; says what became of open deadlines."""
    form = await form_of(request)
    tally = await confirm_notice(actor, number, act_id=form.act_id)
    return see_other(request, f"/admin/notices/{number}", said(tally))


@post("/admin/notices/{number:str}/withdraw", include_in_schema=False)
async def withdraw(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Take a notice back before anybody confirmed it."""
    form = await form_of(request)
    await withdraw_notice(actor, number, note=form.text("note") or None, act_id=form.act_id)
    return see_other(request, f"/admin/notices/{number}", N_("The notice is withdrawn; no day was changed."))


def notice_form(
    request: WebRequest,
    values: dict[str, Any],
    refusal: Refusal | None = None,
    draft: NoticeDraft | None = None,
    rows: list[dict[str, str]] | None = None,
) -> Response[str]:
    """The form, with the days that were read from it so far."""
    return form_page(
        request,
        "admin/notice_form.html",
        values,
        refusal,
        draft=draft,
        seen=print_of(draft) if draft else "",
        rows=rows or [{}] * ROWS,
        kinds=KIND_LABELS,
        festivals=FESTIVALS,
        counties=COUNTIES.values(),
        nation=NATION,
    )


def print_of(draft: NoticeDraft) -> str:
    """A short print of the days that were shown: nobody proposes what they have not looked at."""
    return hashlib.sha256(draft.model_dump_json().encode()).hexdigest()[:32]


def written(form: Form) -> NoticeDraft:
    """The notice that was typed: number, year and date, and its days from the text or line by line.

    Raises:
        Invalid, Refusals: what cannot be read.
    """
    values: dict[str, Any] = {name: form.text(name) for name in ("number", "year", "published_on", "scope")}
    by_text = form.text("way") != "days"
    head = parse(NoticeDraft, {**values, "whole_year": by_text, "spans": [PLACE]})
    spans = read_notice(form.text("text"), head.year) if by_text else typed_spans(form)
    return head.model_copy(update={"spans": spans})


PLACE = Span(name="-", kind=DayKind.HOLIDAY, first=date(2004, 1, 1))
"""Stands for the days while number, year and date are checked."""


def typed_spans(form: Form) -> tuple[Span, ...]:
    """The lines that were filled in.

    Raises:
        Invalid, Refusals: a line is not whole, or there is none.
    """
    spans = tuple(parse(Span, row) for row in rows_of(form) if row["first"] or row["name"])
    if not spans:
        raise Invalid(N_("Enter at least one day."), code="no_days", field="first")
    return spans


def rows_of(form: Form) -> list[dict[str, str]]:
    """The lines of days as they were typed, with room for more."""
    columns = [form.texts(name) for name in ("name", "kind", "first", "last")]
    rows = [dict(zip(("name", "kind", "first", "last"), row, strict=False)) for row in zip(*columns, strict=False)]
    return rows or [{}] * ROWS


def said(tally: Tally) -> Sentence:
    """What a confirmed notice did."""
    return Sentence(
        N_(
            "Confirmed; the days count now. Open deadlines: %(moved)s moved, %(settled)s became certain,"
            " %(unchanged)s stay as they were."
        ),
        tally.model_dump(),
    )


ROUTES: list[HTTPRouteHandler] = [notice_list, new_form, propose, one_notice, confirm, withdraw]
