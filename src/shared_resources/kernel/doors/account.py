"""One's own account: password, second factor, sessions, tokens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from shared_resources.kernel import clock, identity
from shared_resources.kernel.errors import Invalid, Refusal, Refusals, TooMany, WrongState
from shared_resources.kernel.identity import queries
from shared_resources.kernel.permission_labels import PERMISSION_LABELS
from shared_resources.kernel.permissions import ROLE_LABELS, Permission
from shared_resources.kernel.schemas.people import TokenDraft
from shared_resources.kernel.web.client import address_of
from shared_resources.kernel.web.dependencies import signed_in
from shared_resources.kernel.web.errors import headers_of
from shared_resources.kernel.web.forms import Form, errors_of, form_of, local_date, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

ACCOUNT = "/account"
MENDABLE = (Invalid, Refusals, TooMany)
TOKEN_DAYS = 90


@get(ACCOUNT, include_in_schema=False)
async def account(request: WebRequest) -> Response[Any]:
    """Everything about one's own sign-in on one page."""
    return await _account_page(request)


@post("/account/password", include_in_schema=False)
async def change_password(request: WebRequest) -> Response[Any]:
    """Change the password; the other sessions end."""
    actor, form, session = signed_in(request), await form_of(request), reader_of(request).session
    try:
        if form.secret("new_password") != form.secret("new_password_again"):
            raise Invalid(N_("The two passwords are not the same."), code="not_same", field="new_password_again")
        await identity.change_password(
            actor, form.secret("password"), form.secret("new_password"), session, address_of(request)
        )
    except MENDABLE as refusal:
        return await _account_page(request, "password", refusal)
    return see_other(request, ACCOUNT, N_("The password is changed; all other sessions are ended."))


@post("/account/second-factor", include_in_schema=False)
async def enrol(request: WebRequest) -> Response[Any]:
    """Begin a second factor: show the code for the phone."""
    enrolment = await identity.enrol(signed_in(request))
    return page(request, "account/second_factor.html", enrolment=enrolment, errors=[])


@post("/account/second-factor/confirm", include_in_schema=False)
async def confirm(request: WebRequest) -> Response[Any]:
    """Finish it with the phone's first code."""
    form = await form_of(request)
    try:
        await identity.confirm(signed_in(request), form.text("code"))
    except Invalid as refusal:
        errors = errors_of(request, refusal)
        return page(request, "account/second_factor.html", 422, enrolment=None, errors=errors)
    return see_other(request, ACCOUNT, N_("From now on every sign-in needs a code from your phone."))


@post("/account/second-factor/off", include_in_schema=False)
async def switch_off(request: WebRequest) -> Response[Any]:
    """Switch it off, with the password."""
    form = await form_of(request)
    try:
        await identity.disable(signed_in(request), form.secret("off_password"), address_of(request))
    except MENDABLE as refusal:
        return await _account_page(request, "off", refusal)
    return see_other(request, ACCOUNT, N_("The second factor is switched off."))


@post("/account/sessions/{session:uuid}/end", include_in_schema=False)
async def end_session(request: WebRequest, session: FromPath[UUID]) -> Response[Any]:
    """Sign one other browser out."""
    await identity.end_session(signed_in(request), session)
    return see_other(request, ACCOUNT, N_("The session is ended."))


@post("/account/sessions/end", include_in_schema=False)
async def end_others(request: WebRequest) -> Response[Any]:
    """Sign all other browsers out."""
    await identity.sign_out_everywhere(signed_in(request), reader_of(request).session)
    return see_other(request, ACCOUNT, N_("All other sessions are ended."))


@post("/account/tokens", include_in_schema=False)
async def create_token(request: WebRequest) -> Response[Any]:
    """Make a token; this answer is the only place where it is ever shown."""
    actor, form = signed_in(request), await form_of(request)
    try:
        made = await identity.create_token(actor, _token_draft(form))
    except (*MENDABLE, WrongState) as refusal:
        return await _account_page(request, "token", refusal, form)
    return page(request, "account/token.html", made=made, name=form.text("name"))


@post("/account/tokens/{token:uuid}/revoke", include_in_schema=False)
async def revoke_token(request: WebRequest, token: FromPath[UUID]) -> Response[Any]:
    """End a token."""
    await identity.revoke_token(signed_in(request), token)
    return see_other(request, ACCOUNT, N_("The token is ended."))


def _token_draft(form: Form) -> TokenDraft:
    """The last day counts whole: the token ends with it."""
    after = local_date(form.text("last_day"), "last_day") + timedelta(days=1)
    try:
        return parse(
            TokenDraft,
            {
                "name": form.text("name"),
                "scopes": form.texts("scopes"),
                "expires_at": f"{after.isoformat()}T00:00:00+08:00",
            },
        )
    except OverflowError:
        raise Invalid(N_("This is not a date."), code="date", field="last_day") from None


async def _account_page(
    request: WebRequest, part: str = "", refusal: Refusal | None = None, form: Form | None = None
) -> Response[Any]:
    """The page; ``part`` names the form that ``refusal`` belongs to."""
    actor, session = signed_in(request), reader_of(request).session
    assert actor.person is not None
    grantable = identity.grantable(actor.roles)
    return page(
        request,
        "account/account.html",
        refusal.status if refusal else 200,
        headers_of(refusal) if refusal else {},
        person=await queries.person_page(actor, actor.person),
        agencies=await queries.own_agencies(actor),
        sessions=await queries.own_sessions(actor, session),
        tokens=await queries.own_tokens(actor),
        scopes=[(scope, PERMISSION_LABELS[scope]) for scope in Permission if scope in grantable],
        permission_labels=PERMISSION_LABELS,
        role_labels=ROLE_LABELS,
        part=part,
        errors=errors_of(request, refusal) if refusal else [],
        token_name=form.text("name") if form else "",
        token_scopes=form.texts("scopes") if form else [],
        token_last_day=form.text("last_day") if form else (clock.today() + timedelta(days=TOKEN_DAYS)).isoformat(),
    )


ROUTES: list[HTTPRouteHandler] = [
    account,
    change_password,
    confirm,
    create_token,
    end_others,
    end_session,
    enrol,
    revoke_token,
    switch_off,
]
