"""Calendar feeds: the page where they are made and revoked, and the feed itself (RFC 5545 over plain GET)."""

import hashlib
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.feeds import events_of, feed_for, feeds_of
from shared_resources.equipment.rules.feeds import calendar_text
from shared_resources.equipment.schemas.feeds import FEED_LABELS, FeedDraft, FeedKind
from shared_resources.equipment.service.feeds import create_feed, revoke_feed, token_hash
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, not_found
from shared_resources.kernel.web.answers import clean_form, form_again, query_of
from shared_resources.kernel.web.forms import form_of, parse
from shared_resources.kernel.web.language import language_of
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

PAGE = "equipment/feeds/page.html"
SUFFIX = ".ics"
CACHE = "private, max-age=300, must-revalidate"
"""Clients may show what they have for five minutes, then they ask whether it changed."""


def address_of(token: str) -> str:
    """The secret address of a feed."""
    return f"{settings().address}/feeds/{token}{SUFFIX}"


async def context(actor: Actor) -> dict[str, Any]:
    """What the page is given."""
    return {"feeds": await feeds_of(actor), "kinds": FEED_LABELS, "grouped": grouped}


@get("/feeds", include_in_schema=False)
async def own_feeds(request: WebRequest, actor: Actor) -> Response[str]:
    """The reader's feeds and the form for another."""
    code = query_of(request).get("item", "")
    entered = clean_form({"kind": "item" if code else "person", "subject": code})
    return page(request, PAGE, made="", **await context(actor), **entered)


@post("/feeds", include_in_schema=False)
async def make_feed(request: WebRequest, actor: Actor) -> Response[str]:
    """Make a feed and show its address, this once only."""
    form = await form_of(request)
    try:
        draft = parse(FeedDraft, form.values)
        token = await create_feed(actor, draft.kind, draft.subject)
    except Refusal as refusal:
        return form_again(request, PAGE, form, refusal, made="", **await context(actor))
    entered = clean_form({"kind": draft.kind, "subject": ""})
    return page(request, PAGE, made=address_of(token), **await context(actor), **entered)


@post("/feeds/{feed:uuid}/revoke", include_in_schema=False)
async def end_feed(request: WebRequest, actor: Actor, feed: UUID) -> Response[Any]:
    """End a feed."""
    await revoke_feed(actor, feed)
    return see_other(request, "/feeds", N_("This address does not answer any more."))


@get("/feeds/{name:str}", include_in_schema=False)
async def calendar(request: WebRequest, name: str) -> Response[bytes]:
    """The feed behind a secret address; needs no session. Unknown and revoked ones look alike."""
    if not name.endswith(SUFFIX):
        raise not_found()
    feed = await feed_for(token_hash(name.removesuffix(SUFFIX)))
    language = language_of(feed["locale"])
    agency = feed["name_zh"] if language.locale == "zh_CN" else feed["name_en"]
    title = f"{language.gettext(FEED_LABELS[FeedKind(feed['kind'])])} · {agency}"
    text = calendar_text(title, await events_of(feed, settings().address, language.gettext))
    tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": CACHE, "content-language": language.tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type="text/calendar; charset=utf-8")
    headers["content-disposition"] = 'inline; filename="shared-resources.ics"'
    return Response(text, headers=headers, media_type="text/calendar; charset=utf-8")


ROUTES: list[HTTPRouteHandler] = [own_feeds, make_feed, end_feed, calendar]
