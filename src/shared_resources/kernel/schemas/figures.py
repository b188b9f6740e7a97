"""Words of the supervisor's figures."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared_resources.kernel.words import N_

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


class FiguresFilter(BaseModel):
    """A span of months (both included), and what of it; ``what`` and below choose the list behind one number."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    first: str = Field(pattern=MONTH)
    last: str = Field(pattern=MONTH)
    kind: str = ""
    agency: UUID | None = None
    what: str = Field("", pattern="^(on_time|late|open_late|refusal|urgent|)$")
    statutory: bool | None = None
    ground: str = ""

    @model_validator(mode="after")
    def in_order(self) -> FiguresFilter:
        """Refuse a span that ends before it begins."""
        if self.last < self.first:
            raise ValueError(N_("The last month lies before the first."))
        return self

    @property
    def first_day(self) -> date:
        """The first day of the span."""
        return date.fromisoformat(f"{self.first}-01")

    @property
    def end_day(self) -> date:
        """The first day after the span."""
        last = date.fromisoformat(f"{self.last}-01")
        return last.replace(year=last.year + last.month // 12, month=last.month % 12 + 1)


class Row(BaseModel):
    """Deadlines counted: statutory limits and internal targets apart. ``average_days``: working days to answer."""

    model_config = ConfigDict(frozen=True)

    agency: UUID | None = None
    name_zh: str | None = None
    name_en: str | None = None
    month: date | None = None
    kind: str | None = None
    limit_on_time: int = 0
    limit_late: int = 0
    limit_open_late: int = 0
    target_on_time: int = 0
    target_late: int = 0
    target_open_late: int = 0
    average_days: float | None = None


class Ground(BaseModel):
    """Refusals on one ground."""

    model_config = ConfigDict(frozen=True)

    kind: str
    ground: str
    label: str
    number: int


class Urgency(BaseModel):
    """How many requests of a kind were urgent."""

    model_config = ConfigDict(frozen=True)

    kind: str
    number: int
    urgent: int


class Figures(BaseModel):
    """Everything on the page."""

    model_config = ConfigDict(frozen=True)

    total: Row
    by_agency: tuple[Row, ...]
    by_month: tuple[Row, ...]
    by_kind: tuple[Row, ...]
    grounds: tuple[Ground, ...]
    urgency: tuple[Urgency, ...]


class DueFact(BaseModel):
    """One deadline, or one paper, behind a number."""

    model_config = ConfigDict(frozen=True)

    number: str
    title: str
    kind: str
    path: str
    name_zh: str
    name_en: str
    label: str
    basis: str = ""
    statutory: bool | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    met_at: datetime | None = None
    what: str = ""
