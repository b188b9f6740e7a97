"""Recordings as programs read them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class RecordingBrief(BaseModel):
    """A recording in a list.

    Args:
        recorded_from, recorded_to: by the recorder's own clock; ``clock_offset_ms`` is how far that one is ahead.
        keep_until: the day on which it falls due for deletion; None where no day is known yet.
        held: whether something keeps it from being deleted.
    """

    model_config = ConfigDict(from_attributes=True)

    number: str = Field(examples=["VF2026-00012"])
    state: str
    name: str
    recorded_from: datetime
    recorded_to: datetime
    clock_offset_ms: int
    duration_ms: int
    retention: str
    keep_until: date | None
    source: str | None
    holder_name_zh: str
    holder_name_en: str
    size: int
    taken_by: str
    held: bool


class RecordingView(RecordingBrief):
    """A recording with what identifies it; the values are of the original, in hex."""

    file_name: str
    media_type: str
    sha256: str
    sm3: str
    width: int
    height: int
    codec: str
    stored_at: datetime
    shared_use: str | None
    deleted_at: datetime | None


class RecordingList(BaseModel):
    """A page of recordings and the cursor of the next."""

    recordings: tuple[RecordingBrief, ...]
    next: str | None = None


class LookView(BaseModel):
    """One look, download, copy or share: who, from where, why."""

    at: datetime
    act: str
    footage: str
    copy_number: str | None
    request: str | None
    person: str
    unit: str
    agency_zh: str
    agency_en: str
    reason: str


class LookList(BaseModel):
    """A page of looks and the cursor of the next."""

    looks: tuple[LookView, ...]
    next: str | None = None
