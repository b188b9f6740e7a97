"""The doors of the family of delegations: list, opening, record, steps."""

from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.doors.casework import doors_of
from shared_resources.lab.families import FAMILIES

ROUTES: list[HTTPRouteHandler] = [route for family in FAMILIES for route in doors_of(family)]
