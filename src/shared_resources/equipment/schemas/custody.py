"""Words of the custody log: who held which item, from when to when, confirmed by whom."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class CustodyEntry(BaseModel):
    """One line of custody as a reader sees it. ``until`` is empty for the present holder, the holder
    for a thing that nobody holds: it is lost."""

    model_config = ConfigDict(frozen=True)

    item: str
    seq: int
    kind: str
    at: datetime
    until: datetime | None
    holder_zh: str | None
    holder_en: str | None
    holder_kind: str
    agency_zh: str
    agency_en: str
    giver: str | None
    taker: str | None
    loan: str | None
    note: str | None
    hash: str


class ProvableLine(BaseModel):
    """One line as it was hashed: ``hash = SHA-256(0x00 || prev || body)``, all hex but the body."""

    model_config = ConfigDict(frozen=True)

    ledger: str
    chain: str
    seq: int
    prev: str
    body: str
    hash: str
