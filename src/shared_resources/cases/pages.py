"""The doors of the coordination records: where they begin, then what every family has, one after the other."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.cases.families import FAMILIES
from shared_resources.kernel.casework.queries import open_counts
from shared_resources.kernel.doors.casework import doors_of
from shared_resources.kernel.permissions import Actor, Relation, may
from shared_resources.kernel.web.pages import WebRequest, page


@get("/coordination", include_in_schema=False)
async def coordination(request: WebRequest, actor: Actor) -> Response[Any]:
    """Every kind of record with what it is for, how many are open, and the button that opens one."""
    openable = {
        family.kind
        for family in FAMILIES
        if family.open is not None and may(actor, family.open, {family.opens_as or Relation.THIRD}) is True
    }
    counts = await open_counts(actor, FAMILIES)
    return page(request, "cases/coordination.html", families=FAMILIES, counts=counts, openable=openable)


ROUTES: list[HTTPRouteHandler] = [coordination, *(route for family in FAMILIES for route in doors_of(family))]
