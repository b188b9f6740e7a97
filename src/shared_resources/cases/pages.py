"""The doors of the coordination records: what every family has, one after the other."""

from litestar.handlers import HTTPRouteHandler

from shared_resources.cases.families import FAMILIES
from shared_resources.kernel.doors.casework import doors_of

ROUTES: list[HTTPRouteHandler] = [route for family in FAMILIES for route in doors_of(family)]
