"""Words of positions: areas, the live map, tracks, who looked, what is kept as evidence (ROLES.md, class S)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from shared_resources.equipment.schemas.register import Words

MOST_AREAS = 20


class AreaDraft(Words):
    """A circle in which the items of a loan may be. Degrees of WGS-84, metres."""

    name: str = Field(min_length=1, max_length=80, examples=["长寿化工园"])
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    radius_m: int = Field(ge=20, le=500_000)


class AreaView(AreaDraft):
    """A circle as it was set."""

    id: UUID
    set_by: str
    set_at: datetime


class MapItem(Words):
    """One item that is out with a tracker on it. No latitude: nothing was heard since it went out."""

    item: UUID
    code: str
    model_name_zh: str
    model_name_en: str
    tracker: UUID
    tracker_number: str
    tracker_name: str
    tracker_state: str
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    seen_at: datetime | None
    live: bool
    clock_suspect: bool
    place: str | None
    battery_pct: int | None
    depot_name_zh: str
    depot_name_en: str
    depot_latitude: float | None
    depot_longitude: float | None
    holder_zh: str | None
    holder_en: str | None
    loan: str
    loan_title: str
    side: str = Field(description="what the reader's agency is: owner or borrower")
    other_zh: str = Field(description="the agency on the other side")
    other_en: str
    out_at: datetime
    due_at: datetime
    is_late: bool
    checked_in_at: datetime | None
    alarms: int = Field(description="open alarms of the tracker")


class TrackPoint(Words):
    """One position of history; only the place word is known where there are no coordinates."""

    at: datetime
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    place: str | None
    battery_pct: int | None
    tamper: bool
    live: bool
    clock_suspect: bool


class Gap(Words):
    """A time of silence longer than the model's own."""

    starts_at: datetime
    ends_at: datetime


class TrackPart(Words):
    """What one tracker on one item said during one loan, in order. ``cut``: there is more than is shown."""

    item: UUID
    code: str
    model_name_zh: str
    model_name_en: str
    tracker: UUID
    tracker_number: str
    tracker_name: str
    since: datetime
    until: datetime | None
    points: tuple[TrackPoint, ...]
    gaps: tuple[Gap, ...]
    cut: bool = False


class TrackedItem(Words):
    """A tracker that is or was on an item of a loan."""

    code: str
    tracker_number: str
    tracker_name: str


class Track(Words):
    """The track of a loan. ``trackers``: every tracker that was on its items, also those not asked for."""

    loan: str
    title: str
    state: str
    side: str
    is_evidence: bool = Field(description="the loan is closed and the track is kept; every look says so")
    starts_at: datetime = Field(description="of the loan's period")
    ends_at: datetime
    depot_latitude: float | None
    depot_longitude: float | None
    depot_name_zh: str | None
    depot_name_en: str | None
    areas: tuple[AreaView, ...]
    trackers: tuple[TrackedItem, ...]
    parts: tuple[TrackPart, ...]


class LastSeen(Words):
    """Where an item was last seen, in words, for those who may see the loan but no positions."""

    item: UUID
    code: str
    model_name_zh: str
    model_name_en: str
    tracker_number: str
    tracker_state: str
    label: str = Field(description="msgid of the tracker's state")
    tone: str
    seen_at: datetime | None
    live: bool
    place: str | None
    checked_in_at: datetime | None


class LookLine(Words):
    """Somebody looked at positions of a loan. ``view``: map, live, track, export or evidence."""

    person_name: str
    agency_name_zh: str
    agency_name_en: str
    tracker_number: str
    code: str | None
    view: str
    at: datetime


class HoldView(Words):
    """The track of a loan kept as evidence; it stands while ``released_at`` is empty."""

    id: UUID
    reason: str
    held_by: str
    held_at: datetime
    released_by: str | None
    released_at: datetime | None


class TrackAccess(Words):
    """What a reader of a loan may do about its positions, for buttons; ``why_not`` is a msgid."""

    tracked: bool = Field(description="a tracker is or was on one of its items")
    may_see: bool
    why_not: str | None
    may_hold: bool
    may_set_areas: bool
    deleted_after: datetime | None = Field(description="when what is left of it is deleted; empty while not known")
    areas: tuple[AreaView, ...]
    holds: tuple[HoldView, ...]
