"""The one translator: whatever went wrong becomes a page for people or a problem (RFC 9457) for programs.

Every error is first turned into a ``Refusal``; how that is shown depends only on who asks. What nobody foresaw
becomes a 500 that tells the request's id and nothing else; the log has the rest under the same id.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import asyncpg
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from markupsafe import escape
from pydantic import ValidationError

from shared_resources.kernel.database.refusals import refusal_of
from shared_resources.kernel.errors import (
    Invalid,
    NotAllowed,
    Refusal,
    Refusals,
    Repeated,
    SignInNeeded,
    Taken,
    TooLarge,
    TooMany,
    WrongState,
)
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.web.assets import AssetsMissing
from shared_resources.kernel.web.faults import faults_of, faults_of_litestar
from shared_resources.kernel.web.pages import HTML, WebRequest, own_path, page, safe_path, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar.types import Receive, Scope, Send

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
TITLES = {
    400: N_("Not understood"),
    401: N_("Not signed in"),
    403: N_("Not allowed"),
    404: N_("Not found"),
    405: N_("Not possible here"),
    409: N_("In conflict with what is"),
    413: N_("Too large"),
    415: N_("Wrong format"),
    422: N_("Not right yet"),
    429: N_("Too many tries"),
    500: N_("A fault of ours"),
    503: N_("Not available right now"),
    504: N_("Took too long"),
}
"""What kind of problem it is; the same words each time, as RFC 9457 wants it."""

RETRY_SECONDS = 2
CONFLICTS = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)


class NotUnderstood(Refusal):
    """The request cannot be read (400)."""


class NotPossible(Refusal):
    """The address does not take this method (405)."""

    status = 405


class WrongFormat(Refusal):
    """The body comes in a format that is not read here (415)."""

    status = 415


class Broken(Refusal):
    """A fault of ours (500)."""

    status = 500


class Busy(Refusal):
    """The database is away or too many want the same; worth another try (503)."""

    status = 503


class TooSlow(Refusal):
    """The database needed longer than we wait (504)."""

    status = 504


class AgencyNeeded(NotAllowed):
    """A person of several agencies has not said for which one they act (403; pages let them choose)."""


def answer(request: WebRequest, error: Exception) -> Response[Any]:
    """The answer to a request that failed, in the reader's language."""
    refusal = refusal_for(error)
    if refusal.status >= 500:
        _log(request, refusal, error)
    if wants_problem(request):
        return problem(request, refusal, _headers(refusal, error))
    if isinstance(error, AssetsMissing):
        return _assets_missing()
    if isinstance(refusal, SignInNeeded):
        return see_other(request, f"/sign-in?next={quote(_wanted(request), safe='')}")
    if isinstance(refusal, AgencyNeeded):
        return see_other(request, f"/sign-in/agency?next={quote(_wanted(request), safe='')}")
    if isinstance(refusal, Repeated) and request.method == "POST":
        return see_other(request, _back(request) or "/", refusal.sentence, kind="info")
    return _error_page(request, refusal, _headers(refusal, error))


async def answer_asgi(scope: Scope, receive: Receive, send: Send, error: Exception) -> None:
    """The same for code that stands before the router."""
    request: WebRequest = Request(scope, receive)
    response = answer(request, error).to_asgi_response(app=None, request=request)
    await response(scope, receive, send)


def refusal_for(error: Exception) -> Refusal:
    """The refusal that an error amounts to."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ValidationException):
        return Refusals(list(faults_of_litestar(error)))
    if isinstance(error, ValidationError):
        return Refusals(list(faults_of(error)))
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | OSError):
        return _of_database(error)
    return _broken()


def problem(
    request: WebRequest, refusal: Refusal, headers: dict[str, str] | None = None
) -> Response[dict[str, Any]]:
    """A refusal as ``application/problem+json``; always the same members; ``errors`` may be empty."""
    language = reader_of(request).language
    reasons = refusal.reasons if isinstance(refusal, Refusals) else (refusal,) if refusal.field else ()
    body = {
        "type": f"/problems/{refusal.code}",
        "title": language.gettext(TITLES.get(refusal.status, TITLES[400])),
        "status": refusal.status,
        "detail": language.say(refusal.sentence),
        "instance": request.url.path,
        "do": language.say(refusal.do) if refusal.do else "",
        "errors": [
            {"field": reason.field or "", "code": reason.code, "detail": language.say(reason.sentence)}
            for reason in reasons
        ],
        "request_id": reader_of(request).request_id,
    }
    own = {"content-language": language.tag, "cache-control": "no-store", "vary": "cookie, accept-language"}
    return Response(body, status_code=refusal.status, media_type=PROBLEM, headers={**own, **(headers or {})})


def wants_problem(request: WebRequest) -> bool:
    """Whether a program asks: below ``/api/``, or anything that takes JSON and no HTML."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or ("json" in accepted and "text/html" not in accepted)


