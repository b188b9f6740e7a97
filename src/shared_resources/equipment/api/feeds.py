"""Calendar feeds for programs: made, listed, revoked."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body

from shared_resources.equipment.queries.feeds import feeds_of
from shared_resources.equipment.schemas.feeds import FeedDraft, FeedMade, FeedView
from shared_resources.equipment.service.feeds import create_feed, revoke_feed
from shared_resources.kernel.permissions import Actor
from shared_resources.settings import settings

FEED = Example(summary="One item", value={"kind": "item", "subject": "7Q2MK4V3"})


@get("/api/v1/feeds", operation_id="listFeeds", summary="One's calendar feeds", tags=["account"])
async def feed_list(actor: Actor) -> list[FeedView]:
    """Their addresses are not told again."""
    return list(await feeds_of(actor))


@post("/api/v1/feeds", operation_id="createFeed", summary="Make a calendar feed", tags=["account"])
async def make_feed(actor: Actor, data: Annotated[FeedDraft, Body(examples=[FEED])]) -> FeedMade:
    """The secret address is told this once only."""
    token = await create_feed(actor, data.kind, data.subject)
    return FeedMade(address=f"{settings().address}/feeds/{token}.ics")


@delete("/api/v1/feeds/{feed:uuid}", operation_id="revokeFeed", summary="Revoke a calendar feed", tags=["account"])
async def end_feed(actor: Actor, feed: UUID) -> None:
    """Its address answers like an unknown one from now on."""
    await revoke_feed(actor, feed)


ROUTES: list[HTTPRouteHandler] = [feed_list, make_feed, end_feed]
