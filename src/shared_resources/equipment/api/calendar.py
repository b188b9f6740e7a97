"""The booking calendar as data."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Parameter

from shared_resources.equipment.queries.timeline import timeline
from shared_resources.equipment.schemas.register import Resource
from shared_resources.equipment.schemas.timeline import Scale, TimelineFilter, TimelineView
from shared_resources.kernel.permissions import Actor

FIRST = Example(value="2026-12-01")


@get(
    "/api/v1/calendar",
    operation_id="showCalendar",
    summary="Items over days or hours with their bookings; free or busy only for other agencies' loans",
    tags=["loans"],
)
async def calendar(
    actor: Actor,
    scale: Scale = "days",
    start: Annotated[date | None, Parameter(description="first day; today", examples=[FIRST])] = None,
    days: Annotated[int | None, Parameter(ge=1, le=31)] = None,
    agency: Annotated[str | None, Parameter(description="slug of the owner", max_length=60)] = None,
    resource: Resource | None = None,
    category: Annotated[str | None, Parameter(description="code of a category", max_length=60)] = None,
    model: UUID | None = None,
    depot: UUID | None = None,
    mine: Annotated[bool, Parameter(description="only what one's agency owns or borrows then")] = False,
    q: Annotated[str | None, Parameter(max_length=100)] = None,
    cursor: str | None = None,
    size: Annotated[int | None, Parameter(ge=1, le=200)] = None,
) -> TimelineView:
    """One page of items."""
    wanted = TimelineFilter(
        scale=scale,
        start=start,
        days=days,
        agency=agency,
        resource=resource,
        category=category,
        model=model,
        depot=depot,
        mine=mine,
        q=q,
    )
    return await timeline(actor, wanted, cursor=cursor, size=size)


ROUTES: list[HTTPRouteHandler] = [calendar]
