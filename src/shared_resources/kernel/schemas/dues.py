"""Words of deadlines as they are shown: what is owed, by whom, until when, and why this date."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.words import Sentence


class DayLine(BaseModel):
    """One day of the count: counted or skipped, why, by which notice.

    ``reason`` is a msgid and ``params`` fills its places; ``line.sentence|sentence`` says it as a whole.
    """

    model_config = ConfigDict(frozen=True)

    day: date
    counted: bool
    reason: str
    params: dict[str, str] = Field(default_factory=dict)
    notice_no: str | None = None

    @property
    def sentence(self) -> Sentence:
        """The reason with its values."""
        return Sentence(self.reason, dict(self.params))


class DueView(BaseModel):
    """A deadline as it stands. ``label`` is the msgid of its term; ``tone`` good, neutral, warning or bad."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    record: UUID
    number: str = Field(examples=["L2026-00017"])
    kind: str = Field(examples=["loan"])
    title: str
    path: str = Field(description="page of the record")
    term: str
    label: str
    basis: str
    statutory: bool = Field(description="false: our own target, never a breach")
    agreed: bool = Field(description="true: both sides agreed on this instant, no rule gave it")
    provisional: bool
    state: str
    due_on: date
    due_at: datetime
    is_late: bool
    working_days_left: int | None = Field(description="negative when late; empty when no longer running")
    tone: str
    owed_by: UUID
    owed_by_zh: str
    owed_by_en: str
    owed_to: UUID | None
    owed_to_zh: str | None
    owed_to_en: str | None
    days: tuple[DayLine, ...] = Field(default=(), description="day by day; empty in lists")


class Count(BaseModel):
    """How many duties are open and how many of them are late."""

    model_config = ConfigDict(frozen=True)

    open: int = 0
    late: int = 0
