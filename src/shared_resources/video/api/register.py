"""Sources, recordings and who looked at them, for programs."""

from dataclasses import asdict
from datetime import date
from typing import Annotated

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter, QueryParameter
from pydantic import BaseModel, Field

from shared_resources.kernel.permissions import Actor
from shared_resources.video.queries.footage import FootageFilter, footage_list, footage_page
from shared_resources.video.queries.looks import Look, LookFilter, looks
from shared_resources.video.queries.sources import source_list, source_page
from shared_resources.video.schemas.register import (
    LookList,
    LookView,
    RecordingBrief,
    RecordingList,
    RecordingView,
)
from shared_resources.video.schemas.sources import SourceDraft, SourceFilter, SourceList, SourceView
from shared_resources.video.service.sources import register_source

SOURCES = "/api/v1/footage-sources"
RECORDINGS = "/api/v1/footage"
TAGS = ["footage"]
CAMERA = Example(
    summary="A fixed camera that overwrites itself after 30 days",
    value={
        "kind": "fixed_camera",
        "name": "观音桥步行街北口 01",
        "place": "江北区观音桥步行街北口",
        "store_days": 30,
        "latitude": 29.5759,
        "longitude": 106.5336,
        "contact": "监控室",
    },
)

Words = Annotated[str, Parameter(description="words of its name or place, or its number", max_length=100)]
Slug = Annotated[str, Parameter(description="slug of the holder", max_length=60)]
Number = Annotated[str, Parameter(description="number of a record", max_length=40)]
Name = Annotated[str, QueryParameter(max_length=20)]
Size = Annotated[int | None, Parameter(ge=1, le=200)]


class SourceMade(BaseModel):
    """A source as it was entered."""

    number: str = Field(examples=["VC2026-00007"])


@get(SOURCES, operation_id="listFootageSources", summary="Cameras and recorders of every agency", tags=TAGS)
async def source_register(
    actor: Actor,
    q: Words = "",
    holder: Slug = "",
    kind: Name = "",
    mine: bool = False,
    retired: bool = False,
    cursor: str | None = None,
    size: Size = None,
) -> SourceList:
    """The newest first; those out of use only when asked for."""
    wanted = SourceFilter(q=q, holder=holder, kind=kind, mine=mine, retired=retired)
    return await source_list(actor, wanted, cursor=cursor, size=size)


@get(SOURCES + "/{number:str}", operation_id="getFootageSource", summary="One source", tags=TAGS)
async def one_source(actor: Actor, number: str) -> SourceView:
    """Where it stands, how long it keeps, how far its clock is off, whom to call."""
    source, _, _ = await source_page(actor, number)
    return source


@post(SOURCES, operation_id="registerFootageSource", summary="Enter a source of one's agency", tags=TAGS)
async def register(
    actor: Actor, data: Annotated[SourceDraft, Body(examples=[CAMERA])], act_id: str | None
) -> SourceMade:
    """Its number is returned."""
    made = await register_source(actor, data, act_id=act_id)
    return SourceMade(number=made.number)


@get(RECORDINGS, operation_id="listFootage", summary="Recordings held by one's agency or shared", tags=TAGS)
async def recordings(
    actor: Actor,
    q: Words = "",
    source: Number = "",
    use: Number = "",
    day: date | None = None,
    recording_state: Annotated[str, QueryParameter(name="state", max_length=20)] = "",
    retention: Name = "",
    shared: bool = False,
    cursor: str | None = None,
    size: Size = None,
) -> RecordingList:
    """The newest recording first; deleted ones only when asked for by their state."""
    wanted = FootageFilter(
        q=q, source=source, use=use, day=day, state=recording_state, retention=retention, shared=shared
    )
    lines, following = await footage_list(actor, wanted, cursor=cursor, size=size)
    return RecordingList(recordings=tuple(map(RecordingBrief.model_validate, lines)), next=following)


@get(RECORDINGS + "/{number:str}", operation_id="getFootage", summary="One recording", tags=TAGS)
async def recording(actor: Actor, number: str) -> RecordingView:
    """What identifies it; its pictures are seen on its page, where the look is written down."""
    _, facts = await footage_page(actor, number)
    return RecordingView.model_validate({**asdict(facts.line), **asdict(facts)})


@get("/api/v1/footage-looks", operation_id="listFootageLooks", summary="Who looked at one's footage", tags=TAGS)
async def footage_looks(
    actor: Actor,
    act: Name = "",
    footage: Number = "",
    since: date | None = None,
    until: date | None = None,
    others: bool = False,
    cursor: str | None = None,
    size: Size = None,
) -> LookList:
    """Looks, downloads, copies and shares of recordings of one's agency, the newest first; offices included."""
    wanted = LookFilter(act=act, footage=footage, since=since, until=until, others=others)
    found, following = await looks(actor, wanted, cursor=cursor, size=size)
    return LookList(looks=tuple(map(_view, found)), next=following)


def _view(look: Look) -> LookView:
    told = {name: value for name, value in asdict(look).items() if name in LookView.model_fields}
    return LookView(**told, copy_number=look.copy)


ROUTES: list[HTTPRouteHandler] = [
    source_register,
    one_source,
    register,
    recordings,
    recording,
    footage_looks,
]
