"""``Idempotency-Key`` (draft-ietf-httpapi-idempotency-key-header) for every change through the API, in one place.

Stands between the gate, which knows who asks, and the router. Without the header nothing happens here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from litestar.datastructures import Headers
from litestar.enums import ScopeType

from shared_resources.kernel import replays
from shared_resources.kernel.errors import Invalid, TooLarge
from shared_resources.kernel.web.own_forms import SAFE
from shared_resources.kernel.web.reader import SCOPE_KEY, reader_of
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from litestar.connection import ASGIConnection
    from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

    Answer = Callable[[Scope, Receive, Send, Exception], Awaitable[None]]

HEADER = "idempotency-key"
LONGEST = 200
PASSING = frozenset({401, 403, 408, 425, 429})
"""Refusals that say nothing about the act itself: the same key may try again."""


def act_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """The id that an act has by its header, so that a repetition is recognised even where no answer was kept."""
    key, actor = _key(connection.headers), reader_of(connection).actor
    return f"{actor.person}:{key}" if key and actor else None


class Once:
    """ASGI middleware: the same key with the same request gets the same answer, and the work is done once."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, once."""
        if scope["type"] != ScopeType.HTTP or not _changes(scope):
            await self.app(scope, receive, send)
            return
        reader = scope.get(SCOPE_KEY)
        actor = getattr(reader, "actor", None)
        try:
            key = _key(Headers.from_scope(scope))
            if key is None or actor is None or actor.person is None:
                await self.app(scope, receive, send)
                return
            body = await _read(receive)
            given = await replays.claim(actor.person, key, _hash(scope, actor.agency, body))
        except Exception as error:
            await self.answer(scope, receive, send, error)
            return
        if given is not None:
            await _replay(given, scope, receive, send)
            return
        await self._work(scope, _again(body, receive), send, actor.person, key)

    async def _work(self, scope: HTTPScope, receive: Receive, send: Send, person: UUID, key: str) -> None:
        """Do it, keep the answer, then give it: what was answered can be answered again."""
        kept = _Kept()
        try:
            await self.app(scope, receive, kept.take)
        except BaseException:
            await replays.release(person, key)
            raise
        if kept.status >= 500 or kept.status in PASSING or not kept.messages:
            await replays.release(person, key)
        else:
            await replays.settle(person, key, kept.given())
        for message in kept.messages:
            await send(message)


@dataclass
class _Kept:
    messages: list[Message] = field(default_factory=list)
    status: int = 0

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.messages.append(message)

    def given(self) -> replays.Given:
        start, *rest = cast("list[dict[str, Any]]", self.messages)
        headers = {name.lower(): value.decode("latin-1") for name, value in start.get("headers", ())}
        body = b"".join(message.get("body", b"") for message in rest)
        return replays.Given(self.status, headers.get(b"content-type"), headers.get(b"location"), body)


def _key(headers: Any) -> str | None:
    """The key; quotes of a structured field are left off.

    Raises:
        Invalid: it is too long or has signs that do not belong into a header.
    """
    key = headers.get(HEADER)
    if key is None:
        return None
    key = key.strip().strip('"')
    if not key or len(key) > LONGEST or not key.isprintable():
        raise Invalid(N_("This Idempotency-Key cannot be used."), do=N_("Take a UUID."), code="key", field=HEADER)
    return str(key)


async def _read(receive: Receive) -> bytes:
    limit = settings().upload_limit_mb * 1_000_000
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > limit:
            raise TooLarge(N_("This is larger than we take."), code="too_large")
        if not message.get("more_body"):
            break
    return b"".join(chunks)


def _again(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives the body that was read already, then waits for what the server says."""
    waiting = [True]

    async def receive_again() -> Any:
        if waiting:
            waiting.pop()
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return receive_again


def _changes(scope: HTTPScope) -> bool:
    return scope["path"].startswith("/api/") and scope["method"] not in SAFE


def _hash(scope: HTTPScope, agency: object, body: bytes) -> bytes:
    parts = (scope["method"].encode(), scope["path"].encode(), scope["query_string"], str(agency).encode(), body)
    return hashlib.sha256(b"\0".join(parts)).digest()


async def _replay(given: replays.Given, scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"idempotency-replayed": "true", "cache-control": "no-store"}
    if given.location:
        headers["location"] = given.location
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    if given.media_type:
        raw.append((b"content-type", given.media_type.encode("latin-1")))
    raw.append((b"content-length", str(len(given.body)).encode()))
    await send({"type": "http.response.start", "status": given.status, "headers": raw})
    await send({"type": "http.response.body", "body": given.body, "more_body": False})
