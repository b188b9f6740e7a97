"""The two paper forms: 借用单 (form 12) of a loan and 交接单 (form 13) of a hand-over, A4 portrait.

Chinese always; the other language stands beneath for readers who use it.
"""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment import letters
from shared_resources.equipment.pages.handovers import DIRECTION_LABELS, states_before
from shared_resources.equipment.queries.loans import handover_page, loan_page
from shared_resources.equipment.queries.papers import loan_form
from shared_resources.equipment.schemas.booking import GROUND_LABELS, MODE_LABELS
from shared_resources.equipment.schemas.counter import LoanFormFacts
from shared_resources.equipment.schemas.loans import LineView, LoanPage
from shared_resources.equipment.schemas.register import CONDITION_LABELS
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.qr import picture
from shared_resources.kernel.web.language import CHINESE, language_of
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.web.printed import printed
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

ENDED = ("refused", "dropped")
FORM_VERSION = "2026-1"


@get("/loans/{number:str}/form", include_in_schema=False)
async def loan_paper(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The loan form, as both sides sign it."""
    loan, facts = await loan_page(actor, number), await loan_form(actor, number)
    lines = [line for line in loan.lines if line.state not in ENDED] or list(loan.lines)
    return paper(
        request,
        "equipment/forms/loan.html",
        f"/loans/{number}",
        loan=loan,
        facts=facts,
        lines=lines,
        lapsing={line.code for line in lines if not stands_as_evidence(line, facts, loan)},
        grounds=GROUND_LABELS,
        modes=MODE_LABELS,
    )


def stands_as_evidence(line: LineView, facts: LoanFormFacts, loan: LoanPage) -> bool:
    """Whether readings of this item may be used as evidence until the loan ends (IN-1a)."""
    about = facts.lines.get(line.item)
    if about is None or not about.needs_certificate:
        return True
    return line.certificate is not None


@get("/loans/{number:str}/form.pdf", include_in_schema=False)
async def loan_pdf(actor: Actor, number: str) -> Response[bytes]:
    """The loan form as PDF."""
    loan, facts = await loan_page(actor, number), await loan_form(actor, number)
    lines = [line for line in loan.lines if line.state not in ENDED] or list(loan.lines)
    lapsing = {line.code for line in lines if not stands_as_evidence(line, facts, loan)}
    draft = letters.loan_paper(loan, facts, lines, lapsing)
    return await printed(
        draft, loan.owner.name_zh, number, f"/loans/{number}", f"设备借用单-{number}", FORM_VERSION
    )


@get("/handovers/{handover:uuid}/form.pdf", include_in_schema=False)
async def handover_pdf(actor: Actor, handover: UUID) -> Response[bytes]:
    """The hand-over form as PDF."""
    found = await handover_page(actor, handover)
    act, loan = found.handover, await loan_page(actor, found.loan.number)
    draft = letters.handover_paper(act, loan, {line.code: line for line in loan.lines}, states_before(act, loan))
    between = f"{loan.owner.name_zh} — {loan.borrower.name_zh}"
    return await printed(
        draft, between, loan.number, f"/handovers/{handover}", f"设备交接单-{loan.number}", FORM_VERSION
    )


@get("/handovers/{handover:uuid}/form", include_in_schema=False)
async def handover_paper(request: WebRequest, actor: Actor, handover: UUID) -> Response[Any]:
    """The hand-over form, with the state of every item and lines for four signatures."""
    found = await handover_page(actor, handover)
    act, loan = found.handover, await loan_page(actor, found.loan.number)
    return paper(
        request,
        "equipment/forms/handover.html",
        f"/handovers/{handover}",
        act=act,
        loan=loan,
        lines={line.code: line for line in loan.lines},
        before=states_before(act, loan),
        conditions=CONDITION_LABELS,
        directions=DIRECTION_LABELS,
    )


def paper(request: WebRequest, template: str, path: str, **context: Any) -> Response[Any]:
    """A form with the symbol that leads back to its page."""
    address = f"{settings().address}{path}"
    chinese = language_of(CHINESE)
    return page(
        request,
        template,
        address=address,
        back=path,
        symbol=picture(address),
        zh=chinese.gettext,
        zh_say=chinese.say,
        N_=N_,
        form_version=FORM_VERSION,
        **context,
    )


ROUTES: list[HTTPRouteHandler] = [loan_paper, loan_pdf, handover_paper, handover_pdf]
