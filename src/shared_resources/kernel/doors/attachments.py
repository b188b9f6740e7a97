"""Papers on records: list and form, the bytes, taking back; for people and for programs."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery
from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.attachments import (
    attach,
    attachments_of,
    may_attach,
    open_attachment,
    refuse_undeclared,
    withdraw_attachment,
)
from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.errors import Invalid, Refusal
from shared_resources.kernel.permissions import Actor, Permission
from shared_resources.kernel.schemas.attachments import CLASS_LABELS, AttachmentDraft, AttachmentView
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.web.forms import Form, form_of, parse
from shared_resources.kernel.web.pages import WebRequest, see_other
from shared_resources.kernel.web.ranged import ranged
from shared_resources.kernel.web.uploads import store_upload
from shared_resources.kernel.words import N_

PAGE = "attachments/page.html"


class Reason(BaseModel):
    """Why a paper is taken back."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    note: str = Field(min_length=1, max_length=1000, examples=["发错附件"])


class Attached(BaseModel):
    """A paper that was put on a record."""

    model_config = ConfigDict(frozen=True)

    id: UUID


@get("/records/{number:str}/attachments", include_in_schema=False)
async def show_attachments(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[str]:
    """The papers of a record, and the form for one more."""
    return await _page(request, actor, number, {})


@post("/records/{number:str}/attachments", include_in_schema=False)
async def add_attachment(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[Any]:
    """Put a file on a record, or say what is against it."""
    form = await form_of(request)
    record = await may_attach(actor, number)
    try:
        draft = await _draft(actor, form)
        await attach(actor, number, draft, act_id=form.act_id)
    except KEPT as refusal:
        return await _page(request, actor, number, form.values, refusal)
    return see_other(request, record.path, N_("The paper is on the record."))


@get("/attachments/{attachment:uuid}", include_in_schema=False)
async def read_attachment(
    request: WebRequest, actor: Actor, attachment: FromPath[UUID], download: FromQuery[bool] = False
) -> Response[Any]:
    """The bytes of a paper; reading a sensitive one is noted."""
    found, path = await open_attachment(actor, attachment)
    return ranged(request, found, path, download=download)


@post("/attachments/{attachment:uuid}/withdraw", include_in_schema=False)
async def take_back(request: WebRequest, actor: Actor, attachment: FromPath[UUID]) -> Response[Any]:
    """Take a paper back."""
    form = await form_of(request)
    number = await withdraw_attachment(actor, attachment, form.text("note"), act_id=form.act_id)
    return see_other(request, (await visible_record(actor, number)).path, N_("The paper is taken back."))


@get(
    "/api/v1/records/{number:str}/attachments",
    operation_id="attachments",
    summary="Papers on a record",
    tags=["records"],
)
async def list_attachments(actor: Actor, number: FromPath[str]) -> list[AttachmentView]:
    """The papers in the order of adding, those taken back too; their bytes are at ``/attachments/{id}``."""
    record = await visible_record(actor, number)
    return list(await attachments_of(record.id))


@post(
    "/api/v1/records/{number:str}/attachments",
    operation_id="attach",
    summary="Put a file on a record",
    tags=["records"],
    status_code=201,
)
async def attach_file(
    actor: Actor, number: FromPath[str], data: AttachmentDraft, act_id: str | None = None
) -> Attached:
    """A file kept before at ``/api/v1/files``; a marked one is stopped and set aside."""
    return Attached(id=await attach(actor, number, data, act_id=act_id))


@post(
    "/api/v1/attachments/{attachment:uuid}/withdraw",
    operation_id="withdrawAttachment",
    summary="Take a paper back",
    tags=["records"],
    status_code=204,
)
async def withdraw(actor: Actor, attachment: FromPath[UUID], data: Reason, act_id: str | None = None) -> None:
    """Only the agency that put it there; it stays in the journal."""
    await withdraw_attachment(actor, attachment, data.note, act_id=act_id)


async def _draft(actor: Actor, form: Form) -> AttachmentDraft:
    """The form as a draft; its file is kept once everything else about it is right.

    Raises:
        Invalid, TooLarge: see ``uploads.store_upload``.
    """
    refuse_undeclared(form.flag("declared"))
    upload = form.file("file")
    if upload is None:
        raise Invalid(N_("Choose a file."), code="needed", field="file")
    fields = {**form.values, "declared": True}
    parse(AttachmentDraft, {**fields, "file": str(UUID(int=0))})
    return parse(AttachmentDraft, {**fields, "file": str(await store_upload(actor, upload))})


async def _page(
    request: WebRequest, actor: Actor, number: str, values: dict[str, str], refusal: Refusal | None = None
) -> Response[str]:
    record = await visible_record(actor, number)
    return form_page(
        request,
        PAGE,
        values,
        refusal,
        record=record,
        attachments=await attachments_of(record.id),
        classes=CLASS_LABELS,
        allowed=record.may(actor, Permission.RECORD_ATTACH),
    )


ROUTES: list[HTTPRouteHandler] = [
    show_attachments,
    add_attachment,
    read_attachment,
    take_back,
    list_attachments,
    attach_file,
    withdraw,
]
