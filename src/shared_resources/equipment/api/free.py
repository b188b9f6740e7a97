"""What is free from A to B, for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Parameter, QueryParameter

from shared_resources.equipment.queries.availability import free
from shared_resources.equipment.schemas.loans import FreeFilter, FreeList
from shared_resources.equipment.schemas.register import Resource
from shared_resources.kernel.permissions import Actor

MORNING, EVENING = Example(value="2026-12-01T01:00:00Z"), Example(value="2026-12-01T10:00:00Z")


@get(
    "/api/v1/free",
    operation_id="findFree",
    summary="What is free from A to B, over all agencies, nearest first",
    tags=["loans"],
)
async def free_list(
    actor: Actor,
    starts_at: Annotated[
        datetime,
        QueryParameter(name="from", description="collection", examples=[Example(value="2026-12-01T01:00:00Z")]),
    ],
    ends_at: Annotated[datetime, QueryParameter(name="to", description="return", examples=[EVENING])],
    resource: Resource | None = None,
    category: Annotated[str | None, Parameter(description="code of a category", max_length=60)] = None,
    model: UUID | None = None,
    agency: Annotated[str | None, Parameter(description="slug of the owner", max_length=60)] = None,
    depot: UUID | None = None,
    near: Annotated[UUID | None, Parameter(description="depot from which distances are measured")] = None,
    evidential: Annotated[bool, Parameter(description="only with a certificate valid for the whole time")] = False,
    q: Annotated[str | None, Parameter(description="part of a name", max_length=100)] = None,
    cursor: str | None = None,
    size: Annotated[int | None, Parameter(ge=1, le=200)] = None,
) -> FreeList:
    """Free items, grouped by model and depot."""
    wanted = FreeFilter(
        starts_at=starts_at,
        ends_at=ends_at,
        resource=resource,
        category=category,
        model=model,
        agency=agency,
        depot=depot,
        near=near,
        evidential=evidential,
        q=q,
    )
    return await free(actor, wanted, cursor=cursor, size=size)


ROUTES: list[HTTPRouteHandler] = [free_list]
