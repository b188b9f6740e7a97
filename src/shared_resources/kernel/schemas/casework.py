"""Words of records for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared_resources.kernel.roles import Relation
from shared_resources.kernel.schemas.dues import DueView


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class PartyView(_Shown):
    """An agency on a record and the part it plays there."""

    part: Relation
    name_zh: str
    name_en: str


class CaseBrief(_Shown):
    """A record in a list."""

    number: str = Field(examples=["AS2026-00017"])
    title: str
    state: str
    opened_at: datetime
    parties: tuple[PartyView, ...]
    due: DueView | None = Field(description="the next thing owed on it")


class CasesView(_Shown):
    """A page of a list; ``next`` continues it."""

    records: tuple[CaseBrief, ...]
    next: str | None


class FilingView(_Shown):
    """A form as it was filed with one act."""

    step: str
    form: str
    body: dict[str, Any]
    agency: UUID | None
    at: datetime


class LetterView(_Shown):
    """A letter issued on the record."""

    id: UUID
    kind: str
    number: str
    title: str
    issued_at: datetime


class ChoiceView(_Shown):
    """A step out of the present state; ``reason`` says why not, in the language asked for."""

    step: str
    label: str
    allowed: bool
    reason: str | None
    needs_note: bool
    form: str | None = Field(description="name of the form's schema")
    document: str | None


class CaseView(_Shown):
    """A record with everything on it."""

    number: str
    kind: str
    title: str
    state: str
    version: int
    opened_at: datetime
    parties: tuple[PartyView, ...]
    choices: tuple[ChoiceView, ...]
    dues: tuple[DueView, ...]
    filings: tuple[FilingView, ...]
    letters: tuple[LetterView, ...]
    held_by: str | None = Field(description="the open dispute about it")
