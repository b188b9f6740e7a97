"""Words about the working-day calendar: notices as they are typed, years and days as they are shown."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import DAY, NATION, DayKind, YearStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = timedelta(days=60)
"""No holiday is longer; a longer span is a slip."""

KIND_LABELS = {
    DayKind.HOLIDAY: N_("Holiday"),
    DayKind.MAKEUP: N_("Make-up working day"),
    DayKind.WORKDAY_OVERRIDE: N_("Working day by order"),
    DayKind.REST_OVERRIDE: N_("Rest day by order"),
}
STATUS_LABELS = {YearStatus.CONFIRMED: N_("Confirmed"), YearStatus.ESTIMATED: N_("Estimated")}


class Words(BaseModel):
    """A value: checked when made, never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Span(Words):
    """Days on end of one kind, both ends included; one day when ``last`` is missing."""

    name: str = Field(min_length=1, max_length=60, examples=["劳动节"])
    kind: DayKind
    first: date
    last: date | None = None

    @model_validator(mode="after")
    def _is_not_endless(self) -> Self:
        if self.last is not None and self.last - self.first > LONGEST:
            raise ValueError("the span is too long for a holiday")
        return self

    def days(self) -> Iterator[date]:
        """Each day of the span; none when it ends before it begins."""
        day, end = self.first, self.last or self.first
        while day <= end:
            yield day
            day += DAY


class NoticeDraft(Words):
    """A notice as one person typed it.

    whole_year: the State Council's yearly notice, which replaces all that was known of the year and settles it;
    otherwise a change midway or a county's own days, which touch the days they name and nothing else.
    """

    number: str = Field(min_length=1, max_length=60, examples=["国办发明电〔2025〕7号"])
    year: int = Field(ge=2004, le=2100)
    published_on: date
    scope: str = Field(default=NATION, pattern=r"^(CN|\d{6})$", description="CN or a county's division code")
    whole_year: bool = True
    spans: tuple[Span, ...] = Field(min_length=1, max_length=60)


class NoticeView(Words):
    """A notice and where it stands: proposed, confirmed or withdrawn. ``number`` is the one in the address."""

    number: str
    state: str
    notice_no: str
    year: int
    published_on: date
    scope: str
    whole_year: bool
    spans: tuple[Span, ...]
    proposed_by: str
    proposed_by_id: UUID
    proposed_at: datetime
    confirmed_by: str | None
    confirmed_at: datetime | None


class YearView(Words):
    """A year of the calendar and the notice that settles it."""

    year: int
    status: YearStatus
    notice_no: str | None
    published_on: date | None


class DayView(Words):
    """A day that differs from plain Monday to Friday."""

    date: date
    kind: DayKind
    name: str
    scope: str
    notice_no: str | None
    source: str


class Tally(Words):
    """What a changed calendar did to open deadlines: moved, settled without moving, left as they were."""

    moved: int = 0
    settled: int = 0
    unchanged: int = 0
