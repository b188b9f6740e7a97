"""Certificates: added and declared void at an item, and the list of those that lapse soon."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from shared_resources.equipment.pages.items import own_full
from shared_resources.equipment.queries.certificates import doubtful_loans, due_certificates, failed_checks
from shared_resources.equipment.rules.certificates import KIND_LABELS, WARN_DAYS
from shared_resources.equipment.rules.procedures import ITEM
from shared_resources.equipment.schemas.register import CertificateDraft, DueLine, FailedCheckDraft
from shared_resources.equipment.service.certificates import add_certificate, record_failed_check, void_certificate
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Actor, Permission
from shared_resources.kernel.web.answers import clean_form, csv_file, form_again, query_of
from shared_resources.kernel.web.forms import form_of, parse
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.uploads import store_upload
from shared_resources.kernel.words import N_

FORM, FAILED = "equipment/certificates/form.html", "equipment/certificates/fail.html"
LONGEST_OUTLOOK = 366


@get("/certificates", include_in_schema=False)
async def due_list(request: WebRequest, actor: Actor) -> Response[str]:
    """What has to go to verification: lapsed, never certified, or lapsing soon."""
    days = outlook(query_of(request).get("days", ""))
    found = await due_certificates(actor, days)
    return page(
        request, "equipment/certificates/due.html", found=found, days=days, states=ITEM.states, grouped=grouped
    )


@get("/certificates.csv", include_in_schema=False)
async def due_file(request: WebRequest, actor: Actor) -> Response[bytes]:
    """The same list as CSV."""
    found = await due_certificates(actor, outlook(query_of(request).get("days", "")))
    names = list(DueLine.model_fields)
    return csv_file("certificates.csv", [names, *([getattr(line, name) for name in names] for line in found)])


def outlook(text: str) -> int:
    """How many days ahead to look; thirty when nothing sensible is asked."""
    return min(int(text), LONGEST_OUTLOOK) if text.isdecimal() and len(text) < 5 else WARN_DAYS


@get("/items/{code:str}/certificates/new", include_in_schema=False)
async def new_certificate(request: WebRequest, actor: Actor, code: str) -> Response[str]:
    """The form for a certificate."""
    item = await own_full(actor, code, Permission.ITEM_EDIT)
    entered = clean_form({"kind": "verification"})
    return page(request, FORM, item=item, kinds=KIND_LABELS, grouped=grouped, **entered)


@post("/items/{code:str}/certificates/new", include_in_schema=False)
async def save_certificate(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """Add a certificate with its scan, or say what is not right yet."""
    form = await form_of(request)
    item = await own_full(actor, code, Permission.ITEM_EDIT)
    try:
        draft = parse(CertificateDraft, form.values)
        scan = form.file("file")
        if scan is not None:
            draft = draft.model_copy(update={"file": await store_upload(actor, scan)})
        await add_certificate(actor, code, draft, act_id=form.act_id)
    except Refusal as refusal:
        return form_again(request, FORM, form, refusal, item=item, kinds=KIND_LABELS, grouped=grouped)
    return see_other(request, f"/items/{code}#certificates", N_("The certificate is recorded."))


@post("/items/{code:str}/certificates/{certificate:uuid}/void", include_in_schema=False)
async def declare_void(request: WebRequest, actor: Actor, code: str, certificate: UUID) -> Response[Any]:
    """Declare a certificate void; it stays in the history."""
    form = await form_of(request)
    await void_certificate(actor, code, certificate, form.text("note"), act_id=form.act_id)
    return see_other(request, f"/items/{code}#certificates", N_("The certificate is declared void."))


@get("/items/{code:str}/failed-checks/new", include_in_schema=False)
async def new_failure(request: WebRequest, actor: Actor, code: str) -> Response[str]:
    """The form for a check that the item failed."""
    item = await own_full(actor, code, Permission.ITEM_EDIT)
    return page(request, FAILED, item=item, grouped=grouped, **clean_form())


@post("/items/{code:str}/failed-checks/new", include_in_schema=False)
async def save_failure(request: WebRequest, actor: Actor, code: str) -> Response[Any]:
    """Record it, or say what is not right yet."""
    form = await form_of(request)
    item = await own_full(actor, code, Permission.ITEM_EDIT)
    try:
        await record_failed_check(actor, code, parse(FailedCheckDraft, form.values), act_id=form.act_id)
    except Refusal as refusal:
        return form_again(request, FAILED, form, refusal, item=item, grouped=grouped)
    return see_other(request, f"/items/{code}/failed-checks", N_("Recorded. Whoever measured with it is told."))


@get("/items/{code:str}/failed-checks", include_in_schema=False)
async def failures(request: WebRequest, actor: Actor, code: str) -> Response[str]:
    """The checks that an item failed, and the loans that are in doubt since the last one it passed."""
    item = await own_full(actor, code, Permission.ITEM_EDIT)
    checks = [(check, await doubtful_loans(item.id, check)) for check in await failed_checks(item.id)]
    return page(request, "equipment/certificates/failed.html", item=item, checks=checks, grouped=grouped)


ROUTES: list[HTTPRouteHandler] = [
    due_list,
    due_file,
    new_certificate,
    save_certificate,
    declare_void,
    new_failure,
    save_failure,
    failures,
]
