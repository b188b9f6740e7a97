"""The page of the mails that went out to oneself, as they went out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.mailbox import mail, mails_of
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.settings import settings


@get("/mailbox", include_in_schema=False)
async def mailbox(request: WebRequest, actor: Actor, cursor: str = "") -> Response[str]:
    """One's own mails, the latest first."""
    found = await mails_of(actor, cursor=cursor or None)
    return page(request, "mailbox/list.html", mails=found, cursor=cursor, leaves=settings().smtp_url is not None)


@get("/mailbox/{id:uuid}", include_in_schema=False)
async def one_mail(request: WebRequest, actor: Actor, id: UUID) -> Response[Any]:
    """One mail in full."""
    return page(request, "mailbox/mail.html", mail=await mail(actor, id))


ROUTES: list[HTTPRouteHandler] = [mailbox, one_mail]
