"""Who looked at positions of a loan, what is kept of them, and what a reader may do about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.trackers.queries.live import areas_in, loan_row
from shared_resources.equipment.trackers.queries.visible import why_not
from shared_resources.equipment.trackers.schemas.positions import HoldView, LookLine, TrackAccess
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, may, require

KEPT = timedelta(days=90)
"""How long a track stays after its loan has closed (EXPECTATIONS 12)."""
MOST = 500

LOOKS = (
    "SELECT p.name AS person_name, a.name_zh AS agency_name_zh, a.name_en AS agency_name_en,"
    " r.number AS tracker_number, i.code, k.view, k.at FROM position_look k JOIN person p ON p.id = k.person"
    " JOIN agency a ON a.id = k.agency JOIN record r ON r.id = k.tracker LEFT JOIN LATERAL (SELECT x.code"
    "  FROM tracker_binding b JOIN loan_line ll ON ll.item = b.item AND ll.loan = k.loan"
    "  JOIN item x ON x.id = b.item"
    "  WHERE b.tracker = k.tracker ORDER BY b.since DESC LIMIT 1) i ON true"
    f" WHERE k.loan = $1 ORDER BY k.at DESC, k.id DESC LIMIT {MOST}"
)
HOLDS = (
    "SELECT h.id, h.reason, p.name AS held_by, h.held_at, q.name AS released_by, h.released_at"
    " FROM position_hold h JOIN person p ON p.id = h.held_by LEFT JOIN person q ON q.id = h.released_by"
    " WHERE h.loan = $1 ORDER BY h.held_at DESC"
)
TRACKED = (
    "SELECT EXISTS (SELECT FROM loan_line ll JOIN tracker_binding b ON b.item = ll.item"
    " AND b.since < coalesce(ll.back_at, 'infinity')"
    " AND coalesce(b.until, 'infinity') > coalesce(ll.out_at, '-infinity')"
    " WHERE ll.owner = $1 AND ll.loan = $2 AND ll.state NOT IN ('refused', 'dropped'))"
)


async def looks(actor: Actor, number: str) -> tuple[LookLine, ...]:
    """Who looked at positions of a loan, the latest first: both sides may know of each look.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    async with reading() as db:
        loan = await _seen_loan(db, actor, number)
        rows = await db.fetch(LOOKS, loan["id"])
    return tuple(LookLine(**row) for row in rows)


async def track_access(actor: Actor, number: str) -> TrackAccess:
    """What a reader of a loan may do about its positions, its areas and holds.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    async with reading() as db:
        loan = await _seen_loan(db, actor, number)
        tracked = await db.fetchval(TRACKED, loan["owner"], loan["id"])
        holds = await db.fetch(HOLDS, loan["id"])
    relations = actor.relations(loan["owner"], loan["borrower"])
    over = LOAN.states[loan["state"]].final
    reason = why_not(actor, loan["owner"], loan["borrower"], loan["state"], held=loan["held"])
    return TrackAccess(
        tracked=tracked,
        may_see=reason is None,
        why_not=reason,
        may_hold=may(actor, Permission.POSITION_HOLD, relations) is True,
        may_set_areas=not over and may(actor, Permission.AREA_SET, relations) is True,
        deleted_after=loan["changed_at"] + KEPT if over and not loan["held"] else None,
        areas=areas_in(loan),
        holds=tuple(HoldView(**row) for row in holds),
    )


async def _seen_loan(db: Any, actor: Actor, number: str) -> Any:
    loan = await loan_row(db, number)
    require(actor, Permission.LOAN_SEE, actor.relations(loan["owner"], loan["borrower"]))
    return loan
