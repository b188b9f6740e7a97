"""What came home by itself is confirmed, declined, undone, taken in by the keeper alone."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.counter_form import state_of, take_photos
from shared_resources.equipment.queries.loans import loan_page
from shared_resources.equipment.schemas.handover import ItemState
from shared_resources.equipment.trackers.pages.checkins import home_of, show
from shared_resources.equipment.trackers.service.checkins import (
    confirm_checkin,
    decline_checkin,
    undo_checkin,
)
from shared_resources.equipment.trackers.service.taking_in import take_in_checked
from shared_resources.kernel.errors import Invalid, Refusal, Repeated
from shared_resources.kernel.permissions import Actor, Permission, require
from shared_resources.kernel.web.forms import form_of, parse
from shared_resources.kernel.web.pages import WebRequest, see_other
from shared_resources.kernel.words import N_


@post("/checkins/{identifier:uuid}/confirm", include_in_schema=False)
async def confirm(request: WebRequest, actor: Actor, identifier: UUID) -> Response[Any]:
    """It is here."""
    form = await form_of(request)
    await confirm_checkin(actor, identifier, act_id=form.act_id)
    return see_other(request, "/checkins", N_("Checked in. Now look at it and take it in."))


@post("/checkins/{identifier:uuid}/decline", include_in_schema=False)
async def decline(request: WebRequest, actor: Actor, identifier: UUID) -> Response[Any]:
    """It is not here, whatever the tracker says."""
    form = await form_of(request)
    await decline_checkin(actor, identifier, form.text("note"), act_id=form.act_id)
    return see_other(request, "/checkins", N_("Declined. It is still out."))


@post("/checkins/{identifier:uuid}/undo", include_in_schema=False)
async def undo(request: WebRequest, actor: Actor, identifier: UUID) -> Response[Any]:
    """It did not come home, or left again."""
    form = await form_of(request)
    number = await undo_checkin(actor, identifier, form.text("note"), act_id=form.act_id)
    return see_other(request, f"/loans/{number}", N_("Undone. It counts as out."))


@post("/loans/{number:str}/take-in", include_in_schema=False)
async def take_in(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Take it in; the borrower is told, the journal says that nobody handed it over."""
    loan, form = await loan_page(actor, number), await form_of(request)
    require(actor, Permission.CHECKIN_DECIDE, actor.relations(loan.owner.id, loan.borrower.id))
    entries = await home_of(actor, loan, form)
    try:
        await take_photos(actor, entries, form)
        states = tuple(parse(ItemState, state_of(entry)) for entry in entries if entry.checked)
        if not states:
            raise Invalid(N_("Nothing is ticked."), do=N_("Tick what you have before you."), code="nothing")
        await take_in_checked(actor, number, states, act_id=form.act_id)
    except Refusal as refusal:
        if refusal.status in (401, 403, 404) or isinstance(refusal, Repeated):
            raise
        return show(request, loan, entries, refusal)
    return see_other(request, f"/loans/{number}", N_("Taken in. The borrower is told."))


ROUTES: list[HTTPRouteHandler] = [confirm, decline, undo, take_in]
