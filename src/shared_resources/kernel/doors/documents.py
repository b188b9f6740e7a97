"""Issued letters: their page, the original, the editable copy, and the proof that they are as they were issued."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from shared_resources.kernel import documents
from shared_resources.kernel.documents import Proof
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.schemas.letters import LAYOUT_LABELS, LetterPage
from shared_resources.kernel.seals.views import letter_seals
from shared_resources.kernel.web.pages import WebRequest, page, see_other
from shared_resources.kernel.web.ranged import ranged
from shared_resources.kernel.words import N_

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FOR_GOOD = "private, max-age=86400, immutable"
"""The bytes under an address never change; only the reader's own browser keeps them."""
FOUND = {
    Proof.SAME: (N_("The original is whole, and set once more the letter is the same to the last byte."), "good"),
    Proof.FACES_CHANGED: (
        N_(
            "The original is whole: its SHA-256 is the journalled one. It cannot be set again to the same bytes,"
            " because the typefaces here have changed since."
        ),
        "info",
    ),
    Proof.DIFFERENT: (
        N_(
            "The original is whole: its SHA-256 is the journalled one. Set once more the bytes differ: another"
            " version of the typesetting is installed now."
        ),
        "warning",
    ),
    Proof.ALTERED: (
        N_("The stored file is missing or was altered: its SHA-256 is not the journalled one. Tell the operator."),
        "bad",
    ),
}


@get("/documents/{document:uuid}", include_in_schema=False)
async def one_letter(request: WebRequest, actor: Actor, document: FromPath[UUID]) -> Response[Any]:
    """The page of a letter."""
    letter = await documents.open_letter(actor, document)
    return page(
        request,
        "documents/page.html",
        letter=letter,
        layouts=LAYOUT_LABELS,
        sealed=await letter_seals(actor, document),
    )


@get("/documents/{document:uuid}/pdf", include_in_schema=False)
async def letter_pdf(
    request: WebRequest, actor: Actor, document: FromPath[UUID], download: FromQuery[bool] = False
) -> Response[Any]:
    """The unsigned original."""
    original = await documents.original_of(actor, document)
    answer = ranged(request, original.file, original.path, download=download)
    answer.headers["cache-control"] = FOR_GOOD
    return answer


@get("/documents/{document:uuid}/docx", include_in_schema=False)
async def letter_docx(actor: Actor, document: FromPath[UUID]) -> Response[bytes]:
    """The editable copy; never the original."""
    letter = await documents.read_letter(actor, document)
    name = quote(f"{letter.number}（可编辑副本）.docx", safe="")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "private, no-store"}
    return Response(await documents.docx_of(document), media_type=DOCX, headers=headers)


@post("/documents/{document:uuid}/check", include_in_schema=False)
async def check_letter(request: WebRequest, actor: Actor, document: FromPath[UUID]) -> Response[Any]:
    """Whether the letter is as it was issued."""
    await documents.open_letter(actor, document)
    said, kind = FOUND[await documents.prove(document)]
    return see_other(request, f"/documents/{document}", said, kind=kind)


@get(
    "/api/v1/documents/{document:uuid}",
    operation_id="getDocument",
    summary="An issued letter: number, addressees, the SHA-256 of its original",
    tags=["letters"],
)
async def letter(actor: Actor, document: FromPath[UUID]) -> LetterPage:
    """One letter, for those who may see its record and for its addressees. The original: `/documents/{id}/pdf`."""
    return await documents.open_letter(actor, document)


ROUTES: list[HTTPRouteHandler] = [one_letter, letter_pdf, letter_docx, check_letter, letter]
