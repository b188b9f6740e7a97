"""Words of a change of hands (form 13) and of an incident."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Condition(StrEnum):
    """How an item looks and works at one moment."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"


class Direction(StrEnum):
    """Which way a hand-over goes: depot to borrower, borrower to depot, person to person."""

    OUT = "out"
    BACK = "back"
    MOVE = "move"


class ItemState(BaseModel):
    """One item at a hand-over: what was looked at, what was missing, what was seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(max_length=120, examples=["7Q2M-K4VD"])
    condition: Condition = Condition.GOOD
    checklist: dict[str, bool] = Field(default_factory=dict)
    accessories: dict[str, int] = Field(default_factory=dict)
    wiped: bool = False
    photo: UUID | None = None
    note: str | None = Field(default=None, max_length=2000)


class HandoverDraft(BaseModel):
    """What one side proposes; ``other`` is the person who is to confirm."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    direction: Direction
    other: UUID
    items: tuple[ItemState, ...] = Field(min_length=1, max_length=300)
    place: str | None = Field(default=None, max_length=200)
    note: str | None = Field(default=None, max_length=2000)


class IncidentKind(StrEnum):
    """Damage can be settled by repair; loss takes the item off the register's shelves."""

    DAMAGE = "damage"
    LOSS = "loss"


class IncidentReport(BaseModel):
    """A report of damage or loss; anybody who may see the item's loan may make it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(max_length=120)
    kind: IncidentKind
    description: str = Field(min_length=1, max_length=4000)
    photo: UUID | None = None
    holds_data: bool = False


class Settlement(BaseModel):
    """How an incident ended. Cost in yuan, two decimals."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    settlement: str = Field(min_length=1, max_length=4000)
    cost_yuan: float | None = Field(default=None, ge=0, le=100_000_000)


class InspectedItem(BaseModel):
    """The owner's finding on one returned item."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(max_length=120)
    fit: bool
    note: str | None = Field(default=None, max_length=2000)
