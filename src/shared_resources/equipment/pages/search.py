"""One field to find anything; a code or a number that is known goes straight to its page."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.answers import query_of
from shared_resources.equipment.queries.register import item_page
from shared_resources.equipment.queries.search import search
from shared_resources.equipment.rules.codes import grouped, parse_code
from shared_resources.equipment.rules.procedures import ITEM
from shared_resources.kernel.errors import Invalid, NotFound
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.pages import WebRequest, page, see_other


@get("/search", include_in_schema=False)
async def find(request: WebRequest, actor: Actor) -> Response[Any]:
    """Everything with these words that the reader may see."""
    text = query_of(request).get("q", "")[:200]
    straight = await straight_to(actor, text)
    if straight:
        return see_other(request, straight)
    found = await search(actor, text)
    exact = [hit.path for hit in found.records if hit.number.casefold() == text.casefold()]
    if exact:
        return see_other(request, exact[0])
    return page(request, "equipment/search/page.html", found=found, text=text, states=ITEM.states, grouped=grouped)


async def straight_to(actor: Actor, text: str) -> str:
    """Where a label's code or address leads; empty when no item that the reader may see bears it."""
    try:
        code = parse_code(text)
        await item_page(actor, code)
    except (Invalid, NotFound):
        return ""
    return f"/t/{code}" if "/" in text else f"/items/{code}"


ROUTES: list[HTTPRouteHandler] = [find]
