"""What is said about a recording when it is taken in."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared_resources.kernel.schemas.asked import Instant
from shared_resources.kernel.words import N_

RetentionClass = Literal["purpose", "field", "key", "evidence"]


class FootageDraft(BaseModel):
    """A recording as its sender describes it.

    Args:
        source: number of its source in the register.
        shared_use: number of the duty (VI-1b) for which it is taken in.
        recorded_from, recorded_to: by its own clock; the end follows from the file where it is not given.
        clock_offset_ms: the recorder's clock minus true time; that of the source where it is not given.
        taken_by: who recorded it.
        declared: that it holds no state or work secret (AR-3).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = Field(min_length=2, max_length=120, examples=["观音桥夜市检查"])
    recorded_from: Instant
    recorded_to: Instant | None = None
    clock_offset_ms: int | None = Field(None, ge=-(10**10), le=10**10)
    taken_by: str = Field(min_length=1, max_length=40)
    retention: RetentionClass = "purpose"
    source: str | None = Field(None, max_length=40)
    shared_use: str | None = Field(None, max_length=40)
    declared: Literal[True]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        ends: datetime | None = self.recorded_to
        if ends is not None and ends <= self.recorded_from:
            raise ValueError(N_("The recording ends after it begins."))
        return self
