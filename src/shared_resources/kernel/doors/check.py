"""Checking a letter: anybody may, with or without an account. The file is looked at and not kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import Body

from shared_resources.kernel.doors.files import Sent
from shared_resources.kernel.doors.redisplay import form_page
from shared_resources.kernel.errors import Invalid, Refusal, TooLarge, TooMany
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.schemas.checks import CheckReport
from shared_resources.kernel.seals.comparing import Checked, Copy, examined
from shared_resources.kernel.seals.report import CannotCheck, Problem, Unreadable, Verdict
from shared_resources.kernel.storage import too_large
from shared_resources.kernel.web.forms import form_of
from shared_resources.kernel.web.pages import WebRequest, page
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

CHECK = "/check"

VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.VALID: (N_("Every electronic seal in this file is valid, and nothing was changed since."), "good"),
    Verdict.BROKEN: (N_("This file does not count as signed: it was changed after it was sealed."), "bad"),
    Verdict.UNTRUSTED: (N_("This file does not count as signed: a certificate in it is not good here."), "bad"),
    Verdict.UNVERIFIABLE: (N_("The seal in this file cannot be verified here."), "warning"),
    Verdict.UNSIGNED: (N_("This file bears no electronic seal."), "neutral"),
}
PROBLEMS: Mapping[Problem, str] = {
    Problem.CHANGED: N_("The content is not what was sealed: at least one byte was changed afterwards."),
    Problem.ADDED: N_("Something was added to the file after this seal that the seal does not allow."),
    Problem.UNKNOWN: N_("The seal was made by a method that cannot be verified here (such as SM2)."),
    Problem.UNREADABLE: N_("The seal itself is damaged and cannot be read."),
    Problem.STRANGER: N_("Nobody whom this system trusts vouches for this certificate; anybody could make it."),
    Problem.EXPIRED: N_("The certificate is not valid today, and no trusted time stamp proves an earlier time."),
    Problem.REVOKED: N_("The certificate was revoked."),
    Problem.UNFIT: N_("The certificate was not made for sealing letters."),
    Problem.STAMP: N_("The time stamp of the seal is not good."),
    Problem.OTHER: N_("The seal breaks a rule that the file itself sets."),
}
UNREADABLES: Mapping[Unreadable, tuple[str, str]] = {
    Unreadable.NO_PDF: (
        N_("This file is no PDF."),
        N_("Choose the PDF, not a photo or an office file."),
    ),
    Unreadable.DAMAGED: (N_("This PDF is damaged: it cannot be read to its end."), N_("Ask for another copy.")),
    Unreadable.ENCRYPTED: (N_("This PDF is locked with a password."), N_("Letters of this system never are.")),
    Unreadable.TOO_HARD: (N_("This PDF takes too long to read."), N_("Letters of this system never do.")),
}
COPIES: Mapping[Copy, str] = {
    Copy.ORIGINAL: N_("the letter before it was sealed"),
    Copy.SEALED: N_("the sealed letter"),
    Copy.SCAN: N_("the scan of the letter sealed on paper"),
}


@get(CHECK, include_in_schema=False)
async def check_form(request: WebRequest) -> Response[Any]:
    """Where a file is chosen."""
    return _page(request)


@post(CHECK, include_in_schema=False, status_code=200)
async def check_file(request: WebRequest) -> Response[Any]:
    """What a file is worth."""
    form = await form_of(request)
    try:
        upload = form.file("file")
        if upload is None:
            raise Invalid(N_("There is no file."), do=N_("Choose the PDF."), code="no_file", field="file")
        name, checked = upload.filename, await _checked(upload)
    except (Invalid, TooLarge, TooMany) as refusal:
        return _page(request, refusal)
    return _page(request, name=name, checked=checked)


@post(
    "/api/v1/check",
    operation_id="checkLetter",
    summary="Check a sealed letter",
    tags=["letters"],
    status_code=200,
)
async def check_letter(
    actor: Actor, data: Annotated[Sent, Body(media_type=RequestEncodingType.MULTI_PART)]
) -> CheckReport:
    """Send a PDF as multipart/form-data; get every electronic seal in it and the letter of ours that it is.

    Only ``is_valid`` counts. The file is not kept.
    """
    return CheckReport.of(await _checked(data.data))


async def _checked(upload: UploadFile) -> Checked:
    most = settings().upload_limit_mb * 1_000_000
    try:
        pdf = await upload.read(most + 1)
    finally:
        await upload.close()
    if len(pdf) > most:
        raise too_large(most)
    try:
        return await examined(pdf)
    except CannotCheck as refusal:
        sentence, do = UNREADABLES[refusal.why]
        raise Invalid(sentence, do=do, code=refusal.why.value, field="file") from None


def _page(
    request: WebRequest, refusal: Refusal | None = None, name: str = "", checked: Checked | None = None
) -> Response[str]:
    given: dict[str, Any] = {
        "name": name,
        "checked": checked,
        "verdicts": VERDICTS,
        "problems": PROBLEMS,
        "copies": COPIES,
        "limit": settings().upload_limit_mb,
    }
    if refusal:
        return form_page(request, "check/page.html", {}, refusal, **given)
    return page(request, "check/page.html", errors=[], wrong={}, **given)


ROUTES: list[HTTPRouteHandler] = [check_form, check_file, check_letter]
