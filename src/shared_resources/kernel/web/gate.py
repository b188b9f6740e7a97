"""The gate: the one middleware. Finds out who asks and in which language; sends the security headers.

It stands outside Litestar's router, so that unknown addresses get the same treatment as known ones.
"""

from __future__ import annotations

import functools
import logging
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType

from shared_resources.kernel.identity.actors import actor_for_token, recognise
from shared_resources.kernel.web import cookies
from shared_resources.kernel.web.language import LOCALES, language_of, preferred
from shared_resources.kernel.web.reader import SCOPE_KEY, Reader
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from litestar.types import ASGIApp, Message, Receive, Scope, Send

    Answer = Callable[[Scope, Receive, Send, Exception], Awaitable[None]]

log = logging.getLogger(__name__)

UNSEEN = ("/static/", "/healthz")
"""Paths that need no reader: no query, no cookie."""

SECURITY_HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@functools.lru_cache(maxsize=8)
def security_headers(tiles: str | None) -> Mapping[str, str]:
    """The headers of every answer; pictures may come from the host of the map's ``tiles`` too."""
    if tiles is None:
        return SECURITY_HEADERS
    place = urlsplit(tiles)
    host = place.netloc.replace("{s}", "*") if place.netloc.startswith("{s}.") else place.netloc
    policy = SECURITY_HEADERS["content-security-policy"]
    wider = policy.replace("img-src 'self'", f"img-src 'self' {place.scheme}://{host}")
    return {**SECURITY_HEADERS, "content-security-policy": wider}


class Gate:
    """ASGI middleware around the whole application.

    ``answer`` renders an error that happens while we find out who asks (the database is away).
    """

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        reader = Reader(request_id=request_id, language=language_of(None))
        send = _with_headers(send, reader)
        if not scope["path"].startswith(UNSEEN):
            cast("dict[str, Any]", scope)[SCOPE_KEY] = reader
            try:
                await _recognise(reader, Headers.from_scope(scope))
            except Exception as error:
                await self.answer(scope, receive, send, error)
                return
        await self.app(scope, receive, send)


async def _recognise(reader: Reader, headers: Headers) -> None:
    """Fill in who asks: by token, else by session; and the language."""
    jar = _cookies(headers)
    wished = preferred(headers.get("accept-language", ""))
    reader.language = language_of(jar.get(cookies.LOCALE) or wished)
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        reader.bearer = True
        reader.actor = await actor_for_token(token.strip())
        locale = wished or (reader.actor.locale if reader.actor else None)
    else:
        reader.session, reader.form_key = jar.get(cookies.SESSION), jar.get(cookies.FORM)
        if reader.session:
            reader.actor, reader.unread, reader.agencies = await recognise(reader.session)
        locale = jar.get(cookies.LOCALE) or (reader.actor.locale if reader.actor else wished)
    reader.language = language_of(locale)


def _cookies(headers: Headers) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    for line in headers.getall("cookie", []):
        try:
            jar.load(line)
        except CookieError:
            continue
    found = {name: morsel.value for name, morsel in jar.items() if morsel.value}
    if found.get(cookies.LOCALE) not in LOCALES:
        found.pop(cookies.LOCALE, None)
    return found


def _with_headers(send: Send, reader: Reader) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableScopeHeaders.from_message(message)
            for name, value in security_headers(settings().map_tiles).items():
                headers.setdefault(name, value)
            headers.setdefault("x-request-id", reader.request_id)
            headers.setdefault("cache-control", "no-store")
            if settings().cookie_secure:
                headers.setdefault("strict-transport-security", "max-age=31536000")
            if reader.form_key and reader.form_key_is_new:
                headers.add("set-cookie", cookies.form_cookie(reader.form_key).to_header(header=""))
        await send(message)

    return send_with_headers
