"""Damage and loss for programs."""

from typing import Annotated

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter, QueryParameter

from shared_resources.equipment.queries.incidents import incident_page, incidents
from shared_resources.equipment.schemas.handover import IncidentReport, Settlement
from shared_resources.equipment.schemas.loans import IncidentList, IncidentPage
from shared_resources.equipment.service.incidents import report_incident, settle_incident
from shared_resources.kernel.permissions import Actor

TAGS = ["incidents"]
REPORT = Example(value={"code": "7Q2MK4V3", "kind": "damage", "description": "现场跌落，屏幕碎裂，无法开机。"})
SETTLED = Example(value={"settlement": "借用方承担维修费，维修后归还。", "cost_yuan": 860.0})


@get("/api/v1/incidents", operation_id="listIncidents", summary="Incidents of one's agency", tags=TAGS)
async def incident_list(
    actor: Actor,
    open_only: Annotated[bool, QueryParameter(name="open", description="only those not settled yet")] = False,
    q: Annotated[str | None, Parameter(max_length=100)] = None,
    cursor: str | None = None,
    size: Annotated[int | None, Parameter(ge=1, le=200)] = None,
) -> IncidentList:
    """As owner and as borrower, the latest first."""
    return await incidents(actor, open_only=open_only, q=q, cursor=cursor, size=size)


@post("/api/v1/incidents", operation_id="reportIncident", summary="Report damage or loss", tags=TAGS)
async def report(
    actor: Actor, data: Annotated[IncidentReport, Body(examples=[REPORT])], act_id: str | None
) -> IncidentPage:
    """The item leaves the pool at once; later bookings are planned anew."""
    return await incident_page(actor, await report_incident(actor, data, act_id=act_id))


@get("/api/v1/incidents/{number:str}", operation_id="getIncident", summary="One incident", tags=TAGS)
async def one(actor: Actor, number: str) -> IncidentPage:
    """With its journal."""
    return await incident_page(actor, number)


@post(
    "/api/v1/incidents/{number:str}/settle",
    operation_id="settleIncident",
    summary="Settle it",
    tags=TAGS,
    status_code=200,
)
async def settle(
    actor: Actor, number: str, data: Annotated[Settlement, Body(examples=[SETTLED])], act_id: str | None
) -> IncidentPage:
    """What was agreed; the last open incident of a loan lets the loan go on to its end."""
    await settle_incident(actor, number, data, act_id=act_id)
    return await incident_page(actor, number)


ROUTES: list[HTTPRouteHandler] = [incident_list, report, one, settle]
