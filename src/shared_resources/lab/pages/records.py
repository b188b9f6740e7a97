"""The doors of the family of delegations: list, opening, record, steps, and the pack that proves a report."""

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from shared_resources.kernel.doors.casework import doors_of
from shared_resources.kernel.pack.writing import unheld
from shared_resources.kernel.permissions import Actor
from shared_resources.lab.families import FAMILIES
from shared_resources.lab.service.packs import pack_of


@post("/lab-delegations/{number:str}/pack.zip", include_in_schema=False, status_code=200)
async def pack(actor: Actor, number: str) -> Stream:
    """The pack of a signed report."""
    name, pieces = await pack_of(actor, number)
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Stream(unheld(pieces), media_type="application/zip", headers=headers)


ROUTES: list[HTTPRouteHandler] = [pack, *(route for family in FAMILIES for route in doors_of(family))]
