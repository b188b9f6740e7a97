"""The home page: what waits for the reader, what is owed either way, what the reader holds."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.home import home
from shared_resources.kernel.web.dependencies import provide_actor
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of


@get("/", include_in_schema=False)
async def home_page(request: WebRequest) -> Response[Any]:
    """Home for those who work in an agency; the way to administration for those who run the house."""
    if reader_of(request).actor is None:
        return see_other(request, "/sign-in")
    actor = provide_actor(request)
    if actor.agency is None:
        return page(request, "equipment/home/administrator.html")
    return page(request, "equipment/home/page.html", home=await home(actor))


ROUTES: list[HTTPRouteHandler] = [home_page]
