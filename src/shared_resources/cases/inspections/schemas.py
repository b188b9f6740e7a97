"""Words of the register of regulated parties, and the forms of inspection plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.identity.credit_code import is_credit_code
from shared_resources.kernel.schemas.asked import SUBFIELD_LABELS, Subfield
from shared_resources.kernel.words import N_

LONGEST_WINDOW = 366
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


class PartyKind(StrEnum):
    """A person or an organisation (管理相对人)."""

    PERSON = "person"
    ORGANISATION = "organisation"


PARTY_KIND_LABELS: Mapping[PartyKind, str] = {
    PartyKind.PERSON: N_("Natural person"),
    PartyKind.ORGANISATION: N_("Organisation"),
}


class PartyDraft(BaseModel):
    """An entry of the register as it is made or changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    kind: PartyKind
    name: str = Field(min_length=2, max_length=120, examples=["重庆某某化工有限公司"])
    code: str | None = Field(default=None, max_length=18, description="unified social credit code (GB 32100)")
    id_number: str | None = Field(default=None, max_length=18, description="a person's; shown masked ever after")
    address: str | None = Field(default=None, max_length=200)
    subfields: tuple[Subfield, ...] = ()

    @field_validator("code", "id_number", mode="before")
    @classmethod
    def _written_large(cls, value: object) -> object:
        return value.strip().upper() or None if isinstance(value, str) else value

    @field_validator("code")
    @classmethod
    def _code_adds_up(cls, value: str | None) -> str | None:
        if value is not None and not is_credit_code(value):
            raise ValueError(N_("This is no unified social credit code: its check character is wrong."))
        return value

    @field_validator("id_number")
    @classmethod
    def _number_adds_up(cls, value: str | None) -> str | None:
        if value is not None and not is_id_number(value):
            raise ValueError(N_("This is no identity number: its check character is wrong."))
        return value

    @model_validator(mode="after")
    def _numbers_fit_the_kind(self) -> Self:
        if self.kind is PartyKind.ORGANISATION and self.id_number is not None:
            raise ValueError(N_("Only a person has an identity number."))
        if self.kind is PartyKind.ORGANISATION and self.code is None:
            raise ValueError(N_("An organisation has a unified social credit code."))
        return self


def is_id_number(number: str) -> bool:
    """Whether 18 characters of a citizen's number add up (GB 11643: mod 11-2)."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], ID_WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17]


def masked(number: str | None) -> str | None:
    """An identity number as it is shown: the first three and the last two characters."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}" if number else None


class PartyView(BaseModel):
    """An entry of the register as everybody sees it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    number: str
    kind: PartyKind
    name: str
    code: str | None
    id_number: str | None = Field(description="masked")
    address: str | None
    subfields: tuple[Subfield, ...]
    version: int


@dataclass(frozen=True)
class PlannedWindow:
    """That an agency plans to inspect a party, and when: all that others learn. ``number`` on one's own plans."""

    agency: UUID
    agency_name_zh: str
    agency_name_en: str
    first: date
    last: date
    state_label: str
    tone: str
    is_open: bool
    number: str | None = None


class InspectionOpening(Asked):
    """A planned inspection: whom, when, on what."""

    party: Annotated[
        str, Ask(N_("Regulated party"), hint=N_("Its number in the register, or its unified social credit code."))
    ] = Field(min_length=3, max_length=40)
    first: Annotated[date, Ask(N_("From"), default_today=True)]
    last: Annotated[date, Ask(N_("To"))]
    subfield: Annotated[Subfield, Ask(N_("Field"), labels=SUBFIELD_LABELS)]
    subject: Annotated[str, Ask(N_("What is inspected"), widget="textarea")] = Field(min_length=2, max_length=1000)
    annual_check: Annotated[
        str, Ask(N_("Annual check"), hint=N_("Its name, when this is one; annual checks are held together."))
    ] = Field(default="", max_length=80)

    @model_validator(mode="after")
    def _is_a_window(self) -> Self:
        if self.last < self.first:
            raise ValueError(N_("The window ends before it begins."))
        if (self.last - self.first).days > LONGEST_WINDOW:
            raise ValueError(N_("A window is a year long at most."))
        return self


class OtherPlan(Asked):
    """Another agency's window."""

    agency: Annotated[UUID, Ask(N_("Agency"))]
    first: Annotated[date, Ask(N_("From"))]
    last: Annotated[date, Ask(N_("To"))]


class OverlapFound(Asked):
    """What the house found: who else plans to inspect the same party in the same days."""

    others: Annotated[tuple[OtherPlan, ...], Ask(N_("Also planned"))] = Field(min_length=1)


class JointProposal(Asked):
    """A joint inspection, proposed to another agency."""

    agency: Annotated[UUID, Ask(N_("Propose it to"))]
    first: Annotated[date, Ask(N_("Together from"))]
    last: Annotated[date, Ask(N_("Together to"))]
    proposal: Annotated[str, Ask(N_("How to share the work"), widget="textarea")] = Field(
        min_length=2, max_length=2000
    )

    @model_validator(mode="after")
    def _is_a_window(self) -> Self:
        if self.last < self.first:
            raise ValueError(N_("The window ends before it begins."))
        return self


class JointAnswer(Asked):
    """The other agency's word on it."""

    remark: Annotated[str, Ask(N_("Remark"))] = Field(default="", max_length=1000)


class SeparateReason(Asked):
    """Why two inspections are needed all the same (JE-1b)."""

    reason: Annotated[
        str, Ask(N_("Why a joint inspection is not possible"), widget="textarea", hint=N_("The others are told."))
    ] = Field(min_length=10, max_length=2000)


class HeardReason(Asked):
    """Another agency inspects on its own, and why."""

    agency: Annotated[UUID, Ask(N_("Agency"))]
    reason: Annotated[str, Ask(N_("Its reason"), widget="textarea")] = Field(max_length=2000)


class InspectionResult(Asked):
    """The inspection took place."""

    done_on: Annotated[date, Ask(N_("Inspected on"), default_today=True)]
    result: Annotated[str, Ask(N_("Result"), widget="textarea")] = Field(min_length=2, max_length=4000)
