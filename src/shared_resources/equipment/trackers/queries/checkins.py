"""What came home by itself: waiting for the keeper, and of one loan for both sides."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.queries.names import agency_columns, agency_in, fields_of
from shared_resources.equipment.trackers.queries.live import loan_row
from shared_resources.equipment.trackers.schemas.standing import CheckinView
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, may, require

if TYPE_CHECKING:
    from collections.abc import Sequence

UNDO = timedelta(minutes=10)
"""How long a confirmed check-in may be undone."""
WAITING = (
    "c.owner = $1 AND c.state IN ('proposed', 'confirmed') AND ll.state = 'out' AND ll.back_at IS NULL"
    " ORDER BY c.made_at, c.id"
)
CHECKINS = (
    "SELECT c.id, lr.number AS loan, lr.title AS loan_title, c.line, c.item, i.code, m.name_zh AS model_name_zh,"
    " m.name_en AS model_name_en, tr.number AS tracker_number, so.name AS source_name, c.how, c.state, c.seen_at,"
    " c.made_at, c.confirmed_at, p.name AS decided_by, c.decided_at, ll.state AS line_state,"
    f" {agency_columns('o', 'owner')}, {agency_columns('b', 'borrower')} FROM checkin c"
    " JOIN loan l ON l.id = c.loan JOIN record lr ON lr.id = c.loan JOIN item i ON i.id = c.item"
    " JOIN model m ON m.id = i.model JOIN record tr ON tr.id = c.tracker JOIN agency o ON o.id = l.owner"
    " JOIN agency b ON b.id = l.borrower LEFT JOIN loan_line ll ON ll.owner = c.owner AND ll.id = c.line"
    " LEFT JOIN tracker_source so ON so.id = c.source LEFT JOIN person p ON p.id = c.decided_by WHERE "
)


async def checkins(actor: Actor) -> tuple[CheckinView, ...]:
    """What waits for the keeper: to be confirmed, or to be inspected, the longest waiting first.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader takes nothing in.
    """
    require(actor, Permission.CHECKIN_DECIDE, actor.relations(actor.agency))
    async with reading() as db:
        rows: Sequence[Any] = await db.fetch(CHECKINS + WAITING, actor.agency)
    return tuple(_view(actor, row) for row in rows)


async def checkins_of_loan(actor: Actor, number: str) -> tuple[CheckinView, ...]:
    """Every check-in of a loan, the latest first, also those undone or declined.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    async with reading() as db:
        loan = await loan_row(db, number)
        require(actor, Permission.LOAN_SEE, actor.relations(loan["owner"], loan["borrower"]))
        rows = await db.fetch(f"{CHECKINS}c.loan = $1 ORDER BY c.made_at DESC, c.id DESC", loan["id"])
    return tuple(_view(actor, row) for row in rows)


def _view(actor: Actor, row: Any) -> CheckinView:
    relations = actor.relations(row["owner"], row["borrower"])
    decides = may(actor, Permission.CHECKIN_DECIDE, relations) is True and row["line_state"] == "out"
    until: datetime | None = row["confirmed_at"] + UNDO if row["state"] == "confirmed" else None
    open_still = until is not None and clock.now() <= until
    return CheckinView(
        **fields_of(CheckinView, row) | {"owner": agency_in(row, "owner"), "borrower": agency_in(row, "borrower")},
        undo_until=until if open_still else None,
        may_decide=decides and row["state"] == "proposed",
        may_undo=open_still and may(actor, Permission.CHECKIN_UNDO, relations) is True,
        may_take_in=decides and row["state"] == "confirmed",
    )