def _of_http(error: HTTPException) -> Refusal:
    if error.status_code == 404:
        return not_found()
    known: dict[int, Callable[[], Refusal]] = {
        400: lambda: NotUnderstood(N_("This request cannot be read."), code="not_understood"),
        401: lambda: SignInNeeded(N_("Please sign in first.")),
        405: lambda: NotPossible(N_("This address does not take this kind of request."), code="method"),
        413: lambda: TooLarge(
            N_("This is larger than we take."), do=N_("Send fewer or smaller files."), code="too_large"
        ),
        415: lambda: WrongFormat(N_("This format is not read here."), code="format"),
    }
    return known.get(error.status_code, _broken if error.status_code >= 500 else known[400])()


def _of_database(error: Exception) -> Refusal:
    """Constraints without a sentence of their own, conflicts that outlasted our retries, a server that is away."""
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return refusal_of(error) or _of_constraint(error)
    if isinstance(error, CONFLICTS):
        return Busy(
            N_("Many people want the same thing at this moment."), do=N_("Try again in a moment."), code="busy"
        )
    if isinstance(error, asyncpg.QueryCanceledError):
        return TooSlow(
            N_("This took too long and was stopped; nothing was changed."),
            do=N_("Ask for less at once, or try again later."),
            code="too_slow",
        )
    if isinstance(error, asyncpg.DataError):
        return Invalid(N_("A value cannot be stored as it is."), code="value")
    if isinstance(error, asyncpg.InternalServerError | asyncpg.SyntaxOrAccessError):
        return _broken()
    return Busy(N_("The database does not answer."), do=N_("Try again in a moment."), code="away")


def _of_constraint(error: asyncpg.IntegrityConstraintViolationError) -> Refusal:
    if isinstance(error, asyncpg.ExclusionViolationError | asyncpg.UniqueViolationError):
        return Taken(
            N_("Somebody else was faster, or it is there already."),
            do=N_("Load the page again and look."),
            code="taken",
        )
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return WrongState(N_("Something that this belongs to is gone, or is still in use."), code="linked")
    return Invalid(N_("A value cannot be stored as it is."), code="value")


def _broken() -> Broken:
    return Broken(
        N_("Something went wrong on our side."),
        do=N_("Try again. If it stays, tell the administrator the number of this request."),
        code="fault",
    )


def headers_of(refusal: Refusal) -> dict[str, str]:
    """Headers that a refusal brings with it: when another try is worth making."""
    if isinstance(refusal, TooMany):
        return {"retry-after": str(refusal.seconds)}
    return {"retry-after": str(RETRY_SECONDS)} if isinstance(refusal, Busy | TooSlow) else {}


def _headers(refusal: Refusal, error: Exception) -> dict[str, str]:
    if isinstance(refusal, SignInNeeded):
        return {"www-authenticate": 'Bearer realm="shared-resources"'}
    if isinstance(refusal, NotPossible) and isinstance(error, HTTPException):
        return {name.lower(): value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    return headers_of(refusal)


def _log(request: WebRequest, refusal: Refusal, error: Exception) -> None:
    what = (reader_of(request).request_id, request.method, request.url.path, type(error).__name__)
    if refusal.status == 500:
        log.error("request %s failed: %s %s: %s", *what, exc_info=error)
    else:
        log.warning("request %s had to be refused: %s %s: %s", *what)


def _error_page(request: WebRequest, refusal: Refusal, headers: dict[str, str]) -> Response[Any]:
    say = reader_of(request).language.say
    reasons = refusal.reasons if isinstance(refusal, Refusals) else ()
    try:
        return page(
            request,
            "error.html",
            refusal.status,
            headers,
            sentence=say(refusal.sentence),
            do=say(refusal.do) if refusal.do else "",
            reasons=[(say(reason.sentence), say(reason.do) if reason.do else "") for reason in reasons],
            back=_back(request),
            request_id=reader_of(request).request_id if refusal.status >= 500 else "",
        )
    except AssetsMissing:
        return _assets_missing()
    except Exception:
        log.exception("request %s: not even the error page could be made", reader_of(request).request_id)
        return Response(_bare(say(refusal.sentence)), status_code=refusal.status, media_type=HTML, headers=headers)


def _assets_missing() -> Response[str]:
    """Without styles there is no page; say how to make them, in words that need none."""
    text = "The front end is not built yet. Run: shared-resources assets build"
    return Response(_bare(text), status_code=503, media_type=HTML, headers={"cache-control": "no-store"})


def _bare(text: str) -> str:
    return (
        f'<!doctype html><meta charset="utf-8"><title>Shared Resources</title><main><p>{escape(text)}</p></main>'
    )


def _back(request: WebRequest) -> str:
    """The page of ours that people came from; empty when there is none or it is this one."""
    parts = urlsplit(request.headers.get("referer", ""))
    if parts.netloc and parts.netloc != request.headers.get("host"):
        return ""
    path = safe_path(f"{parts.path}?{parts.query}" if parts.query else parts.path, "")
    return "" if path == own_path(request) and request.method == "GET" else path


def _wanted(request: WebRequest) -> str:
    """Where to go after signing in: here, or back to the form that was sent."""
    return own_path(request) if request.method in ("GET", "HEAD") else _back(request) or "/"
