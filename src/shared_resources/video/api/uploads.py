"""Resumable uploads: tus 1.0 with creation, termination and expiration (tus.io/protocols/resumable-upload).

``Upload-Metadata`` carries what ``FootageDraft`` asks for, ``filename``, and the sender's own ``sha256`` and
``sm3`` in hex. The last PATCH is answered at once; checking goes on behind, and GET tells how it went.
"""

import base64
import binascii
from typing import Any
from uuid import UUID

from litestar import Response, delete, get, head, patch, post, route
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.forms import parse
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_
from shared_resources.settings import settings
from shared_resources.video.schemas.footage import FootageDraft
from shared_resources.video.service import uploads

ALL = "/api/v1/footage-uploads"
ONE = ALL + "/{upload:uuid}"
VERSION = "1.0.0"
TUS = {"tus-resumable": VERSION, "cache-control": "no-store"}
PIECES = "application/offset+octet-stream"
DIGESTS = {"sha256": 32, "sm3": 32}


@route(ALL, http_method=["OPTIONS"], include_in_schema=False, status_code=204)
async def options() -> Response[None]:
    """What this server can do."""
    most = settings().footage_limit_gb * uploads.GIGA
    return Response(
        None,
        status_code=204,
        headers=TUS
        | {
            "tus-version": VERSION,
            "tus-extension": "creation,termination,expiration",
            "tus-max-size": str(most),
        },
    )


@post(ALL, include_in_schema=False, status_code=201)
async def create(request: WebRequest, actor: Actor) -> Response[None]:
    """Announce a file: its length, its name, what it shows."""
    told = _metadata(request.headers.get("upload-metadata", ""))
    upload = await uploads.start_upload(
        actor,
        told.get("filename") or "recording",
        _number(request, "upload-length"),
        parse(FootageDraft, {**told, "declared": told.get("declared") == "true"}),
        sent_sha256=_digest(told, "sha256"),
        sent_sm3=_digest(told, "sm3"),
    )
    location = f"{settings().address}{ALL}/{upload}"
    if reader_of(request).bearer is False:
        location = f"{ALL}/{upload}"
    return Response(None, status_code=201, headers=TUS | {"location": location, "upload-offset": "0"})


@head(ONE, include_in_schema=False)
async def offset(actor: Actor, upload: UUID) -> Response[None]:
    """How much is here."""
    found = await uploads.upload_of(actor, upload)
    return Response(None, headers=TUS | {"upload-offset": str(found.offset), "upload-length": str(found.size)})


@get(ONE, include_in_schema=False)
async def standing(request: WebRequest, actor: Actor, upload: UUID) -> dict[str, Any]:
    """How an upload stands: open, checking, done (with the number of the recording), failed (with why)."""
    found = await uploads.upload_of(actor, upload)
    say = reader_of(request).language.gettext
    return {
        "state": found.state,
        "offset": found.offset,
        "size": found.size,
        "footage": found.footage,
        "error": say(found.error) if found.error else None,
    }


@patch(ONE, include_in_schema=False, status_code=204, request_max_body_size=None)
async def piece(request: WebRequest, actor: Actor, upload: UUID) -> Response[None]:
    """The next piece, from the offset where we are."""
    await uploads.upload_of(actor, upload)
    if request.headers.get("content-type") != PIECES:
        raise Invalid(N_("Pieces come as application/offset+octet-stream."), code="content_type")
    at = _number(request, "upload-offset")
    reached = await uploads.append(actor, upload, at, request.stream())
    return Response(None, status_code=204, headers=TUS | {"upload-offset": str(reached)})


@delete(ONE, include_in_schema=False, status_code=204)
async def give_up(actor: Actor, upload: UUID) -> Response[None]:
    """Throw an unfinished upload away."""
    await uploads.give_up(actor, upload)
    return Response(None, status_code=204, headers=TUS)


def _metadata(header: str) -> dict[str, str]:
    """Names and texts of ``Upload-Metadata``.

    Raises:
        Invalid: a value is not base64 of UTF-8.
    """
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Invalid(
                N_("What was said of the file cannot be read."), code="metadata", field=name[:40]
            ) from None
    return found


def _number(request: WebRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid(N_("A length or place in bytes is missing."), code="number", field=name)
    return int(text)


def _digest(told: dict[str, str], name: str) -> bytes | None:
    """A value in hex, if the sender told one.

    Raises:
        Invalid: it is no such value.
    """
    if name not in told:
        return None
    try:
        found = bytes.fromhex(told[name])
    except ValueError:
        found = b""
    if len(found) != DIGESTS[name]:
        raise Invalid(N_("This is no value of that kind."), code="digest", field=name)
    return found


ROUTES: list[HTTPRouteHandler] = [options, create, offset, standing, piece, give_up]
