"""The directory of laboratories, for programs."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Example
from litestar.params import Body, Parameter
from pydantic import BaseModel, Field

from shared_resources.kernel.asks import Asked
from shared_resources.kernel.permissions import Actor
from shared_resources.lab.queries.directory import laboratories, laboratory_page, offers, scope_rows
from shared_resources.lab.schemas import directory as drafts
from shared_resources.lab.schemas.views import LaboratoryList, LaboratoryPage, OfferList, ScopeView, SearchFor
from shared_resources.lab.service.directory import add_part, register_laboratory

BASE = "/api/v1/laboratories"
ONE = BASE + "/{number:str}"
TAGS = ["laboratories"]
Words = Annotated[str, Parameter(description="words of item, matrix, method or laboratory", max_length=100)]
Slug = Annotated[str, Parameter(description="slug of the agency", max_length=60)]
Size = Annotated[int | None, Parameter(ge=1, le=200)]
FOOD = Example(
    summary="A food laboratory",
    value={
        "name_zh": "市食品药品检验检测研究院",
        "name_en": "Institute for Food and Drug Control",
        "address": "渝北区春兰二路1号",
        "contact": "收样室",
        "phone": "023-60350001",
        "turnaround_days": 20,
        "capacity": 40,
    },
)


class LaboratoryMade(BaseModel):
    """A laboratory as it was entered."""

    number: str = Field(examples=["LB2026-00012"])


class PartMade(BaseModel):
    """A certificate, scope row, authorisation, closure or store as it was entered."""

    id: UUID


class ScopeList(BaseModel):
    """A page of a scope and the cursor of the next."""

    rows: tuple[ScopeView, ...]
    next: str | None = None


@get(BASE, operation_id="listLaboratories", summary="Every laboratory that accepts delegations", tags=TAGS)
async def every(actor: Actor, owner: Slug = "") -> LaboratoryList:
    """By name, those of one's own agency first."""
    return await laboratories(actor, owner)


@get("/api/v1/lab-offers", operation_id="findLaboratories", summary="Who can do this test by that date", tags=TAGS)
async def who_can(
    actor: Actor, q: Words, by: date | None = None, owner: Slug = "", lapsed: bool = False
) -> OfferList:
    """The soonest first; those too late or without a valid certificate only when asked for."""
    return await offers(actor, SearchFor(q=q, by=by, owner=owner, lapsed=lapsed))


@get(ONE, operation_id="getLaboratory", summary="One laboratory", tags=TAGS)
async def one(actor: Actor, number: str) -> LaboratoryPage:
    """Certificates, signatories, closed days."""
    shown, _, _ = await laboratory_page(actor, number)
    return shown


@get(ONE + "/scope", operation_id="listScope", summary="The scope of a laboratory", tags=TAGS)
async def scope(
    actor: Actor, number: str, q: Words = "", cursor: str | None = None, size: Size = None
) -> ScopeList:
    """By item; rows that were ended are left out."""
    _, record, _ = await laboratory_page(actor, number)
    rows, following = await scope_rows(actor, record, q, cursor=cursor, size=size)
    return ScopeList(rows=rows, next=following)


@post(BASE, operation_id="registerLaboratory", summary="Enter a laboratory of one's agency", tags=TAGS)
async def register(
    actor: Actor, data: Annotated[drafts.LaboratoryDraft, Body(examples=[FOOD])], act_id: str | None
) -> LaboratoryMade:
    """Its number is returned."""
    moved = await register_laboratory(actor, data, act_id)
    return LaboratoryMade(number=moved.number)


@post(ONE + "/certificates", operation_id="addLabCertificate", summary="Add a certificate", tags=TAGS)
async def certificate(actor: Actor, number: str, data: drafts.CertificateDraft, act_id: str | None) -> PartMade:
    """CMA or CNAS, with its days."""
    return await _made(actor, number, data, act_id)


@post(ONE + "/scope", operation_id="addScopeRow", summary="Add a scope row", tags=TAGS)
async def scope_row(actor: Actor, number: str, data: drafts.ScopeDraft, act_id: str | None) -> PartMade:
    """An item in a matrix by a method, under one of the laboratory's certificates."""
    return await _made(actor, number, data, act_id)


@post(ONE + "/signatories", operation_id="addSignatory", summary="Authorise a signatory", tags=TAGS)
async def signatory(actor: Actor, number: str, data: drafts.SignatoryDraft, act_id: str | None) -> PartMade:
    """In which fields, from when to when."""
    return await _made(actor, number, data, act_id)


@post(ONE + "/closures", operation_id="addLabClosure", summary="Announce closed days", tags=TAGS)
async def closure(actor: Actor, number: str, data: drafts.ClosureDraft, act_id: str | None) -> PartMade:
    """Days on which it is shut although others work."""
    return await _made(actor, number, data, act_id)


async def _made(actor: Actor, number: str, draft: Asked, act_id: str | None) -> PartMade:
    return PartMade(id=await add_part(actor, number, draft, act_id))


ROUTES: list[HTTPRouteHandler] = [
    every,
    who_can,
    one,
    scope,
    register,
    certificate,
    scope_row,
    signatory,
    closure,
]
