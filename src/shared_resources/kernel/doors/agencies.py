"""Pages about agencies: who takes part, what they were called before, who answers there now."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.counties import county_named
from shared_resources.kernel.identity.queries import agencies, agency_page, people_of
from shared_resources.kernel.permissions import ROLE_LABELS, Actor, Permission, Relation, may
from shared_resources.kernel.schemas.people import BODY_LABELS, LEVEL_LABELS, OFFICE_LABELS
from shared_resources.kernel.web.pages import WebRequest, page

SIZE = 60


@get("/agencies", include_in_schema=False)
async def agency_list(request: WebRequest, actor: Actor, q: str = "", after: str = "") -> Response[str]:
    """Every agency, found by present and former names."""
    found = await agencies(actor, q, after, SIZE + 1)
    shown = found[:SIZE]
    return page(
        request,
        "agencies/list.html",
        agencies=shown,
        q=q.strip(),
        following=shown[-1].slug if len(found) > SIZE else "",
        after=after,
        levels=LEVEL_LABELS,
        county_named=county_named,
        may_create=may(actor, Permission.AGENCY_CREATE, {Relation.THIRD}) is True,
    )


@get("/agencies/{slug:str}", include_in_schema=False)
async def agency(request: WebRequest, actor: Actor, slug: str) -> Response[Any]:
    """One agency: facts, former names, duty desks; its people for those who may know them."""
    found = await agency_page(actor, slug)
    relations = actor.relations(found.line.id)
    return page(
        request,
        "agencies/page.html",
        agency=found,
        people=await people_of(actor, found.line.id) if found.may_see_people else [],
        levels=LEVEL_LABELS,
        bodies=BODY_LABELS,
        offices=OFFICE_LABELS,
        roles=ROLE_LABELS,
        county_named=county_named,
        may_edit=may(actor, Permission.AGENCY_EDIT, relations) is True,
        may_appoint=may(actor, Permission.APPOINTMENT_EDIT, relations) is True,
        may_plan=may(actor, Permission.DUTY_EDIT, relations) is True,
        is_own=actor.agency == found.line.id,
    )


ROUTES: list[HTTPRouteHandler] = [agency_list, agency]
