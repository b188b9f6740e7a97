"""What became of the later bookings of an item that left the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.queries.names import agency_columns, agency_in
from shared_resources.equipment.rules.procedures import LINE_STATES, LOAN
from shared_resources.equipment.schemas.counter import LaterBooking
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found

if TYPE_CHECKING:
    from collections.abc import Sequence

TOUCHED = (
    "WITH here AS (SELECT n.item, n.owner, n.reported_at FROM incident n JOIN record r ON r.id = n.id"
    "  WHERE r.number = $1),"
    " acts AS (SELECT j.chain AS loan, convert_from(j.body, 'UTF8')::jsonb -> 'data' AS data"
    "  FROM here JOIN loan_line l ON l.owner = here.owner JOIN journal_line j ON j.chain = l.loan"
    "  WHERE j.step IN ('reallocate', 'collide') AND j.actor IS NULL"
    "  AND j.at BETWEEN here.reported_at - interval '1 second' AND here.reported_at + interval '1 minute'),"
    " exchanged AS (SELECT DISTINCT a.loan, (a.data ->> 'to')::uuid AS item FROM acts a, here"
    "  WHERE a.data ->> 'from' = here.item::text),"
    " kept AS (SELECT l.loan, l.item FROM here JOIN loan_line l ON l.owner = here.owner AND l.item = here.item"
    "  WHERE lower(l.period) > here.reported_at AND l.reason IS NOT NULL)"
    " SELECT r.number, r.state AS loan_state, l.starts_at, l.owner, l.borrower AS party, i.code, x.is_new,"
    f" ll.state, {agency_columns('b', 'borrower')} FROM (SELECT loan, item, true AS is_new FROM exchanged"
    "  UNION ALL SELECT loan, item, false FROM kept) x JOIN loan l ON l.id = x.loan JOIN record r ON r.id = l.id"
    " JOIN agency b ON b.id = l.borrower JOIN item i ON i.id = x.item"
    " LEFT JOIN LATERAL (SELECT state FROM loan_line WHERE owner = l.owner AND loan = l.id AND item = x.item"
    "  ORDER BY id DESC LIMIT 1) ll ON true ORDER BY l.starts_at, r.number"
)


async def later_bookings(actor: Actor, number: str) -> Sequence[LaterBooking]:
    """The bookings that an incident touched and how they stand now: all for the owner, one's own for a borrower.

    Raises:
        NotFound: the reader's agency has nothing to do with loans at all.
    """
    if may(actor, Permission.LOAN_SEE, {Relation.OWNER}) is not True:
        raise not_found()
    async with reading() as db:
        rows = await db.fetch(TOUCHED, number)
    return [booking(row) for row in rows if actor.agency in (row["owner"], row["party"])]


def booking(row: Any) -> LaterBooking:
    """One booking: the state of its line, else that of its loan."""
    state = LINE_STATES[row["state"]] if row["state"] else LOAN.states[row["loan_state"]]
    return LaterBooking(
        loan=row["number"],
        borrower=agency_in(row, "borrower"),
        starts_at=row["starts_at"],
        label=state.label,
        tone=state.tone,
        new_code=row["code"] if row["is_new"] else None,
    )
