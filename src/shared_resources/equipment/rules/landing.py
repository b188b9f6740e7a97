"""What a scanned label opens: the one right act for who one is. Pure; tested as a table.

The first rule that fits decides. Facts about a loan are given only to its two sides (and their holders), so
nobody learns from a label what the item's page would not tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class Act(StrEnum):
    """What the person in front of the item is here for."""

    CONFIRM = "confirm"
    AWAIT = "await"
    RETURN = "return"
    TAKE_OVER = "take_over"
    TAKE_BACK = "take_back"
    TAKE_IN = "take_in"
    INSPECT = "inspect"
    HAND_OUT = "hand_out"
    COLLECT = "collect"
    WAIT = "wait"
    KEEP = "keep"
    BORROW = "borrow"
    NONE = "none"


ACT_LABELS = {
    Act.CONFIRM: N_("Confirm the hand-over"),
    Act.AWAIT: N_("See the hand-over"),
    Act.RETURN: N_("Return it"),
    Act.TAKE_OVER: N_("Take it over"),
    Act.TAKE_BACK: N_("Take it back"),
    Act.TAKE_IN: N_("Take it in"),
    Act.INSPECT: N_("Inspect it"),
    Act.HAND_OUT: N_("Hand it out"),
    Act.COLLECT: N_("Collect it"),
    Act.WAIT: N_("See the loan"),
    Act.KEEP: N_("Open its page"),
    Act.BORROW: N_("Borrow it"),
    Act.NONE: N_("Open its page"),
}
"""The button."""

ACT_SENTENCES = {
    Act.CONFIRM: N_("A hand-over of this item waits for your confirmation."),
    Act.AWAIT: N_("You have proposed a hand-over of this item; the other side has not confirmed it yet."),
    Act.RETURN: N_("You hold this item."),
    Act.TAKE_OVER: N_("Your agency has borrowed this item; %(holder)s holds it."),
    Act.TAKE_BACK: N_("This item is out on loan; %(holder)s holds it."),
    Act.TAKE_IN: N_("Its tracker says that this item came home; %(holder)s holds it until you take it in."),
    Act.INSPECT: N_("This item has come back and waits for inspection."),
    Act.HAND_OUT: N_("This item is ready to be handed out."),
    Act.COLLECT: N_("This item is reserved for you and ready to be collected."),
    Act.WAIT: N_("This item is reserved for a loan from %(from)s."),
    Act.KEEP: N_("This item belongs to your agency."),
    Act.BORROW: N_("You can ask its owner to lend this item."),
    Act.NONE: N_("This item is not lent at present."),
}
"""Why this button."""


@dataclass(frozen=True)
class LineFacts:
    """The loan line that counts now: the one that is out or back, else the next reserved one.

    ``holder`` is the person who has the item; ``handover`` an open proposal that names it, and who of its two
    persons made it; ``checked_in``: its tracker brought it home, nobody has taken it in.
    """

    loan: str
    state: str
    ready_from: datetime
    lends: bool
    borrows: bool
    holder: UUID | None = None
    holder_name: str = ""
    handover: UUID | None = None
    proposed_by: UUID | None = None
    answered_by_me: bool = False
    checked_in: bool = False


@dataclass(frozen=True)
class Visitor:
    """Who scanned the label, as far as it matters here."""

    person: UUID | None
    owns: bool
    gives: bool
    inspects: bool
    requests: bool
    takes_in: bool = False


@dataclass(frozen=True)
class Landing:
    """The act, where it leads, the values of its sentence, and what else is at hand."""

    act: Act
    path: str
    params: Mapping[str, object]
    besides: tuple[tuple[str, str], ...] = ()


def landing(visitor: Visitor, code: str, state: str, line: LineFacts | None, at: datetime) -> Landing:
    """The one right act for ``visitor`` with the item ``code`` in its ``state`` at this instant."""
    act = _act(visitor, state, line, at)
    return Landing(act, _path(act, code, line), _params(line), _besides(act, code, line))


def _act(visitor: Visitor, state: str, line: LineFacts | None, at: datetime) -> Act:
    if line is not None and (line.lends or line.borrows):
        found = _act_on_loan(visitor, line, at)
        if found is not None:
            return found
    if visitor.owns:
        return Act.KEEP
    return Act.BORROW if state == "available" and visitor.requests else Act.NONE


def _act_on_loan(visitor: Visitor, line: LineFacts, at: datetime) -> Act | None:
    if line.handover is not None and line.answered_by_me:
        return Act.CONFIRM
    if line.handover is not None and line.proposed_by == visitor.person:
        return Act.AWAIT
    if line.state == "out":
        return _act_while_out(visitor, line)
    if line.state == "back":
        return Act.INSPECT if visitor.inspects and line.lends else Act.WAIT if line.borrows else None
    if line.state != "reserved":
        return None
    if at < line.ready_from:
        return Act.WAIT if line.borrows else None
    if visitor.gives and line.lends:
        return Act.HAND_OUT
    return Act.COLLECT if line.borrows and visitor.requests else None


def _act_while_out(visitor: Visitor, line: LineFacts) -> Act | None:
    if line.holder is not None and line.holder == visitor.person:
        return Act.RETURN
    if line.checked_in and visitor.takes_in and line.lends:
        return Act.TAKE_IN
    if visitor.gives and line.lends:
        return Act.TAKE_BACK
    return Act.TAKE_OVER if line.borrows and visitor.requests else None


def _path(act: Act, code: str, line: LineFacts | None) -> str:
    if act in (Act.KEEP, Act.NONE) or line is None:
        return f"/loans/new?item={code}" if act is Act.BORROW else f"/items/{code}"
    return {
        Act.CONFIRM: f"/handovers/{line.handover}",
        Act.AWAIT: f"/handovers/{line.handover}",
        Act.RETURN: f"/loans/{line.loan}/hand-over?direction=back&item={code}",
        Act.TAKE_OVER: f"/loans/{line.loan}/hand-over?direction=move&item={code}",
        Act.TAKE_BACK: f"/loans/{line.loan}/hand-over?direction=back&item={code}",
        Act.TAKE_IN: f"/loans/{line.loan}/take-in",
        Act.INSPECT: f"/loans/{line.loan}/inspect",
        Act.HAND_OUT: f"/loans/{line.loan}/hand-over?direction=out&item={code}",
        Act.COLLECT: f"/loans/{line.loan}/hand-over?direction=out&item={code}",
        Act.WAIT: f"/loans/{line.loan}",
        Act.BORROW: f"/loans/new?item={code}",
    }[act]


def _params(line: LineFacts | None) -> Mapping[str, object]:
    if line is None:
        return {}
    return {"holder": line.holder_name, "from": line.ready_from, "loan": line.loan}


def _besides(act: Act, code: str, line: LineFacts | None) -> tuple[tuple[str, str], ...]:
    """Further acts as (label, address): passing on, reporting damage, the loan itself."""
    if line is None or act in (Act.BORROW, Act.NONE):
        return ()
    report = (N_("Report damage or loss"), f"/incidents/new?code={code}")
    loan = (N_("Open the loan"), f"/loans/{line.loan}")
    if act is Act.RETURN:
        return ((N_("Pass it on"), f"/loans/{line.loan}/hand-over?direction=move&item={code}"), report, loan)
    if act is Act.TAKE_IN:
        counter = (N_("Its holder is here"), f"/loans/{line.loan}/hand-over?direction=back&item={code}")
        return (counter, report, loan)
    if act is Act.KEEP:
        return (report,)
    return (loan,) if act in (Act.WAIT, Act.CONFIRM, Act.AWAIT, Act.COLLECT) else (report, loan)
