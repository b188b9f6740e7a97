"""Signing in and out, and choosing for which agency one acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from shared_resources.kernel import identity
from shared_resources.kernel.errors import Invalid, NotAllowed, Refusal, SignInNeeded, TooMany
from shared_resources.kernel.identity import links, queries
from shared_resources.kernel.permissions import ROLE_LABELS, not_found
from shared_resources.kernel.web import cookies
from shared_resources.kernel.web.client import address_of, agent_of
from shared_resources.kernel.web.dependencies import signed_in
from shared_resources.kernel.web.errors import headers_of
from shared_resources.kernel.web.forms import Form, errors_of, form_of
from shared_resources.kernel.web.pages import WebRequest, page, safe_path, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

CHOOSE = "/sign-in/agency"
LINK = "/sign-in/link/"
"""Where a one-time link leads; its key follows."""


@dataclass(frozen=True)
class DemoSignIn:
    """A sign-in that the demo offers to everybody; ``what`` is a msgid."""

    username: str
    password: str
    what: str


@get("/sign-in", include_in_schema=False)
async def show_sign_in(request: WebRequest) -> Response[Any]:
    """The form; whoever is signed in already goes on."""
    to = safe_path(request.query_params.get("next"))
    if reader_of(request).actor is not None:
        return see_other(request, to)
    return _sign_in_page(request, to)


@post("/sign-in", include_in_schema=False)
async def do_sign_in(request: WebRequest) -> Response[Any]:
    """Take name, password and code; a right one gets a new session and goes on to ``next``."""
    form, reader = await form_of(request), reader_of(request)
    to, name = safe_path(form.text("next")), form.text("username")
    try:
        key = await identity.sign_in(
            name,
            form.secret("password"),
            form.text("code"),
            address_of(request),
            agent_of(request),
            reader.session,
        )
    except (SignInNeeded, NotAllowed, TooMany) as refusal:
        return _sign_in_page(request, to, form, refusal)
    actor = await identity.actor_for_session(key)
    chooses = actor is not None and actor.agency is None and not queries.is_administrator(actor)
    response = see_other(request, f"{CHOOSE}?next={quote(to, safe='')}" if chooses else to)
    response.set_cookie(cookies.session_cookie(key))
    response.set_cookie(cookies.forgotten(cookies.FORM))
    return response


@get(CHOOSE, include_in_schema=False)
async def show_agencies(request: WebRequest) -> Response[Any]:
    """The agencies that one may act for today."""
    actor = signed_in(request)
    choices, to = await queries.own_agencies(actor), safe_path(request.query_params.get("next"))
    if not choices:
        return see_other(request, "/account")
    return page(request, "sign_in/agency.html", choices=choices, next=to, role_labels=ROLE_LABELS)


@post(CHOOSE, include_in_schema=False)
async def choose_agency(request: WebRequest) -> Response[Any]:
    """Act for one of them in this session."""
    form, session = await form_of(request), reader_of(request).session
    signed_in(request)
    try:
        agency = UUID(form.text("agency"))
    except ValueError:
        raise not_found() from None
    await identity.choose_agency(session or "", agency)
    return see_other(request, safe_path(form.text("next")))


@post("/sign-out", include_in_schema=False)
async def sign_out(request: WebRequest) -> Response[Any]:
    """End this session."""
    session = reader_of(request).session
    if session:
        await identity.sign_out(session)
    return _left(request, N_("You are signed out."))


@post("/sign-out/everywhere", include_in_schema=False)
async def sign_out_everywhere(request: WebRequest) -> Response[Any]:
    """End all sessions of one's own, this one included."""
    await identity.sign_out_everywhere(signed_in(request))
    return _left(request, N_("You are signed out everywhere."))


@get(LINK + "{key:str}", include_in_schema=False)
async def show_new_password(request: WebRequest, key: FromPath[str]) -> Response[Any]:
    """The form of a one-time link."""
    return await _password_page(request, key)


@post(LINK + "{key:str}", include_in_schema=False)
async def set_new_password(request: WebRequest, key: FromPath[str]) -> Response[Any]:
    """Set the password through a one-time link; then one signs in with it."""
    form = await form_of(request)
    try:
        _same_twice(form)
        await identity.use_link(key, form.secret("password"))
    except Invalid as refusal:
        return await _password_page(request, key, refusal)
    return see_other(request, "/sign-in", N_("The password is set. Sign in with it now."))


async def _password_page(request: WebRequest, key: str, refusal: Refusal | None = None) -> Response[Any]:
    owner = await identity.owner_of_link(key)
    if owner is None:
        raise links.over()
    errors = errors_of(request, refusal) if refusal else []
    return page(
        request,
        "sign_in/password.html",
        422 if refusal else 200,
        {"referrer-policy": "no-referrer"},
        username=owner[0],
        name=owner[1],
        errors=errors,
    )


def _same_twice(form: Form) -> None:
    if form.secret("password") != form.secret("password_again"):
        raise Invalid(N_("The two passwords are not the same."), code="not_same", field="password_again")


def _sign_in_page(
    request: WebRequest, to: str, form: Form | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    return page(
        request,
        "sign_in/sign_in.html",
        refusal.status if refusal else 200,
        headers_of(refusal) if refusal else {},
        next=to,
        username=form.text("username") if form else "",
        errors=[("", sentence) for _, sentence in errors_of(request, refusal)] if refusal else [],
        demo=request.app.state.get("demo", ()),
    )


def _left(request: WebRequest, said: str) -> Response[Any]:
    response = see_other(request, "/sign-in", said)
    response.delete_cookie(cookies.SESSION, path="/")
    return response


ROUTES: list[HTTPRouteHandler] = [
    choose_agency,
    do_sign_in,
    set_new_password,
    show_agencies,
    show_new_password,
    show_sign_in,
    sign_out,
    sign_out_everywhere,
]
