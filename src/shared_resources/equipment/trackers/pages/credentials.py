"""Credentials of trackers and sources: issued and seen once, rotated, revoked."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.trackers.pages import devices, sources
from shared_resources.equipment.trackers.pages.secrets import shown_once
from shared_resources.equipment.trackers.queries.devices import device_page
from shared_resources.equipment.trackers.queries.sources import source_page
from shared_resources.equipment.trackers.service.credentials import (
    issue_credential,
    revoke_credential,
    rotate_credential,
)
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, not_found
from shared_resources.kernel.web.forms import form_of
from shared_resources.kernel.web.pages import WebRequest, see_other
from shared_resources.kernel.words import N_

TRACKER = "/trackers/{number:str}/credentials"
SOURCE = "/tracker-sources/{key:str}/credentials"
REVOKED = N_("Revoked. It is shut out at once.")


@post(TRACKER, include_in_schema=False)
async def issue(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Issue a tracker's credentials: seen once, on this answer."""
    return await of_tracker(request, actor, number, issue_credential)


@post(TRACKER + "/rotate", include_in_schema=False)
async def rotate(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Issue new ones; the old ones end after their grace."""
    return await of_tracker(request, actor, number, rotate_credential)


@post(TRACKER + "/{credential:uuid}/revoke", include_in_schema=False)
async def revoke(request: WebRequest, actor: Actor, number: str, credential: UUID) -> Response[Any]:
    """Shut these credentials out at once."""
    form, found = await form_of(request), await device_page(actor, number)
    if credential not in {one.id for one in found.credentials}:
        raise not_found()
    await revoke_credential(actor, credential, act_id=form.act_id)
    return see_other(request, f"/trackers/{number}#credentials", REVOKED)


async def of_tracker(request: WebRequest, actor: Actor, number: str, verb: Any) -> Response[Any]:
    """The page of the tracker with the credentials just made, which nobody sees again."""
    form, found = await form_of(request), await device_page(actor, number)
    try:
        made = await verb(actor, tracker=number, act_id=form.act_id)
    except Refusal as refusal:
        return await devices.again(request, actor, number, form, refusal)
    return await devices.show(request, actor, number, made=shown_once(made, found.payload, is_source=False))


@post(SOURCE, include_in_schema=False)
async def issue_source(request: WebRequest, actor: Actor, key: str) -> Response[Any]:
    """Issue a source's credentials: seen once, on this answer."""
    return await of_source(request, actor, key, issue_credential)


@post(SOURCE + "/rotate", include_in_schema=False)
async def rotate_source(request: WebRequest, actor: Actor, key: str) -> Response[Any]:
    """Issue new ones; the old ones end after their grace."""
    return await of_source(request, actor, key, rotate_credential)


@post(SOURCE + "/{credential:uuid}/revoke", include_in_schema=False)
async def revoke_source(request: WebRequest, actor: Actor, key: str, credential: UUID) -> Response[Any]:
    """Shut these credentials out at once."""
    form, found = await form_of(request), await source_page(actor, key)
    if credential not in {one.id for one in found.credentials}:
        raise not_found()
    await revoke_credential(actor, credential, act_id=form.act_id)
    return see_other(request, f"/tracker-sources/{key}#credentials", REVOKED)


async def of_source(request: WebRequest, actor: Actor, key: str, verb: Any) -> Response[Any]:
    """The page of the source with the credentials just made, which nobody sees again."""
    form, found = await form_of(request), await source_page(actor, key)
    try:
        made = await verb(actor, source=key, act_id=form.act_id)
    except Refusal as refusal:
        return await sources.again(request, actor, key, form, refusal)
    return await sources.show(request, actor, key, made=shown_once(made, found.payload, is_source=True))


ROUTES: list[HTTPRouteHandler] = [issue, rotate, revoke, issue_source, rotate_source, revoke_source]
