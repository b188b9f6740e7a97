"""Trackers for programs: the list, one of them, entering it, putting it on an item."""

from typing import Annotated

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter
from pydantic import Field

from shared_resources.equipment.schemas.register import Words
from shared_resources.equipment.trackers.queries.devices import device_list, device_page
from shared_resources.equipment.trackers.schemas.devices import (
    DesiredState,
    DeviceFilter,
    DeviceList,
    DevicePage,
    TrackerDraft,
)
from shared_resources.equipment.trackers.service.commands import ask_of_tracker
from shared_resources.equipment.trackers.service.devices import bind_tracker, register_tracker, unbind_tracker
from shared_resources.kernel.permissions import Actor

TAGS = ["trackers"]
DRAFT = Example(value={"name": "定位器 07", "model": "01980000-0000-7000-8000-000000000001"})
ASKED = Example(value={"interval_seconds": 60, "find": False})


class Binding(Words):
    """The item that a tracker is put on."""

    code: str = Field(max_length=120, examples=["7Q2M-K4VD"])


class Why(Words):
    """The reason of an act."""

    note: str = Field(min_length=1, max_length=2000, examples=["现场核实，设备在库。"])


@get("/api/v1/trackers", operation_id="listTrackers", summary="Trackers of one's agency", tags=TAGS)
async def trackers(
    actor: Actor,
    q: Annotated[str | None, Parameter(max_length=100)] = None,
    trouble: Annotated[bool, Parameter(description="only those that are silent, lost or in alarm")] = False,
    cursor: str | None = None,
    size: Annotated[int | None, Parameter(ge=1, le=200)] = None,
) -> DeviceList:
    """With the newest word of each, in words: no coordinates."""
    return await device_list(actor, DeviceFilter(q=q, trouble=trouble), cursor=cursor, size=size)


@post("/api/v1/trackers", operation_id="registerTracker", summary="Register a tracker", tags=TAGS)
async def register(
    actor: Actor, data: Annotated[TrackerDraft, Body(examples=[DRAFT])], act_id: str | None
) -> DevicePage:
    """It is on no item yet."""
    return await device_page(actor, (await register_tracker(actor, data, act_id=act_id)).number)


@get("/api/v1/trackers/{number:str}", operation_id="getTracker", summary="One tracker", tags=TAGS)
async def one(actor: Actor, number: str) -> DevicePage:
    """With what is asked of it and its journal."""
    return await device_page(actor, number)


@post(
    "/api/v1/trackers/{number:str}/bind",
    operation_id="bindTracker",
    summary="Put it on an item",
    tags=TAGS,
    status_code=200,
)
async def bind(actor: Actor, number: str, data: Binding, act_id: str | None) -> DevicePage:
    """From now on the item's loans have a track."""
    await bind_tracker(actor, number, data.code, act_id=act_id)
    return await device_page(actor, number)


@post(
    "/api/v1/trackers/{number:str}/unbind",
    operation_id="unbindTracker",
    summary="Take it off its item",
    tags=TAGS,
    status_code=200,
)
async def unbind(actor: Actor, number: str, data: Why, act_id: str | None) -> DevicePage:
    """With the reason."""
    await unbind_tracker(actor, number, data.note, act_id=act_id)
    return await device_page(actor, number)


@post(
    "/api/v1/trackers/{number:str}/desired",
    operation_id="askOfTracker",
    summary="Ask something of the device",
    tags=TAGS,
    status_code=200,
)
async def ask(
    actor: Actor, number: str, data: Annotated[DesiredState, Body(examples=[ASKED])], act_id: str | None
) -> DevicePage:
    """It stands until something else is asked; applied once `reported_rev` has come as far as `desired_rev`."""
    await ask_of_tracker(actor, number, data, act_id=act_id)
    return await device_page(actor, number)


ROUTES: list[HTTPRouteHandler] = [trackers, register, one, bind, unbind, ask]
