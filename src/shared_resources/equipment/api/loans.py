"""Loans for programs: lists, one loan, and every act of deciding and changing it."""

from typing import Annotated, Any

from litestar import Request, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter, QueryParameter

from shared_resources.equipment.queries.handover import loan_row
from shared_resources.equipment.queries.loan_list import loans
from shared_resources.equipment.queries.loans import loan_page
from shared_resources.equipment.schemas.acts import (
    ExchangeOnVersion,
    ExtensionOnVersion,
    LoanStands,
    Noted,
    OfferOnVersion,
    OnVersion,
    PerhapsNoted,
    Until,
)
from shared_resources.equipment.schemas.booking import Exchange, ExtensionDraft, MoveDraft, Offer
from shared_resources.equipment.schemas.loans import LoanFilter, LoanList, LoanPage
from shared_resources.equipment.service import changes, decisions, emergency
from shared_resources.kernel.permissions import Actor, Relation
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

PATH = "/api/v1/loans/{number:str}"
MOVE = Example(value={"version": 3, "from": "2026-12-01T01:00:00Z", "to": "2026-12-01T10:00:00Z"})
REASON = Example(value={"version": 1, "note": "12月1日本单位应急演练，设备全部占用。"})
LATER = Example(value={"version": 4, "until": "2026-12-02T10:00:00Z", "reason": "复检排在次日上午"})
TAGS = ["loans"]
ACT: Any = {"tags": TAGS, "status_code": 200}
"""What all acts have in common: they answer how the loan stands after them."""


@get("/api/v1/loans", operation_id="listLoans", summary="Loans of one's agency", tags=TAGS)
async def loan_list(
    actor: Actor,
    side: Annotated[str | None, Parameter(pattern="^(lend|borrow)$")] = None,
    loan_state: Annotated[str | None, QueryParameter(name="state", max_length=20)] = None,
    open_only: Annotated[bool, QueryParameter(name="open", description="only those that are not over")] = False,
    agency: Annotated[str | None, Parameter(description="slug of the other side", max_length=60)] = None,
    q: Annotated[str | None, Parameter(max_length=100)] = None,
    cursor: str | None = None,
    size: Annotated[int | None, Parameter(ge=1, le=200)] = None,
) -> LoanList:
    """Both sides by default."""
    wanted = LoanFilter(side=side, state=loan_state, open_only=open_only, q=q, agency=agency)
    return await loans(actor, wanted, cursor=cursor, size=size)


@get(PATH, operation_id="getLoan", summary="One loan with everything on it", tags=TAGS)
async def loan(actor: Actor, number: str) -> LoanPage:
    """For its two sides; unknown to everybody else."""
    return await loan_page(actor, number)


@post(f"{PATH}/approve", operation_id="approveLoan", summary="Lend it", **ACT)
async def approve(actor: Actor, number: str, act_id: str | None, data: OnVersion | None = None) -> LoanStands:
    """Occupies the items; refused when somebody else was faster."""
    await decisions.approve_loan(actor, number, version=version_in(data), act_id=act_id)
    return await stands(number)


@post(f"{PATH}/offer", operation_id="offerPart", summary="Lend a part", **ACT)
async def offer(actor: Actor, number: str, data: OfferOnVersion, act_id: str | None) -> LoanStands:
    """The lines named are offered, the others refused with the reason."""
    wanted = Offer(lines=data.lines, reason=data.reason)
    await decisions.offer_part(actor, number, wanted, version=data.version, act_id=act_id)
    return await stands(number)


@post(f"{PATH}/refuse", operation_id="refuseLoan", summary="Do not lend it", **ACT)
async def refuse(
    actor: Actor, number: str, data: Annotated[Noted, Body(examples=[REASON])], act_id: str | None
) -> LoanStands:
    """Sharing is voluntary: a plain reason is enough."""
    await decisions.refuse_loan(actor, number, data.note, version=data.version, act_id=act_id)
    return await stands(number)


@post(f"{PATH}/accept", operation_id="acceptOffer", summary="Take the part offered", **ACT)
async def accept(actor: Actor, number: str, act_id: str | None, data: OnVersion | None = None) -> LoanStands:
    """By the borrower."""
    await decisions.accept_offer(actor, number, version=version_in(data), act_id=act_id)
    return await stands(number)


@post(f"{PATH}/withdraw", operation_id="withdrawLoan", summary="No longer wanted", **ACT)
async def withdraw(actor: Actor, number: str, act_id: str | None, data: PerhapsNoted | None = None) -> LoanStands:
    """By the borrower, before anything is handed out."""
    note, version = (data.note, data.version) if data else (None, None)
    await decisions.withdraw_loan(actor, number, note, version=version, act_id=act_id)
    return await stands(number)


@post(f"{PATH}/revoke", operation_id="revokeApproval", summary="Take an approval back", **ACT)
async def revoke(
    actor: Actor, number: str, data: Annotated[Noted, Body(examples=[REASON])], act_id: str | None
) -> LoanStands:
    """By the owner, with a reason."""
    await decisions.revoke_approval(actor, number, data.note, version=data.version, act_id=act_id)
    return await stands(number)


