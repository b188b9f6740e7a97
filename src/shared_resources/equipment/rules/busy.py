"""Why an item is not free, and how each side is told. Pure.

Who asks learns when; whose loan it is, only the owner's side learns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared_resources.kernel.codes import grouped
from shared_resources.kernel.errors import Refusal, Taken
from shared_resources.kernel.words import N_


class Why(StrEnum):
    """Taken for a time; late or uninspected, which is for no known time."""

    TAKEN = "taken"
    LATE = "late"
    UNINSPECTED = "uninspected"


@dataclass(frozen=True)
class Busy:
    """What keeps an item from being lent: the loan that has it, from when to when, and why."""

    item: UUID
    number: str
    starts_at: datetime
    ends_at: datetime
    why: Why


SENTENCES = {
    Why.TAKEN: (
        "item_taken",
        N_("Item %(item)s is taken from %(starts)s to %(ends)s by loan %(number)s."),
        N_("Choose another item or another time."),
    ),
    Why.LATE: (
        "still_out",
        N_("Item %(item)s is still out on loan %(number)s, which is overdue."),
        N_("Choose another item, or wait until it is back."),
    ),
    Why.UNINSPECTED: (
        "uninspected",
        N_("Item %(item)s has come back on loan %(number)s and waits for inspection."),
        N_("Inspect it first, or choose another item."),
    ),
}
"""For the owner's side: code, what is the matter, what to do."""
SENTENCES_ABROAD = {
    Why.TAKEN: (
        "item_taken",
        N_("Item %(item)s is taken from %(starts)s to %(ends)s."),
        N_("Choose another item or another time."),
    ),
    Why.LATE: (
        "still_out",
        N_("Item %(item)s is out and overdue; nobody knows when it comes back."),
        N_("Choose another item."),
    ),
    Why.UNINSPECTED: (
        "uninspected",
        N_("Item %(item)s has come back and waits for inspection."),
        N_("Choose another item, or ask again when its owner has looked at it."),
    ),
}
"""For whoever asks."""


def taken(item: str, busy: Busy) -> Refusal:
    """Why the item with this code is not free, with the loan that has it: for its owner's side."""
    code, sentence, do = SENTENCES[busy.why]
    times: dict[str, Any] = {"starts": busy.starts_at, "ends": busy.ends_at}
    return Taken(sentence, do=do, code=code, item=grouped(item), number=busy.number, **times)


def taken_abroad(item: str, busy: Busy) -> Refusal:
    """Why the item with this code is not free: whose loan it is, is none of the asking side's business."""
    code, sentence, do = SENTENCES_ABROAD[busy.why]
    times: dict[str, Any] = {"starts": busy.starts_at, "ends": busy.ends_at}
    return Taken(sentence, do=do, code=code, field="wishes", item=grouped(item), **times)
