"""The API described for people: every operation, what it takes, and how to call it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.web.reference import reference
from shared_resources.kernel.web.schema import PATH
from shared_resources.settings import settings


@get("/schema", include_in_schema=False)
async def show_schema(request: WebRequest) -> Response[Any]:
    """The reference page; the document itself is beside it."""
    kept = request.app.state
    if "reference" not in kept:
        kept["reference"] = reference(request.app.openapi_schema.to_schema(), settings().address)
    return page(request, "schema/schema.html", groups=kept["reference"], document=PATH)


ROUTES: list[HTTPRouteHandler] = [show_schema]
