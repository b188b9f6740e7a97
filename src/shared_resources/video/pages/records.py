"""The doors of every family of footage: list, opening, record, steps."""

from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.doors.casework import doors_of
from shared_resources.video.families import FAMILIES

ROUTES: list[HTTPRouteHandler] = [route for family in FAMILIES for route in doors_of(family)]
