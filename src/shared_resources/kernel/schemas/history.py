"""Words of journals as they are shown."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class ActView(BaseModel):
    """One line of a record's journal. ``label`` is the msgid of the act."""

    model_config = ConfigDict(frozen=True)

    seq: int
    at: datetime
    step: str
    label: str
    actor_name: str | None
    agency_name_zh: str | None
    agency_name_en: str | None
    before: str | None
    after: str | None
    note: str | None
    basis: str
    hash: str
