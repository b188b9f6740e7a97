"""The booking calendar: items over days or hours; scripts make it draggable, without them it is a list."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.calendar_words import Picture, address, drawn, listed
from shared_resources.equipment.pages.choices import agency_options, depot_options, kind_of, kinds
from shared_resources.equipment.queries.timeline import timeline
from shared_resources.equipment.schemas.timeline import TimelineFilter
from shared_resources.kernel.permissions import Actor, Permission, Relation, may
from shared_resources.kernel.web.forms import parse
from shared_resources.kernel.web.pages import WebRequest, page

TEXTS = ("scale", "start", "days", "agency", "kind", "depot", "mine", "q", "cursor")


@get("/calendar", include_in_schema=False)
async def calendar_page(request: WebRequest, actor: Actor) -> Response[Any]:
    """The calendar from a day on, narrowed as asked; keepers begin with what their agency owns or borrows."""
    query = request.query_params
    entries = {name: query.get(name, "").strip() for name in TEXTS}
    if not query and may(actor, Permission.ITEM_EDIT, {Relation.OWNER}) is True:
        entries["mine"] = "1"
    view = await timeline(actor, filter_of(entries), cursor=entries["cursor"] or None)
    picture = Picture(request, view, {name: text for name, text in entries.items() if text and name != "cursor"})
    return page(
        request,
        "equipment/calendar/page.html",
        timeline=drawn(picture),
        timeline_table=listed(picture),
        entries=entries,
        view=view,
        kinds=await kinds(request, actor),
        depots=await depot_options(request, actor),
        agencies=await agency_options(request, actor),
        more=address(picture, start=view.first_day, cursor=view.next) if view.next else "",
    )


def filter_of(entries: dict[str, str]) -> TimelineFilter:
    """The question in the words of the query.

    Raises:
        Invalid, Refusals: what cannot be read, with its field.
    """
    return parse(TimelineFilter, {**entries, "mine": bool(entries["mine"]), **kind_of(entries["kind"])})


ROUTES: list[HTTPRouteHandler] = [calendar_page]
