"""Where things are and were, for programs. Every look is written down, as on the pages."""

from datetime import datetime
from typing import Annotated

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter, QueryParameter

from shared_resources.equipment.trackers.queries.features import map_features, track_features
from shared_resources.equipment.trackers.schemas.features import MapFeatures, TrackFeatures
from shared_resources.equipment.trackers.service.looks import map_items, track_of_loan
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.pages import WebRequest
from shared_resources.kernel.web.reader import reader_of

TAGS = ["trackers"]


@get("/api/v1/map", operation_id="getMap", summary="What is on loan, where it is", tags=TAGS)
async def live_map(request: WebRequest, actor: Actor) -> MapFeatures:
    """GeoJSON: items that are out with a tracker on them, and their depots. Logged as a look `live`."""
    items = await map_items(actor, view="live")
    return map_features(reader_of(request).language, items)


@get("/api/v1/loans/{number:str}/track", operation_id="getTrack", summary="The track of a loan", tags=TAGS)
async def loan_track(
    actor: Actor,
    number: str,
    tracker: Annotated[str | None, Parameter(description="only of the tracker with this number")] = None,
    item: Annotated[str | None, Parameter(description="only of the item with this code")] = None,
    starts: Annotated[datetime | None, QueryParameter(name="from", description="not before this instant")] = None,
    ends: Annotated[datetime | None, QueryParameter(name="to", description="before this instant")] = None,
) -> TrackFeatures:
    """GeoJSON: one point for each position, tracker by tracker in the order of time. Logged as a look `track`."""
    return track_features(await track_of_loan(actor, number, tracker=tracker, item=item, starts=starts, ends=ends))


ROUTES: list[HTTPRouteHandler] = [live_map, loan_track]
