"""Rows that a change of hands starts from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import not_found

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class LoanRow:
    """The facts of a loan that verbs ask for. Times are instants."""

    id: UUID
    number: str
    title: str
    state: str
    version: int
    owner: UUID
    borrower: UUID
    asked_by: UUID
    taker: UUID
    mode: str
    emergency: bool
    evidential: bool
    starts_at: datetime
    ends_at: datetime
    extension_until: datetime | None


async def loan_row(number: str, *, lock: bool = False) -> LoanRow:
    """The loan with this number; locked with its record, so that both are read as they stand then.

    Raises:
        NotFound: there is none.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT l.id, r.number, r.title, r.state, r.version, l.owner, l.borrower, l.asked_by, l.taker, l.mode,"
            " l.emergency, l.evidential, l.starts_at, l.ends_at, l.extension_until"
            " FROM record r JOIN loan l ON l.id = r.id WHERE r.number = $1"
            + (" FOR NO KEY UPDATE OF r, l" if lock else ""),
            number,
        )
    if row is None:
        raise not_found()
    return LoanRow(**row)


async def line_rows(loan: LoanRow, *, lock: bool = False) -> Sequence[Any]:
    """Every line of the loan with what a hand-over needs of item, model and depot, in item order."""
    async with reading() as db:
        return await db.fetch(  # type: ignore[no-any-return]
            "SELECT ll.id, ll.item, ll.state, lower(ll.blocked) AS ready_from, i.code, i.depot, i.owner,"
            " m.buffer_after_minutes, c.resource, ir.state AS item_state FROM loan_line ll"
            " JOIN item i ON i.id = ll.item JOIN record ir ON ir.id = ll.item"
            " JOIN model m ON m.id = ll.model JOIN category c ON c.id = m.category"
            " WHERE ll.owner = $1 AND ll.loan = $2 ORDER BY ll.item"
            + (" FOR NO KEY UPDATE OF ll" if lock else ""),
            loan.owner,
            loan.id,
        )


async def handover_row(handover: UUID, *, lock: bool = False) -> Any | None:
    """A hand-over with the number and sides of its loan; None when there is none."""
    async with reading() as db:
        return await db.fetchrow(
            "SELECT h.*, r.number, l.owner, l.borrower, l.mode FROM handover h JOIN loan l ON l.id = h.loan"
            " JOIN record r ON r.id = l.id WHERE h.id = $1" + (" FOR NO KEY UPDATE OF h" if lock else ""),
            handover,
        )


async def open_handover_of(lines: Sequence[UUID]) -> Any | None:
    """An open hand-over that already names one of these lines, if there is one."""
    async with reading() as db:
        return await db.fetchrow(
            "SELECT h.id, i.code FROM handover_line hl JOIN handover h ON h.id = hl.handover"
            " JOIN item i ON i.id = hl.item WHERE h.state = 'proposed' AND hl.line = ANY($1) LIMIT 1",
            list(lines),
        )
