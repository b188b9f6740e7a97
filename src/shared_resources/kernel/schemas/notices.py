"""Words about what people were told: notices in the application and mails that went out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Words(BaseModel):
    """A value: checked when made, never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoticeLine(Words):
    """One notice to one person. ``sentence`` is a msgid with ``params``; doors put it into words."""

    id: UUID
    sentence: str
    params: dict[str, Any]
    link: str | None = Field(description="page of the record, if it is about one")
    number: str | None = Field(description="number of the record", examples=["L2026-00017"])
    created_at: datetime
    read_at: datetime | None


class NoticeList(Words):
    """Some of one's notices, unread ones first; ``next`` is the cursor of the following ones."""

    lines: tuple[NoticeLine, ...]
    unread: int
    next: str | None


class MailLine(Words):
    """A mail as it went out to the reader."""

    id: UUID
    sender: str
    recipient: str
    subject: str
    sent_at: datetime


class MailPage(Words):
    """A mail in full; ``attachment`` is text (an iCalendar object)."""

    line: MailLine
    body: str
    attachment: str | None


class MailList(Words):
    """Some of one's mails, the latest first; ``next`` is the cursor of the following ones."""

    lines: tuple[MailLine, ...]
    next: str | None
