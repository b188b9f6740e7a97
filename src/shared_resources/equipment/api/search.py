"""Search for programs."""

from typing import Annotated

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Parameter

from shared_resources.equipment.queries.search import search
from shared_resources.equipment.schemas.search import Found
from shared_resources.kernel.permissions import Actor


@get("/api/v1/search", operation_id="search", summary="Anything with these words", tags=["items"])
async def find(
    actor: Actor,
    q: Annotated[
        str, Parameter(description="name, number or code", max_length=200, examples=[Example(value="气体检测仪")])
    ],
) -> Found:
    """A few hits of each kind, as the reader may see them."""
    return await search(actor, q)


ROUTES: list[HTTPRouteHandler] = [find]
