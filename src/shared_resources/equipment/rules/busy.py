"""Why an item is not free, and how each side is told. Pure.

Who asks learns when; whose loan it is, only the owner's side learns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared_resources.equipment.rules.codes import grouped
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


def taken(code: str, busy: Busy) -> Refusal:
    """For the owner's side: which loan has the item with this code."""
    item, number = grouped(code), busy.number
    if busy.why is Why.LATE:
        return Taken(
            N_("Item %(item)s is still out on loan %(number)s, which is overdue."),
            do=N_("Choose another item, or wait until it is back."),
            code="still_out",
            item=item,
            number=number,
        )
    if busy.why is Why.UNINSPECTED:
        return Taken(
            N_("Item %(item)s has come back on loan %(number)s and waits for inspection."),
            do=N_("Inspect it first, or choose another item."),
            code="uninspected",
            item=item,
            number=number,
        )
    return Taken(
        N_("Item %(item)s is taken from %(starts)s to %(ends)s by loan %(number)s."),
        do=N_("Choose another item or another time."),
        code="item_taken",
        item=item,
        starts=busy.starts_at,
        ends=busy.ends_at,
        number=number,
    )


def taken_abroad(code: str, busy: Busy) -> Refusal:
    """For whoever asks: whose loan it is is none of their business."""
    item = grouped(code)
    if busy.why is Why.LATE:
        return Taken(
            N_("Item %(item)s is out and overdue; nobody knows when it comes back."),
            do=N_("Choose another item."),
            code="still_out",
            field="wishes",
            item=item,
        )
    if busy.why is Why.UNINSPECTED:
        return Taken(
            N_("Item %(item)s has come back and waits for inspection."),
            do=N_("Choose another item, or ask again when its owner has looked at it."),
            code="uninspected",
            field="wishes",
            item=item,
        )
    return Taken(
        N_("Item %(item)s is taken from %(starts)s to %(ends)s."),
        do=N_("Choose another item or another time."),
        code="item_taken",
        field="wishes",
        item=item,
        starts=busy.starts_at,
        ends=busy.ends_at,
    )
