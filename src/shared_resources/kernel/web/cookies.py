"""Our cookies, and how each of them is set."""

from __future__ import annotations

from litestar.datastructures import Cookie

from shared_resources.settings import settings

SESSION = "sr_session"
FORM = "sr_form"
LOCALE = "sr_locale"
FLASH = "sr_flash"
YEAR = 365 * 24 * 3600


def session_cookie(key: str) -> Cookie:
    """The key of a session; gone when the browser closes."""
    return _cookie(SESSION, key)


def form_cookie(key: str) -> Cookie:
    """What binds a form to its browser before anybody is signed in."""
    return _cookie(FORM, key)


def locale_cookie(locale: str) -> Cookie:
    """The language chosen in this browser, for a year."""
    return _cookie(LOCALE, locale, max_age=YEAR)


def flash_cookie(packed: str) -> Cookie:
    """What the next page says once; forgotten after a minute by itself."""
    return _cookie(FLASH, packed, max_age=60)


def forgotten(name: str) -> Cookie:
    """The order to forget a cookie."""
    return _cookie(name, "", max_age=0)


def _cookie(name: str, value: str, max_age: int | None = None) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings().cookie_secure,
        max_age=max_age,
    )
