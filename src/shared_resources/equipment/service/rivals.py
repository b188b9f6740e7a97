"""Requests compete; who loses an item is told, within the verb that gives it to somebody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.kernel import notices
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.permissions import FIELD
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

GIVEN_AWAY = N_(
    "Of request %(number)s “%(title)s”, %(items)s is lent to somebody else in that time."
    " The page of the request lists what else is free."
)
LOSERS = (
    "SELECT l.id, r.number, r.title, l.borrower, array_agg(i.code ORDER BY i.code) AS codes FROM loan_line won"
    " JOIN loan_line o ON o.owner = won.owner AND o.item = won.item AND o.loan <> won.loan AND o.state = 'asked'"
    "  AND NOT o.by_model AND o.blocked && won.blocked"
    " JOIN loan l ON l.id = o.loan JOIN record r ON r.id = o.loan AND r.state = 'requested'"
    " JOIN item i ON i.id = o.item WHERE won.owner = $1 AND won.loan = $2 AND won.state = 'reserved'"
    " GROUP BY l.id, r.id ORDER BY r.number"
)
"""A request for any item of a model loses nothing yet: its answer looks for another one."""


async def tell_losers(owner: UUID, loan: UUID) -> None:
    """Word to the requests that name what ``loan`` has just been given; of each item once."""
    for row in await connection().fetch(LOSERS, owner, loan):
        values = {
            "number": row["number"],
            "title": row["title"],
            "items": ", ".join(grouped(code) for code in row["codes"]),
        }
        if await told(row, values["items"]):
            continue
        await notices.tell(
            [row["borrower"]],
            FIELD,
            GIVEN_AWAY,
            values,
            record=row["id"],
            link=LOAN.path % values,
            key=f"{row['id']}:given_away:{loan}",
        )


async def told(row: Any, items: str) -> bool:
    """Whether a request was told so before: an approval was taken back, and another one followed."""
    found = await connection().fetchval(
        "SELECT EXISTS (SELECT FROM notice WHERE record = $1 AND sentence = $2 AND params ->> 'items' = $3)",
        row["id"],
        GIVEN_AWAY,
        items,
    )
    return bool(found)
