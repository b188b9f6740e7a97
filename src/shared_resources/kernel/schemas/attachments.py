"""Words of papers on records: the draft with its declaration, and what a page shows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class Confidentiality(StrEnum):
    """Who a paper is for. Class X, state and work secrets, does not exist here (ROLES.md)."""

    INNER = "I"
    CASE = "C"
    SENSITIVE = "S"


CLASS_LABELS: Mapping[Confidentiality, str] = {
    Confidentiality.INNER: N_("Inner network"),
    Confidentiality.CASE: N_("Agencies on this record"),
    Confidentiality.SENSITIVE: N_("Sensitive; every reading is noted"),
}


class AttachmentDraft(BaseModel):
    """A paper to be put on a record, with the declaration of the officer who does it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    file: UUID = Field(description="id of a file that your agency has sent before")
    label: str = Field(min_length=1, max_length=120, examples=["现场检查笔录"])
    confidentiality: Confidentiality = Confidentiality.CASE
    declared: bool = Field(description="the officer declares: it contains no state secret and no work secret")


class AttachmentView(BaseModel):
    """A paper on a record. ``declared_by`` declared at ``at`` that it contains no secret."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    label: str
    name: str
    media_type: str
    size: int
    confidentiality: Confidentiality
    agency: UUID
    agency_name_zh: str
    agency_name_en: str
    declared_by: str
    at: datetime
    withdrawn_at: datetime | None
