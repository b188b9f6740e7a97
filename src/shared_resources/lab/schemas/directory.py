"""What a laboratory says of itself: what it is, by what it is accredited, for what, who signs, when it is shut."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.words import N_

EMPTY_PRICE = N_("Only where it is charged; nothing is charged between agencies.")


class LaboratoryDraft(Asked):
    """A laboratory as it stands in the directory.

    ``turnaround_days``: working days from the receipt of the sample to the report. ``capacity``: how many
    delegations it can have in work at once.
    """

    name_zh: Annotated[str, Ask(N_("Name in Chinese"))] = Field(min_length=2, max_length=80)
    name_en: Annotated[str, Ask(N_("Name in English"))] = Field(min_length=2, max_length=120)
    address: Annotated[str, Ask(N_("Address for samples"))] = Field(min_length=2, max_length=120)
    contact: Annotated[str, Ask(N_("Contact"))] = Field(min_length=1, max_length=40)
    phone: Annotated[str, Ask(N_("Phone"))] = Field(min_length=3, max_length=40)
    turnaround_days: Annotated[
        int, Ask(N_("Working days to the report"), hint=N_("Counted from the receipt of the sample."))
    ] = Field(ge=1, le=250)
    capacity: Annotated[int, Ask(N_("Delegations in work at once"))] = Field(10, ge=1, le=10000)
    remarks: Annotated[str | None, Ask(N_("Remarks"), widget="textarea")] = Field(None, max_length=1000)


class CertificateKind(StrEnum):
    """CMA: what a report needs to stand as evidence (检验检测机构资质认定); CNAS: accreditation besides."""

    CMA = "cma"
    CNAS = "cnas"


CERTIFICATE_LABELS: Mapping[CertificateKind, str] = {
    CertificateKind.CMA: N_("CMA (qualification)"),
    CertificateKind.CNAS: N_("CNAS (accreditation)"),
}


class CertificateDraft(Asked):
    """A certificate with its first and last day."""

    kind: Annotated[CertificateKind, Ask(N_("Kind"), labels=CERTIFICATE_LABELS)]
    number: Annotated[str, Ask(N_("Certificate number"))] = Field(min_length=2, max_length=60)
    issuer: Annotated[str, Ask(N_("Issued by"))] = Field(min_length=2, max_length=80)
    valid_from: Annotated[date, Ask(N_("First day"))]
    valid_to: Annotated[date, Ask(N_("Last day"))]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError(N_("The certificate ends before it begins."))
        return self


class ScopeRow(Asked):
    """What may be tested: an item in a matrix by a method."""

    field: Annotated[str, Ask(N_("Authorised field"), hint=N_("As signatories are authorised, such as 食品."))] = (
        Field(min_length=1, max_length=40)
    )
    item: Annotated[str, Ask(N_("Test item"))] = Field(min_length=1, max_length=80)
    matrix: Annotated[str, Ask(N_("Matrix"), hint=N_("What it is looked for in, such as 蔬菜."))] = Field(
        min_length=1, max_length=80
    )
    method: Annotated[str, Ask(N_("Method or standard"))] = Field(min_length=2, max_length=120)
    limits: Annotated[str | None, Ask(N_("Limits of the method"))] = Field(None, max_length=60)
    unit: Annotated[str | None, Ask(N_("Unit of measure"))] = Field(None, max_length=20)
    days: Annotated[int | None, Ask(N_("Working days"), hint=N_("Empty: as the laboratory."))] = Field(
        None, ge=1, le=250
    )
    price_fen: Annotated[int | None, Ask(N_("Price in fen"), hint=EMPTY_PRICE)] = Field(None, ge=0, le=10_000_000)


class ScopeDraft(ScopeRow):
    """A row of the annex of one of the laboratory's certificates."""

    certificate: Annotated[UUID, Ask(N_("Certificate"), widget="choice", first=True)]


class SignatoryDraft(Asked):
    """Who may sign reports, in which fields, from when to when."""

    person: Annotated[UUID, Ask(N_("Person"), widget="choice")]
    fields: Annotated[str, Ask(N_("Authorised fields"), hint=N_("Several are parted by 、"))] = Field(
        min_length=1, max_length=200
    )
    valid_from: Annotated[date, Ask(N_("First day"))]
    valid_to: Annotated[date, Ask(N_("Last day"))]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_to < self.valid_from:
            raise ValueError(N_("The authorisation ends before it begins."))
        return self


class ClosureDraft(Asked):
    """Days on which the laboratory is shut although others work."""

    first_day: Annotated[date, Ask(N_("First day"))]
    last_day: Annotated[date, Ask(N_("Last day"))]
    reason: Annotated[str, Ask(N_("Reason"))] = Field(min_length=2, max_length=120)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_day < self.first_day:
            raise ValueError(N_("The last day comes before the first."))
        return self


class StoreDraft(Asked):
    """A place where samples are kept, with the degrees Celsius that it holds."""

    name: Annotated[str, Ask(N_("Name"))] = Field(min_length=1, max_length=60)
    lowest_c: Annotated[float | None, Ask(N_("Lowest temperature, °C"))] = Field(None, ge=-200, le=200)
    highest_c: Annotated[float | None, Ask(N_("Highest temperature, °C"))] = Field(None, ge=-200, le=200)
    keeper: Annotated[UUID, Ask(N_("Sample keeper"), widget="choice")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lowest_c is not None and self.highest_c is not None and self.highest_c < self.lowest_c:
            raise ValueError(N_("The highest temperature lies below the lowest."))
        return self


PARTS: Mapping[str, type[Asked]] = {
    "certificates": CertificateDraft,
    "scope": ScopeDraft,
    "signatories": SignatoryDraft,
    "closures": ClosureDraft,
    "stores": StoreDraft,
}
"""What can be added to a laboratory, by the word in its address."""
