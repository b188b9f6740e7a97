"""One booking on the calendar as a reader may see it: where its bar lies, what it says, what may be done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.schemas.loans import AgencyName
from shared_resources.equipment.schemas.timeline import TimelineBooking
from shared_resources.kernel.permissions import Actor, Permission, may
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.equipment.rules.timeline import Span, Window

MOVABLE = frozenset(source for step in LOAN.steps if step.name == "move" for source in step.sources)
LENGTHENED = frozenset(source for step in LOAN.steps if step.name == "extend" for source in step.sources)
LOAN_STATE: Mapping[str, str] = {"out": "out", "back": "returned", "conflict": "conflict", "done": "closed"}
"""The state that a line shows where its loan as a whole is further or not as far."""


@dataclass(frozen=True)
class Bar:
    """A line of a loan as it was read."""

    state: str
    loan: str
    number: str
    title: str
    purpose: str
    version: int
    owner: UUID
    owner_slug: str
    owner_zh: str
    owner_en: str
    borrower: UUID
    borrower_slug: str
    borrower_zh: str
    borrower_en: str
    starts_at: datetime
    ends_at: datetime
    blocked_from: datetime
    blocked_until: datetime

    def is_late(self, now: datetime) -> bool:
        """Whether it should have come home already."""
        return self.state == "out" and self.ends_at <= now

    def shown_state(self, now: datetime) -> str:
        """The loan's state as far as this line is concerned."""
        if self.is_late(now):
            return "overdue"
        if self.loan == "incident" and self.state in ("out", "back"):
            return "incident"
        return LOAN_STATE.get(self.state) or ("approved" if self.state == "reserved" else self.loan)


def extent_of(bar: Bar, now: datetime) -> Span:
    """All that a bar covers: buffers, and the time since it is late."""
    late = now - bar.ends_at if bar.is_late(now) else bar.ends_at - bar.ends_at
    return bar.blocked_from, bar.blocked_until + late


def bar_of(actor: Actor, bar: Bar, lane: int, window: Window, now: datetime) -> TimelineBooking:
    """The bar for this reader: in full for the two sides, mere busy time for everybody else."""
    relations = actor.relations(bar.owner, bar.borrower)
    if may(actor, Permission.LOAN_SEE, relations) is not True:
        return busy(bar, lane, window, now)
    state = bar.shown_state(now)
    lends = actor.agency == bar.owner
    return TimelineBooking(
        **geometry(bar, window, now),
        number=bar.number,
        title=bar.title,
        purpose=bar.purpose,
        other=borrower_of(bar) if lends else owner_of(bar),
        starts_at=bar.starts_at,
        ends_at=bar.ends_at,
        lane=lane,
        state=state,
        label=LOAN.states[state].label,
        tone=LOAN.states[state].tone,
        view="lent" if lends else "own",
        path=LOAN.path % {"number": bar.number},
        version=bar.version,
        **(handles(actor, bar) if bar.ends_at <= window.end else {}),
    )


def busy(bar: Bar, lane: int, window: Window, now: datetime) -> TimelineBooking:
    """The whole blocked time as one plain bar: even the buffers would tell something."""
    start, end = extent_of(bar, now)
    until = min(end, window.end)
    return TimelineBooking(
        s=window.place(start),
        n=window.units(until - start),
        starts_at=start,
        ends_at=end,
        lane=lane,
        state="busy",
        label=N_("Busy"),
        tone="neutral",
        view="busy",
    )


def geometry(bar: Bar, window: Window, now: datetime) -> dict[str, Any]:
    """Where the bar and its buffers lie; whatever goes beyond the right edge is cut off there."""
    end = min(bar.ends_at, window.end)
    late_until = min(max(now, end), window.end) if bar.is_late(now) else end
    after = min(late_until + (bar.blocked_until - bar.ends_at), window.end)
    return {
        "s": window.place(bar.starts_at),
        "n": window.units(end - bar.starts_at),
        "buffer_before": window.units(bar.starts_at - bar.blocked_from),
        "late": window.units(late_until - end),
        "buffer_after": window.units(after - late_until),
    }


def handles(actor: Actor, bar: Bar) -> dict[str, Any]:
    """What this reader may drag: the whole bar, also onto another item, or its end.

    A borrower cannot make an approved loan longer by moving it; once it is out, a later end is asked for.
    """
    relations = actor.relations(bar.owner, bar.borrower)
    decides = may(actor, Permission.LOAN_APPROVE, relations) is True
    asks = decides or may(actor, Permission.LOAN_CANCEL, relations) is True
    planned = bar.state not in ("out", "back", "done")
    moves = planned and bar.loan in MOVABLE and may(actor, Permission.LOAN_MOVE, relations) is True
    stretches = moves and (decides or bar.loan == LOAN.initial)
    lengthens = bar.state == "out" and bar.loan in LENGTHENED and asks
    return {"movable": moves, "extendable": stretches or lengthens, "reassign": moves}


def owner_of(bar: Bar) -> AgencyName:
    """The agency that lends."""
    return AgencyName(id=bar.owner, slug=bar.owner_slug, name_zh=bar.owner_zh, name_en=bar.owner_en)


def borrower_of(bar: Bar) -> AgencyName:
    """The agency that borrows."""
    return AgencyName(id=bar.borrower, slug=bar.borrower_slug, name_zh=bar.borrower_zh, name_en=bar.borrower_en)
