"""The page of one's own notices: what happened, and the record it happened to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.notices_read import mark_all_read, mark_read, notices_of
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.pages import WebRequest, page, safe_path, see_other
from shared_resources.kernel.words import N_, Sentence


@get("/notices", include_in_schema=False)
async def notice_list(request: WebRequest, actor: Actor, cursor: str = "", waiting: bool = False) -> Response[str]:
    """One's own notices, unread ones first."""
    found = await notices_of(actor, cursor=cursor or None, waiting=waiting)
    shown = [(line, Sentence(line.sentence, line.params)) for line in found.lines]
    return page(request, "notices/list.html", notices=found, shown=shown, cursor=cursor, waiting=waiting)


@get("/notices/{id:uuid}", include_in_schema=False)
async def follow(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Go to what a notice is about; whoever looks has read it."""
    link = await mark_read(actor, id)
    return see_other(request, safe_path(link, "/notices"))


@post("/notices/{id:uuid}/read", include_in_schema=False)
async def read_one(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Mark one notice as read without going anywhere."""
    await mark_read(actor, id)
    return see_other(request, "/notices")


@post("/notices/read", include_in_schema=False)
async def read_all(request: WebRequest, actor: Actor) -> Response[Any]:
    """Mark all notices as read."""
    await mark_all_read(actor)
    return see_other(request, "/notices", N_("All notices are marked as read."))


ROUTES: list[HTTPRouteHandler] = [notice_list, follow, read_one, read_all]
