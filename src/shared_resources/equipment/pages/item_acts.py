"""What a keeper does to one item: its state, its depot, its photos."""

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.items import own_full
from shared_resources.equipment.schemas.register import ItemMove
from shared_resources.equipment.service.register import add_photo, change_item_state, move_item_to_depot
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.errors import Invalid, Refusal
from shared_resources.kernel.permissions import Actor, Permission
from shared_resources.kernel.web.answers import clean_form, form_again
from shared_resources.kernel.web.forms import form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.uploads import store_upload
from shared_resources.kernel.words import N_

PHOTO = "equipment/items/photo.html"


@post("/items/{code:str}/state", include_in_schema=False)
async def step(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """Take one step of the item's procedure."""
    form = await form_of(request)
    seen = form.text("version")
    await change_item_state(
        actor,
        code,
        form.text("step"),
        note=form.text("note") or None,
        act_id=form.act_id,
        version=int(seen) if seen.isdecimal() else None,
    )
    return see_other(request, f"/items/{code}", N_("Done."))


@post("/items/{code:str}/depot", include_in_schema=False)
async def move(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """Move an item that is in store to another depot."""
    form = await form_of(request)
    wanted = parse(ItemMove, form.values)
    await move_item_to_depot(actor, code, wanted.depot, wanted.note, act_id=form.act_id)
    return see_other(request, f"/items/{code}", N_("Moved to the other depot."))


@get("/items/{code:str}/photos/new", include_in_schema=False)
async def new_photo(request: WebRequest, actor: Actor, code: str) -> Response[str]:
    """The form for a picture."""
    item = await own_full(actor, code, Permission.ITEM_EDIT)
    return page(request, PHOTO, item=item, grouped=grouped, **clean_form())


@post("/items/{code:str}/photos/new", include_in_schema=False)
async def save_photo(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """Add pictures that show the item as it is now."""
    form = await form_of(request)
    item = await own_full(actor, code, Permission.ITEM_EDIT)
    try:
        chosen = form.files("photo")
        if not chosen:
            raise Invalid(N_("No picture was chosen."), do=N_("Choose a JPEG, PNG or WebP."), field="photo")
        for position, upload in enumerate(chosen):
            file = await store_upload(actor, upload, images_only=True)
            act = f"{form.act_id}:{position}" if form.act_id else None
            await add_photo(actor, code, file, form.text("caption")[:200] or None, act_id=act)
    except Refusal as refusal:
        return form_again(request, PHOTO, form, refusal, item=item, grouped=grouped)
    return see_other(request, f"/items/{code}", N_("The picture is kept."))


ROUTES: list[HTTPRouteHandler] = [step, move, new_photo, save_photo]
