"""The inbox of alarms, and one alarm."""

from typing import Any

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.trackers.queries.alarms import alarm_list, alarm_page
from shared_resources.equipment.trackers.rules.procedures import ALARM, ALARM_KINDS
from shared_resources.equipment.trackers.schemas.standing import AlarmFilter
from shared_resources.kernel.doors.story import history_lines
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.answers import query_of, with_query
from shared_resources.kernel.web.forms import errors_of, parse
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

FACTS = {
    "battery_pct": N_("Battery"),
    "distance_m": N_("Metres outside"),
    "since": N_("Since"),
    "area": N_("Area"),
    "agency": N_("Agency"),
    "source": N_("Read by"),
}
"""What an alarm tells of itself; other facts are for programs."""


@get("/alarms", include_in_schema=False)
async def list_page(request: WebRequest, actor: Actor) -> Response[Any]:
    """Alarms of one's agency, as owner and as borrower; the open ones unless all are asked for."""
    query = query_of(request)
    cursor = query.pop("cursor", None)
    wanted = parse(AlarmFilter, {**query, "open_only": query.get("show") != "all"})
    found = await alarm_list(actor, wanted, cursor=cursor)
    say = reader_of(request).language.gettext
    return page(
        request,
        "equipment/trackers/alarms.html",
        found=found.alarms,
        query=query,
        kinds=[(kind, say(label)) for kind, label in ALARM_KINDS.items()],
        next=with_query("/alarms", query, cursor=found.next) if found.next else "",
    )


@get("/alarms/{number:str}", include_in_schema=False)
async def one_alarm(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One alarm: what was seen, who looks into it, what was found."""
    return await show(request, actor, number)


async def show(request: WebRequest, actor: Actor, number: str, refusal: Refusal | None = None) -> Response[Any]:
    """The page of an alarm."""
    found = await alarm_page(actor, number)
    say = reader_of(request).language.gettext
    return page(
        request,
        "equipment/trackers/alarm.html",
        refusal.status if refusal else 200,
        alarm=found,
        facts=[(say(label), found.facts[name]) for name, label in FACTS.items() if found.facts.get(name)],
        journal=history_lines(request, found.journal, ALARM),
        errors=errors_of(request, refusal) if refusal else [],
    )


ROUTES: list[HTTPRouteHandler] = [list_page, one_alarm]
