"""A meeting's own pages: the last days for a chosen day, and handing in a calendar answer."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from shared_resources.cases.meetings.family import MEETINGS
from shared_resources.cases.meetings.queries import days_before, first_day
from shared_resources.cases.meetings.service.invitations import receive_answer
from shared_resources.kernel import clock
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.doors.redisplay import KEPT
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.invitations import LONGEST
from shared_resources.kernel.permissions import Actor, Permission, Relation, require
from shared_resources.kernel.web.forms import Form, errors_of, form_of
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_


@get("/meetings/last-days", include_in_schema=False)
async def last_days(request: WebRequest, actor: Actor) -> Response[Any]:
    """The last day for the notice and for replies, and the first day that a notice of today reaches."""
    require(actor, Permission.MEETING_CONVENE, {Relation.CONVENING})
    assert actor.agency is not None
    text = (request.query_params.get("day") or request.query_params.get("starts_at") or "")[:10]
    day = day_of(text)
    last = await days_before(day, actor.agency) if day else None
    template = "last_days.html" if request.headers.get("hx-request") else "last_days_page.html"
    return page(
        request,
        f"cases/meetings/{template}",
        day=text,
        last=last,
        late=last is not None and last.is_late(clock.today()),
        first=await first_day(actor.agency),
    )


def day_of(text: str) -> date | None:
    """A day near enough to be that of a meeting; None while somebody still types."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day.year - clock.today().year) <= 1 else None


@get("/meetings/{number:str}/calendar-reply", include_in_schema=False)
async def ask_answer(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[Any]:
    """The form for a calendar answer."""
    return await answer_form(request, actor, number)


async def answer_form(
    request: WebRequest, actor: Actor, number: str, text: str = "", refusal: Refusal | None = None
) -> Response[Any]:
    """The form with what was handed in and the reason against it."""
    case = await case_page(actor, MEETINGS, number)
    return page(
        request,
        "cases/meetings/answer.html",
        refusal.status if refusal else 200,
        case=case,
        facts=case.facts,
        text=text,
        errors=errors_of(request, refusal) if refusal else [],
    )


@post("/meetings/{number:str}/calendar-reply", include_in_schema=False)
async def take_answer(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[Any]:
    """Put a calendar answer on its meeting as a claim."""
    form = await form_of(request)
    text = await answer_text(form)
    try:
        await receive_answer(actor, text, number, act_id=form.act_id)
    except KEPT as refusal:
        return await answer_form(request, actor, number, form.text("answer"), refusal)
    return see_other(request, f"/meetings/{number}#replies", N_("The calendar answer is on the record."))


async def answer_text(form: Form) -> str:
    """The text of the uploaded file, else the text that was pasted."""
    upload = form.file("file")
    if upload is None:
        return form.text("answer")
    return (await upload.read(LONGEST + 1)).decode("utf-8", "replace")


ROUTES: list[HTTPRouteHandler] = [last_days, ask_answer, take_answer]
