"""The API of who one is and what one was told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery
from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.notices_read import mark_read, notices_of
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.kernel.schemas.notices import NoticeLine
from shared_resources.kernel.web.language import Language
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import Sentence

TAGS = ["account"]


class Me(BaseModel):
    """Who asks, for which agency, and what they may do."""

    model_config = ConfigDict(frozen=True)

    person: UUID | None
    name: str
    agency: UUID | None
    agency_name: str
    roles: tuple[Role, ...]
    scopes: tuple[str, ...] | None = Field(description="what the token may do; null for a signed-in person")
    locale: str


class Told(BaseModel):
    """One notice in the reader's language."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    text: str
    link: str | None = Field(description="page of what it is about")
    number: str | None = Field(description="number of the record it is about", examples=["L2026-00017"])
    created_at: datetime
    read_at: datetime | None


class ToldList(BaseModel):
    """Some notices, unread ones first; ``next`` is the cursor of the following ones."""

    model_config = ConfigDict(frozen=True)

    notices: tuple[Told, ...]
    unread: int
    next: str | None


@get("/api/v1/me", operation_id="getMe", summary="Who am I, for which agency, with which roles", tags=TAGS)
async def me(actor: Actor) -> Me:
    """The actor behind this session or token."""
    return Me(
        person=actor.person,
        name=actor.name,
        agency=actor.agency,
        agency_name=actor.agency_name,
        roles=tuple(sorted(actor.roles)),
        scopes=None if actor.scopes is None else tuple(sorted(actor.scopes)),
        locale=actor.locale,
    )


@get("/api/v1/notices", operation_id="listNotices", summary="What I was told, unread first", tags=TAGS)
async def notices(
    request: WebRequest,
    actor: Actor,
    cursor: FromQuery[str] = "",
    size: FromQuery[int] = 50,
    waiting: FromQuery[bool] = False,
) -> ToldList:
    """One's own notices; ``waiting`` leaves those out that were read."""
    found = await notices_of(actor, cursor=cursor or None, size=size, waiting=waiting)
    language = reader_of(request).language
    return ToldList(
        notices=tuple(_told(line, language) for line in found.lines), unread=found.unread, next=found.next
    )


@post(
    "/api/v1/notices/{notice:uuid}/read",
    operation_id="readNotice",
    summary="Mark a notice as read",
    status_code=204,
    tags=TAGS,
)
async def read_notice(actor: Actor, notice: FromPath[UUID], act_id: str | None) -> None:
    """Marking one that was read already changes nothing."""
    await mark_read(actor, notice)


def _told(line: NoticeLine, language: Language) -> Told:
    text = language.say(Sentence(line.sentence, line.params))
    return Told(text=text, **line.model_dump(exclude={"sentence", "params"}))


ROUTES: list[HTTPRouteHandler] = [me, notices, read_notice]
