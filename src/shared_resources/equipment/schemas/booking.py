"""Words of asking, deciding and changing: what a borrower wants, what an owner answers (form 12)."""

from __future__ import annotations

from enum import StrEnum
from typing import Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from shared_resources.equipment.schemas.register import Words
from shared_resources.kernel.words import N_


class Ground(StrEnum):
    """Why agencies act together at all (SCP-1)."""

    LAW = "law"
    CAMPAIGN = "campaign"
    EMERGENCY = "emergency"
    OTHER = "other"


GROUND_LABELS = {
    Ground.LAW: N_("The law requires assistance"),
    Ground.CAMPAIGN: N_("A superior ordered a special campaign"),
    Ground.EMERGENCY: N_("Joint handling of an emergency"),
    Ground.OTHER: N_("Other need"),
}


class Mode(StrEnum):
    """Whether the borrower takes the item, or the owner's operator comes along with it (shared use)."""

    LOAN = "loan"
    SHARED_USE = "shared_use"


MODE_LABELS = {Mode.LOAN: N_("Loan"), Mode.SHARED_USE: N_("Shared use")}


class Wish(Words):
    """One thing asked for: a numbered item by its code, or ``count`` items of a model.

    ``owner`` (slug) and ``depot`` narrow where items of a model may come from.
    """

    item: str | None = Field(default=None, max_length=120, examples=["7Q2MK4V3"])
    model: UUID | None = None
    count: int = Field(default=1, ge=1, le=100)
    owner: str | None = Field(default=None, max_length=60, examples=["cq-em"])
    depot: UUID | None = None

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        if (self.item is None) == (self.model is None):
            raise ValueError("name either an item or a model")
        return self


class BookingDraft(Words):
    """A cart: what is wanted, from when to when, what for. It falls into one loan for each owner."""

    wishes: tuple[Wish, ...] = Field(min_length=1, max_length=100)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    purpose: str = Field(min_length=1, max_length=500, examples=["夜间食品摊点联合检查"])
    ground: Ground = Ground.OTHER
    case_no: str | None = Field(default=None, max_length=80)
    place: str | None = Field(default=None, max_length=200, description="place of use")
    serves: str | None = Field(
        default=None, max_length=40, description="number of the record that it is used for; the two are linked"
    )
    mode: Mode = Mode.LOAN
    evidential: bool = Field(default=False, description="readings or pictures are to stand as evidence")
    emergency: bool = Field(default=False, description="asks the owner's duty desk for a release at once (CO-1b)")
    taker: UUID | None = Field(default=None, description="who collects it; the person asking by default")


class LoanMade(Words):
    """One loan of a cart: its number, its owner, and where it stands already."""

    number: str = Field(examples=["L2026-00017"])
    owner: UUID
    owner_name_zh: str
    owner_name_en: str
    state: str = Field(examples=["requested"])
    version: int


class CartMade(Words):
    """What became of a request."""

    cart: UUID
    loans: tuple[LoanMade, ...]


class Offer(Words):
    """The part of a request that its owner would lend; the other lines are refused with one reason."""

    lines: tuple[UUID, ...] = Field(min_length=1, max_length=300, description="lines that are offered")
    reason: str = Field(min_length=1, max_length=2000, description="why not the others")


class MoveDraft(Words):
    """A new period for a loan that is not out yet; and, where ``to_item`` is given, another item for one line.

    ``item`` and ``to_item`` are codes.
    """

    version: int | None = None
    starts_at: AwareDatetime = Field(alias="from")
    ends_at: AwareDatetime = Field(alias="to")
    item: str | None = Field(default=None, max_length=120)
    to_item: str | None = Field(default=None, max_length=120)


class Exchange(Words):
    """Another item for one line of a loan; without ``to_item`` the least used free one of the same model."""

    line: UUID
    to_item: str | None = Field(default=None, max_length=120)


class ExtensionDraft(Words):
    """A later return."""

    until: AwareDatetime
    reason: str | None = Field(default=None, max_length=2000)
