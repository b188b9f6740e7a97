"""What is found at the bench, and what a report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Instant
from shared_resources.kernel.words import N_


class Judgement(StrEnum):
    """What a result says, held against its limit."""

    CONFORMS = "conforms"
    FAILS = "fails"
    NONE = "none"


JUDGEMENT_LABELS: Mapping[Judgement, str] = {
    Judgement.CONFORMS: N_("Conforms"),
    Judgement.FAILS: N_("Does not conform"),
    Judgement.NONE: N_("No judgement"),
}


class ResultDraft(Asked):
    """What an analyst found for one item on one sample.

    ``used``: how much of the sample is used up, in its unit. ``instrument``: number or code of the item.
    """

    test: Annotated[UUID, Ask(N_("Test item"), widget="choice")]
    value: Annotated[str, Ask(N_("Result"))] = Field(min_length=1, max_length=80)
    unit: Annotated[str | None, Ask(N_("Unit of measure"))] = Field(None, max_length=20)
    limits: Annotated[str | None, Ask(N_("Limits of the method"))] = Field(None, max_length=60)
    uncertainty: Annotated[str | None, Ask(N_("Uncertainty"))] = Field(None, max_length=60)
    judgement: Annotated[Judgement, Ask(N_("Judgement"), labels=JUDGEMENT_LABELS)]
    instrument: Annotated[
        str | None,
        Ask(N_("Instrument"), hint=N_("Number of the item. Its certificate must be valid at that minute.")),
    ] = Field(None, max_length=40)
    measured_at: Annotated[Instant, Ask(N_("Measured at"))]
    place: Annotated[str, Ask(N_("Place"))] = Field(min_length=1, max_length=80)
    used: Annotated[Decimal | None, Ask(N_("Used up"), hint=N_("In the unit of the sample."))] = Field(
        None, ge=0, max_digits=12, decimal_places=3
    )
    replaces_why: Annotated[
        str | None,
        Ask(N_("Why the earlier result is replaced"), hint=N_("Only where there is one."), widget="textarea"),
    ] = Field(None, max_length=1000)


class ResultView(BaseModel):
    """A result as readers of the report and the bench see it."""

    id: UUID
    test: UUID
    position: int
    item: str
    method: str
    standard_limit: str | None
    sample_code: str
    sample_name: str
    value: str
    unit: str | None
    limits: str | None
    uncertainty: str | None
    judgement: Judgement
    place: str
    instrument_name: str | None
    instrument_number: str | None
    certificate_no: str | None
    certificate_to: date | None
    measured_at: datetime
    analyst: UUID
    analyst_name: str
    recorded_at: datetime
    reviewer: UUID | None
    reviewer_name: str | None
    reviewed_at: datetime | None
    scope: UUID | None
    is_recalled: bool


class SampleTold(BaseModel):
    """A sample as a report tells of it."""

    number: str
    code: str
    material: str
    amount: Decimal
    unit: str
    condition: str
    seal_no: str | None
    seal_intact: bool | None
    taken_at: datetime
    taken_where: str
    received_at: datetime | None


class ReportContent(BaseModel):
    """Everything a report says that is not on the record's forms.

    ``cma_no``: of the mark it bears. ``amends``: number of the version it takes the place of, and why.
    """

    laboratory_zh: str
    address: str
    phone: str
    samples: tuple[SampleTold, ...]
    results: tuple[ResultView, ...]
    cma_no: str | None
    outside: tuple[str, ...]
    signatory: str
    signed_at: datetime
    version: int
    amends: tuple[str, str] | None
