"""Pages of the register: the list, one item, entering and correcting it."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.queries.catalogue import categories, depots, models, own_depots
from shared_resources.equipment.queries.choices import keepers
from shared_resources.equipment.queries.register import (
    code_of_number,
    counts,
    item_journal,
    item_page,
    items,
)
from shared_resources.equipment.rules.procedures import ITEM
from shared_resources.equipment.schemas.register import (
    CONDITION_LABELS,
    RESOURCE_LABELS,
    ItemDraft,
    ItemEdit,
    ItemFilter,
    ItemFull,
    ItemOwn,
    ItemPage,
)
from shared_resources.equipment.service.register import edit_item, register_item
from shared_resources.equipment.trackers.pages.panel import panel_of_item
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.errors import NotFound, Refusal
from shared_resources.kernel.pager import LARGEST_PAGE
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found, require
from shared_resources.kernel.web.answers import clean_form, csv_file, form_again, query_of, with_query
from shared_resources.kernel.web.forms import form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.words import N_

EXPORT = (
    "code",
    "number",
    "asset_no",
    "serial",
    "category_name_zh",
    "model_name_zh",
    "depot_name_zh",
    "state",
    "condition",
    "keeper_name",
    "holder_name_zh",
    "holder_agency_zh",
    "valid_to",
    "registered_at",
)


@get("/items", include_in_schema=False)
async def item_list(request: WebRequest, actor: Actor) -> Response[str]:
    """Items of all agencies, own ones in full, narrowed by filters that stand in the address.

    Keepers begin with their own; an address with any filter, even an empty one, is taken as it stands.
    """
    query = query_of(request)
    stores = await depots(actor)
    own_slug = next((store.agency_slug for store in stores if store.agency == actor.agency), "")
    if not query and own_slug and may(actor, Permission.ITEM_EDIT, {Relation.OWNER}) is True:
        query["agency"] = own_slug
    wanted = parse(ItemFilter, query)
    cursor = query.pop("cursor", None)
    found = await items(actor, wanted, cursor=cursor)
    in_state = await counts(actor, wanted.model_copy(update={"state": None}))
    return page(
        request,
        "equipment/items/list.html",
        found=found,
        wanted=wanted,
        tabs=state_tabs(in_state, query),
        next=with_query("/items", query, cursor=found.next) if found.next else "",
        first=narrowed(query) if cursor else "",
        export=with_query("/items/export.csv", query),
        labels=with_query("/labels", query),
        own_slug=own_slug,
        agencies=list({store.agency_slug: store for store in stores}.values()),
        depots=[store for store in stores if not wanted.agency or store.agency_slug == wanted.agency],
        categories=await categories(actor),
        resources=RESOURCE_LABELS,
        states=ITEM.states,
        grouped=grouped,
    )


def narrowed(query: dict[str, str], **changed: str) -> str:
    """The list with these filters; without any it says so, for a bare address means a keeper's own items."""
    address = with_query("/items", query, **changed)
    return address if "?" in address else f"{address}?agency="


def state_tabs(in_state: Sequence[Any], query: dict[str, str]) -> list[tuple[str, str, bool, int]]:
    """Every state that occurs with its number of items; labels are msgids."""
    chosen = query.get("state", "")
    every = sum(count.items for count in in_state)
    tabs = [(N_("All"), narrowed(query, state=""), not chosen, every)]
    return tabs + [
        (
            ITEM.states[count.state].label,
            with_query("/items", query, state=count.state),
            chosen == count.state,
            count.items,
        )
        for count in in_state
    ]


@get("/items/export.csv", include_in_schema=False)
async def item_export(request: WebRequest, actor: Actor) -> Response[bytes]:
    """The reader's own items that the filters leave, as CSV."""
    require(actor, Permission.ITEM_SEE, actor.relations(actor.agency))
    wanted = parse(ItemFilter, query_of(request))
    rows: list[ItemOwn] = []
    cursor: str | None = None
    while True:
        found = await items(actor, wanted, cursor=cursor, size=LARGEST_PAGE)
        rows += [item for item in found.items if isinstance(item, ItemOwn)]
        cursor = found.next
        if cursor is None:
            break
    return csv_file("items.csv", [EXPORT, *([getattr(row, name) for name in EXPORT] for row in rows)])


