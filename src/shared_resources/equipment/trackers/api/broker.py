"""Whom a broker that asks us (EMQX and its kin) lets in, and what they may do there.

Answers are always 200 with a word of allow or deny: another status would count as "ask the next one" there. No try
is counted against anybody: a password has 128 random bits, and a lock would let a stranger lock a device out.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, Response, post

from shared_resources.equipment.trackers.queries.credentials import login_of
from shared_resources.equipment.trackers.rules.credentials import LISTENER_MAY, hash_of, is_password
from shared_resources.equipment.trackers.service.address import broker_address
from shared_resources.equipment.trackers.service.credentials import note_use
from shared_resources.kernel import clock
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.web.own_forms import FOR_PROGRAMS
from shared_resources.settings import settings

if TYPE_CHECKING:
    from litestar.handlers import HTTPRouteHandler

    from shared_resources.equipment.trackers.rules.credentials import Allowed

HEADER = "x-broker-secret"
LARGEST = 10_000
NOBODY = hash_of("", b"nobody")
"""Checked where a name is unknown, so that the answer takes as long."""
DENY: dict[str, Any] = {"result": "deny", "is_superuser": False}


class Question(msgspec.Struct):
    """Who wants to come in."""

    username: str = ""
    password: str = ""


@post(
    "/broker/auth",
    include_in_schema=False,
    status_code=200,
    opt={FOR_PROGRAMS: True},
    request_max_body_size=LARGEST,
)
async def authenticate(request: Request[Any, Any, Any]) -> Response[Any]:
    """One question for each connection; without the shared word there is nothing here."""
    secret = settings().broker_secret
    shown = request.headers.get(HEADER, "")
    if secret is None or not same(shown, secret.get_secret_value()):
        raise not_found()
    try:
        asked = msgspec.json.decode(await request.body(), type=Question)
    except msgspec.MsgspecError:
        return Response(DENY)
    return Response(await answer(asked))


async def answer(asked: Question) -> dict[str, Any]:
    """Allow with the topics that go with it, or deny."""
    ours = broker_address()
    if same(asked.username, ours.username):
        return allowed(LISTENER_MAY) if same(asked.password, ours.password) else DENY
    if "\0" in asked.username:
        return DENY
    login = await login_of(asked.username, clock.now())
    if not is_password(asked.password, login.hash if login else NOBODY) or login is None:
        return DENY
    await note_use(login.username)
    told = allowed(login.may)
    return told if login.valid_until is None else told | {"expire_at": int(login.valid_until.timestamp())}


def allowed(may: Allowed) -> dict[str, Any]:
    """The answer as EMQX reads it; what is not named is refused."""
    rules = [
        *({"permission": "allow", "action": "publish", "topic": topic} for topic in may.write),
        *({"permission": "allow", "action": "subscribe", "topic": topic} for topic in may.read),
        {"permission": "deny", "action": "all", "topic": "#"},
    ]
    return {"result": "allow", "is_superuser": False, "acl": rules}


def same(shown: str, wanted: str) -> bool:
    """Whether two words are the same, without telling by the time it takes how far."""
    return hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), wanted.encode())


ROUTES: list[HTTPRouteHandler] = [authenticate]
