"""The live map, and the track of a loan: looked at, taken along, kept as evidence. Every look is written down."""

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.custody import saved_as
from shared_resources.equipment.trackers.pages.exports import as_csv, as_gpx
from shared_resources.equipment.trackers.pages.shown import said, track_drawing, track_rows
from shared_resources.equipment.trackers.queries.audible import audible
from shared_resources.equipment.trackers.queries.features import (
    circles,
    depot_of,
    map_features,
    named,
    position,
    track_features,
)
from shared_resources.equipment.trackers.queries.looks import looks, track_access
from shared_resources.equipment.trackers.queries.words import from_depot
from shared_resources.equipment.trackers.service.holds import hold_track, release_track
from shared_resources.equipment.trackers.service.looks import map_items, track_of_loan
from shared_resources.kernel.errors import Refusal, Repeated
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.forms import Form, errors_of, form_of
from shared_resources.kernel.web.live import tells_of
from shared_resources.kernel.web.maps import ground
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

SHOWN = 2000
"""Rows of a track's table; files hold all of them."""
VIEWS = {
    "map": N_("on the map"),
    "live": N_("on the map, live"),
    "track": N_("the track"),
    "export": N_("took a file along"),
    "evidence": N_("the track kept as evidence"),
}

tells_of("trackers", audible)


@get("/map", include_in_schema=False)
async def map_page(request: WebRequest, actor: Actor) -> Response[Any]:
    """What is on loan and bears a tracker: where it was last, on the map and in words."""
    items = await map_items(actor)
    language = reader_of(request).language
    rows = [
        {"item": item, "said": said(language, item.seen_at, item.place), "way": way(request, item)}
        for item in items
    ]
    told = map_features(language, items).model_dump(mode="json")
    return page(request, "equipment/trackers/map.html", rows=rows, told=told, tiles=ground())


def way(request: WebRequest, item: Any) -> str:
    """How far and which way an item is from its depot."""
    if item.place == "depot":
        return ""
    return from_depot(reader_of(request).language, depot_of(item), position(item))


@get("/loans/{number:str}/track", include_in_schema=False)
async def track_page(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Where the items of a loan have been, who looked, and whether it is kept."""
    return await show_track(request, actor, number)


async def show_track(
    request: WebRequest, actor: Actor, number: str, form: Form | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    """The page; after a refusal with what was entered."""
    found = await track_of_loan(actor, number)
    access = await track_access(actor, number)
    language = reader_of(request).language
    rows = track_rows(language, found)
    shown = rows[-SHOWN:]
    around = circles(found.areas, depot_of(found), named(language, found, "depot_name"))
    return page(
        request,
        "equipment/trackers/track.html",
        refusal.status if refusal else 200,
        track=found,
        rows=shown,
        cut=len(rows) > len(shown) or any(part.cut for part in found.parts),
        told=track_drawing(shown, around),
        tiles=ground(),
        access=access,
        held=next((hold for hold in access.holds if hold.released_at is None), None),
        looks=await looks(actor, number),
        views=VIEWS,
        errors=errors_of(request, refusal) if refusal else [],
        values=form.values if form else {},
    )


@get("/loans/{number:str}/track.csv", include_in_schema=False)
async def track_csv(actor: Actor, number: str) -> Response[bytes]:
    """The track as a table."""
    found = await track_of_loan(actor, number, view="export")
    return Response(as_csv(found), media_type="text/csv; charset=utf-8", headers=saved_as(f"track-{number}.csv"))


@get("/loans/{number:str}/track.geojson", include_in_schema=False)
async def track_geojson(actor: Actor, number: str) -> Response[Any]:
    """The track for maps (RFC 7946)."""
    found = track_features(await track_of_loan(actor, number, view="export"))
    text = found.model_dump_json()
    return Response(text.encode(), media_type="application/geo+json", headers=saved_as(f"track-{number}.geojson"))


@get("/loans/{number:str}/track.gpx", include_in_schema=False)
async def track_gpx(actor: Actor, number: str) -> Response[bytes]:
    """The track for receivers (GPX 1.1)."""
    found = await track_of_loan(actor, number, view="export")
    return Response(as_gpx(found), media_type="application/gpx+xml", headers=saved_as(f"track-{number}.gpx"))


@post("/loans/{number:str}/track/hold", include_in_schema=False)
async def hold(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Keep the track as evidence."""
    form = await form_of(request)
    try:
        await hold_track(actor, number, form.text("reason"), act_id=form.act_id)
    except Refusal as refusal:
        return await track_again(request, actor, number, form, refusal)
    return see_other(request, f"/loans/{number}/track#evidence", N_("Kept as evidence."))


@post("/loans/{number:str}/track/release", include_in_schema=False)
async def release(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Keep it no longer: it goes when its time is over."""
    form = await form_of(request)
    try:
        await release_track(actor, number, form.text("reason"), act_id=form.act_id)
    except Refusal as refusal:
        return await track_again(request, actor, number, form, refusal)
    return see_other(request, f"/loans/{number}/track#evidence", N_("Released."))


async def track_again(
    request: WebRequest, actor: Actor, number: str, form: Form, refusal: Refusal
) -> Response[Any]:
    """The page again; what no entry can mend passes."""
    if refusal.status in (401, 403, 404) or isinstance(refusal, Repeated):
        raise refusal
    return await show_track(request, actor, number, form, refusal)


ROUTES: list[HTTPRouteHandler] = [map_page, track_page, track_csv, track_geojson, track_gpx, hold, release]
