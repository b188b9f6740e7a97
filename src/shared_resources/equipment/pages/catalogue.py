"""The catalogue: kinds of equipment and models, read by everybody, kept by custodians."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.catalogue import categories, model, models
from shared_resources.equipment.schemas.catalogue import CategoryDraft, ModelDraft, ModelView
from shared_resources.equipment.schemas.register import RESOURCE_LABELS
from shared_resources.equipment.service.catalogue import add_category, add_model, edit_model
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, Permission, Relation, require
from shared_resources.kernel.web.answers import clean_form, form_again, query_of
from shared_resources.kernel.web.forms import Form, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_

LIST, FORM = "equipment/models/list.html", "equipment/models/form.html"
CATEGORY_FORM = "equipment/models/category.html"
LISTS = ("checklist", "accessories")
"""Fields with one entry a line."""

USUAL = {"buffer_before_minutes": 0, "buffer_after_minutes": 30, "longest_loan_hours": 168, "notice_hours": 0}


@get("/models", include_in_schema=False)
async def model_list(request: WebRequest, actor: Actor) -> Response[str]:
    """Models by kind, with how many items there are."""
    query = query_of(request)
    kinds = await categories(actor)
    found = await models(actor, category=query.get("category"), q=query.get("q", "")[:100])
    return page(
        request,
        LIST,
        categories=kinds,
        models=found,
        shown=[kind for kind in kinds if any(model.category == kind.code for model in found)],
        empty_kinds=[kind for kind in kinds if not kind.models],
        query=query,
        resources=RESOURCE_LABELS,
    )


@get("/categories/new", include_in_schema=False)
async def new_category(request: WebRequest, actor: Actor) -> Response[str]:
    """The form for one more kind of equipment."""
    require(actor, Permission.CATALOGUE_EDIT, {Relation.THIRD})
    return page(request, CATEGORY_FORM, resources=RESOURCE_LABELS, **clean_form())


@post("/categories/new", include_in_schema=False)
async def save_category(request: WebRequest, actor: Actor) -> Response[Any]:
    """Add a kind of equipment, or say what is not right yet."""
    form = await form_of(request)
    try:
        await add_category(actor, parse(CategoryDraft, form.values))
    except Refusal as refusal:
        return form_again(request, CATEGORY_FORM, form, refusal, resources=RESOURCE_LABELS)
    return see_other(request, "/models", N_("The kind of equipment is added."))


@get("/models/new", include_in_schema=False)
async def new_model(request: WebRequest, actor: Actor, category: str = "") -> Response[str]:
    """The form for one more model."""
    require(actor, Permission.CATALOGUE_EDIT, {Relation.THIRD})
    entered = clean_form({**USUAL, "category": category})
    return page(request, FORM, model=None, categories=await categories(actor), **entered)


@post("/models/new", include_in_schema=False)
async def save_model(request: WebRequest, actor: Actor) -> Response[Any]:
    """Add a model, or say what is not right yet."""
    form = await form_of(request)
    try:
        made = await add_model(actor, draft_of(form))
    except Refusal as refusal:
        return form_again(request, FORM, form, refusal, model=None, categories=await categories(actor))
    return see_other(request, f"/models/{made}", N_("The model is added."))


@get("/models/{identifier:uuid}", include_in_schema=False)
async def one_model(request: WebRequest, actor: Actor, identifier: UUID) -> Response[str]:
    """One model with its rules of lending."""
    found = await model(actor, identifier)
    return page(request, "equipment/models/page.html", model=found, resource=RESOURCE_LABELS[found.resource])


@get("/models/{identifier:uuid}/edit", include_in_schema=False)
async def change_model(request: WebRequest, actor: Actor, identifier: UUID) -> Response[str]:
    """The form that changes a model."""
    require(actor, Permission.CATALOGUE_EDIT, {Relation.THIRD})
    found = await model(actor, identifier)
    return page(request, FORM, model=found, categories=await categories(actor), **clean_form(as_entered(found)))


@post("/models/{identifier:uuid}/edit", include_in_schema=False)
async def save_change(request: WebRequest, actor: Actor, identifier: UUID) -> Response[Any]:
    """Change a model, or say what is not right yet."""
    form = await form_of(request)
    try:
        await edit_model(actor, identifier, draft_of(form))
    except Refusal as refusal:
        found = await model(actor, identifier)
        return form_again(request, FORM, form, refusal, model=found, categories=await categories(actor))
    return see_other(request, f"/models/{identifier}", N_("Changed."))


def draft_of(form: Form) -> ModelDraft:
    """What was entered; lists have one entry a line.

    Raises:
        Invalid, Refusals: what is wrong with it.
    """
    lists = {name: tuple(line.strip() for line in form.text(name).split("\n") if line.strip()) for name in LISTS}
    certificate = form.flag("evidence_needs_certificate")
    return parse(ModelDraft, {**form.values, **lists, "evidence_needs_certificate": certificate})


def as_entered(found: ModelView) -> dict[str, Any]:
    """A model as its form shows it."""
    return {**found.model_dump(), **{name: "\n".join(getattr(found, name)) for name in LISTS}}


ROUTES: list[HTTPRouteHandler] = [
    model_list,
    new_category,
    save_category,
    new_model,
    save_model,
    one_model,
    change_model,
    save_change,
]
