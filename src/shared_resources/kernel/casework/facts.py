"""The facts of a record that rules, letters and pages look at. Pure values; ``casework.reads`` gathers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared_resources.kernel.parties import Parties
from shared_resources.kernel.roles import Relation


@dataclass(frozen=True)
class AgencyFacts:
    """An agency as letters and rules need it."""

    id: UUID
    slug: str
    name_zh: str
    name_en: str
    letter_code: str | None = None
    address: str | None = None
    office: Relation | None = None
    electronic_consent_on: date | None = None
    level: str = "municipal"
    joins_by_agreement: bool = False


@dataclass(frozen=True)
class Filed:
    """A form as it was filed: by whom, when, in which step; ``body`` in the words of JSON."""

    step: str
    form: str
    body: Mapping[str, Any]
    agency: UUID | None
    person: UUID | None
    person_name: str
    at: datetime


@dataclass(frozen=True)
class Linked:
    """Another record that this one points to (``outward``) or that points to this one.

    ``by_hand``: people linked the two afterwards; no rule acts on that.
    """

    kind: str  # part_of | about | follows | uses
    outward: bool
    record: UUID
    number: str
    record_kind: str
    title: str
    state: str
    is_final: bool
    by_hand: bool = False


@dataclass(frozen=True)
class Letter:
    """A letter that was issued on the record."""

    id: UUID
    kind: str
    number: str
    title: str
    issuer: UUID
    step: str
    issued_at: datetime


@dataclass(frozen=True)
class Facts:
    """One record with everything on it, as of ``now``. Lists are in the order of happening."""

    id: UUID
    number: str
    kind: str
    title: str
    state: str
    version: int
    opened_at: datetime
    opened_by: UUID | None
    parties: Parties
    agencies: Mapping[UUID, AgencyFacts]
    filings: tuple[Filed, ...]
    letters: tuple[Letter, ...]
    links: tuple[Linked, ...]
    now: datetime
    today: date

    def all(self, step: str, agency: UUID | None = None) -> tuple[Filed, ...]:
        """Every form filed with ``step``, by one agency or by any."""
        return tuple(
            filed for filed in self.filings if filed.step == step and (agency is None or filed.agency == agency)
        )

    def last(self, step: str, agency: UUID | None = None) -> Mapping[str, Any]:
        """The body of the newest form filed with ``step``; empty when there is none."""
        found = self.all(step, agency)
        return found[-1].body if found else {}

    def has(self, step: str, agency: UUID | None = None) -> bool:
        """Whether a form was filed with ``step``."""
        return bool(self.all(step, agency))

    def since(self, earlier: str, step: str) -> tuple[Filed, ...]:
        """Forms filed with ``step`` after the newest one of ``earlier``: comments since the last circulation."""
        begun = [index for index, filed in enumerate(self.filings) if filed.step == earlier]
        return tuple(filed for filed in self.filings[begun[-1] :] if filed.step == step) if begun else ()

    def agency(self, part: Relation) -> AgencyFacts:
        """The agency that plays ``part`` (the first of several)."""
        return self.agencies[self.parties[part]]

    def names(self, part: Relation) -> tuple[str, ...]:
        """The Chinese names of all that play ``part``, as letters print them."""
        return tuple(self.agencies[agency].name_zh for agency in self.parties.all(part))

    def name(self, agency: UUID | str) -> str:
        """The Chinese name of an agency that the record or one of its forms names."""
        return self.agencies[UUID(str(agency))].name_zh

    def letter(self, kind: str) -> Letter | None:
        """The newest issued letter of ``kind``."""
        found = [letter for letter in self.letters if letter.kind == kind]
        return found[-1] if found else None

    def linked(self, record_kind: str, kind: str | None = None) -> tuple[Linked, ...]:
        """Records of a kind that acts of the house linked with this one, by one kind of link or by any."""
        return tuple(
            link
            for link in self.links
            if link.record_kind == record_kind and kind in (None, link.kind) and not link.by_hand
        )

    def points_to(self, kind: str) -> tuple[Linked, ...]:
        """Records to which an act of the house let this one point by a kind of link."""
        return tuple(link for link in self.links if link.outward and link.kind == kind and not link.by_hand)

    def with_filing(self, filed: Filed) -> Facts:
        """These facts once ``filed`` is on the record: for letters of the step that files it."""
        return replace(self, filings=(*self.filings, filed))
