"""Only our own forms may change anything (cross-site request forgery, OWASP CSRF cheat sheet).

A cookie travels with requests that other sites provoke; a token in the form does not. The token is the HMAC of
the session key (or, before signing in, of a cookie of its own), so it needs no storage and dies with the session.
Requests with a bearer token carry no cookie and need none of this.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import UploadFile

from shared_resources.kernel.errors import NotAllowed, SignInNeeded
from shared_resources.kernel.permissions import NOT_SIGNED_IN
from shared_resources.kernel.web.reader import Reader, reader_of
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

FIELD = "csrf_token"
HEADER = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FOR_PROGRAMS = "for_programs"
"""Option of a route that looks at no cookie: it knows who asks by other means."""
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def token_for(reader: Reader) -> str:
    """The token that this reader's forms carry."""
    message = b"own form\0" + reader.key_for_forms().encode()
    return hmac.new(settings().secret(), message, hashlib.sha256).hexdigest()


async def require_own_form(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of every route: unsafe requests by cookie need a token of ours and no foreign origin.

    Raises:
        SignInNeeded: an API request shows no credentials at all.
        NotAllowed: the form is not ours or belongs to another session.
    """
    request: Request[Any, Any, Any] = Request(connection.scope, connection.receive)
    reader = reader_of(connection)
    if request.method in SAFE or reader.bearer or handler.opt.get(FOR_PROGRAMS):
        return
    if request.url.path.startswith("/api/") and reader.actor is None:
        raise SignInNeeded(NOT_SIGNED_IN.sentence.msgid)
    if _is_foreign(request) or not hmac.compare_digest(await _shown(request), token_for(reader)):
        await _close_files(request)
        raise NotAllowed(
            N_("This form is out of date or does not come from this site."),
            do=N_("Load the page again and repeat the entry."),
            code="foreign_form",
        )


async def _shown(request: Request[Any, Any, Any]) -> str:
    shown = request.headers.get(HEADER)
    if shown is None and request.headers.get("content-type", "").startswith(FORM_TYPES):
        shown = (await request.form()).get(FIELD)
    return shown if isinstance(shown, str) and shown.isascii() else ""


async def _close_files(request: Request[Any, Any, Any]) -> None:
    """Let go of what was uploaded with a form that nobody will read."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        for value in (await request.form()).values():
            if isinstance(value, UploadFile):
                await value.close()


def _is_foreign(request: Request[Any, Any, Any]) -> bool:
    """Whether the browser says that another site sent this."""
    if request.headers.get("sec-fetch-site") == "cross-site":
        return True
    origin = request.headers.get("origin")
    if origin is None:
        return False
    ours = {request.headers.get("host"), urlsplit(settings().address).netloc}
    return urlsplit(origin).netloc not in ours
