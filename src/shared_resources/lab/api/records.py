"""The families of delegations for programs: what every family has, one after the other."""

from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.doors.casework_api import api_of
from shared_resources.lab.families import FAMILIES

ROUTES: list[HTTPRouteHandler] = [route for family in FAMILIES for route in api_of(family)]