@post(
    f"{PATH}/resolve", operation_id="resolveConflict", summary="The conflict is over", tags=TAGS, status_code=200
)
async def resolve(actor: Actor, number: str, act_id: str | None, data: OnVersion | None = None) -> LoanStands:
    """Occupies the items again."""
    await decisions.resolve_conflict(actor, number, version=version_in(data), act_id=act_id)
    return await stands(number)


@post(f"{PATH}/release", operation_id="releaseLoan", summary="Release in an emergency", **ACT)
async def release(actor: Actor, number: str, act_id: str | None, data: OnVersion | None = None) -> LoanStands:
    """By the owner's duty desk (CO-1b); papers are due on the next working day."""
    await emergency.release_loan(actor, number, version=version_in(data), act_id=act_id)
    return await stands(number)


@post(f"{PATH}/papers", operation_id="filePapers", summary="File the papers", **ACT)
async def papers(actor: Actor, number: str, data: Noted, act_id: str | None) -> LoanStands:
    """By the borrower, after an emergency release."""
    await emergency.file_papers(actor, number, data.note, version=data.version, act_id=act_id)
    return await stands(number)


@post(
    f"{PATH}/exchange", operation_id="exchangeItem", summary="Another item for a line", tags=TAGS, status_code=200
)
async def exchange(actor: Actor, number: str, data: ExchangeOnVersion, act_id: str | None) -> LoanStands:
    """The one named, else the least used free one of the same model."""
    wanted = Exchange(line=data.line, to_item=data.to_item)
    await changes.exchange_item(actor, number, wanted, version=data.version, act_id=act_id)
    return await stands(number)


@post(
    f"{PATH}/extension", operation_id="askExtension", summary="Ask for a later return", tags=TAGS, status_code=200
)
async def extension(
    actor: Actor, number: str, data: Annotated[ExtensionOnVersion, Body(examples=[LATER])], act_id: str | None
) -> LoanStands:
    """By the borrower."""
    wanted = ExtensionDraft(until=data.until, reason=data.reason)
    await changes.ask_extension(actor, number, wanted, version=data.version, act_id=act_id)
    return await stands(number)


@post(f"{PATH}/extend", operation_id="extendLoan", summary="Grant a later return", **ACT)
async def extend(actor: Actor, number: str, act_id: str | None, data: Until | None = None) -> LoanStands:
    """By the owner; without ``until`` what was asked for."""
    until, version = (data.until, data.version) if data else (None, None)
    await changes.extend_loan(actor, number, until, version=version, act_id=act_id)
    return await stands(number)


@post(
    f"{PATH}/decline-extension",
    operation_id="declineExtension",
    summary="Keep the return as agreed",
    **ACT,
)
async def decline_extension(actor: Actor, number: str, data: Noted, act_id: str | None) -> LoanStands:
    """By the owner, with a reason."""
    await changes.decline_extension(actor, number, data.note, version=data.version, act_id=act_id)
    return await stands(number)


@post(
    f"{PATH}/move", operation_id="moveLoan", summary="Move, extend or reassign a loan", tags=TAGS, status_code=200
)
async def move(
    request: Request[Any, Any, Any],
    actor: Actor,
    number: str,
    data: Annotated[MoveDraft, Body(examples=[MOVE])],
    act_id: str | None,
) -> LoanStands:
    """What a drag in the calendar sends. A loan that is out can only end later: the owner grants it, the
    borrower asks for it."""
    said = await moved(actor, number, data, act_id)
    return await stands(number, reader_of(request).language.gettext(said))


async def moved(actor: Actor, number: str, wanted: MoveDraft, act_id: str | None) -> str:
    """Move it, or change its end where it is out already; returns what to say where that is not a move."""
    row = await loan_row(number)
    if row.state not in ("out", "overdue"):
        await changes.move_loan(actor, number, wanted, act_id=act_id)
        return ""
    if Relation.OWNER in actor.relations(row.owner, row.borrower):
        await changes.extend_loan(actor, number, wanted.ends_at, version=wanted.version, act_id=act_id)
        return N_("Extended. The borrower has been told.")
    await changes.ask_extension(
        actor, number, ExtensionDraft(until=wanted.ends_at), version=wanted.version, act_id=act_id
    )
    return N_("The extension is asked for. The owner decides.")


def version_in(data: OnVersion | None) -> int | None:
    """The version named in a body that may be left out."""
    return data.version if data else None


async def stands(number: str, said: str = "") -> LoanStands:
    """The loan after the act."""
    row = await loan_row(number)
    return LoanStands(number=row.number, state=row.state, version=row.version, said=said)


ROUTES: list[HTTPRouteHandler] = [
    loan_list,
    loan,
    approve,
    offer,
    refuse,
    accept,
    withdraw,
    revoke,
    resolve,
    release,
    papers,
    exchange,
    extension,
    extend,
    decline_extension,
    move,
]
