"""Loans as their two sides read them: one cart, one loan with everything on it, one change of hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.incidents import incidents_of
from shared_resources.equipment.queries.journal import acts_of
from shared_resources.equipment.queries.loan_parts import (
    competitors_of,
    handovers,
    handovers_of,
    lines_of,
    siblings_of,
)
from shared_resources.equipment.queries.names import (
    agency_columns,
    agency_in,
    fields_of,
    person_columns,
    person_in,
)
from shared_resources.equipment.rules.choices import LoanFacts, loan_choices
from shared_resources.equipment.rules.procedures import CHECKED_IN, LOAN
from shared_resources.equipment.schemas.loans import (
    HandoverPage,
    LoanLine,
    LoanPage,
)
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.dues import dues_of, next_dues
from shared_resources.kernel.identity.queries import duty_officers
from shared_resources.kernel.permissions import Actor, Permission, may, not_found, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.schemas.dues import DueView

REFUSING = ("refuse", "revoke", "offer")
"""Acts whose note tells the borrower why not."""

LISTED = (
    "SELECT l.id, r.number, r.title, r.state, r.version, l.purpose, l.mode, l.emergency, l.starts_at, l.ends_at,"
    f" {agency_columns('o', 'owner')}, {agency_columns('b', 'borrower')}, t.name AS taker_name, n.items, n.at_home"
    " FROM loan l JOIN record r ON r.id = l.id JOIN agency o ON o.id = l.owner JOIN agency b ON b.id = l.borrower"
    " JOIN person t ON t.id = l.taker LEFT JOIN LATERAL (SELECT coalesce(nullif(count(*) FILTER"
    "  (WHERE ll.state NOT IN ('refused', 'dropped')), 0), count(*)) AS items,"
    "  bool_and(ll.checked_in_at IS NOT NULL) FILTER (WHERE ll.state = 'out') AS at_home FROM loan_line ll"
    "  WHERE ll.owner = l.owner AND ll.loan = l.id) n ON true WHERE "
)
PAGE = (
    "SELECT l.id, r.number, r.title, r.state, r.version, r.opened_at, l.cart, l.ground, l.purpose, l.case_no,"
    " l.place, l.mode, l.evidential, l.emergency, l.starts_at, l.ends_at, l.extension_until, l.papers_filed_at,"
    f" {agency_columns('o', 'owner')}, {agency_columns('b', 'borrower')}, {person_columns('a', 'asked_by')},"
    f" {person_columns('t', 'taker')}, {person_columns('d', 'decided_by')}"
    " FROM record r JOIN loan l ON l.id = r.id JOIN agency o ON o.id = l.owner JOIN agency b ON b.id = l.borrower"
    " JOIN person a ON a.id = l.asked_by JOIN person t ON t.id = l.taker LEFT JOIN person d ON d.id = l.decided_by"
    " WHERE r.number = $1 AND r.kind = 'loan'"
)


async def cart(actor: Actor, identifier: UUID) -> tuple[LoanLine, ...]:
    """The loans of one cart: all of them for the borrower, an owner's own part for that owner.

    Raises:
        NotFound: no such cart, or none of the reader's business.
    """
    found = await loan_lines(actor, "l.cart = $2 ORDER BY r.number", identifier)
    if not found:
        raise not_found()
    return found


async def loan_lines(actor: Actor, where: str, *values: Any) -> tuple[LoanLine, ...]:
    """Loans of the reader's agency that ``where`` leaves, each with what is next due; ``$1`` is the agency."""
    if not may(actor, Permission.LOAN_SEE, actor.relations(actor.agency)):
        return ()
    rows = await loan_rows(f"(l.owner = $1 OR l.borrower = $1) AND {where}", actor.agency, *values)
    return await with_dues(rows)


async def loan_page(actor: Actor, number: str) -> LoanPage:
    """One loan with everything on it, in a number of statements that does not depend on its size.

    Raises:
        NotFound: unknown, or none of the reader's business: no difference is visible.
        NotAllowed: the reader's role does not see loans.
    """
    async with reading() as db:
        row = await db.fetchrow(PAGE, number)
    if row is None:
        raise not_found()
    require(actor, Permission.LOAN_SEE, actor.relations(row["owner"], row["borrower"]))
    owns = actor.agency == row["owner"]
    lines = await lines_of(actor, row["owner"], row["id"])
    out = [line for line in lines if line.state == "out"]
    state = CHECKED_IN if out and all(line.checked_in_at for line in out) else LOAN.states[row["state"]]
    journal = await acts_of(row["id"])
    on_duty = await duty_officers(row["owner"]) if owns and row["emergency"] else ()
    columns = fields_of(LoanPage, row)
    return LoanPage(
        **columns
        | {
            "label": state.label,
            "tone": state.tone,
            "side": "owner" if owns else "borrower",
            "owner": agency_in(row, "owner"),
            "borrower": agency_in(row, "borrower"),
            "asked_by": person_in(row, "asked_by"),
            "taker": person_in(row, "taker"),
            "decided_by": person_in(row, "decided_by") if row["decided_by"] else None,
        },
        refused_because=next((act.note for act in journal if act.step in REFUSING and act.note), None),
        lines=lines,
        dues=await dues_of(row["id"]),
        handovers=await handovers_of(actor, row["id"]),
        incidents=await incidents_of(row["id"]),
        siblings=await siblings_of(actor, row["cart"], row["id"]),
        competitors=await competitors_of(row["owner"], row["id"]) if owns else (),
        journal=journal,
        choices=loan_choices(actor, facts_of(row, actor.person in on_duty)),
    )


async def handover_page(actor: Actor, identifier: UUID) -> HandoverPage:
    """One change of hands with its loan, for the people of both sides.

    Raises:
        NotFound: there is none, or it is none of the reader's business.
    """
    async with reading() as db:
        loan = await db.fetchval("SELECT loan FROM handover WHERE id = $1", identifier)
    found = await loan_lines(actor, "l.id = $2", loan) if loan else ()
    if not found:
        raise not_found()
    (handover,) = await handovers(actor, "h.id = $1", identifier)
    return HandoverPage(handover=handover, loan=found[0])


def facts_of(row: Any, on_duty: bool) -> LoanFacts:
    """What decides which acts a reader is offered."""
    return LoanFacts(
        state=row["state"],
        owner=row["owner"],
        borrower=row["borrower"],
        asked_by=row["asked_by"],
        emergency=row["emergency"],
        papers_filed=row["papers_filed_at"] is not None,
        extension_asked=row["extension_until"] is not None,
        on_duty=on_duty,
    )


async def loan_rows(where: str, *values: Any) -> Sequence[Any]:
    """Rows of loans as lists show them. The caller has made sure that the reader may see them."""
    async with reading() as db:
        return await db.fetch(LISTED + where, *values)  # type: ignore[no-any-return]


async def with_dues(rows: Sequence[Any]) -> tuple[LoanLine, ...]:
    """The same as lists show them, each with what is next due."""
    due = await next_dues([row["id"] for row in rows]) if rows else {}
    return tuple(_line(row, due.get(row["id"])) for row in rows)


def _line(row: Any, due: DueView | None) -> LoanLine:
    state = CHECKED_IN if row["at_home"] else LOAN.states[row["state"]]
    columns = fields_of(LoanLine, row)
    return LoanLine(
        **columns | {"owner": agency_in(row, "owner"), "borrower": agency_in(row, "borrower")},
        label=state.label,
        tone=state.tone,
        due=due,
    )
