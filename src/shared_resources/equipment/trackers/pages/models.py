"""Pages of models of tracker: how their messages are read, and from when on they mean something."""

import json
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.trackers.payloads import KINDS
from shared_resources.equipment.trackers.queries.models import model_list, model_page
from shared_resources.equipment.trackers.schemas.devices import DeviceModelDraft, ModelLine
from shared_resources.equipment.trackers.service.models import create_device_model, edit_device_model
from shared_resources.kernel.errors import Invalid, Refusal
from shared_resources.kernel.permissions import Actor, Permission, may, require
from shared_resources.kernel.web.answers import clean_form, form_again
from shared_resources.kernel.web.forms import Form, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.reader import reader_of
from shared_resources.kernel.words import N_

TEMPLATE = "equipment/trackers/model_form.html"
USUAL = {name: field.default for name, field in DeviceModelDraft.model_fields.items() if not field.is_required()}


@get("/tracker-models", include_in_schema=False)
async def list_page(request: WebRequest, actor: Actor) -> Response[Any]:
    """All models; agencies share them."""
    return page(
        request,
        "equipment/trackers/models.html",
        models=await model_list(actor),
        payloads={name: kind.label for name, kind in KINDS.items()},
        may_edit=may(actor, Permission.TRACKER_EDIT, actor.relations(actor.agency)) is True,
    )


@get("/tracker-models/new", include_in_schema=False)
async def new_model(request: WebRequest, actor: Actor) -> Response[Any]:
    """The form for one more."""
    require(actor, Permission.TRACKER_EDIT, actor.relations(actor.agency))
    entered = {**USUAL, "field_map": ""}
    return page(request, TEMPLATE, model=None, payloads=kinds(request), **clean_form(entered))


@post("/tracker-models/new", include_in_schema=False)
async def add(request: WebRequest, actor: Actor) -> Response[Any]:
    """Add it, or say what is not right yet."""
    form = await form_of(request)
    try:
        await create_device_model(actor, draft_of(form))
    except Refusal as refusal:
        return form_again(request, TEMPLATE, form, refusal, model=None, payloads=kinds(request))
    return see_other(request, "/tracker-models", N_("Saved."))


@get("/tracker-models/{model:uuid}/edit", include_in_schema=False)
async def correct(request: WebRequest, actor: Actor, model: UUID) -> Response[Any]:
    """The form that corrects one."""
    found = await one_model(actor, model)
    told = found.model_dump() | {"field_map": json.dumps(found.field_map) if found.field_map else ""}
    return page(request, TEMPLATE, model=found, payloads=kinds(request), **clean_form(told))


@post("/tracker-models/{model:uuid}/edit", include_in_schema=False)
async def save(request: WebRequest, actor: Actor, model: UUID) -> Response[Any]:
    """Correct it, or say what is not right yet."""
    found, form = await one_model(actor, model), await form_of(request)
    try:
        await edit_device_model(actor, model, draft_of(form))
    except Refusal as refusal:
        return form_again(request, TEMPLATE, form, refusal, model=found, payloads=kinds(request))
    return see_other(request, "/tracker-models", N_("Saved."))


async def one_model(actor: Actor, model: UUID) -> ModelLine:
    """A model that the reader may correct.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; no such model.
    """
    require(actor, Permission.TRACKER_EDIT, actor.relations(actor.agency))
    return await model_page(actor, model)


def kinds(request: WebRequest) -> list[tuple[str, str]]:
    """The kinds of messages that we read."""
    say = reader_of(request).language.gettext
    return [(name, say(kind.label)) for name, kind in KINDS.items()]


def draft_of(form: Form) -> DeviceModelDraft:
    """What was entered.

    Raises:
        Invalid: the map of fields is no JSON object.
    """
    values: dict[str, Any] = dict(form.values)
    try:
        values["field_map"] = json.loads(form.text("field_map") or "{}")
    except ValueError:
        raise Invalid(
            N_("This is not JSON."), do=N_("Leave it empty for known messages."), field="field_map"
        ) from None
    return parse(DeviceModelDraft, values)


ROUTES: list[HTTPRouteHandler] = [list_page, new_model, add, correct, save]
