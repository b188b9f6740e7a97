"""The evidence pack of a request, streamed; the public key that packs are signed with."""

from collections.abc import AsyncIterator
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from shared_resources.kernel.pack.signing import public_key
from shared_resources.kernel.pack.writing import unheld
from shared_resources.kernel.permissions import Actor, Relation, not_found
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.web.ranged import WATCHED
from shared_resources.video.queries.copies import copies_of_request
from shared_resources.video.rules.request import REQUEST
from shared_resources.video.schemas.copies import KIND_LABELS
from shared_resources.video.service.openings import still_open
from shared_resources.video.service.packs import Pack, openable_copies, pack_of


@get("/footage-requests/{number:str}/copies", include_in_schema=False)
async def copies(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The copies that a request obtained, for both sides."""
    record = await visible_record(actor, number)
    if record.procedure is not REQUEST:
        raise not_found()
    holds = Relation.HOLDER in record.relations
    found = await copies_of_request(record.id, handed_over=not holds)
    openable = {copy.number for copy in await openable_copies(actor, record.id)}
    return page(
        request,
        "video/copies.html",
        record=record,
        copies=[(copy, copy.number in openable) for copy in found],
        kinds=KIND_LABELS,
        is_asker=Relation.REQUESTING in record.relations,
    )


@post("/footage-requests/{number:str}/pack.zip", include_in_schema=False, status_code=200)
async def pack(actor: Actor, number: str) -> Stream:
    """The pack; every copy in it counts as a download."""
    found = await pack_of(actor, number)
    headers = {"content-disposition": f'attachment; filename="{found.name}"', "cache-control": "no-store"}
    return Stream(pieces_of(actor, found), media_type="application/zip", headers=headers)


@get("/footage-packs", include_in_schema=False)
async def key(request: WebRequest) -> Response[Any]:
    """How a pack is checked, and the public key it was signed with. For everybody."""
    return page(request, "video/packs.html", key=public_key())


async def pieces_of(actor: Actor, pack: Pack) -> AsyncIterator[bytes]:
    """What a file reader gives, without holding up the others; it breaks off when a share in it ends."""
    unwatched = 0
    async for piece in unheld(pack.pieces):
        yield piece
        unwatched += len(piece)
        if unwatched >= WATCHED:
            unwatched = 0
            if not all([await still_open(actor, opening) for opening in pack.openings]):
                return


ROUTES: list[HTTPRouteHandler] = [copies, pack, key]
