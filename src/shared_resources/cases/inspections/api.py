"""The register of regulated parties for programs, and who plans to inspect a party when."""

from datetime import date
from typing import Annotated

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import FromPath, Parameter
from pydantic import BaseModel, ConfigDict, Field

from shared_resources.cases.inspections.queries import others_planning, parties, party, planned_for
from shared_resources.cases.inspections.schemas import PartyDraft, PartyView, PlannedWindow
from shared_resources.cases.inspections.service import add_party
from shared_resources.kernel.permissions import Actor


class PartyList(BaseModel):
    """A page of the register."""

    model_config = ConfigDict(frozen=True)

    parties: list[PartyView]
    next: str | None = Field(description="cursor of the next page; null on the last")


@get("/api/v1/parties", operation_id="parties", summary="Regulated parties", tags=["parties"])
async def list_parties(
    actor: Actor,
    q: Annotated[
        str,
        Parameter(description="part of a name, number or code; a whole identity number", max_length=120),
    ] = "",
    cursor: str | None = None,
    size: int | None = None,
) -> PartyList:
    """Everybody's register; identity numbers are masked."""
    found, following = await parties(actor, q, cursor=cursor, size=size)
    return PartyList(parties=list(found), next=following)


@post(
    "/api/v1/parties",
    operation_id="addParty",
    summary="Take a party into the register",
    tags=["parties"],
    status_code=201,
)
async def add(actor: Actor, data: PartyDraft, act_id: str | None = None) -> PartyView:
    """A person or an organisation; codes must add up, and none is taken in twice."""
    return await party(actor, await add_party(actor, data, act_id=act_id))


@get("/api/v1/parties/{number:str}", operation_id="party", summary="One regulated party", tags=["parties"])
async def one(actor: Actor, number: FromPath[str]) -> PartyView:
    """By its number in the register or its unified social credit code."""
    return await party(actor, number)


@get(
    "/api/v1/parties/{number:str}/inspections",
    operation_id="plannedInspections",
    summary="Who plans to inspect a party, and when",
    tags=["parties"],
)
async def planned(
    actor: Actor,
    number: FromPath[str],
    first: Annotated[
        date | None,
        Parameter(description="only open plans of others from this day", examples=[Example(value="2026-12-01")]),
    ] = None,
    last: Annotated[date | None, Parameter(description="to this day")] = None,
) -> list[PlannedWindow]:
    """All windows; with both days only those of other agencies that would overlap. Names and days, no more."""
    found = await party(actor, number)
    if first is not None and last is not None:
        return list(await others_planning(actor, found.id, min(first, last), max(first, last)))
    return list(await planned_for(actor, found.id))


ROUTES: list[HTTPRouteHandler] = [list_parties, add, one, planned]
