"""Holds: while a dispute about a record is open, neither side acts alone on it (supervision rules, art. 11).

Steps marked ``competes`` are refused; an urgent act for public or personal safety is taken as a ``safety_act``
with its reason, which leaves the hold in place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, reading
from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from uuid import UUID


async def hold(record: UUID, by: UUID) -> None:
    """Within the running verb: nobody acts alone on ``record`` until ``release``; ``by`` is the dispute."""
    await connection().execute(
        "INSERT INTO hold (id, record, dispute, since) VALUES ($1, $2, $3, $4)", new_id(), record, by, clock.now()
    )


async def release(by: UUID) -> None:
    """Within the running verb: the dispute ``by`` is over, the records it held go on."""
    await connection().execute(
        "UPDATE hold SET ended_at = $2 WHERE dispute = $1 AND ended_at IS NULL", by, clock.now()
    )


async def held_by(record: UUID) -> str | None:
    """The number of the dispute that holds ``record``; None when none does."""
    async with reading() as db:
        number: str | None = await db.fetchval(
            "SELECT r.number FROM hold h JOIN record r ON r.id = h.dispute"
            " WHERE h.record = $1 AND h.ended_at IS NULL ORDER BY h.since LIMIT 1",
            record,
        )
    return number


async def refuse_held(record: UUID) -> None:
    """Refuse a competing step on a held record.

    Raises:
        WrongState: a dispute about the record is open.
    """
    number = await held_by(record)
    if number is not None:
        raise WrongState(
            N_("Dispute %(number)s about this is open: neither side acts alone until it is settled."),
            do=N_("Where public or personal safety is at stake, record an urgent safety act."),
            code="held",
            number=number,
        )
