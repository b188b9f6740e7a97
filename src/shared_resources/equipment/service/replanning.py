"""Bookings of an item that left the pool: another one where any would do, else a conflict that both sides see."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.queries.booking import facts_of
from shared_resources.equipment.queries.handover import LoanRow, loan_row
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.service.allotment import (
    Fitted,
    LoanItem,
    end_lines,
    lines_of_loan,
    replacement,
    set_aside,
    wanted_of,
)
from shared_resources.kernel import clock, journal, notices
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.permissions import DECIDING, FIELD, SYSTEM_ACTOR
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.equipment.rules.booking import ItemFacts

BOOKED = ("approved", "conflict")
WAITING = ("requested", "offered")


async def replan_item(item: UUID, why: str) -> None:
    """Within the running verb: plan every later booking of ``item`` anew; ``why`` is a msgid for those concerned.

    A line that asked for any item of the model gets another one where one is free. A named item cannot be
    replaced without asking: its approved loan comes into conflict, a mere request falls back to asking.
    """
    facts = (await facts_of([item]))[item]
    numbers = await connection().fetch(
        "SELECT DISTINCT r.number, r.id FROM loan_line l JOIN record r ON r.id = l.loan WHERE l.owner = $1"
        " AND l.item = $2 AND l.state IN ('asked', 'held', 'reserved') AND upper(l.period) > $3 ORDER BY r.id",
        facts.owner,
        item,
        clock.now(),
    )
    for row in numbers:
        loan = await loan_row(row["number"], lock=True)
        lines = await lines_of_loan(loan, ("asked", "held", "reserved"))
        for line in lines:
            if line.item == item:
                await replan(loan, line, lines, facts, why)


async def replan(loan: LoanRow, line: LoanItem, lines: Sequence[LoanItem], item: ItemFacts, why: str) -> None:
    """One line of one loan: exchanged, in conflict, or let go."""
    wanted = wanted_of(loan)
    other = await replacement(loan, line, item, wanted, {one.item for one in lines})
    if other is not None:
        await set_aside(loan, [Fitted(line, other)], line.state, wanted)
        await tell_exchanged(loan, item, other, why)
    elif loan.state in BOOKED:
        await rewrite(loan, line, "conflict", why)
        if (await connection().fetchval("SELECT state FROM record WHERE id = $1", loan.id)) == "approved":
            data = {"item": item.id, "why": why}
            await journal.act(LOAN, "collide", loan.id, SYSTEM_ACTOR, data=data)
    elif loan.state in WAITING:
        await rewrite(loan, line, "asked" if loan.state == "requested" else "conflict", why)
        await tell_lost(loan, item, why)
    else:
        await end_lines(loan, "dropped", why, lines=[line.id])
        await tell_lost(loan, item, why)


async def rewrite(loan: LoanRow, line: LoanItem, state: str, why: str) -> None:
    """Give a line another state and the reason for it."""
    await connection().execute(
        "UPDATE loan_line SET state = $3, reason = $4 WHERE owner = $1 AND id = $2",
        loan.owner,
        line.id,
        state,
        why,
    )


async def tell_exchanged(loan: LoanRow, item: ItemFacts, other: ItemFacts, why: str) -> None:
    """Journal the exchange; word to both sides."""
    if loan.state in ("requested", "approved", "conflict"):
        data = {"from": item.id, "to": other.id, "why": why}
        await journal.act(LOAN, "reallocate", loan.id, SYSTEM_ACTOR, data=data)
    await notices.tell(
        [loan.owner, loan.borrower],
        FIELD,
        N_("On loan %(number)s, item %(other)s takes the place of %(item)s. %(why)s"),
        {"number": loan.number, "item": grouped(item.code), "other": grouped(other.code), "why": why},
        record=loan.id,
        link=f"/loans/{loan.number}",
        key=f"exchanged:{loan.id}:{item.id}:{other.id}:{clock.now().isoformat()}",
    )


async def tell_lost(loan: LoanRow, item: ItemFacts, why: str) -> None:
    """Word to both sides of a request or a loan that goes on without the item."""
    await notices.tell(
        [loan.owner, loan.borrower],
        FIELD | DECIDING,
        N_("Loan %(number)s cannot count on item %(item)s any more. %(why)s"),
        {"number": loan.number, "item": grouped(item.code), "why": why},
        record=loan.id,
        link=f"/loans/{loan.number}",
        key=f"lost:{loan.id}:{item.id}:{clock.now().isoformat()}",
    )
