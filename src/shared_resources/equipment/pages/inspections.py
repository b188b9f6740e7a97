"""Inspection after return: fit goes back on the shelf, unfit becomes an incident."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.handovers import states_by_code
from shared_resources.equipment.queries.loans import loan_page
from shared_resources.equipment.schemas.handover import InspectedItem
from shared_resources.equipment.schemas.loans import LoanPage
from shared_resources.equipment.schemas.register import CONDITION_LABELS
from shared_resources.equipment.service.incidents import inspect_return
from shared_resources.kernel.errors import Invalid, Refusal, Repeated
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.web.forms import Form, errors_of, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_


@get("/loans/{number:str}/inspect", include_in_schema=False)
async def inspection(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """What came back and has to be looked at."""
    loan = await loan_page(actor, number)
    require(actor, Permission.LOAN_INSPECT, actor.relations(loan.owner.id, loan.borrower.id))
    return show(request, loan)


@post("/loans/{number:str}/inspect", include_in_schema=False)
async def inspect(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The findings; with an unfit item the report of its damage comes next."""
    loan, form = await loan_page(actor, number), await form_of(request)
    try:
        findings = findings_of(loan, form)
        await inspect_return(actor, number, findings, act_id=form.act_id)
    except Refusal as refusal:
        if refusal.status in (401, 404) or isinstance(refusal, Repeated):
            raise
        return show(request, loan, form, refusal)
    unfit = [finding for finding in findings if not finding.fit]
    if unfit:
        return see_other(request, report_address(unfit), N_("Noted. Now report what is wrong."), kind="info")
    return see_other(request, f"/loans/{number}", N_("Inspected. What is fit can be lent again."))


def findings_of(loan: LoanPage, form: Form) -> list[InspectedItem]:
    """What was found, for the items that got an answer; ``rest`` answers for the others.

    Raises:
        Invalid: none did.
    """
    otherwise = form.text("rest")
    answers = [
        (line.code, form.text(f"fit-{line.code}") or otherwise) for line in loan.lines if line.state == "back"
    ]
    findings = [
        parse(InspectedItem, {"code": code, "fit": answer == "yes", "note": form.text(f"note-{code}")})
        for code, answer in answers
        if answer
    ]
    if not findings:
        raise Invalid(N_("Nothing was answered yet."), do=N_("Say of at least one item whether it is fit."))
    return findings


def report_address(unfit: list[InspectedItem]) -> str:
    """Where the first unfit item is reported; the others follow it one by one."""
    first, *others = unfit
    values = {"code": first.code, "description": first.note or "", "then": ",".join(item.code for item in others)}
    return "/incidents/new?" + urlencode({name: value for name, value in values.items() if value})


def show(
    request: WebRequest, loan: LoanPage, form: Form | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    """The page, with what was answered so far."""
    return page(
        request,
        "equipment/inspections/inspect.html",
        status=refusal.status if refusal else 200,
        loan=loan,
        lines=[line for line in loan.lines if line.state == "back"],
        given=states_by_code(loan, "out"),
        came=states_by_code(loan, "back"),
        values=form.values if form else {},
        errors=errors_of(request, refusal) if refusal else [],
        conditions=CONDITION_LABELS,
    )


ROUTES: list[HTTPRouteHandler] = [inspection, inspect]
