"""What came home by itself: the list for the keeper, and the form with which it is taken in."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.counter_form import Entry, fill, named_errors
from shared_resources.equipment.queries.loans import loan_page
from shared_resources.equipment.schemas.loans import LoanPage
from shared_resources.equipment.schemas.register import CONDITION_LABELS
from shared_resources.equipment.trackers.pages.panel import STATES
from shared_resources.equipment.trackers.queries.checkins import checkins, checkins_of_loan
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.web.forms import Form, errors_of
from shared_resources.kernel.web.pages import WebRequest, page


@get("/checkins", include_in_schema=False)
async def checkin_list(request: WebRequest, actor: Actor) -> Response[Any]:
    """What waits for a keeper of the owner: to be confirmed, to be taken in."""
    found = await checkins(actor)
    return page(request, "equipment/trackers/checkins.html", found=found, states=STATES)


@get("/loans/{number:str}/take-in", include_in_schema=False)
async def take_in_form(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """What the trackers brought home, to be looked at by the keeper alone."""
    loan = await loan_page(actor, number)
    require(actor, Permission.CHECKIN_DECIDE, actor.relations(loan.owner.id, loan.borrower.id))
    return show(request, loan, await home_of(actor, loan))


async def home_of(actor: Actor, loan: LoanPage, form: Form | None = None) -> list[Entry]:
    """The items of a loan whose trackers brought them home, with what the form says of them."""
    home = {one.line for one in await checkins_of_loan(actor, loan.number) if one.may_take_in}
    entries = [Entry(line, checked=True) for line in loan.lines if line.id in home]
    for entry in entries if form is not None else ():
        assert form is not None
        fill(entry, form)
    return entries


def show(
    request: WebRequest, loan: LoanPage, entries: list[Entry], refusal: Refusal | None = None
) -> Response[Any]:
    """The page, with what was entered."""
    return page(
        request,
        "equipment/trackers/take_in.html",
        refusal.status if refusal else 200,
        loan=loan,
        entries=entries,
        conditions=CONDITION_LABELS,
        errors=named_errors(errors_of(request, refusal), entries) if refusal else [],
    )


ROUTES: list[HTTPRouteHandler] = [checkin_list, take_in_form]
