"""Words of what trackers bring about: alarms and check-ins."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from shared_resources.equipment.schemas.handover import ItemState
from shared_resources.equipment.schemas.loans import AgencyName, Choice
from shared_resources.equipment.schemas.register import Words
from shared_resources.kernel.schemas.dues import DueView
from shared_resources.kernel.schemas.history import ActView


class TakenIn(Words):
    """What a keeper found before them of what trackers brought home."""

    items: tuple[ItemState, ...] = Field(min_length=1, max_length=300)


class AlarmFilter(Words):
    """Which alarms to list."""

    open_only: bool = True
    kind: str | None = Field(default=None, max_length=20)
    loan: str | None = Field(default=None, max_length=20, description="number")
    tracker: str | None = Field(default=None, max_length=20, description="number")


class AlarmLine(Words):
    """An alarm in a list; ``kind`` is a word of ``rules.procedures.ALARM_KINDS``, ``kind_label`` its msgid."""

    number: str
    title: str
    state: str
    label: str
    tone: str
    kind: str
    kind_label: str
    tracker_number: str
    tracker_name: str
    code: str | None
    model_name_zh: str | None
    model_name_en: str | None
    loan: str | None
    owner: AgencyName
    borrower: AgencyName | None
    seen_at: datetime
    raised_at: datetime
    taken_by: str | None
    settled_at: datetime | None


class AlarmList(Words):
    """One page of alarms, the latest first; ``next`` is the cursor of the page after it."""

    alarms: tuple[AlarmLine, ...]
    next: str | None = None


class AlarmPage(AlarmLine):
    """One alarm with its facts (no coordinates), its terms, its journal, and what the reader may do."""

    version: int
    side: str
    facts: dict[str, Any]
    dues: tuple[DueView, ...]
    choices: tuple[Choice, ...]
    journal: tuple[ActView, ...]


class CheckinView(Words):
    """A loan line that came home by itself. ``how``: door or dwell; ``state``: proposed, confirmed, undone,
    declined or received.

    ``undo_until``: the last instant at which it may be undone, empty when it is too late or not confirmed.
    """

    id: UUID
    loan: str
    loan_title: str
    line: UUID
    item: UUID
    code: str
    model_name_zh: str
    model_name_en: str
    tracker_number: str
    source_name: str | None
    how: str
    state: str
    seen_at: datetime
    made_at: datetime
    confirmed_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    owner: AgencyName
    borrower: AgencyName
    undo_until: datetime | None
    may_decide: bool = Field(description="confirm or decline what is proposed")
    may_undo: bool
    may_take_in: bool = Field(description="inspect alone what the tracker brought home")
