"""Choosing the language: for this browser, and for good where somebody is signed in."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.identity import change_locale
from shared_resources.kernel.schemas.people import Locale
from shared_resources.kernel.web import cookies
from shared_resources.kernel.web.forms import form_of
from shared_resources.kernel.web.language import LOCALES
from shared_resources.kernel.web.pages import WebRequest, safe_path, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_


@post("/language", include_in_schema=False)
async def choose_language(request: WebRequest) -> Response[Any]:
    """Take ``locale`` and go back to ``next``."""
    form = await form_of(request)
    locale, actor = form.text("locale"), reader_of(request).actor
    if locale not in LOCALES:
        raise Invalid(N_("There is no such language here."), code="locale", field="locale")
    if actor is not None:
        await change_locale(actor, Locale(locale))
    response = see_other(request, safe_path(form.text("next")))
    response.set_cookie(cookies.locale_cookie(locale))
    return response


ROUTES: list[HTTPRouteHandler] = [choose_language]
