"""Pages of damage and loss: report, read, settle."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.counter_form import as_id
from shared_resources.equipment.queries.incidents import incident_page, incidents
from shared_resources.equipment.queries.later import later_bookings
from shared_resources.equipment.queries.register import item_page
from shared_resources.equipment.schemas.handover import IncidentKind, IncidentReport, Settlement
from shared_resources.equipment.schemas.register import ItemFull, ItemPublic
from shared_resources.equipment.service.incidents import report_incident, settle_incident
from shared_resources.kernel.errors import Refusal, Repeated
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.web.forms import Form, errors_of, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.uploads import store_upload
from shared_resources.kernel.words import N_

KIND_LABELS = {IncidentKind.DAMAGE: N_("Damage"), IncidentKind.LOSS: N_("Loss")}


@get("/incidents", include_in_schema=False)
async def incident_list(
    request: WebRequest, actor: Actor, q: str = "", show: str = "open", cursor: str | None = None
) -> Response[Any]:
    """The incidents of one's agency, as owner and as borrower."""
    found = await incidents(actor, open_only=show != "all", q=q.strip()[:100] or None, cursor=cursor)
    following = urlencode({"q": q, "show": show, "cursor": found.next}) if found.next else ""
    return page(
        request,
        "equipment/incidents/list.html",
        found=found.incidents,
        q=q,
        show=show,
        kinds=KIND_LABELS,
        next=f"/incidents?{following}" if following else "",
    )


@get("/incidents/new", include_in_schema=False)
async def new_incident(
    request: WebRequest, actor: Actor, code: str = "", description: str = "", then: str = "", kind: str = ""
) -> Response[Any]:
    """The report of damage or loss, begun with what is known already."""
    values = {"code": code, "description": description, "then": then, "kind": kind or IncidentKind.DAMAGE}
    return await show_report(request, actor, values)


@post("/incidents/new", include_in_schema=False)
async def report(request: WebRequest, actor: Actor) -> Response[Any]:
    """Report it; the item leaves the pool at once."""
    form = await form_of(request)
    values = {**form.values, "photo": str(as_id(form.text("photo")) or "")}
    try:
        upload = form.file("picture")
        if upload is not None:
            values["photo"] = str(await store_upload(actor, upload, images_only=True))
        draft = parse(IncidentReport, {**values, "holds_data": form.flag("holds_data")})
        number = await report_incident(actor, draft, act_id=form.act_id)
    except Refusal as refusal:
        if refusal.status == 401 or isinstance(refusal, Repeated):
            raise
        return await show_report(request, actor, values, refusal)
    return see_other(request, after_report(form, number), N_("Reported. The item is out of the pool."))


def after_report(form: Form, number: str) -> str:
    """The report itself, or the next unfit item of an inspection."""
    following, _, rest = form.text("then").partition(",")
    if not following:
        return f"/incidents/{number}"
    return "/incidents/new?" + urlencode({"code": following, "then": rest})


async def show_report(
    request: WebRequest, actor: Actor, values: dict[str, str], refusal: Refusal | None = None
) -> Response[Any]:
    """The form of a report with what was entered."""
    return page(
        request,
        "equipment/incidents/new.html",
        status=refusal.status if refusal else 200,
        values=values,
        item=await known_item(actor, values.get("code", "")),
        errors=errors_of(request, refusal) if refusal else [],
        kinds=KIND_LABELS,
    )


async def known_item(actor: Actor, code: str) -> ItemFull | ItemPublic | None:
    """The item of a code, where the reader may know of it."""
    try:
        return (await item_page(actor, code)).item
    except Refusal:
        return None


@get("/incidents/{number:str}", include_in_schema=False)
async def one_incident(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """An incident: what happened, what became of later bookings, how it was settled."""
    return await show_incident(request, actor, number)


@post("/incidents/{number:str}/settle", include_in_schema=False)
async def settle(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Close it with what was agreed."""
    form = await form_of(request)
    try:
        await settle_incident(actor, number, parse(Settlement, form.values), act_id=form.act_id)
    except Refusal as refusal:
        if refusal.status in (401, 404) or isinstance(refusal, Repeated):
            raise
        return await show_incident(request, actor, number, form, refusal)
    return see_other(request, f"/incidents/{number}", N_("Settled."))


async def show_incident(
    request: WebRequest, actor: Actor, number: str, form: Form | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    """The page of an incident, with what was entered for its settlement."""
    found = await incident_page(actor, number)
    return page(
        request,
        "equipment/incidents/one.html",
        status=refusal.status if refusal else 200,
        incident=found,
        later=await later_bookings(actor, number),
        values=form.values if form else {},
        errors=errors_of(request, refusal) if refusal else [],
        kinds=KIND_LABELS,
    )


ROUTES: list[HTTPRouteHandler] = [incident_list, new_incident, report, one_incident, settle]
