"""What is said of a sample on its way from the seal to its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Instant, TwoPersons
from shared_resources.kernel.words import N_
from shared_resources.lab.schemas.delegations import WISH_LABELS, Wish

Amount = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=3)]
Celsius = Annotated[float | None, Field(ge=-200, le=200)]
TEMPERATURE = N_("Temperature it needs")


class KeptFor(StrEnum):
    """What a portion is for."""

    TEST = "test"
    RETEST = "retest"


KEPT_LABELS: Mapping[KeptFor, str] = {
    KeptFor.TEST: N_("For testing"),
    KeptFor.RETEST: N_("Kept for a re-test"),
}


class SampleTaken(Asked):
    """A sample as two officers take and seal it."""

    material: Annotated[str, Ask(N_("Material"))] = Field(min_length=1, max_length=120)
    amount: Annotated[Amount, Ask(N_("Amount"))]
    unit: Annotated[str, Ask(N_("Unit of measure"))] = Field(min_length=1, max_length=20)
    condition: Annotated[str, Ask(N_("State"))] = Field(min_length=1, max_length=120)
    kept_for: Annotated[KeptFor, Ask(N_("What it is for"), labels=KEPT_LABELS)] = KeptFor.TEST
    seal_no: Annotated[str, Ask(N_("Seal number"))] = Field(min_length=2, max_length=60)
    taken_at: Annotated[Instant, Ask(N_("Taken at"))]
    taken_where: Annotated[str, Ask(N_("Taken where"))] = Field(min_length=2, max_length=120)
    taken_by: Annotated[str, Ask(N_("First officer"))] = Field(min_length=1, max_length=40, examples=["王执法"])
    second_taker: Annotated[str, Ask(N_("Second officer"))] = Field(
        min_length=1, max_length=40, examples=["李执法"]
    )
    wish: Annotated[Wish, Ask(N_("Afterwards"), labels=WISH_LABELS)] = Wish.KEEP
    lowest_c: Annotated[Celsius, Ask(N_("Lowest temperature, °C"), group=TEMPERATURE, folded=True)] = None
    highest_c: Annotated[Celsius, Ask(N_("Highest temperature, °C"), group=TEMPERATURE)] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.taken_by == self.second_taker:
            raise ValueError(N_("Two different officers take a sample."))
        if self.lowest_c is not None and self.highest_c is not None and self.highest_c < self.lowest_c:
            raise ValueError(N_("The highest temperature lies below the lowest."))
        return self


class Sending(Asked):
    """A manifest: once sent it is locked."""

    carrier: Annotated[str, Ask(N_("Carried by"), hint=N_("Who carries it: a person or a courier."))] = Field(
        min_length=1, max_length=80
    )
    waybill: Annotated[str | None, Ask(N_("Waybill"))] = Field(None, max_length=60)
    conditions: Annotated[str | None, Ask(N_("Conditions on the way"))] = Field(None, max_length=200)


class Disposition(StrEnum):
    """What became of a line of a manifest."""

    ARRIVED = "arrived"
    DAMAGED = "damaged"
    REJECTED = "rejected"
    MISSING = "missing"
    UNEXPECTED = "unexpected"


DISPOSITION_LABELS: Mapping[Disposition, str] = {
    Disposition.ARRIVED: N_("Arrived whole"),
    Disposition.DAMAGED: N_("Damaged, accepted all the same"),
    Disposition.REJECTED: N_("Rejected"),
    Disposition.MISSING: N_("Missing"),
    Disposition.UNEXPECTED: N_("Not on the manifest"),
}
SCANNED: Mapping[Disposition, str] = {
    one: DISPOSITION_LABELS[one] for one in (Disposition.ARRIVED, Disposition.DAMAGED, Disposition.REJECTED)
}


class Found(StrEnum):
    """What intake finds of a sample that it has in its hands."""

    ARRIVED = "arrived"
    DAMAGED = "damaged"
    REJECTED = "rejected"


FOUND_LABELS: Mapping[Found, str] = {Found(one.value): label for one, label in SCANNED.items()}


class Seal(StrEnum):
    """How the seal is found."""

    WHOLE = "whole"
    BROKEN = "broken"


SEAL_LABELS: Mapping[Seal, str] = {Seal.WHOLE: N_("Whole"), Seal.BROKEN: N_("Broken")}


class Arrival(Asked):
    """One sample as intake scans it."""

    code: Annotated[str, Ask(N_("Code on the label"))] = Field(min_length=1, max_length=200)
    found: Annotated[Found, Ask(N_("How it arrived"), labels=FOUND_LABELS)] = Found.ARRIVED
    seal: Annotated[Seal, Ask(N_("Seal"), labels=SEAL_LABELS)]
    condition: Annotated[str, Ask(N_("State"))] = Field(min_length=1, max_length=120)
    bench_name: Annotated[
        str | None, Ask(N_("What the bench is told"), hint=N_("Nothing that gives the client away."))
    ] = Field(None, max_length=120)
    note: Annotated[str | None, Ask(N_("Remarks"), widget="textarea")] = Field(None, max_length=1000)

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if (self.found is not Found.ARRIVED or self.seal is Seal.BROKEN) and not self.note:
            raise ValueError(N_("Say what is wrong: the sample or its seal is not whole."))
        return self


class Portion(Asked):
    """A part that is split off."""

    amount: Annotated[Amount, Ask(N_("Amount"))]
    kept_for: Annotated[KeptFor, Ask(N_("What it is for"), labels=KEPT_LABELS)] = KeptFor.TEST


class Splitting(Asked):
    """Portions that are split off a sample."""

    portions: Annotated[tuple[Portion, ...], Ask(N_("Portions"), rows=2)] = Field(min_length=1, max_length=20)


class PuttingAway(Asked):
    """Where a sample is kept from now on."""

    store: Annotated[UUID, Ask(N_("Storage place"), widget="choice")]


class Retaining(Asked):
    """Until when a portion is kept."""

    keep_until: Annotated[date, Ask(N_("Keep until"))]


class Destroying(TwoPersons):
    """How a sample was destroyed, before which two persons (销毁单)."""

    how: Annotated[str, Ask(N_("How"), first=True)] = Field(min_length=2, max_length=200)


class SampleLine(BaseModel):
    """A sample in a list. ``holder`` is who has it now, in words."""

    id: UUID
    number: str
    code: str
    state: str
    material: str
    bench_name: str
    amount: Decimal
    remaining: Decimal
    unit: str
    condition: str
    kept_for: KeptFor
    wish: Wish
    seal_no: str | None
    seal_intact: bool | None
    taken_at: datetime
    taken_where: str
    taken_by: str
    second_taker: str
    lowest_c: float | None
    highest_c: float | None
    photo: UUID | None
    seen_photo: UUID | None
    received_at: datetime | None
    received_condition: str | None
    keep_until: date | None
    parent: str | None
    delegation: str
    delegation_title: str
    holder: str
    holder_kind: str


class CustodyView(BaseModel):
    """One change of holder, in words."""

    at: datetime
    kind: str
    holder: str
    holder_kind: str
    giver: str | None
    taker: str | None
    note: str | None


class ShipmentLineView(BaseModel):
    """A line of a manifest."""

    label: str
    material: str
    amount: Decimal | None
    unit: str
    seal_no: str | None
    state: str | None
    number: str | None
    disposition: Disposition | None
    note: str | None
    decided_at: datetime | None
    decided_by: str | None


class ShipmentView(BaseModel):
    """A manifest with its lines."""

    number: str
    state: str
    delegation: str
    delegation_title: str
    laboratory_zh: str
    laboratory_en: str
    address: str
    client_zh: str
    client_en: str
    carrier: str
    waybill: str | None
    conditions: str | None
    sent_by: str
    sent_at: datetime
    received_at: datetime | None
    lines: tuple[ShipmentLineView, ...]
