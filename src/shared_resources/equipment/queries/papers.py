"""What the two paper forms (12, 借用单, and 13, 交接单) print beyond a loan's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.handover import LoanRow, loan_row
from shared_resources.equipment.schemas.counter import FormLine, LoanFormFacts, OfficerLine
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.identity.queries import duty_now
from shared_resources.kernel.identity.validity import covers
from shared_resources.kernel.permissions import Actor, Permission, require

if TYPE_CHECKING:
    from collections.abc import Iterable


async def loan_form(actor: Actor, number: str) -> LoanFormFacts:
    """The facts of form 12 that the page of the loan does not show.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    loan = await loan_row(number)
    require(actor, Permission.LOAN_SEE, actor.relations(loan.owner, loan.borrower))
    async with reading() as db:
        decided_by = await db.fetchval("SELECT decided_by FROM loan WHERE id = $1", loan.id)
        released = await db.fetchrow(
            "SELECT j.at, p.name FROM journal_line j LEFT JOIN person p ON p.id = j.actor"
            " WHERE j.chain = $1 AND j.step = 'release' ORDER BY j.seq DESC LIMIT 1",
            loan.id,
        )
        depots = await db.fetch(
            "SELECT DISTINCT d.name_zh, d.address, coalesce(d.phone, '') AS phone FROM loan_line ll"
            " JOIN item i ON i.id = ll.item JOIN depot d ON d.id = i.depot WHERE ll.owner = $1 AND ll.loan = $2",
            loan.owner,
            loan.id,
        )
    people = await officers([loan.asked_by, loan.taker], loan.borrower)
    deciders = await officers([decided_by] if decided_by else [], loan.owner)
    desks = await duty_now(loan.owner) if loan.emergency else []
    return LoanFormFacts(
        asked_by=people[loan.asked_by],
        taker=people[loan.taker],
        decided_by=deciders.get(decided_by),
        released_by=released["name"] if released else None,
        released_at=released["at"] if released else None,
        desk=" ".join((desks[0].desk_name, desks[0].phone)) if desks else None,
        lines=await form_lines(loan),
        depots=tuple((row["name_zh"], row["address"], row["phone"]) for row in depots),
    )


async def officers(people: Iterable[UUID], agency: UUID) -> dict[UUID, OfficerLine]:
    """People with unit and permit number as ``agency`` appointed them."""
    async with reading() as db:
        rows: list[Any] = await db.fetch(
            "SELECT p.id, p.name, max(t.unit) AS unit, max(t.permit_no) AS permit_no FROM person p"
            f" LEFT JOIN appointment t ON t.person = p.id AND t.agency = $2 AND {covers('t', '$3')}"
            " WHERE p.id = ANY($1) GROUP BY p.id",
            list(people),
            agency,
            clock.today(),
        )
    return {row["id"]: OfficerLine(name=row["name"], unit=row["unit"], permit_no=row["permit_no"]) for row in rows}


async def form_lines(loan: LoanRow) -> dict[UUID, FormLine]:
    """Kind of each item and whether its readings need a certificate to stand as evidence."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT DISTINCT ON (ll.item) ll.item, c.code AS category, c.name_zh AS category_zh,"
            " c.name_en AS category_en, m.evidence_needs_certificate AS needs_certificate, f.issuer"
            " FROM loan_line ll JOIN model m ON m.id = ll.model JOIN category c ON c.id = m.category"
            " LEFT JOIN certificate f ON f.item = ll.item AND f.voided_at IS NULL"
            " AND ($3::timestamptz AT TIME ZONE 'Asia/Shanghai')::date BETWEEN f.valid_from AND f.valid_to"
            " WHERE ll.owner = $1 AND ll.loan = $2 ORDER BY ll.item, f.valid_to DESC NULLS LAST",
            loan.owner,
            loan.id,
            loan.ends_at,
        )
    return {row["item"]: FormLine(**row) for row in rows}
