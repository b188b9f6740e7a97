"""Stored files, for those who may see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.shown_files import visible_file
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.ranged import ranged


@get("/files/{file:uuid}", include_in_schema=False)
async def show_file(
    request: WebRequest, actor: Actor, file: FromPath[UUID], download: FromQuery[bool] = False
) -> Response[Any]:
    """The file's bytes, whole or in part."""
    found, path = await visible_file(actor, file)
    return ranged(request, found, path, download=download)


ROUTES: list[HTTPRouteHandler] = [show_file]
