"""What handlers are given by name: ``actor`` and ``act_id``."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request
from litestar.di import Provide
from litestar.params import HeaderParameter

from shared_resources.kernel.errors import SignInNeeded
from shared_resources.kernel.permissions import NOT_SIGNED_IN, Actor, Role
from shared_resources.kernel.web.api import KEY, KEY_TEXT
from shared_resources.kernel.web.errors import AgencyNeeded
from shared_resources.kernel.web.once import act_of
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

ActKey = Annotated[
    str | None,
    HeaderParameter(name=KEY, description=KEY_TEXT),
]


def signed_in(request: Request[Any, Any, Any]) -> Actor:
    """Who is signed in, whether or not they chose the agency they act for.

    Raises:
        SignInNeeded: nobody is.
    """
    actor = reader_of(request).actor
    if actor is None:
        raise SignInNeeded(NOT_SIGNED_IN.sentence.msgid, code="sign_in_needed")
    return actor


def provide_actor(request: Request[Any, Any, Any]) -> Actor:
    """Who acts, for the agency they act for.

    Raises:
        SignInNeeded: nobody is signed in.
        AgencyNeeded: a person of several agencies has not chosen one.
    """
    actor = signed_in(request)
    if actor.agency is None and Role.SYSTEM_ADMIN not in actor.roles:
        raise AgencyNeeded(
            N_("You serve more than one agency."), do=N_("Choose the one you act for now."), code="agency_needed"
        )
    return actor


def provide_act_id(request: Request[Any, Any, Any], idempotency_key: ActKey = None) -> str | None:
    """The identity of an act that a program gave it; see ``once``, which has looked at the key already."""
    return act_of(request)


DEPENDENCIES = {
    "actor": Provide(provide_actor, sync_to_thread=False),
    "act_id": Provide(provide_act_id, sync_to_thread=False),
}
