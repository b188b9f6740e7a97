"""The coordination records for programs: what every family has, one after the other."""

from litestar.handlers import HTTPRouteHandler

from shared_resources.cases.families import FAMILIES
from shared_resources.kernel.doors.casework_api import api_of

ROUTES: list[HTTPRouteHandler] = [route for family in FAMILIES for route in api_of(family)]
