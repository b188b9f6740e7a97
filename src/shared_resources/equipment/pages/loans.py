"""Loans as lists, and one loan with everything on it."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.choices import agency_options
from shared_resources.equipment.pages.story import journal_lines, way_of
from shared_resources.equipment.queries.availability import substitutes
from shared_resources.equipment.queries.loan_list import loans
from shared_resources.equipment.queries.loans import loan_page
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.schemas.booking import GROUND_LABELS
from shared_resources.equipment.schemas.loans import LoanFilter, LoanPage
from shared_resources.equipment.trackers.pages.panel import panel_of_loan
from shared_resources.kernel import clock
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identity.queries import duty_now
from shared_resources.kernel.papers import papers_for
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.forms import Form, errors_of, parse
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

SIDES = (("", N_("All")), ("borrow", N_("We borrow")), ("lend", N_("We lend")))
TEXTS = ("side", "state", "agency", "q", "ended", "cursor")


@get("/loans", include_in_schema=False)
async def loans_page(request: WebRequest, actor: Actor) -> Response[Any]:
    """Loans of the reader's agency: open ones, unless a state, words or ended ones are asked for."""
    query = request.query_params
    entries = {name: query.get(name, "").strip() for name in TEXTS}
    open_only = not (entries["ended"] or entries["state"] or entries["q"])
    wanted = parse(LoanFilter, {**entries, "open_only": open_only})
    found = await loans(actor, wanted, cursor=entries["cursor"] or None)
    say = reader_of(request).language.gettext
    more = {name: text for name, text in entries.items() if text and name != "cursor"}
    return page(
        request,
        "equipment/loans/list.html",
        found=found,
        entries=entries,
        tabs=[(say(label), f"/loans?side={side}", side == entries["side"], None) for side, label in SIDES],
        states=[(name, say(state.label)) for name, state in LOAN.states.items()],
        agencies=await agency_options(request, actor, others_only=True),
        next="/loans?" + urlencode({**more, "cursor": found.next}) if found.next else "",
    )


@get("/loans/{number:str}", include_in_schema=False)
async def one_loan(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One loan: where it stands, what to do now, what it is about, what happened."""
    return await show_loan(request, actor, number)


async def show_loan(
    request: WebRequest,
    actor: Actor,
    number: str,
    refusal: Refusal | None = None,
    step: str = "",
    form: Form | None = None,
) -> Response[Any]:
    """The page; after an act that was refused with the reasons, its form open and filled as it was."""
    loan = await loan_page(actor, number)
    lacking = [line.id for line in loan.lines if line.is_blocked or line.is_gone]
    return page(
        request,
        "equipment/loans/page.html",
        refusal.status if refusal else 200,
        loan=loan,
        choices={choice.step: choice for choice in loan.choices},
        ground=GROUND_LABELS[loan.ground],
        journal=journal_lines(request, loan.journal),
        papers=await papers_for(actor, number),
        way=way_of(request, loan),
        instead={line: await substitutes(actor, number, line) for line in lacking},
        errors=[(f"act-{step}", said) for _, said in errors_of(request, refusal)] if refusal else [],
        failed=step,
        values=form.values if form else {},
        ticked=form.texts("lines") if form else [],
        tracker=await panel_of_loan(request, actor, number, owns=loan.side == "owner"),
        longer=one_day_longer(loan, clock.now()),
        desk=await duty_now(loan.owner.id) if waits_in_emergency(loan) else (),
    )


def one_day_longer(loan: LoanPage, now: datetime) -> datetime:
    """What an extension usually asks for: the agreed hour on the next day that is still to come."""
    until = loan.ends_at + timedelta(days=1)
    return until if until > now else until + timedelta(days=(now - until).days + 1)


def waits_in_emergency(loan: LoanPage) -> bool:
    """Whether the reader's side waits for the owner's duty desk, and had better ring it."""
    return loan.side == "borrower" and loan.emergency and loan.state == "requested"


ROUTES: list[HTTPRouteHandler] = [loans_page, one_loan]
