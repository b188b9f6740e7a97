"""Who is reading: found once for each request by the gate, asked by everything behind it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from shared_resources.kernel.web.language import Language, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar.connection import ASGIConnection

    from shared_resources.kernel.permissions import Actor

SCOPE_KEY = "reader"


@dataclass(slots=True)
class Reader:
    """One request's reader.

    ``session`` is the key in the session cookie, whether or not anybody is signed in with it; ``form_key`` the
    one that binds forms before there is a session; ``bearer`` says that a token was shown instead of a cookie;
    ``unread`` counts the notices that wait, ``agencies`` those that the reader may act for.
    """

    request_id: str
    language: Language
    actor: Actor | None = None
    session: str | None = None
    form_key: str | None = None
    form_key_is_new: bool = False
    bearer: bool = False
    unread: int = 0
    agencies: int = 0

    def key_for_forms(self) -> str:
        """The key that this browser's forms are bound to; made when there is none yet."""
        if self.session:
            return self.session
        if self.form_key is None:
            self.form_key, self.form_key_is_new = secrets.token_urlsafe(24), True
        return self.form_key


def reader_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Reader:
    """The reader of this request; nobody in particular where the gate did not look (assets)."""
    scope = cast("Mapping[str, Any]", connection.scope)
    return scope.get(SCOPE_KEY) or Reader(request_id="", language=language_of(None))
