"""Circles in which the items of a loan may be: set by its owner, seen by both sides."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.loans import loan_page
from shared_resources.equipment.trackers.queries.features import circles
from shared_resources.equipment.trackers.queries.looks import track_access
from shared_resources.equipment.trackers.schemas.positions import AreaDraft
from shared_resources.equipment.trackers.service.areas import set_loan_areas
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.answers import clean_form, form_again
from shared_resources.kernel.web.forms import form_of, parse
from shared_resources.kernel.web.maps import ground
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_

TEMPLATE = "equipment/trackers/areas.html"
USUAL_RADIUS_M = 1000


@get("/loans/{number:str}/areas", include_in_schema=False)
async def areas_page(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The circles that are set, on a map and as a list."""
    return page(request, TEMPLATE, **clean_form({"radius_m": USUAL_RADIUS_M}), **await shown(actor, number))


@post("/loans/{number:str}/areas", include_in_schema=False)
async def add_area(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One more circle."""
    form = await form_of(request)
    found = await shown(actor, number)
    try:
        further = parse(AreaDraft, form.values)
        await set_loan_areas(actor, number, [*drafts(found["areas"]), further], act_id=form.act_id)
    except Refusal as refusal:
        return form_again(request, TEMPLATE, form, refusal, **found)
    return see_other(request, f"/loans/{number}/areas", N_("Set. Leaving all circles raises an alarm."))


@post("/loans/{number:str}/areas/{area:uuid}/remove", include_in_schema=False)
async def remove_area(request: WebRequest, actor: Actor, number: str, area: UUID) -> Response[Any]:
    """One circle less; without any the items may be anywhere."""
    form = await form_of(request)
    kept = [one for one in (await shown(actor, number))["areas"] if one.id != area]
    await set_loan_areas(actor, number, drafts(kept), act_id=form.act_id)
    return see_other(request, f"/loans/{number}/areas", N_("Removed."))


def drafts(areas: Any) -> list[AreaDraft]:
    """Circles as they would be set again."""
    return [AreaDraft(**{name: getattr(area, name) for name in AreaDraft.model_fields}) for area in areas]


async def shown(actor: Actor, number: str) -> dict[str, Any]:
    """What the page is given."""
    loan = await loan_page(actor, number)
    access = await track_access(actor, number)
    told = circles(access.areas).model_dump(mode="json")
    return {"loan": loan, "areas": access.areas, "access": access, "told": told, "tiles": ground()}


ROUTES: list[HTTPRouteHandler] = [areas_page, add_area, remove_area]
