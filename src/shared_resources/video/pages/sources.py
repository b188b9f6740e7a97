"""Pages of the register of sources: the list with its map, one source, entering and correcting it."""

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.doors.story import history_lines
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.history import acts_of
from shared_resources.kernel.identity.queries import agencies
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, require
from shared_resources.kernel.web.answers import clean_form, form_again, query_of, with_query
from shared_resources.kernel.web.formats import filters_for
from shared_resources.kernel.web.forms import Form, errors_of, form_of, parse
from shared_resources.kernel.web.maps import ground, places
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_
from shared_resources.video.queries.sources import source_list, source_page
from shared_resources.video.rules.sources import KINDS, SOURCE
from shared_resources.video.schemas.sources import Offset, SourceDraft, SourceFilter, SourceView
from shared_resources.video.service.sources import edit_source, measure_clock, register_source, retire_source

HERE, FORM = "/footage-sources/{number:str}", "video/source_form.html"
OWN = frozenset({Relation.HOLDER})
ACT_LABELS = {
    "register": N_("Registered"),
    "edit": N_("Corrected"),
    "measure_clock": N_("Clock measured"),
    "retire": N_("Taken out of use"),
}


@get("/footage-sources", include_in_schema=False)
async def listed(request: WebRequest, actor: Actor) -> Response[Any]:
    """Every agency's sources, on a map where their place is known."""
    query = query_of(request)
    cursor = query.pop("cursor", None)
    found = await source_list(actor, parse(SourceFilter, query), cursor=cursor)
    named = filters_for(reader_of(request).language)["named"]
    return page(
        request,
        "video/sources.html",
        sources=found.sources,
        query=query,
        kinds=kinds_said(request),
        labels=KINDS,
        holders=[(agency.slug, named(agency)) for agency in await agencies(actor)],
        next=with_query("/footage-sources", query, cursor=found.next) if found.next else "",
        may_edit=may(actor, Permission.SOURCE_EDIT, OWN) is True,
        told=told(found.sources),
        tiles=ground(),
        states=SOURCE.states,
    )


@get("/footage-sources/new", include_in_schema=False)
async def new(request: WebRequest, actor: Actor) -> Response[Any]:
    """The form for one more source."""
    require(actor, Permission.SOURCE_EDIT, OWN)
    return page(request, FORM, **clean_form(), **form_words(request))


@post("/footage-sources/new", include_in_schema=False)
async def register(request: WebRequest, actor: Actor) -> Response[Any]:
    """Enter a source, or say what is not right yet."""
    form = await form_of(request)
    try:
        moved = await register_source(actor, parse(SourceDraft, form.values), act_id=form.act_id)
    except Refusal as refusal:
        return form_again(request, FORM, form, refusal, **form_words(request))
    return see_other(request, f"/footage-sources/{moved.number}", N_("Registered."))


@get(HERE, include_in_schema=False)
async def one(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One source: its facts for everybody, its acts and journal for its holder."""
    return await show(request, actor, number)


@get(HERE + "/edit", include_in_schema=False)
async def correct(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The form with what the register says."""
    source, _, relations = await source_page(actor, number)
    require(actor, Permission.SOURCE_EDIT, relations)
    entered = {name: "" if value is None else value for name, value in source.model_dump().items()}
    return page(request, FORM, **clean_form(entered), **form_words(request, number))


@post(HERE + "/edit", include_in_schema=False)
async def corrected(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Correct a source, or say what is not right yet."""
    form = await form_of(request)
    try:
        await edit_source(actor, number, parse(SourceDraft, form.values), act_id=form.act_id)
    except Refusal as refusal:
        return form_again(request, FORM, form, refusal, **form_words(request, number))
    return see_other(request, f"/footage-sources/{number}", N_("Corrected."))


@post(HERE + "/clock", include_in_schema=False)
async def measure(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Write down what its clock shows against true time."""
    form = await form_of(request)
    try:
        await measure_clock(actor, number, parse(Offset, form.values), act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, form=form, refusal=refusal)
    return see_other(request, f"/footage-sources/{number}", N_("The clock is measured."))


@post(HERE + "/retire", include_in_schema=False)
async def retire(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Take it out of use."""
    form = await form_of(request)
    try:
        await retire_source(actor, number, form.text("note"), act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, form=form, refusal=refusal)
    return see_other(request, f"/footage-sources/{number}", N_("Out of use."))


async def show(
    request: WebRequest, actor: Actor, number: str, *, form: Form | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    """The page of a source; after a refusal with what was entered and why. What no entry can mend passes."""
    if refusal is not None and (refusal.status in (401, 403, 404) or refusal.code == "repeated"):
        raise refusal
    source, record, relations = await source_page(actor, number)
    return page(
        request,
        "video/source.html",
        status=refusal.status if refusal else 200,
        source=source,
        label=KINDS[source.kind],
        states=SOURCE.states,
        own=Relation.HOLDER in relations,
        may_edit=may(actor, Permission.SOURCE_EDIT, relations) is True,
        may_ask=may(actor, Permission.FOOTAGE_REQUEST_ASK, {Relation.REQUESTING}) is True,
        journal=history_lines(request, await acts_of(record, ACT_LABELS), SOURCE),
        errors=errors_of(request, refusal) if refusal else [],
        entered=form.values if form else {},
        told=told([source]),
        tiles=ground(),
    )


def kinds_said(request: WebRequest) -> list[tuple[str, str]]:
    """Kinds of source for a choice."""
    say = reader_of(request).language.gettext
    return [(kind, say(label)) for kind, label in KINDS.items()]


def form_words(request: WebRequest, number: str = "") -> dict[str, Any]:
    """What the form of a source is given besides its entries."""
    return {"kinds": kinds_said(request), "number": number, "tiles": ground()}


def told(sources: Any) -> dict[str, Any]:
    """Sources for the map."""
    found: list[SourceView] = list(sources)
    return places((one.latitude, one.longitude, one.name, f"/footage-sources/{one.number}") for one in found)


ROUTES: list[HTTPRouteHandler] = [listed, new, register, one, correct, corrected, measure, retire]
