"""Pages of trackers: the list with their health, one tracker, entering it, what is asked of it."""

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.trackers.pages.shown import said
from shared_resources.equipment.trackers.queries.alarms import alarm_list
from shared_resources.equipment.trackers.queries.devices import device_list, device_page
from shared_resources.equipment.trackers.queries.health import health
from shared_resources.equipment.trackers.queries.models import model_list
from shared_resources.equipment.trackers.queries.sources import source_list
from shared_resources.equipment.trackers.rules.procedures import TRACKER
from shared_resources.equipment.trackers.schemas.devices import (
    DesiredState,
    DeviceFilter,
    TrackerDraft,
)
from shared_resources.equipment.trackers.schemas.standing import AlarmFilter
from shared_resources.equipment.trackers.service.commands import ask_of_tracker
from shared_resources.equipment.trackers.service.devices import (
    bind_tracker,
    register_tracker,
    retire_tracker,
    unbind_tracker,
)
from shared_resources.kernel.doors.story import history_lines
from shared_resources.kernel.errors import Refusal, Repeated
from shared_resources.kernel.permissions import Actor, Permission, may, require
from shared_resources.kernel.web.answers import clean_form, form_again, query_of, with_query
from shared_resources.kernel.web.forms import Form, errors_of, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

ONE, NEW = "equipment/trackers/one.html", "equipment/trackers/new.html"
HERE = "/trackers/{number:str}"


@get("/trackers", include_in_schema=False)
async def tracker_list(request: WebRequest, actor: Actor) -> Response[Any]:
    """The trackers of one's agency, and what is the matter with them."""
    query = query_of(request)
    cursor = query.pop("cursor", None)
    found = await device_list(actor, parse(DeviceFilter, query), cursor=cursor)
    language = reader_of(request).language
    return page(
        request,
        "equipment/trackers/list.html",
        rows=[(line, said(language, line.seen_at, line.place)) for line in found.devices],
        tally=tally(await health(actor), language.gettext),
        query=query,
        states=[(name, language.gettext(state.label)) for name, state in TRACKER.states.items()],
        next=with_query("/trackers", query, cursor=found.next) if found.next else "",
        may_edit=may_edit(actor),
    )


def tally(found: Any, say: Any) -> list[tuple[Any, ...]]:
    """The figures at the top: how many, and what is the matter with how many."""
    unread = sum(sender.messages for sender in found.quarantine)
    return [
        (found.total, say(N_("in use")), "/trackers", ""),
        (len(found.silent), say(N_("silent or lost")), "/trackers?trouble=1", "bad"),
        (len(found.low_battery), say(N_("low battery")), "", "warning"),
        (len(found.pending), say(N_("asked, not yet applied")), "", "waiting"),
        (len(found.clock_suspect), say(N_("wrong clock")), "", "warning"),
        (unread, say(N_("messages nobody could read")), "/tracker-sources", "warning"),
    ]


def may_edit(actor: Actor) -> bool:
    """Whether the reader keeps the trackers of their agency."""
    return may(actor, Permission.TRACKER_EDIT, actor.relations(actor.agency)) is True


@get("/trackers/new", include_in_schema=False)
async def new_tracker(request: WebRequest, actor: Actor, source: str = "") -> Response[Any]:
    """The form for one more tracker."""
    require(actor, Permission.TRACKER_EDIT, actor.relations(actor.agency))
    return page(request, NEW, **clean_form({"source": source}), **await choices_of(actor))


@post("/trackers/new", include_in_schema=False)
async def register(request: WebRequest, actor: Actor) -> Response[Any]:
    """Enter a tracker, or say what is not right yet."""
    form = await form_of(request)
    try:
        moved = await register_tracker(actor, parse(TrackerDraft, form.values), act_id=form.act_id)
    except Refusal as refusal:
        return form_again(request, NEW, form, refusal, **await choices_of(actor))
    return see_other(request, f"/trackers/{moved.number}", N_("Registered. Put it on an item now."))


async def choices_of(actor: Actor) -> dict[str, Any]:
    """What the form of a tracker offers."""
    return {
        "models": [(model.id, model.name) for model in await model_list(actor)],
        "sources": [(source.key, source.name) for source in await source_list(actor) if source.retired_at is None],
    }


@get(HERE, include_in_schema=False)
async def one_tracker(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One tracker: how it stands, what is asked of it, what may be done."""
    return await show(request, actor, number)


@post(HERE + "/bind", include_in_schema=False)
async def bind(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Put it on the item with the code on the label."""
    form = await form_of(request)
    try:
        await bind_tracker(actor, number, form.text("code"), act_id=form.act_id)
    except Refusal as refusal:
        return await again(request, actor, number, form, refusal)
    return see_other(request, f"/trackers/{number}", N_("It is on the item now."))


@post(HERE + "/unbind", include_in_schema=False)
async def unbind(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Take it off its item."""
    form = await form_of(request)
    try:
        await unbind_tracker(actor, number, form.text("note"), act_id=form.act_id)
    except Refusal as refusal:
        return await again(request, actor, number, form, refusal)
    return see_other(request, f"/trackers/{number}", N_("It is on no item now."))


@post(HERE + "/retire", include_in_schema=False)
async def retire(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Take it out of use; its credentials end."""
    form = await form_of(request)
    try:
        await retire_tracker(actor, number, form.text("note"), act_id=form.act_id)
    except Refusal as refusal:
        return await again(request, actor, number, form, refusal)
    return see_other(request, f"/trackers/{number}", N_("Out of use."))


@post(HERE + "/command", include_in_schema=False)
async def ask(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Ask something of the device; it hears it when it next connects."""
    form = await form_of(request)
    try:
        wanted = parse(DesiredState, {**form.values, "find": form.flag("find")})
        await ask_of_tracker(actor, number, wanted, act_id=form.act_id)
    except Refusal as refusal:
        return await again(request, actor, number, form, refusal)
    return see_other(request, f"/trackers/{number}#command", N_("Asked. It is applied when the device says so."))


async def again(request: WebRequest, actor: Actor, number: str, form: Form, refusal: Refusal) -> Response[Any]:
    """The page with what was entered and why it was refused; what no entry can mend passes."""
    if refusal.status in (401, 403, 404) or isinstance(refusal, Repeated):
        raise refusal
    return await show(request, actor, number, form=form, refusal=refusal)


async def show(
    request: WebRequest,
    actor: Actor,
    number: str,
    *,
    form: Form | None = None,
    refusal: Refusal | None = None,
    made: dict[str, Any] | None = None,
) -> Response[Any]:
    """The page of one tracker."""
    found = await device_page(actor, number)
    return page(
        request,
        ONE,
        refusal.status if refusal else 200,
        tracker=found,
        said=said(reader_of(request).language, found.seen_at, found.place),
        made=made,
        alarms=(await alarm_list(actor, AlarmFilter(tracker=number))).alarms if found.alarms else (),
        journal=history_lines(request, found.journal, TRACKER),
        values=form.values if form else {},
        errors=errors_of(request, refusal) if refusal else [],
    )


ROUTES: list[HTTPRouteHandler] = [
    tracker_list,
    new_tracker,
    register,
    one_tracker,
    bind,
    unbind,
    retire,
    ask,
]
