"""Seals: on a letter by those who sign it, and the agency's own by its administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from shared_resources.kernel.documents import open_letter
from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.errors import Invalid, Refusal, TooLarge
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.seals import countersign_letter, file_scan, setup, sign_letter, views
from shared_resources.kernel.web.forms import Form, form_of
from shared_resources.kernel.web.pages import WebRequest, see_other
from shared_resources.kernel.web.ranged import ranged
from shared_resources.kernel.web.uploads import store_upload
from shared_resources.kernel.words import N_

SEALS = "/seals"


@post("/seals/letters/{document:uuid}/sign", include_in_schema=False)
async def sign(request: WebRequest, actor: Actor, document: FromPath[UUID]) -> Response[Any]:
    """Seal one's own agency's letter."""
    form = await form_of(request)
    await sign_letter(actor, document, form.act_id)
    return see_other(request, f"/documents/{document}", N_("The letter bears your agency's seal."))


@post("/seals/letters/{document:uuid}/countersign", include_in_schema=False)
async def countersign(request: WebRequest, actor: Actor, document: FromPath[UUID]) -> Response[Any]:
    """Add one's own agency's seal to another's letter."""
    form = await form_of(request)
    await countersign_letter(actor, document, form.act_id)
    return see_other(request, f"/documents/{document}", N_("The letter bears your agency's seal."))


@post("/seals/letters/{document:uuid}/file", include_in_schema=False)
async def file(request: WebRequest, actor: Actor, document: FromPath[UUID]) -> Response[Any]:
    """File the scan of the sealed paper."""
    form = await form_of(request)
    upload = form.file("scan")
    if upload is None:
        raise Invalid(N_("There is no file."), do=N_("Choose the scan."), code="file_missing", field="scan")
    await open_letter(actor, document)  # whose letter it is comes before keeping anything
    await file_scan(actor, document, await store_upload(actor, upload), form.act_id)
    return see_other(request, f"/documents/{document}", N_("The scan is filed."))


@get("/seals/letters/{document:uuid}/{signature:uuid}", include_in_schema=False)
async def sealed_pdf(
    request: WebRequest,
    actor: Actor,
    document: FromPath[UUID],
    signature: FromPath[UUID],
    download: FromQuery[bool] = False,
) -> Response[Any]:
    """The letter with its seals, or the scan of the sealed paper."""
    found, path = await views.sealed_file(actor, document, signature)
    return ranged(request, found, path, download=download)


@get(SEALS, include_in_schema=False)
async def own_seal(request: WebRequest, actor: Actor) -> Response[Any]:
    """The seal of one's agency."""
    return await _seal_page(request, actor)


@post(SEALS, include_in_schema=False)
async def use_seal(request: WebRequest, actor: Actor) -> Response[Any]:
    """Enter a seal: a key file, a token, or paper. The one before ends."""
    form = await form_of(request)
    try:
        await _entered(actor, form)
    except (*KEPT, TooLarge) as refusal:
        return await _seal_page(request, actor, form.values, refusal)
    return see_other(request, SEALS, N_("Your agency uses this seal from now on."))


@post("/seals/end", include_in_schema=False)
async def end(request: WebRequest, actor: Actor) -> Response[Any]:
    """End the seal."""
    await setup.end_seal(actor)
    return see_other(request, SEALS, N_("The seal is ended. Letters that bear it stay as they are."))


async def _entered(actor: Actor, form: Form) -> None:
    match form.text("kind"):
        case "pkcs12":
            await setup.use_key_file(actor, await _key_file(form), form.secret("passphrase"))
        case "pkcs11":
            await setup.use_token(actor, _needed(form, "token"), _needed(form, "label"))
        case "scan":
            await setup.use_paper(actor)
        case _:
            raise Invalid(N_("Choose how your agency seals."), code="seal_kind", field="kind")


async def _key_file(form: Form) -> bytes:
    upload = form.file("file")
    if upload is None:
        raise Invalid(N_("There is no file."), do=N_("Choose the key file."), code="file_missing", field="file")
    try:
        return await upload.read(setup.LARGEST_KEY_FILE)
    finally:
        await upload.close()


def _needed(form: Form, name: str) -> str:
    given = form.text(name)
    if not given:
        raise Invalid(N_("This is needed."), code="missing", field=name)
    return given


async def _seal_page(
    request: WebRequest, actor: Actor, values: dict[str, str] | None = None, refusal: Refusal | None = None
) -> Response[str]:
    found = await views.seal_page(actor)
    return form_page(request, "seals/page.html", values or {}, refusal, seals=found, kinds=views.KIND_LABELS)


ROUTES: list[HTTPRouteHandler] = [sign, countersign, file, sealed_pdf, own_seal, use_seal, end]
