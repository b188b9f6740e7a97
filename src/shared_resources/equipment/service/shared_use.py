"""What lent recorders recorded is owed to all who took part: said when the last of them is home (VI-1b)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.shared_use import footage_owed

if TYPE_CHECKING:
    from shared_resources.equipment.queries.handover import LoanRow

RECORDERS = (
    "SELECT EXISTS (SELECT FROM loan_line ll JOIN model m ON m.id = ll.model JOIN category c ON c.id = m.category"
    " WHERE ll.owner = $1 AND ll.loan = $2 AND ll.state = 'back' AND c.resource = 'video')"
)
IN_OPERATION = (
    "SELECT DISTINCT p.agency FROM record_link l JOIN record o ON o.id = l.source AND o.kind = 'joint_operation'"
    " JOIN party p ON p.record = o.id AND p.part IN ('lead_agency', 'cooperating_agency')"
    " WHERE l.target = $1 AND l.kind = 'uses'"
)
"""Who took part in the joint operations that the loan served."""


async def owe_footage(loan: LoanRow) -> None:
    """Within the running verb: whoever used the recorders of a loan that is home owes what they recorded.

    In shared use the owner's operator recorded, else the borrower did; the other side took part, and so did the
    agencies of the operation that it served.
    """
    if not await connection().fetchval(RECORDERS, loan.owner, loan.id):
        return
    recording = loan.owner if loan.mode == "shared_use" else loan.borrower
    rows = await connection().fetch(IN_OPERATION, loan.id)
    others = [loan.owner, loan.borrower, *(row["agency"] for row in rows)]
    await footage_owed(loan.id, loan.title, recording, others, loan.starts_at, clock.now())
