"""Opening a recording or a copy: the reason first, then the player; its bytes, its pictures, a copy of a span."""

import json
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.kernel.errors import Invalid, Refusal
from shared_resources.kernel.permissions import Actor, Permission, not_found
from shared_resources.kernel.storage import open_file
from shared_resources.kernel.web.answers import clean_form, form_again
from shared_resources.kernel.web.forms import Form, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.ranged import ranged
from shared_resources.kernel.words import N_
from shared_resources.video.queries.copies import copy_shown
from shared_resources.video.queries.footage import strip_of
from shared_resources.video.queries.openings import open_requests, opening_shown
from shared_resources.video.queries.visible import visible_copy, visible_footage
from shared_resources.video.schemas.copies import KIND_LABELS, CopyDraft
from shared_resources.video.service.copies import order_copy
from shared_resources.video.service.openings import (
    count_sent,
    open_copy,
    open_recording,
    still_open,
    ticket,
)
from shared_resources.video.service.receipts import confirm_copy

REASON = "video/open.html"
OPENING = "/footage-openings/{opening:uuid}"
COPY = "/footage-copies/{copy:str}"


@get("/footage/{number:str}/play", include_in_schema=False)
async def ask_reason(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Every look at footage begins with its reason."""
    seen = await visible_footage(actor, number, Permission.FOOTAGE_VIEW)
    return page(request, REASON, what=seen.title, number=number, action=f"/footage/{number}/play", **clean_form())


@post("/footage/{number:str}/play", include_in_schema=False)
async def play(request: WebRequest, actor: Actor, number: str) -> Response[Any]:
    """Write the reason down, then show the player."""
    form = await form_of(request)
    try:
        opening = await open_recording(actor, number, "view", form.text("reason"))
    except Refusal as refusal:
        words = {"what": number, "number": number, "action": f"/footage/{number}/play"}
        return form_again(request, REASON, form, refusal, **words)
    return see_other(request, f"/footage-openings/{opening}")


@get(COPY + "/play", include_in_schema=False)
async def ask_reason_for_copy(request: WebRequest, actor: Actor, copy: str) -> Response[Any]:
    """The same for a copy; the request that it was made for is the reason to begin with."""
    seen = await visible_copy(actor, copy)
    entered = {"reason": seen.request or ""}
    action = f"/footage-copies/{copy}/play"
    return page(request, REASON, what=seen.footage.title, number=copy, action=action, **clean_form(entered))


@post(COPY + "/play", include_in_schema=False)
async def play_copy(request: WebRequest, actor: Actor, copy: str) -> Response[Any]:
    """Write the reason down, then show the player."""
    form = await form_of(request)
    try:
        opening = await open_copy(actor, copy, "view", form.text("reason"))
    except Refusal as refusal:
        words = {"what": copy, "number": copy, "action": f"/footage-copies/{copy}/play"}
        return form_again(request, REASON, form, refusal, **words)
    return see_other(request, f"/footage-openings/{opening}")


@get(OPENING, include_in_schema=False)
async def player(request: WebRequest, actor: Actor, opening: UUID) -> Response[Any]:
    """The player of an opening."""
    return await show(request, actor, opening)


@get(OPENING + "/bytes", include_in_schema=False)
async def given_out(request: WebRequest, actor: Actor, opening: UUID) -> Response[Any]:
    """Bytes against the opening; asked again while they flow, so that a revoked share stops them."""
    found = await ticket(actor, opening)

    async def watch(sent: int) -> bool:
        await count_sent(opening, sent)
        return await still_open(actor, opening)

    return ranged(request, found.file, found.path, download=found.act == "download", watch=watch)


@get(OPENING + "/pictures/{at:int}", include_in_schema=False)
async def picture(request: WebRequest, actor: Actor, opening: UUID, at: int) -> Response[Any]:
    """A picture of the strip of a whole recording that is open."""
    await ticket(actor, opening)
    shown = await opening_shown(opening)
    files = dict(await strip_of(shown.footage)) if shown.copy_number is None else {}
    if at not in files:
        raise not_found()
    file, path = await open_file(files[at])
    return ranged(request, file, path)


@post(OPENING + "/copy", include_in_schema=False)
async def order(request: WebRequest, actor: Actor, opening: UUID) -> Response[Any]:
    """Order a copy of the span that was marked."""
    form = await form_of(request)
    await ticket(actor, opening)
    shown = await opening_shown(opening)
    try:
        await order_copy(actor, shown.footage_number, _draft(form), act_id=form.act_id)
    except Refusal as refusal:
        return await show(request, actor, opening, form=form, refusal=refusal)
    here = f"/footage/{shown.footage_number}#copies"
    return see_other(request, here, N_("Ordered. You are told when the copy is ready."))


@get(COPY + "/receive", include_in_schema=False)
async def receiving(request: WebRequest, actor: Actor, copy: str) -> Response[Any]:
    """Download a copy and compare its values."""
    return await show_receiving(request, actor, copy)


@post(COPY + "/download", include_in_schema=False)
async def download(request: WebRequest, actor: Actor, copy: str) -> Response[Any]:
    """Write the download down, then give the file."""
    form = await form_of(request)
    opening = await open_copy(actor, copy, "download", form.text("reason"))
    return see_other(request, f"/footage-openings/{opening}/bytes")


@post(COPY + "/receive", include_in_schema=False)
async def compared(request: WebRequest, actor: Actor, copy: str) -> Response[Any]:
    """Keep the values that the receiver computed, and say whether they are equal."""
    form, here = await form_of(request), f"/footage-copies/{copy}/receive"
    try:
        sha256, sm3 = _hex(form.text("sha256"), "sha256"), _hex(form.text("sm3"), "sm3", needed=False)
        equal = await confirm_copy(actor, copy, sha256 or b"", sm3, act_id=form.act_id)
    except Refusal as refusal:
        return await show_receiving(request, actor, copy, form=form, refusal=refusal)
    if equal:
        return see_other(request, here, N_("Equal: this is the copy that was handed over."))
    said = N_("The values differ. Both agencies and the supervisory organ are told; it cannot be signed for.")
    return see_other(request, here, said, kind="bad")


async def show(
    request: WebRequest, actor: Actor, opening: UUID, *, form: Form | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    """The page of the player; after a refusal with what was entered."""
    await ticket(actor, opening)
    shown = await opening_shown(opening)
    whole = shown.copy_number is None
    seen = await visible_footage(actor, shown.footage_number) if whole else None
    may_cut = seen is not None and seen.may(actor, Permission.FOOTAGE_CUT) is True
    words: dict[str, Any] = {
        "shown": shown,
        "may_cut": may_cut,
        "strip": [at for at, _ in await strip_of(shown.footage)] if whole else [],
        "requests": await open_requests(seen.holder) if seen and may_cut else [],
        "kinds": KIND_LABELS,
    }
    if form is not None and refusal is not None:
        return form_again(request, "video/player.html", form, refusal, **words)
    return page(request, "video/player.html", **clean_form(), **words)


async def show_receiving(
    request: WebRequest, actor: Actor, copy: str, *, form: Form | None = None, refusal: Refusal | None = None
) -> Response[Any]:
    """The page on which a copy is downloaded and compared."""
    seen = await visible_copy(actor, copy)
    words: dict[str, Any] = {"copy": await copy_shown(copy), "request_number": seen.request}
    if form is not None and refusal is not None:
        return form_again(request, "video/receive.html", form, refusal, **words)
    return page(request, "video/receive.html", **clean_form(), **words)


def _draft(form: Form) -> CopyDraft:
    """What the form of the player orders: seconds of the recording, rectangles as JSON.

    Raises:
        Invalid, Refusals: everything that is wrong, with its field.
    """
    values: dict[str, Any] = {"kind": form.text("kind"), "request": form.text("request") or None}
    for field in ("start", "end"):
        try:
            values[f"{field}_ms"] = round(float(form.text(field)) * 1000)
        except ValueError:
            raise Invalid(
                N_("Give the seconds from the beginning of the recording."), code="seconds", field=field
            ) from None
    try:
        values["masks"] = json.loads(form.text("masks") or "[]") if values["kind"] == "masked" else []
    except ValueError:
        raise Invalid(N_("The places that are covered cannot be read."), code="masks", field="masks") from None
    return parse(CopyDraft, values)


def _hex(text: str, field: str, *, needed: bool = True) -> bytes | None:
    """A value in hex.

    Raises:
        Invalid: it is none.
    """
    if not text and not needed:
        return None
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:
        raise Invalid(
            N_("This is no value of 64 letters and digits."),
            do=N_("Let the page compute it, or copy it whole."),
            code="digest",
            field=field,
        )
    return found


ROUTES: list[HTTPRouteHandler] = [
    ask_reason,
    play,
    ask_reason_for_copy,
    play_copy,
    player,
    given_out,
    picture,
    order,
    receiving,
    download,
    compared,
]
