"""Laboratories as readers see them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class SearchFor(BaseModel):
    """Who can do this test by that date: words of item, matrix, method or laboratory; a day; an owner (slug)."""

    model_config = ConfigDict(frozen=True)

    q: str = Field("", max_length=100)
    by: date | None = None
    owner: str = Field("", max_length=60)
    lapsed: bool = False


class LaboratoryView(BaseModel):
    """A laboratory in the directory. ``load``: delegations in work; ``finish``: the earliest day of a report."""

    number: str
    state: str
    name_zh: str
    name_en: str
    address: str
    contact: str
    phone: str
    turnaround_days: int
    capacity: int
    remarks: str | None
    owner_slug: str
    owner_name_zh: str
    owner_name_en: str
    load: int
    finish: date


class ScopeView(BaseModel):
    """A scope row with the certificate that it stands on. ``days``: working days to the report."""

    id: UUID
    field: str
    item: str
    matrix: str
    method: str
    limits: str | None
    unit: str | None
    days: int
    price_fen: int | None
    certificate_kind: str
    certificate_no: str
    valid_to: date
    is_valid: bool


class Offer(BaseModel):
    """A laboratory that can do what was searched for: the row, the earliest day, what speaks against it."""

    laboratory: LaboratoryView
    scope: ScopeView
    finish: date
    in_time: bool


class OfferList(BaseModel):
    """Offers, the soonest first; ``more``: there are others."""

    offers: tuple[Offer, ...]
    more: bool


class LaboratoryList(BaseModel):
    """Laboratories by name."""

    laboratories: tuple[LaboratoryView, ...]


class CertificateView(BaseModel):
    """A certificate of a laboratory."""

    id: UUID
    kind: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date
    ended_on: date | None


class SignatoryView(BaseModel):
    """A person who may sign, in which fields, until when."""

    id: UUID
    person: UUID
    name: str
    fields: tuple[str, ...]
    valid_from: date
    valid_to: date
    ended_on: date | None


class ClosureView(BaseModel):
    """Days on which a laboratory is shut."""

    id: UUID
    first_day: date
    last_day: date
    reason: str


class StoreView(BaseModel):
    """A place for samples."""

    id: UUID
    name: str
    lowest_c: float | None
    highest_c: float | None
    keeper: UUID
    keeper_name: str


class DayLoad(BaseModel):
    """One day of the laboratory's calendar: how many delegations are in work, how many are due."""

    day: date
    works: bool
    in_work: int
    due: int
    full: bool
    reason: str = ""


class LaboratoryPage(BaseModel):
    """A laboratory with everything it says of itself."""

    laboratory: LaboratoryView
    certificates: tuple[CertificateView, ...]
    signatories: tuple[SignatoryView, ...]
    closures: tuple[ClosureView, ...]
    stores: tuple[StoreView, ...]
    scope_rows: int
    changed_at: datetime
