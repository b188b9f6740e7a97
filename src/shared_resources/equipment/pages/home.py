"""The home page: what waits for the reader, what is owed either way, what the reader holds."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.certificates import due_certificates
from shared_resources.equipment.queries.home import home
from shared_resources.kernel.permissions import Permission, Relation, may
from shared_resources.kernel.web.dependencies import provide_actor
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of

SOON_DAYS = 30
"""How far ahead a keeper is shown certificates that lapse."""


@get("/", include_in_schema=False)
async def home_page(request: WebRequest) -> Response[Any]:
    """Home for those who work in an agency; administration for those who run the house."""
    if reader_of(request).actor is None:
        return see_other(request, "/sign-in")
    actor = provide_actor(request)
    if actor.agency is None:
        return see_other(request, "/admin")
    keeps = may(actor, Permission.ITEM_EDIT, {Relation.OWNER}) is True
    lapsing = await due_certificates(actor, SOON_DAYS) if keeps else None
    return page(request, "equipment/home/page.html", home=await home(actor), lapsing=lapsing)


ROUTES: list[HTTPRouteHandler] = [home_page]
