"""The page that reads labels."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.pages import WebRequest, page


@get("/scan", include_in_schema=False)
async def scan(request: WebRequest, actor: Actor) -> Response[Any]:
    """Read a label: its item opens with what the reader may do with it."""
    return page(request, "scan.html")


ROUTES: list[HTTPRouteHandler] = [scan]
