"""Stored files: kept for programs before an act names them, shown to those who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import Body, FromPath, FromQuery
from pydantic import BaseModel, ConfigDict

from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.shown_files import visible_file
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.ranged import ranged
from shared_resources.kernel.web.uploads import store_upload


class FileKept(BaseModel):
    """A file that is kept; acts name it by this id."""

    model_config = ConfigDict(frozen=True)

    id: UUID


@dataclass(frozen=True)
class Sent:
    """The form that carries a file. As a class: a bare ``UploadFile`` that is missing would be a fault of ours."""

    data: UploadFile


@get("/files/{file:uuid}", include_in_schema=False)
async def show_file(
    request: WebRequest, actor: Actor, file: FromPath[UUID], download: FromQuery[bool] = False
) -> Response[Any]:
    """The file's bytes, whole or in part."""
    found, path = await visible_file(actor, file)
    return ranged(request, found, path, download=download)


@post("/api/v1/files", operation_id="keepFile", summary="Keep a photo or a scan", tags=["files"], status_code=201)
async def keep_file(
    actor: Actor, data: Annotated[Sent, Body(media_type=RequestEncodingType.MULTI_PART)]
) -> FileKept:
    """Send one file as multipart/form-data; its id goes into the act that shows it (photo, certificate).

    Whoever sends it declares that it holds no state secret and no work secret. Until an act names it, only the
    sender's agency sees it. Sending it again is harmless: equal bytes are stored once.
    """
    return FileKept(id=await store_upload(actor, data.data))


ROUTES: list[HTTPRouteHandler] = [show_file, keep_file]
