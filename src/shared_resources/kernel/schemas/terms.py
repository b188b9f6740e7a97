"""Words of the API about agencies in lists and terms that were counted."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.schemas.dues import DayLine
from shared_resources.kernel.schemas.people import AgencyLine


class AgencyList(BaseModel):
    """Some agencies; ``next`` is the cursor of the following ones."""

    model_config = ConfigDict(frozen=True)

    agencies: tuple[AgencyLine, ...]
    next: str | None = Field(description="cursor of the next page; empty on the last one", examples=["cq-em"])


class Counted(BaseModel):
    """A term that was counted: when it is due, and every day on the way there."""

    model_config = ConfigDict(frozen=True)

    start: date = Field(examples=["2026-09-28"])
    rule: str = Field(examples=["FWD"])
    days: int = Field(examples=[5])
    due_on: date = Field(examples=["2026-10-12"])
    alternative: date | None = Field(description="the date under the other reading, where the two differ")
    counted_from: date = Field(description="the day after which counting began")
    provisional: bool = Field(description="leans on a year whose notice is not confirmed")
    explanation: tuple[DayLine, ...]
