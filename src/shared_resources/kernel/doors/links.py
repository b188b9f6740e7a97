"""Links between records: list and form; for people and for programs."""

from typing import Any

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.doors.redisplay import KEPT, form_page
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.links import KIND_LABELS, LinkShown, link_records, links_seen
from shared_resources.kernel.permissions import Actor, Permission
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.web.forms import form_of
from shared_resources.kernel.web.pages import WebRequest, see_other
from shared_resources.kernel.words import N_

PAGE = "links/page.html"


class LinkDraft(BaseModel):
    """Which other record, and what this one is to it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    other: str = Field(max_length=40, description="number of the other record", examples=["L2026-00001"])
    kind: str = Field(max_length=20, description="part_of, about, follows or uses", examples=["uses"])


@get("/records/{number:str}/links", include_in_schema=False)
async def show_links(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[str]:
    """The links of a record, and the form for one more."""
    return await _page(request, actor, number, {})


@post("/records/{number:str}/links", include_in_schema=False)
async def add_link(request: WebRequest, actor: Actor, number: FromPath[str]) -> Response[Any]:
    """Link two records, or say what is against it."""
    form = await form_of(request)
    record = await visible_record(actor, number)
    try:
        await link_records(actor, number, form.text("other"), form.text("kind"), act_id=form.act_id)
    except KEPT as refusal:
        return await _page(request, actor, number, form.values, refusal)
    return see_other(request, record.path, N_("The two records are linked."))


@get("/api/v1/records/{number:str}/links", operation_id="links", summary="Links of a record", tags=["records"])
async def list_links(actor: Actor, number: FromPath[str]) -> list[LinkShown]:
    """Links whose other end the reader may see, in the order of making. Labels are English words."""
    record = await visible_record(actor, number)
    return list(await links_seen(actor, record.id))


@post(
    "/api/v1/records/{number:str}/links",
    operation_id="linkRecords",
    summary="Link two records",
    tags=["records"],
    status_code=204,
)
async def link_two(actor: Actor, number: FromPath[str], data: LinkDraft, act_id: str | None = None) -> None:
    """Both must be of the reader's business; a foreign number answers as an unknown one."""
    await link_records(actor, number, data.other, data.kind, act_id=act_id)


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
        links=await links_seen(actor, record.id),
        kinds=KIND_LABELS,
        allowed=record.may(actor, Permission.RECORD_LINK),
    )


ROUTES: list[HTTPRouteHandler] = [show_links, add_link, list_links, link_two]