@get("/items/new", include_in_schema=False)
async def new_item(request: WebRequest, actor: Actor, model: str = "") -> Response[str]:
    """The form for one more item."""
    require(actor, Permission.ITEM_EDIT, actor.relations(actor.agency))
    entered = clean_form({"model": model, "condition": "good"})
    return page(request, "equipment/items/form.html", item=None, **entered, **await item_choices(actor))


@post("/items/new", include_in_schema=False)
async def register(request: WebRequest, actor: Actor) -> Response[Any]:
    """Enter an item, or say what is not right yet."""
    form = await form_of(request)
    try:
        made = await register_item(actor, parse(ItemDraft, form.values), act_id=form.act_id)
    except Refusal as refusal:
        choices = await item_choices(actor)
        return form_again(request, "equipment/items/form.html", form, refusal, item=None, **choices)
    return see_other(request, f"/items/{made.code}", N_("Entered in the register. Print its label now."))


@get("/items/{code:str}", include_in_schema=False)
async def one_item(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """One item, as this reader may see it; record numbers lead to their code."""
    try:
        found = await item_page(actor, code)
    except NotFound:
        return see_other(request, f"/items/{await code_of_number(actor, code)}")
    if not isinstance(found.item, ItemFull):
        return page(request, "equipment/items/public.html", **shown(found))
    return page(
        request,
        "equipment/items/own.html",
        **shown(found),
        item_id=found.item.id,
        tracker=await panel_of_item(request, actor, found.item.id),
        choices=ITEM.choices(found.item.state, actor, {Relation.OWNER}),
        journal=await item_journal(actor, found.item.owner, found.item.id),
        conditions=CONDITION_LABELS,
        depots=[depot for depot in await own_depots(actor) if depot.id != found.item.depot],
    )


def shown(found: ItemPage) -> dict[str, Any]:
    """What both pages of an item are given."""
    item = found.item
    return {
        "item": item,
        "busy": found.busy,
        "state": ITEM.states[item.state],
        "grouped": grouped(item.code),
        "resource": RESOURCE_LABELS[item.resource],
    }


@get("/items/{code:str}/edit", include_in_schema=False)
async def correct_item(request: WebRequest, actor: Actor, code: str) -> Response[str]:
    """The form that corrects what the register says."""
    item = await own_full(actor, code, Permission.ITEM_EDIT)
    entered = clean_form(
        {
            "asset_no": item.asset_no,
            "serial": item.serial,
            "keeper": item.keeper,
            "condition": item.condition,
        }
    )
    return page(request, "equipment/items/form.html", item=item, **entered, **await item_choices(actor))


@post("/items/{code:str}/edit", include_in_schema=False)
async def save_item(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """Correct an item, or say what is not right yet."""
    form = await form_of(request)
    try:
        await edit_item(actor, code, parse(ItemEdit, form.values), act_id=form.act_id)
    except Refusal as refusal:
        item, choices = await own_full(actor, code, Permission.ITEM_EDIT), await item_choices(actor)
        return form_again(request, "equipment/items/form.html", form, refusal, item=item, **choices)
    return see_other(request, f"/items/{code}", N_("Corrected."))


async def own_full(actor: Actor, code: str, permission: Permission) -> ItemFull:
    """An item of the reader's agency, to which they may do this.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    found = (await item_page(actor, code)).item
    if not isinstance(found, ItemFull):
        raise not_found()
    require(actor, permission, actor.relations(found.owner))
    return found


async def item_choices(actor: Actor) -> dict[str, Any]:
    """What the form of an item offers."""
    return {
        "models": await models(actor),
        "depots": await own_depots(actor),
        "keepers": await keepers(actor),
        "conditions": CONDITION_LABELS,
        "grouped": grouped,
    }


ROUTES: list[HTTPRouteHandler] = [
    item_list,
    item_export,
    new_item,
    register,
    one_item,
    correct_item,
    save_item,
]
