"""Copies of a request for programs: which there are, their bytes, the values that the receiver computed."""

import hashlib
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.permissions import Actor, not_found
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.ranged import ranged
from shared_resources.video.queries.visible import visible_copy
from shared_resources.video.rules.request import REQUEST
from shared_resources.video.service.openings import count_sent, open_copy, still_open, ticket
from shared_resources.video.service.packs import openable_copies
from shared_resources.video.service.receipts import confirm_copy

COPY = "/api/v1/footage-copies/{copy:str}"


class CopyView(BaseModel):
    """A copy that the program may download."""

    number: str = Field(examples=["VF2026-00012-3"])
    kind: str
    file_name: str
    size: int
    sha256: str
    sm3: str


class Values(BaseModel):
    """What the receiver computed, in hex."""

    model_config = ConfigDict(extra="forbid")

    sha256: str = Field(pattern="^[0-9a-fA-F]{64}$", examples=[hashlib.sha256(b"").hexdigest()])
    sm3: str | None = Field(None, pattern="^[0-9a-fA-F]{64}$")


class Compared(BaseModel):
    """Whether the values are those of the holder."""

    equal: bool


@get(
    "/api/v1/footage-requests/{number:str}/copies",
    operation_id="listFootageCopies",
    summary="Copies of a request that one may open",
    tags=["footage"],
)
async def copies(actor: Actor, number: str) -> list[CopyView]:
    """Their bytes come by POST to ``/api/v1/footage-copies/{number}/download``, whole or in ranges."""
    record = await visible_record(actor, number)
    if record.procedure is not REQUEST:
        raise not_found()
    return [
        CopyView(
            number=copy.number,
            kind=copy.kind,
            file_name=copy.file_name or "",
            size=copy.size or 0,
            sha256=(copy.sha256 or b"").hex(),
            sm3=(copy.sm3 or b"").hex(),
        )
        for copy in await openable_copies(actor, record.id)
    ]


@post(COPY + "/download", include_in_schema=False, status_code=200)
async def download(request: WebRequest, actor: Actor, copy: str) -> Response[Any]:
    """The bytes of a copy; the download is written down first, with the request as its reason."""
    seen = await visible_copy(actor, copy)
    opening = await open_copy(actor, copy, "download", seen.request or copy)
    found = await ticket(actor, opening)

    async def watch(sent: int) -> bool:
        await count_sent(opening, sent)
        return await still_open(actor, opening)

    return ranged(request, found.file, found.path, download=True, watch=watch)


@post(
    COPY + "/compare",
    operation_id="compareFootageCopy",
    summary="Tell the values that one computed of a copy",
    tags=["footage"],
    status_code=200,
)
async def compare(actor: Actor, copy: str, data: Values, act_id: str | None) -> Compared:
    """They are kept; unequal ones bar the signature and are told to both agencies."""
    await visible_copy(actor, copy)
    sm3 = bytes.fromhex(data.sm3) if data.sm3 else None
    return Compared(equal=await confirm_copy(actor, copy, bytes.fromhex(data.sha256), sm3, act_id=act_id))


ROUTES: list[HTTPRouteHandler] = [copies, download, compare]
