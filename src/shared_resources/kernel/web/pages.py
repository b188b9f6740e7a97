"""Answers for people: a page, a part of one, a redirect with a word on what was done."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from litestar import Request, Response
from litestar.datastructures import Cookie

from shared_resources.kernel import clock
from shared_resources.kernel.permissions import Permission, Reason, Relation, may
from shared_resources.kernel.web import cookies
from shared_resources.kernel.web.own_forms import token_for
from shared_resources.kernel.web.reader import Reader, reader_of
from shared_resources.kernel.web.templates import environment_for
from shared_resources.kernel.words import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WebRequest = Request[Any, Any, Any]
"""A request as doors take it."""

HTML = "text/html"
WORTHWHILE = 1400
"""Bytes; what fits one packet gains nothing from compression."""
THEMES = ("light", "dark")


def page(
    request: WebRequest,
    template: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """A template as an answer, in the reader's language, never stored by caches."""
    reader = reader_of(request)
    flashes = _flashes(request)
    text = render(request, template, flashes=flashes, status=status, **context)
    set_cookies = [cookies.forgotten(cookies.FLASH)] if flashes else []
    own = {
        "cache-control": "no-store",
        "vary": "cookie, accept-language",
        "content-language": reader.language.tag,
    }
    body, encoded = _packed_for_the_line(request, text)
    return Response(
        body,
        status_code=status,
        media_type=HTML,
        headers={**own, **encoded, **(headers or {})},
        cookies=set_cookies,
    )


def _packed_for_the_line(request: WebRequest, text: str) -> tuple[Any, dict[str, str]]:
    """A page that is read goes compressed, an eighth of its size on a slow line. Other sites cannot ask for it
    with the reader's cookie (SameSite), so lengths tell them nothing."""
    bare = text.encode()
    if (
        request.method != "GET"
        or len(bare) < WORTHWHILE
        or "gzip" not in request.headers.get("accept-encoding", "")
    ):
        return text, {}
    return gzip.compress(bare, 5, mtime=0), {
        "content-encoding": "gzip",
        "vary": "cookie, accept-language, accept-encoding",
    }


def render(request: WebRequest, template: str, **context: Any) -> str:
    """The text of a template with what every template is given."""
    reader = reader_of(request)
    given = {
        "actor": reader.actor,
        "agencies_count": reader.agencies,
        "csrf_token": token_for(reader),
        "flashes": [],
        "may": _may_for(reader),
        "now": clock.now(),
        "path": own_path(request),
        "theme": _theme(request),
        "today": clock.today(),
        "unread": reader.unread,
    }
    return environment_for(reader.language).get_template(template).render({**given, **context})


def see_other(
    request: WebRequest, to: str, said: Sentence | str | None = None, *, kind: str = "good"
) -> Response[None]:
    """Go and see ``to`` (303), where ``said`` (a msgid or a sentence) is shown once.

    Scripts that ask for a part of a page are told to go there as well.
    """
    headers = {"location": to, "cache-control": "no-store"}
    status = 303
    if is_partial(request):
        headers, status = {"hx-redirect": to, "cache-control": "no-store"}, 204
    set_cookies: list[Cookie] = []
    if said:
        sentence = Sentence(said) if isinstance(said, str) else said
        set_cookies = [cookies.flash_cookie(_packed(kind, reader_of(request).language.say(sentence)))]
    return Response(None, status_code=status, headers=headers, cookies=set_cookies, media_type=HTML)


def is_partial(request: WebRequest) -> bool:
    """Whether a script of ours (htmx) asks for a part of a page."""
    return request.headers.get("hx-request") == "true"


def own_path(request: WebRequest) -> str:
    """Path and query of this request, to come back to."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.url.path}?{query}" if query else request.url.path


def safe_path(wished: str | None, otherwise: str = "/") -> str:
    """``wished`` when it is a path of ours, so that nobody is sent elsewhere after signing in."""
    if not wished or not wished.startswith("/") or wished.startswith("//") or len(wished) > 1500:
        return otherwise
    if "\\" in wished or any(character < " " or character == "\x7f" for character in wished):
        return otherwise
    parts = urlsplit(wished)
    return wished if not parts.scheme and not parts.netloc else otherwise


def _may_for(reader: Reader) -> Any:
    def may_here(permission: Permission | str, relations: Iterable[Relation] = (Relation.THIRD,)) -> bool | Reason:
        return may(reader.actor, Permission(permission), relations)

    return may_here


def _theme(request: WebRequest) -> str:
    chosen = request.cookies.get("theme", "")
    return chosen if chosen in THEMES else ""


def _packed(kind: str, text: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([kind, text[:600]]).encode()).decode()


def _flashes(request: WebRequest) -> list[tuple[str, str]]:
    """What the page before wanted said. The reader's own browser holds it; the template escapes it."""
    try:
        kind, text = json.loads(base64.urlsafe_b64decode(request.cookies.get(cookies.FLASH, "")))
    except (ValueError, TypeError, binascii.Error):
        return []
    known = kind in ("good", "bad", "warning", "info") and isinstance(text, str)
    return [(kind, text)] if known else []
