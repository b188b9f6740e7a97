"""What is said about a source of footage."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared_resources.kernel.words import N_

SourceKind = Literal[
    "fixed_camera",
    "ptz_camera",
    "body_camera",
    "in_car_recorder",
    "hand_camera",
    "drone",
    "recorder",
    "other",
]


class SourceDraft(BaseModel):
    """A camera or recorder as its holder describes it.

    Args:
        store_days: after how many days it overwrites itself; empty where it never does by itself.
        latitude, longitude: degrees of WGS-84; both or none.
        item: code of the equipment item that it is, where it is lent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    kind: SourceKind
    name: str = Field(min_length=2, max_length=80, examples=["观音桥步行街北口 01"])
    place: str = Field(min_length=2, max_length=120)
    device_id: str | None = Field(None, max_length=60)
    store_days: int | None = Field(None, ge=1, le=3650)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    contact: str = Field(min_length=1, max_length=40)
    phone: str | None = Field(None, max_length=40)
    item: str | None = Field(None, max_length=20)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError(N_("A place needs its latitude and its longitude."))
        return self


class Offset(BaseModel):
    """The clock of a source held against true time: seconds that it is ahead (or, negative, behind)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seconds: float = Field(ge=-10_000_000, le=10_000_000)


class SourceFilter(BaseModel):
    """Which sources: of an agency (slug), of a kind, words of name, place or number, retired ones as well."""

    model_config = ConfigDict(frozen=True)

    q: str = ""
    holder: str = ""
    kind: str = ""
    mine: bool = False
    retired: bool = False


class SourceView(BaseModel):
    """A source as everybody who works here sees it."""

    number: str
    state: str
    kind: str
    name: str
    place: str
    device_id: str | None
    store_days: int | None
    latitude: float | None
    longitude: float | None
    clock_offset_ms: int | None
    offset_measured_at: datetime | None
    contact: str
    phone: str | None
    holder_slug: str
    holder_name_zh: str
    holder_name_en: str
    item: str | None = None


class SourceList(BaseModel):
    """A page of sources and the cursor of the next."""

    sources: tuple[SourceView, ...]
    next: str | None = None
