"""One field to find anything; a code or a number that is known goes straight to its page."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.register import item_page
from shared_resources.equipment.queries.search import search
from shared_resources.equipment.rules.procedures import ITEM
from shared_resources.kernel.codes import grouped, parse_code
from shared_resources.kernel.errors import Invalid, NotFound
from shared_resources.kernel.fulltext import search_records
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.answers import query_of
from shared_resources.kernel.web.pages import WebRequest, page, see_other


@get("/search", include_in_schema=False)
async def find(request: WebRequest, actor: Actor) -> Response[Any]:
    """Everything with these words that the reader may see."""
    text = query_of(request).get("q", "")[:200]
    straight = await straight_to(actor, text)
    if straight:
        return see_other(request, straight)
    found = await search(actor, text)
    exact = [hit.path for hit in (*found.records, *found.texts) if hit.number.casefold() == text.casefold()]
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


@get("/search/records", include_in_schema=False)
async def find_records(request: WebRequest, actor: Actor) -> Response[Any]:
    """Coordination records with these words, page after page."""
    query = query_of(request)
    text = query.get("q", "").strip()[:100]
    found = await search_records(actor, text, cursor=query.get("cursor") or None)
    following = "/search/records?" + urlencode({"q": text, "cursor": found.next}) if found.next else ""
    return page(request, "equipment/search/records.html", found=found, text=text, next=following)


ROUTES: list[HTTPRouteHandler] = [find, find_records]
