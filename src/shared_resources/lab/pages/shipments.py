"""Shipments: chosen and locked by the sender, scanned on arrival by intake, closed with what is missing."""

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, Permission, may, not_found, require
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.web.asked import asked, drawn
from shared_resources.kernel.web.forms import Form, errors_of, form_of
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.uploads import store_upload
from shared_resources.kernel.words import N_
from shared_resources.lab.pages.asking import again, ask
from shared_resources.lab.queries.samples import incoming, samples_of, shipment_page
from shared_resources.lab.rules.delegation import DELEGATION
from shared_resources.lab.rules.sample import SAMPLE, SHIPMENT
from shared_resources.lab.schemas.samples import DISPOSITION_LABELS, Arrival, Sending
from shared_resources.lab.service.shipments import call_back, close_shipment, scan, send

HERE = "/shipments/{number:str}"
SHIP = "/lab-delegations/{number:str}/ship"
TONES = {"arrived": "good", "damaged": "warning", "rejected": "bad", "missing": "bad", "unexpected": "warning"}
SAID = {
    "arrived": N_("Received."),
    "damaged": N_("Received, noted as damaged."),
    "rejected": N_("Rejected; it waits to be taken back."),
    "unexpected": N_("It is not on the manifest; this is noted."),
}


@get("/shipments", include_in_schema=False)
async def listed(request: WebRequest, actor: Actor) -> Response[Any]:
    """What is on its way to the laboratories of one's agency."""
    return page(request, "lab/shipments.html", incoming=await incoming(actor))


@get(SHIP, include_in_schema=False)
async def choose(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Which sealed samples go, and who carries them."""
    return await ask_sending(request, actor, number)


@post(SHIP, include_in_schema=False)
async def sent(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Send them: from now on the manifest is locked."""
    form = await form_of(request)
    try:
        moved = await send(actor, number, form.texts("samples"), asked(Sending, form), act_id=form.act_id)
    except Refusal as refusal:
        return await ask_sending(request, actor, number, form=form, refusal=refusal)
    return see_other(request, f"/shipments/{moved.number}", N_("Sent. Print the manifest and put it in."))


@get(HERE, include_in_schema=False)
async def one(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """The manifest: what was sent, and what became of each line."""
    return await show(request, actor, number)


@post(HERE + "/scan", include_in_schema=False)
async def arrived(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """One sample as intake finds it."""
    form = await form_of(request)
    try:
        draft = asked(Arrival, form)
        upload = form.file("photo")
        photo = await store_upload(actor, upload, images_only=True) if upload else None
        disposition = await scan(actor, number, draft, photo, act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, form=form, refusal=refusal)
    return see_other(request, f"/shipments/{number}#scan", SAID[disposition.value])


@post(HERE + "/close", include_in_schema=False)
async def closed(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Close the manifest: what was not scanned is missing."""
    form = await form_of(request)
    try:
        await close_shipment(actor, number, act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, refusal=refusal)
    return see_other(request, f"/shipments/{number}", N_("The manifest is closed."))


@post(HERE + "/call-back", include_in_schema=False)
async def called_back(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Call it back before anything was scanned."""
    form = await form_of(request)
    try:
        await call_back(actor, number, form.text("note"), act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, number, refusal=refusal)
    return see_other(request, f"/shipments/{number}", N_("Called back; the samples are sealed as before."))


async def show(
    request: WebRequest,
    actor: Actor,
    number: str,
    *,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Response[Any]:
    """The page of a shipment; after a refusal with what was entered and why. What no entry can mend passes."""
    if refusal is not None and (refusal.status in (401, 403, 404) or refusal.code == "repeated"):
        raise refusal
    shown, _, relations = await shipment_page(actor, number)
    errors = errors_of(request, refusal) if refusal else []
    keeps = may(actor, Permission.SAMPLE_KEEP, relations) is True
    untouched = all(line.disposition is None for line in shown.lines)
    values: Any = again(Arrival, form) if form else {"found": "arrived", "seal": "whole"}
    return page(
        request,
        "lab/shipment.html",
        refusal.status if refusal else 200,
        shown=shown,
        states=SHIPMENT.states,
        sample_states=SAMPLE.states,
        dispositions=DISPOSITION_LABELS,
        tones=TONES,
        may_receive=keeps and shown.state == "sent",
        may_call_back=shown.state == "sent"
        and untouched
        and may(actor, Permission.SAMPLE_TAKE, relations) is True,
        questions=drawn(Arrival, values, errors),
        errors=errors,
        photo_error=dict(errors).get("photo", ""),
    )


async def ask_sending(
    request: WebRequest,
    actor: Actor,
    number: str,
    *,
    form: Form | None = None,
    refusal: Refusal | None = None,
) -> Response[Any]:
    """The form of a manifest."""
    record = await visible_record(actor, number)
    if record.procedure is not DELEGATION:
        raise not_found()
    require(actor, Permission.SAMPLE_TAKE, record.relations)
    return ask(
        request,
        Sending,
        path=f"/lab-delegations/{number}/ship",
        title=N_("Send samples"),
        back=(number, f"/lab-delegations/{number}"),
        act=N_("Send and lock the manifest"),
        template="lab/ship.html",
        values=again(Sending, form) if form else None,
        refusal=refusal,
        sealed=[line for line in await samples_of(record.id) if line.state == "sealed"],
        chosen=form.texts("samples") if form else None,
    )


ROUTES: list[HTTPRouteHandler] = [listed, choose, sent, one, arrived, closed, called_back]
