"""What a person does about an alarm: look into it, settle it."""

from typing import Any

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.trackers.pages.alarms import show
from shared_resources.equipment.trackers.service.alarms import settle_alarm, take_alarm
from shared_resources.kernel.errors import Refusal, Repeated
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.forms import form_of
from shared_resources.kernel.web.pages import WebRequest, see_other
from shared_resources.kernel.words import N_


@post("/alarms/{number:str}/take", include_in_schema=False)
async def take(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Look into it: one's name stands on it."""
    form = await form_of(request)
    try:
        await take_alarm(actor, number, act_id=form.act_id)
    except Refusal as refusal:
        return await again(request, actor, number, refusal)
    return see_other(request, f"/alarms/{number}", N_("You look into it."))


@post("/alarms/{number:str}/settle", include_in_schema=False)
async def settle(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Settle it with what was found."""
    form = await form_of(request)
    try:
        await settle_alarm(actor, number, form.text("note"), act_id=form.act_id)
    except Refusal as refusal:
        return await again(request, actor, number, refusal)
    return see_other(request, f"/alarms/{number}", N_("Settled."))


async def again(request: WebRequest, actor: Actor, number: str, refusal: Refusal) -> Response[Any]:
    """The page with the reason; what no entry can mend passes."""
    if refusal.status in (401, 403, 404) or isinstance(refusal, Repeated):
        raise refusal
    return await show(request, actor, number, refusal)


ROUTES: list[HTTPRouteHandler] = [take, settle]
