"""Pages of sources: readers at doors, gateways and servers that speak for tags and devices."""

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.catalogue import own_depots
from shared_resources.equipment.trackers.pages.shown import said
from shared_resources.equipment.trackers.payloads import KINDS
from shared_resources.equipment.trackers.queries.health import quarantine_list
from shared_resources.equipment.trackers.queries.sources import source_list, source_page
from shared_resources.equipment.trackers.schemas.devices import QuarantineLine, SourceDraft, SourceEdit, SourcePage
from shared_resources.equipment.trackers.service.sources import edit_source, register_source, retire_source
from shared_resources.kernel.errors import Refusal, Repeated
from shared_resources.kernel.pager import LARGEST_PAGE
from shared_resources.kernel.permissions import Actor, Permission, may, require
from shared_resources.kernel.web.answers import clean_form, form_again
from shared_resources.kernel.web.forms import Form, errors_of, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

ONE, FORM = "equipment/trackers/source.html", "equipment/trackers/source_form.html"
HERE = "/tracker-sources/{key:str}"
LABELS = {name: kind.label for name, kind in KINDS.items()}
OF_SOURCES = {name: kind.label for name, kind in KINDS.items() if "s" in kind.roots}


@get("/tracker-sources", include_in_schema=False)
async def list_page(request: WebRequest, actor: Actor) -> Response[Any]:
    """The sources of one's agency."""
    edits = may(actor, Permission.TRACKER_EDIT, actor.relations(actor.agency)) is True
    return page(
        request,
        "equipment/trackers/sources.html",
        sources=await source_list(actor),
        payloads=LABELS,
        may_edit=edits,
    )


@get("/tracker-sources/new", include_in_schema=False)
async def new_source(request: WebRequest, actor: Actor) -> Response[Any]:
    """The form for one more source."""
    require(actor, Permission.TRACKER_EDIT, actor.relations(actor.agency))
    return page(request, FORM, **clean_form(), **await choices_of(request, actor))


@post("/tracker-sources/new", include_in_schema=False)
async def register(request: WebRequest, actor: Actor) -> Response[Any]:
    """Enter a source, or say what is not right yet."""
    form = await form_of(request)
    try:
        draft = parse(SourceDraft, {**form.values, "return_door": form.flag("return_door")})
        key = await register_source(actor, draft)
    except Refusal as refusal:
        return form_again(request, FORM, form, refusal, **await choices_of(request, actor))
    return see_other(request, f"/tracker-sources/{key}", N_("Registered. Issue its credentials now."))


async def choices_of(request: WebRequest, actor: Actor) -> dict[str, Any]:
    """What the form of a source offers."""
    say = reader_of(request).language.gettext
    return {
        "payloads": [(name, say(label)) for name, label in OF_SOURCES.items()],
        "depots": await own_depots(actor),
    }


@get(HERE, include_in_schema=False)
async def one_source(request: WebRequest, actor: Actor, key: str) -> Response[Any]:
    """One source: where it stands, what its readings mean, its tags, what of it could not be read."""
    return await show(request, actor, key)


@post(HERE, include_in_schema=False)
async def save(request: WebRequest, actor: Actor, key: str) -> Response[Any]:
    """Correct it."""
    form = await form_of(request)
    try:
        edit = parse(SourceEdit, {**form.values, "return_door": form.flag("return_door")})
        await edit_source(actor, key, edit)
    except Refusal as refusal:
        return await again(request, actor, key, form, refusal)
    return see_other(request, f"/tracker-sources/{key}", N_("Saved."))


@post(HERE + "/retire", include_in_schema=False)
async def retire(request: WebRequest, actor: Actor, key: str) -> Response[Any]:
    """Take it out of use."""
    form = await form_of(request)
    try:
        await retire_source(actor, key)
    except Refusal as refusal:
        return await again(request, actor, key, form, refusal)
    return see_other(request, f"/tracker-sources/{key}", N_("Out of use."))


async def again(request: WebRequest, actor: Actor, key: str, form: Form, refusal: Refusal) -> Response[Any]:
    """The page with what was entered and why it was refused; what no entry can mend passes."""
    if refusal.status in (401, 403, 404) or isinstance(refusal, Repeated):
        raise refusal
    return await show(request, actor, key, form=form, refusal=refusal)


async def show(
    request: WebRequest,
    actor: Actor,
    key: str,
    *,
    form: Form | None = None,
    refusal: Refusal | None = None,
    made: dict[str, Any] | None = None,
) -> Response[Any]:
    """The page of one source."""
    found = await source_page(actor, key)
    errors = errors_of(request, refusal) if refusal else []
    language = reader_of(request).language
    return page(
        request,
        ONE,
        refusal.status if refusal else 200,
        source=found,
        tags=[(tag, said(language, tag.seen_at, tag.place)) for tag in found.tags],
        unread=await unread_of(actor, found),
        made=made,
        depots=await own_depots(actor),
        payloads=LABELS,
        entered=form.values if form else found.model_dump(),
        errors=errors,
        wrong=dict(reversed(errors)),
    )


async def unread_of(actor: Actor, source: SourcePage) -> list[QuarantineLine]:
    """The latest of its messages that could not be read."""
    if not source.may_edit or not source.quarantined:
        return []
    found = await quarantine_list(actor, size=LARGEST_PAGE)
    return [message for message in found.messages if message.is_source and message.key == source.key]


ROUTES: list[HTTPRouteHandler] = [
    list_page,
    new_source,
    register,
    one_source,
    save,
    retire,
]
