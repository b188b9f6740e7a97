"""The API of agencies, people and working days."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from shared_resources.kernel.calendar.terms import counted
from shared_resources.kernel.identity.queries import agencies, agency_page, search_people
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.schemas.dues import DayLine
from shared_resources.kernel.schemas.people import AgencyLine, AgencyPage, PersonChoice
from shared_resources.kernel.schemas.terms import AgencyList, Counted
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.reader import reader_of

SIZE = 50
MOST = 200


@get(
    "/api/v1/agencies",
    operation_id="listAgencies",
    summary="Agencies, found by present and former names",
    tags=["agencies"],
)
async def agency_list(
    actor: Actor,
    q: Annotated[str, Parameter(description="part of a present or former name", max_length=100)] = "",
    cursor: Annotated[str, Parameter(description="`next` of the page before", max_length=60)] = "",
    size: Annotated[int, Parameter(ge=1, le=MOST)] = SIZE,
) -> AgencyList:
    """Agencies in the order of their slugs."""
    found = await agencies(actor, q, cursor, min(size + 1, MOST))
    shown: tuple[AgencyLine, ...] = tuple(found[:size])
    return AgencyList(agencies=shown, next=shown[-1].slug if len(found) > size else None)


@get(
    "/api/v1/agencies/{slug:str}",
    operation_id="getAgency",
    summary="One agency, its former names and who is on duty now",
    tags=["agencies"],
)
async def agency(actor: Actor, slug: str) -> AgencyPage:
    """One agency."""
    return await agency_page(actor, slug)


@get(
    "/api/v1/people",
    operation_id="findPeople",
    summary="People to choose from: colleagues, and whoever acts on a shared record",
    tags=["people"],
)
async def people(
    actor: Actor,
    q: Annotated[str, Parameter(description="part of the name", max_length=60)] = "",
    agency: Annotated[UUID | None, Parameter(description="only those who serve this agency today")] = None,
    size: Annotated[int, Parameter(ge=1, le=MOST)] = 20,
) -> list[PersonChoice]:
    """People for a picker; only those whom the reader has to do with."""
    return await search_people(actor, q, agency=agency, limit=size)


@get(
    "/api/v1/working-days",
    operation_id="countWorkingDays",
    summary="When a term is due, and why: every day counted or skipped, by which notice",
    tags=["calendar"],
)
async def working_days(
    request: WebRequest,
    actor: Actor,
    start: Annotated[date, Parameter(description="day of the event, the expiry or the meeting")],
    rule: Annotated[Literal["FWD", "BACK", "EXP", "EXP0", "SAME_DAY", "CAL"], Parameter()] = "FWD",
    days: Annotated[int, Parameter(ge=0, le=500, description="0 for SAME_DAY")] = 5,
    county: Annotated[str | None, Parameter(pattern=r"^\d{6}$", description="division code")] = None,
) -> Counted:
    """A term counted by the calendar as it stands now."""
    say = reader_of(request).language.say
    result = await counted(rule, str(days), start.isoformat(), county or actor.county)
    return Counted(
        start=start,
        rule=rule,
        days=days,
        due_on=result.date,
        alternative=result.alternative,
        counted_from=result.counted_from,
        provisional=result.provisional,
        explanation=tuple(
            DayLine(day=note.day, counted=note.counted, reason=say(note.reason), notice_no=note.notice_no)
            for note in result.explanation
        ),
    )


ROUTES: list[HTTPRouteHandler] = [agency_list, agency, people, working_days]
