"""Who stands on which side of a change of hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.rules.handover import Sides
from shared_resources.equipment.schemas.handover import Direction, HandoverDraft
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.identity import serving
from shared_resources.kernel.permissions import Actor, Permission, may, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.equipment.queries.handover import LoanRow


async def answers(row: Any, actor: Actor) -> bool:
    """Whether ``actor`` is the other side of this proposal."""
    if actor.person == row["proposed_by"]:
        return False
    if actor.person in (row["giver"], row["taker"]):
        return True
    at_counter = row["direction"] == Direction.BACK and row["proposed_by"] == row["giver"]
    return at_counter and may(actor, Permission.LOAN_GIVE, actor.relations(row["owner"])) is True


async def sides_of(actor: Actor, loan: LoanRow, draft: HandoverDraft) -> Sides:
    """Who gives and who takes: the actor is one of them, ``draft.other`` the other."""
    assert actor.person is not None
    assert actor.agency is not None
    outside = loan.owner if loan.mode == "shared_use" else loan.borrower
    gives = {
        Direction.OUT: actor.agency == loan.owner and actor.person != loan.taker,
        Direction.BACK: actor.agency == outside and not await keeps(actor, loan),
        Direction.MOVE: True,
    }[draft.direction]
    far = {
        Direction.OUT: outside if gives else loan.owner,
        Direction.BACK: loan.owner if gives else outside,
        Direction.MOVE: outside,
    }[draft.direction]
    other = await serving(draft.other, far)
    if other is None or may(other, Permission.LOAN_TAKE, other.relations(loan.owner, loan.borrower)) is not True:
        raise Invalid(
            N_("That person cannot take part in this hand-over."),
            do=N_("Choose somebody of the other agency who works with equipment."),
            code="other_person",
            field="other",
        )
    near = (actor.person, actor.agency)
    giver, taker = (near, (draft.other, far)) if gives else ((draft.other, far), near)
    return Sides(*giver, *taker)


async def keeps(actor: Actor, loan: LoanRow) -> bool:
    """Whether ``actor`` stands behind the owner's counter: gives out and does not hold anything of this loan."""
    if may(actor, Permission.LOAN_GIVE, actor.relations(loan.owner)) is not True:
        return False
    held = await connection().fetchval(
        "SELECT true FROM loan_line ll JOIN LATERAL (SELECT holder FROM custody_line c WHERE c.chain = ll.item"
        " ORDER BY seq DESC LIMIT 1) last ON true"
        " WHERE ll.owner = $1 AND ll.loan = $2 AND ll.state = 'out' AND last.holder = $3 LIMIT 1",
        loan.owner,
        loan.id,
        str(actor.person),
    )
    return not held


async def confirmed_sides(row: Any, actor: Actor) -> Sides:
    """The sides of a hand-over at the moment of its confirmation."""
    outside = row["owner"] if row["mode"] == "shared_use" else row["borrower"]
    agencies = {
        Direction.OUT: (row["owner"], outside),
        Direction.BACK: (outside, row["owner"]),
        Direction.MOVE: (outside, outside),
    }[Direction(row["direction"])]
    require(actor, Permission.LOAN_HAND_OVER, actor.relations(row["owner"], row["borrower"]))
    return Sides(row["giver"], agencies[0], row["taker"], agencies[1])
