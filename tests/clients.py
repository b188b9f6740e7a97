"""Browsers and programs of the tests: an HTTP client on the whole application, signed in or not.

async with client_for(cast.owner.custodian) as browser:
    answer = await browser.page("/items")
    answer = await browser.send("/items/new", name="…")
"""

from __future__ import annotations

import functools
import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

from shared_resources.app import create_app
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity.keys import digest, new_key
from shared_resources.kernel.identity.sessions import expiry
from shared_resources.kernel.web import cookies

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from shared_resources.kernel.permissions import Actor

ADDRESS = "http://127.0.0.1:8000"
TOKEN = re.compile(r'<meta name="csrf-token" content="([0-9a-f]+)">')


class Browser:
    """An HTTP client (``http``) that knows our forms."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.cookies = http.cookies
        self.get = http.get
        self.post = http.post
        self.request = http.request
        self.csrf: str | None = None

    async def page(self, path: str, **options: Any) -> httpx.Response:
        """A page as a browser asks for it; its token is kept for the next form."""
        answer = await self.get(path, headers={"accept": "text/html"}, **options)
        found = TOKEN.search(answer.text)
        if found:
            self.csrf = found[1]
        return answer

    async def send(self, path: str, *, files: Any = None, **fields: Any) -> httpx.Response:
        """A form as a page of ours sends it; lists are fields that occur several times."""
        if self.csrf is None:
            await self.page("/nothing-here")
        data = {name: value for name, value in fields.items() if value is not None}
        return await self.post(
            path, data={"csrf_token": self.csrf, **data}, files=files, headers={"accept": "text/html"}
        )

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """A request of a script of ours to the API: JSON, with the token in its header."""
        if self.csrf is None:
            await self.page("/nothing-here")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.request(method, path, json=body, headers={"x-csrf-token": self.csrf or "", **sent})


@asynccontextmanager
async def client_for(actor: Actor | None = None, app: Any = None, **options: Any) -> AsyncIterator[Browser]:
    """A browser in which ``actor`` is signed in; nobody is where it is None. Needs the fixture ``db``."""
    transport = httpx.ASGITransport(
        app=app or application(), raise_app_exceptions=False, client=("10.0.0.7", 50000)
    )
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, **options) as http:
        browser = Browser(http)
        if actor is not None:
            browser.cookies.set(cookies.SESSION, await open_session(actor))
        yield browser


@functools.cache
def application() -> Any:
    """The application, made once: it keeps nothing between requests."""
    return create_app()


async def open_session(actor: Actor) -> str:
    """The key of a new session of ``actor``, as signing in makes it but without a password."""
    key, at = new_key(), clock.now()
    async with transaction() as connection:
        await connection.execute(
            "INSERT INTO session (id, token_hash, person, agency, created_at, last_seen_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $5, $6)",
            new_id(),
            digest(key),
            actor.person,
            actor.agency,
            at,
            expiry(at),
        )
    return key
