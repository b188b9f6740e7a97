"""Words of the catalogue (categories, models), of depots and of how an owner answers requests."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared_resources.equipment.schemas.register import Resource, Words

ShortLine = Annotated[str, Field(min_length=1, max_length=120)]
WeekHours = dict[str, list[list[str]]]
"""ISO weekday -> list of [opens, closes]."""


class CategoryDraft(Words):
    """A kind of equipment."""

    code: str = Field(pattern="^[a-z][a-z0-9_]{1,39}$", examples=["gas_detector"])
    resource: Resource
    name_zh: str = Field(min_length=1, max_length=60, examples=["多参数气体检测仪"])
    name_en: str = Field(min_length=1, max_length=60, examples=["Multi-gas detector"])


class ModelDraft(Words):
    """A model and the rules of lending that belong to it."""

    category: str = Field(max_length=40, description="code of its category", examples=["gas_detector"])
    name_zh: str = Field(min_length=1, max_length=120, examples=["GX-4 四合一气体检测仪"])
    name_en: str = Field(min_length=1, max_length=120, examples=["GX-4 gas detector"])
    maker: str | None = Field(default=None, max_length=120)
    specification: str | None = Field(default=None, max_length=500)
    checklist: tuple[ShortLine, ...] = Field(default=(), max_length=30, examples=[["报警声光正常"]])
    accessories: tuple[ShortLine, ...] = Field(default=(), max_length=30, examples=[["采样泵"]])
    buffer_before_minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    buffer_after_minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    longest_loan_hours: int = Field(default=7 * 24, ge=1, le=366 * 24)
    notice_hours: int = Field(default=0, ge=0, le=60 * 24)
    evidence_needs_certificate: bool = False


class CategoryView(CategoryDraft):
    """A kind of equipment and how much of it there is."""

    id: UUID
    models: int = 0
    items: int = 0


class ModelView(ModelDraft):
    """A model and how many items of it the reader's agency and all agencies have."""

    id: UUID
    category_name_zh: str
    category_name_en: str
    resource: Resource
    items: int = 0
    own_items: int = 0


class DepotDraft(Words):
    """A store of one's own agency. Coordinates are WGS-84 degrees."""

    name_zh: str = Field(min_length=1, max_length=120, examples=["江北嘴应急装备库"])
    name_en: str = Field(min_length=1, max_length=120, examples=["Jiangbeizui emergency depot"])
    address: str = Field(default="", max_length=200)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    timezone: str = Field(default="Asia/Shanghai", max_length=60)
    hours: WeekHours = Field(default_factory=dict, examples=[{"1": [["08:30", "12:00"], ["14:00", "18:00"]]}])
    phone: str | None = Field(default=None, max_length=40)


class ClosureDraft(Words):
    """Days on which a depot stays closed, first and last included."""

    first_day: date
    last_day: date
    reason: str = Field(default="", max_length=200)


class ClosureView(ClosureDraft):
    """A closure as it stands."""

    id: UUID


class DepotPublic(Words):
    """A depot as other agencies know it: its name and when it is open, not where exactly it is."""

    id: UUID
    agency: UUID
    agency_slug: str
    agency_name_zh: str
    agency_name_en: str
    name_zh: str
    name_en: str
    timezone: str
    hours: WeekHours
    closures: tuple[ClosureView, ...]
    items: int


class DepotFull(DepotPublic):
    """A depot as its own agency knows it."""

    address: str
    latitude: float | None
    longitude: float | None
    phone: str | None


class RuleDraft(Words):
    """How an owner answers requests for one kind of equipment, or (no category) for all others."""

    category: str | None = Field(default=None, max_length=40, description="code; empty for all others")
    automatic_hours: int = Field(
        default=0,
        ge=0,
        le=60 * 24,
        description="requests up to this long are approved by the rule; 0: by people",
    )
    requests_hold: bool = Field(default=False, description="whether a mere request already occupies the item")
    answer_days: int = Field(default=1, ge=1, le=30, description="target for an answer, in working days")


class RuleView(RuleDraft):
    """A rule as it stands."""

    id: UUID
    category_name_zh: str | None
    category_name_en: str | None


class Made(Words):
    """Something just added."""

    id: UUID
