"""Who may see positions, in one place (ROLES.md, EXPECTATIONS 12). Every read with coordinates asks here.

The owner's custodian and the borrower's unit head; the map only while a thing is out, a track until its loan is
closed, and afterwards only while it is kept as evidence, by those who may keep it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.kernel.errors import NotAllowed, WrongState
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Reason

ITS_LOANS = "((l.owner = $1 AND $2) OR (l.borrower = $1 AND $3))"
"""SQL over ``loan l``: those of whose things the reader may see positions; its values are ``Visible.values``."""
OUT_NOW = "ll.state = 'out' AND ll.out_at IS NOT NULL AND ll.back_at IS NULL"
"""SQL over ``loan_line ll``: the things that are out, the only ones that a map may show."""
ON_LINE = (
    "b.item = ll.item AND b.since < coalesce(ll.back_at, 'infinity') AND coalesce(b.until, 'infinity') > ll.out_at"
)
"""SQL over ``tracker_binding b`` and ``loan_line ll``: trackers that were on the thing while it was out."""
SINCE = "greatest(ll.out_at, b.since)"
UNTIL = "least(coalesce(ll.back_at, 'infinity'), coalesce(b.until, 'infinity'))"
"""SQL: the time in which what tracker ``b`` said belongs to line ``ll``."""
CLOSED = N_("This loan is closed: its track is no longer shown.")


@dataclass(frozen=True)
class Visible:
    """On which side of loans the reader may see positions; at least one."""

    agency: UUID
    as_owner: bool
    as_borrower: bool

    @property
    def values(self) -> tuple[UUID, bool, bool]:
        """The first three values of a statement with ``ITS_LOANS``."""
        return self.agency, self.as_owner, self.as_borrower


def positions_visible(actor: Actor) -> Visible:
    """The sides on which this reader may see positions.

    Raises:
        SignInNeeded, NotFound: see ``permissions.require``.
        NotAllowed: the reader's role sees no positions on either side.
    """
    as_owner, as_borrower = (_sees(actor, side) for side in (Relation.OWNER, Relation.BORROWER))
    if actor.agency is None or not (as_owner or as_borrower):
        require(actor, Permission.POSITION_SEE, actor.relations(actor.agency))
        raise NotAllowed(N_("Your role does not see positions."), code="not_allowed")
    return Visible(actor.agency, as_owner, as_borrower)


def refuse_track(actor: Actor, owner: UUID, borrower: UUID, state: str, *, held: bool) -> bool:
    """Pass if the reader may see the track of a loan; returns whether it is seen as evidence.

    Raises:
        NotFound: none of the reader's business.
        NotAllowed: the reader's role does not suffice.
        WrongState: the loan is closed and its track is not kept as evidence.
    """
    relations = actor.relations(owner, borrower)
    if not LOAN.states[state].final:
        require(actor, Permission.POSITION_SEE, relations)
        return False
    if may(actor, Permission.POSITION_SEE, relations) is not True or held:
        require(actor, Permission.POSITION_HOLD, relations)
    if not held:
        raise WrongState(CLOSED, do=N_("If it is needed, have it kept as evidence first."), code="track_closed")
    return True


def why_not(actor: Actor, owner: UUID, borrower: UUID, state: str, *, held: bool) -> str | None:
    """Why the reader may not see the track, as a msgid; None if they may. Asked only of a party to the loan."""
    relations = actor.relations(owner, borrower)
    over = LOAN.states[state].final
    if over and not held:
        return CLOSED
    answer: bool | Reason = may(actor, Permission.POSITION_HOLD if over else Permission.POSITION_SEE, relations)
    return None if isinstance(answer, bool) else answer.sentence.msgid


def _sees(actor: Actor, side: Relation) -> bool:
    return may(actor, Permission.POSITION_SEE, {side}) is True
