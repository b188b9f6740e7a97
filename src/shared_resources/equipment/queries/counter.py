"""The counter of a hand-over: who may stand on the other side, and who has to answer a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.handover import LoanRow, handover_row, loan_row
from shared_resources.equipment.schemas.counter import Counter, CounterPerson
from shared_resources.equipment.schemas.handover import Direction
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.identity.queries import people_with
from shared_resources.kernel.permissions import (
    MATRIX,
    Actor,
    Permission,
    Relation,
    Role,
    may,
    not_found,
    require,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST = 300


async def counter(actor: Actor, number: str, direction: Direction) -> Counter:
    """Which side of this hand-over the reader stands on, and the people who may stand on the other.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    loan = await loan_row(number)
    require(actor, Permission.LOAN_HAND_OVER, actor.relations(loan.owner, loan.borrower))
    holders = await holders_of(loan)
    gives = gives_here(actor, loan, direction, holders)
    far = far_agency(loan, direction, gives)
    people = await able_people(loan, far, besides=actor.person)
    wished = await likely_person(loan, direction, gives, holders)
    known = {person.id for person in people}
    suggested = next((person for person in wished if person in known), None)
    return Counter(gives=gives, people=people, suggested=suggested, holders=holders)


def gives_here(actor: Actor, loan: LoanRow, direction: Direction, holders: Mapping[UUID, UUID]) -> bool:
    """Whether the reader is the one who gives: the owner at the start, whoever holds the items at the end."""
    if direction is Direction.OUT:
        return actor.agency == loan.owner and actor.person != loan.taker
    if direction is Direction.MOVE:
        return True
    keeps = may(actor, Permission.LOAN_GIVE, actor.relations(loan.owner)) is True
    return actor.agency == outside_of(loan) and not (keeps and actor.person not in holders.values())


def outside_of(loan: LoanRow) -> UUID:
    """The agency whose person takes the items along: in shared use the owner's own operator does."""
    return loan.owner if loan.mode == "shared_use" else loan.borrower


def far_agency(loan: LoanRow, direction: Direction, gives: bool) -> UUID:
    """The agency of the other person."""
    if direction is Direction.MOVE:
        return outside_of(loan)
    return outside_of(loan) if gives == (direction is Direction.OUT) else loan.owner


async def holders_of(loan: LoanRow) -> dict[UUID, UUID]:
    """The person who holds each item of the loan that is out."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT ll.item, held.holder FROM loan_line ll JOIN LATERAL (SELECT holder_kind, holder"
            " FROM custody_line WHERE chain = ll.item ORDER BY seq DESC LIMIT 1) held ON true"
            " WHERE ll.owner = $1 AND ll.loan = $2 AND ll.state = 'out' AND held.holder_kind = 'person'",
            loan.owner,
            loan.id,
        )
    return {row["item"]: UUID(row["holder"]) for row in rows}


async def able_people(loan: LoanRow, agency: UUID, besides: UUID | None) -> tuple[CounterPerson, ...]:
    """Who of ``agency`` may take part in a hand-over of this loan today."""
    row = MATRIX[Permission.LOAN_TAKE]
    parts = {Relation.OWNER: loan.owner, Relation.BORROWER: loan.borrower}
    roles: set[Role] = set()
    for part, its_agency in parts.items():
        roles |= row[part] if its_agency == agency else set()
    people = [person for person in await people_with(agency, roles) if person != besides]
    async with reading() as db:
        rows = await db.fetch(
            "SELECT p.id, p.name, max(t.unit) AS unit FROM person p JOIN appointment t ON t.person = p.id"
            " WHERE p.id = ANY($1) AND t.agency = $2 GROUP BY p.id ORDER BY p.name, p.id LIMIT $3",
            people,
            agency,
            MOST,
        )
    return tuple(CounterPerson(**row) for row in rows)


async def likely_person(
    loan: LoanRow, direction: Direction, gives: bool, holders: Mapping[UUID, UUID]
) -> Sequence[UUID]:
    """Whom one most likely stands opposite to, best guess first."""
    if direction is Direction.MOVE:
        return []
    if gives and direction is Direction.OUT:
        return [loan.taker, loan.asked_by]
    if not gives and direction is Direction.BACK:
        return sorted(set(holders.values()), key=list(holders.values()).count, reverse=True)
    async with reading() as db:
        rows = await db.fetch(
            "SELECT i.keeper FROM loan_line ll JOIN item i ON i.id = ll.item"
            " WHERE ll.owner = $1 AND ll.loan = $2 AND i.keeper IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC",
            loan.owner,
            loan.id,
        )
    return [*(row["keeper"] for row in rows), *await people_with(loan.owner, [Role.CUSTODIAN])]


async def answering_agency(actor: Actor, handover: UUID) -> UUID:
    """The agency whose person has to answer a proposal that the reader made.

    Raises:
        NotFound: no such proposal of the reader's.
    """
    row: Any = await handover_row(handover)
    if row is None or row["proposed_by"] != actor.person:
        raise not_found()
    loan = await loan_row(row["number"])
    return far_agency(loan, Direction(row["direction"]), gives=row["proposed_by"] == row["giver"])
