"""Pages of a change of hands: the counter where it is proposed, and the page where the other side confirms."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.counter_form import (
    Entry,
    draft_of,
    entries_of,
    likely_direction,
    named_errors,
    take_photos,
    tick,
)
from shared_resources.equipment.queries.counter import answering_agency, counter
from shared_resources.equipment.queries.loans import handover_page, loan_page
from shared_resources.equipment.schemas.handover import Direction
from shared_resources.equipment.schemas.loans import HandoverStateView, HandoverView, LoanPage
from shared_resources.equipment.schemas.register import CONDITION_LABELS
from shared_resources.equipment.service.handover import (
    confirm_handover,
    confirm_on_device,
    decline_handover,
    propose_handover,
    withdraw_handover,
)
from shared_resources.kernel import clock, identity
from shared_resources.kernel.errors import Refusal, Repeated
from shared_resources.kernel.permissions import Actor, not_found
from shared_resources.kernel.qr import picture
from shared_resources.kernel.web.client import address_of
from shared_resources.kernel.web.forms import Form, errors_of, form_of
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

DIRECTION_LABELS = {
    Direction.OUT: N_("Lending out"),
    Direction.BACK: N_("Bringing back"),
    Direction.MOVE: N_("Passing on"),
}
TITLES = {
    (Direction.OUT, True): N_("Hand out"),
    (Direction.OUT, False): N_("Collect"),
    (Direction.BACK, True): N_("Give back"),
    (Direction.BACK, False): N_("Take back"),
    (Direction.MOVE, True): N_("Pass on to a colleague"),
}
"""What it is called by the one who gives (True) and by the one who takes."""


@get("/loans/{number:str}/hand-over", include_in_schema=False)
async def counter_page(
    request: WebRequest, actor: Actor, number: str, direction: Direction | None = None, item: str = ""
) -> Response[Any]:
    """The counter: which items, in what state, to whom; the one whose label was scanned is ticked."""
    loan = await loan_page(actor, number)
    chosen = direction or likely_direction(loan, gives_out=actor.agency == loan.owner.id)
    return await show_counter(request, actor, loan, chosen, scanned=item)


@post("/loans/{number:str}/hand-over", include_in_schema=False)
async def propose(
    request: WebRequest, actor: Actor, number: str, direction: Direction = Direction.OUT
) -> Response[Any]:
    """Put the hand-over before the other side, or say what is not right yet."""
    loan, form = await loan_page(actor, number), await form_of(request)
    entries = entries_of(loan, await counter(actor, number, direction), direction, form, actor.person, clock.now())
    try:
        await take_photos(actor, entries, form)
        handover = await propose_handover(actor, number, draft_of(direction, entries, form), act_id=form.act_id)
    except Refusal as refusal:
        if refusal.status in (401, 404) or isinstance(refusal, Repeated):
            raise
        return await show_counter(request, actor, loan, direction, form, entries, refusal)
    return see_other(request, f"/handovers/{handover}", N_("Proposed. Now the other side confirms."))


async def show_counter(
    request: WebRequest,
    actor: Actor,
    loan: LoanPage,
    direction: Direction,
    form: Form | None = None,
    entries: list[Entry] | None = None,
    refusal: Refusal | None = None,
    scanned: str = "",
) -> Response[Any]:
    """The counter with what was entered so far."""
    desk = await counter(actor, loan.number, direction)
    if entries is None:
        entries = entries_of(loan, desk, direction, form, actor.person, clock.now())
        tick(entries, scanned)
    return page(
        request,
        "equipment/handovers/counter.html",
        status=refusal.status if refusal else 200,
        loan=loan,
        direction=direction,
        title=TITLES[direction, desk.gives],
        desk=desk,
        entries=entries,
        values=form.values if form else {},
        errors=named_errors(errors_of(request, refusal), entries) if refusal else [],
        conditions=CONDITION_LABELS,
    )


@get("/handovers/{handover:uuid}", include_in_schema=False)
async def one_handover(request: WebRequest, actor: Actor, handover: UUID) -> Response[Any]:
    """A hand-over: what is proposed, who has to answer."""
    return await show_handover(request, actor, handover)


@get("/H/{handover:str}", include_in_schema=False)
async def short_address(request: WebRequest, handover: str) -> Response[Any]:
    """The address inside the symbol, upper case so that phones read it from further away."""
    try:
        return see_other(request, f"/handovers/{UUID(handover)}")
    except ValueError:
        raise not_found() from None


async def show_handover(
    request: WebRequest, actor: Actor, handover: UUID, refusal: Refusal | None = None, username: str = ""
) -> Response[Any]:
    """The page of a hand-over; ``username`` is what was entered by whoever tried to confirm on this device."""
    found = await handover_page(actor, handover)
    act, loan = found.handover, await loan_page(actor, found.loan.number)
    address = f"{settings().address}/H/{handover}".upper()
    return page(
        request,
        "equipment/handovers/one.html",
        status=status_of(refusal),
        act=act,
        loan=loan,
        before=states_before(act, loan),
        symbol=picture(address) if act.is_mine and act.state == "proposed" else "",
        errors=errors_of(request, refusal) if refusal else [],
        username=username,
        conditions=CONDITION_LABELS,
        directions=DIRECTION_LABELS,
    )


def status_of(refusal: Refusal | None) -> int:
    """A wrong password of the other person does not sign out the one who holds the device."""
    return 200 if refusal is None else 422 if refusal.status == 401 else refusal.status


def states_before(act: HandoverView, loan: LoanPage) -> dict[str, HandoverStateView]:
    """How each item of ``act`` was when it last changed hands before."""
    earlier = [other for other in loan.handovers if other.id != act.id and other.proposed_at < act.proposed_at]
    return latest_states(earlier)


def states_by_code(loan: LoanPage, direction: str) -> dict[str, HandoverStateView]:
    """How each item of a loan was when it last went in this direction."""
    return latest_states([act for act in loan.handovers if act.direction == direction])


def latest_states(acts: list[HandoverView]) -> dict[str, HandoverStateView]:
    """The last confirmed state of each item, by its code."""
    done = sorted((act for act in acts if act.state == "confirmed"), key=lambda act: act.proposed_at)
    return {state.code: state for act in done for state in act.items}


@get("/handovers/{handover:uuid}/watch", include_in_schema=False)
async def watch(request: WebRequest, actor: Actor, handover: UUID) -> Response[Any]:
    """Asked every few seconds by the page of a proposal: nothing new, or go and look."""
    found = await handover_page(actor, handover)
    if found.handover.state == "proposed":
        return Response(None, status_code=204, headers={"cache-control": "no-store"})
    return see_other(request, f"/handovers/{handover}")


@post("/handovers/{handover:uuid}/confirm", include_in_schema=False)
async def confirm(request: WebRequest, actor: Actor, handover: UUID) -> Response[Any]:
    """The second signature."""
    form = await form_of(request)
    try:
        await confirm_handover(actor, handover, act_id=form.act_id)
    except Refusal as refusal:
        return await show_handover(request, actor, handover, refusal)
    return see_other(request, f"/handovers/{handover}", N_("Confirmed. The items have changed hands."))


@post("/handovers/{handover:uuid}/confirm-here", include_in_schema=False)
async def confirm_here(request: WebRequest, actor: Actor, handover: UUID) -> Response[Any]:
    """The other person proves on this device who they are, and confirms."""
    form = await form_of(request)
    try:
        agency = await answering_agency(actor, handover)
        person = await identity.confirm_other_person(
            form.text("username"), form.text("password"), form.text("code") or None, address_of(request)
        )
        other = await identity.serving(person, agency)
        await confirm_on_device(actor, handover, other or stranger(person))
    except Refusal as refusal:
        return await show_handover(request, actor, handover, refusal, form.text("username"))
    return see_other(request, f"/handovers/{handover}", N_("Confirmed. The items have changed hands."))


def stranger(person: UUID) -> Actor:
    """Somebody who proved who they are but does not serve the agency that has to answer."""
    return Actor(person=person, agency=None, name="")


@post("/handovers/{handover:uuid}/decline", include_in_schema=False)
async def decline(request: WebRequest, actor: Actor, handover: UUID) -> Response[Any]:
    """No, with a reason: everything stays with whoever holds it."""
    form = await form_of(request)
    try:
        await decline_handover(actor, handover, form.text("note"))
    except Refusal as refusal:
        return await show_handover(request, actor, handover, refusal)
    return see_other(request, f"/handovers/{handover}", N_("Declined. Nothing has changed hands."), kind="info")


@post("/handovers/{handover:uuid}/withdraw", include_in_schema=False)
async def withdraw(request: WebRequest, actor: Actor, handover: UUID) -> Response[Any]:
    """Take back one's own proposal."""
    await form_of(request)
    try:
        number = await withdraw_handover(actor, handover)
    except Refusal as refusal:
        return await show_handover(request, actor, handover, refusal)
    return see_other(request, f"/loans/{number}", N_("Withdrawn. Nothing has changed hands."), kind="info")


ROUTES: list[HTTPRouteHandler] = [
    counter_page,
    propose,
    one_handover,
    short_address,
    watch,
    confirm,
    confirm_here,
    decline,
    withdraw,
]
