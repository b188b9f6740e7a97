"""Words of the counter: who may stand on the other side, who holds what, and what the papers print besides."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared_resources.equipment.schemas.handover import InspectedItem
from shared_resources.equipment.schemas.loans import AgencyName
from shared_resources.equipment.schemas.register import Words


class CounterPerson(Words):
    """Somebody of the other side who may take part in a hand-over."""

    id: UUID
    name: str
    unit: str | None


class Counter(Words):
    """One's own side of a hand-over: whether one gives, to whom, and which person holds each item (by its id)."""

    gives: bool
    people: tuple[CounterPerson, ...]
    suggested: UUID | None
    holders: dict[UUID, UUID]


class OfficerLine(Words):
    """A person as the forms print them: with unit and law-enforcement permit."""

    name: str
    unit: str | None
    permit_no: str | None


class FormLine(Words):
    """What form 12 prints of an item beyond the loan's own line."""

    item: UUID
    category_zh: str
    category_en: str
    category: str
    needs_certificate: bool
    issuer: str | None


class LoanFormFacts(Words):
    """What form 12 prints beyond the loan's page: people with permits, depots, who released it at night."""

    asked_by: OfficerLine
    taker: OfficerLine
    decided_by: OfficerLine | None
    released_by: str | None
    released_at: datetime | None
    desk: str | None
    lines: dict[UUID, FormLine]
    depots: tuple[tuple[str, str, str], ...]


class Inspection(Words):
    """What the owner found on returned items."""

    findings: tuple[InspectedItem, ...] = Field(min_length=1, max_length=300)


class LaterBooking(Words):
    """A booking that an incident touched: how it stands now, and the item it got instead."""

    loan: str
    borrower: AgencyName
    starts_at: datetime
    label: str
    tone: str
    new_code: str | None
