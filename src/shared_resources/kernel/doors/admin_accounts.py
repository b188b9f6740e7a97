"""Administration of one account: keys, sessions, rest. Each act is one button with one answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.doors.admin_people import administered
from shared_resources.kernel.doors.sign_in import LINK
from shared_resources.kernel.identity import (
    deactivate,
    disable_for,
    end_sessions_of,
    new_link,
    reactivate,
    unlock,
)
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_, Sentence
from shared_resources.settings import settings


@post("/admin/people/{id:uuid}/link", include_in_schema=False)
async def give_link(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Show a one-time link for a forgotten password, once."""
    found = await administered(actor, id)
    link = f"{settings().address}{LINK}{await new_link(actor, id)}"
    return page(
        request, "admin/link.html", link=link, name=found.name, username=found.username, person=id, is_new=False
    )


@post("/admin/people/{id:uuid}/deactivate", include_in_schema=False)
async def put_to_rest(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Put an account to rest."""
    await administered(actor, id)
    await deactivate(actor, id)
    return back(request, id, N_("The account rests; all its sessions and tokens ended."))


@post("/admin/people/{id:uuid}/reactivate", include_in_schema=False)
async def let_back(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Let a resting account be used again."""
    await administered(actor, id)
    await reactivate(actor, id)
    return back(request, id, N_("The account can be used again."))


@post("/admin/people/{id:uuid}/unlock", include_in_schema=False)
async def forget_failures(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Let somebody who mistyped too often try again at once."""
    await administered(actor, id)
    await unlock(actor, id)
    return back(request, id, N_("The lock is lifted; signing in can be tried again at once."))


@post("/admin/people/{id:uuid}/sessions/end", include_in_schema=False)
async def sign_out(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Sign a person out everywhere."""
    await administered(actor, id)
    count = await end_sessions_of(actor, id)
    return back(request, id, Sentence(N_("Signed out everywhere; sessions ended: %(count)s."), {"count": count}))


@post("/admin/people/{id:uuid}/second-factor/reset", include_in_schema=False)
async def reset_second_factor(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """Switch off the second factor of somebody who lost their phone."""
    await administered(actor, id)
    await disable_for(actor, id)
    return back(request, id, N_("The second factor is off; a new one can be set up after signing in."))


def back(request: WebRequest, id: UUID, said: Sentence | str) -> Response[None]:
    """To the person's page of administration."""
    return see_other(request, f"/admin/people/{id}", said)


ROUTES: list[HTTPRouteHandler] = [
    give_link,
    put_to_rest,
    let_back,
    forget_failures,
    sign_out,
    reset_second_factor,
]
