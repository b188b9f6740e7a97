"""Words of the booking calendar, in the shape that ``site/templates/timeline.html`` draws.

Labels are msgids or names in both languages; the door turns them into text and dates into addresses.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared_resources.equipment.schemas.loans import AgencyName
from shared_resources.equipment.schemas.register import Resource, Words

Scale = Literal["days", "hours"]


class TimelineFilter(Words):
    """What the calendar shows. ``days`` is 7, 14 or 31 by days and 1 to 3 by hours; others become the nearest.

    ``mine``: only items that the reader's agency owns, or borrows in the time shown.
    """

    scale: Scale = "days"
    start: date | None = Field(default=None, description="first day; today by default")
    days: int | None = Field(default=None, ge=1, le=31)
    agency: str | None = Field(default=None, max_length=60)
    resource: Resource | None = None
    category: str | None = Field(default=None, max_length=60)
    model: UUID | None = None
    depot: UUID | None = None
    mine: bool = False
    q: str | None = Field(default=None, max_length=100)


class TimelineColumn(Words):
    """A day, or an hour of it. ``kind``: work, rest (weekend), holiday, or makeup (a Saturday that works)."""

    day: date
    hour: int | None = None
    kind: str
    today: bool = False


class TimelineGroup(Words):
    """A day above its hours; ``span`` counts columns."""

    day: date
    span: int


class Stretch(Words):
    """A piece of a row, in units from the left edge."""

    s: float
    n: float


class TimelineBooking(Stretch):
    """One line of a loan, or somebody else's: then it tells nothing but that the time is taken.

    ``s`` may be negative (it began before the picture); what goes beyond the right edge is cut off.
    ``starts_at`` and ``ends_at`` are the planned instants, uncut. ``other`` is the other side of the loan.
    """

    number: str | None = None
    title: str | None = None
    purpose: str | None = None
    other: AgencyName | None = None
    starts_at: datetime
    ends_at: datetime
    buffer_before: float = 0
    buffer_after: float = 0
    late: float = Field(default=0, description="units past the planned end until now while not returned")
    lane: int = 0
    state: str
    label: str
    tone: str
    view: Literal["own", "lent", "busy"]
    path: str = ""
    movable: bool = False
    extendable: bool = False
    reassign: bool = False
    version: int | None = None


class TimelineRow(Words):
    """One item. ``label`` and ``tone`` are those of its state; ``asset_no`` only for its owner's people."""

    code: str
    asset_no: str | None
    model: UUID
    model_name_zh: str
    model_name_en: str
    owner: AgencyName
    depot: UUID
    depot_name_zh: str
    depot_name_en: str
    path: str
    state: str
    label: str
    tone: str
    bookable: bool
    closed: tuple[Stretch, ...]
    lanes: int
    bookings: tuple[TimelineBooking, ...]


class TimelineView(Words):
    """The picture. ``now`` in units from ``start``, None when it lies outside; ``next``: cursor for more rows."""

    scale: Scale
    start: datetime = Field(description="left edge, in the zone in which columns are meant")
    first_day: date
    days: int
    today: date
    previous: date
    following: date
    unit_minutes: int
    per: int
    now: float | None
    columns: tuple[TimelineColumn, ...]
    groups: tuple[TimelineGroup, ...]
    rows: tuple[TimelineRow, ...]
    may_book: bool
    next: str | None = None
