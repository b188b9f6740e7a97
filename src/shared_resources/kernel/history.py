"""The journal of a record as those who may see it read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.schemas.history import ActView

if TYPE_CHECKING:
    from collections.abc import Mapping


async def acts_of(record: UUID, labels: Mapping[str, str]) -> tuple[ActView, ...]:
    """Every act on a record, newest first; ``labels`` name the acts. The caller has made sure that the reader may
    see the record."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT j.seq, j.at, j.step, p.name AS actor_name, a.name_zh AS agency_name_zh,"
            " a.name_en AS agency_name_en, j.note, j.body, encode(j.hash, 'hex') AS hash FROM journal_line j"
            " LEFT JOIN person p ON p.id = j.actor LEFT JOIN agency a ON a.id = j.agency"
            " WHERE j.chain = $1 ORDER BY j.seq DESC",
            record,
        )
    return tuple(_act(row, labels) for row in rows)


def _act(row: Any, labels: Mapping[str, str]) -> ActView:
    """One line; what it moved and its basis are read from the body that was hashed."""
    body = json.loads(row["body"])
    return ActView(
        **{name: value for name, value in row.items() if name != "body"},
        label=labels.get(row["step"], row["step"]),
        before=body.get("before"),
        after=body.get("after"),
        basis=body.get("basis", ""),
    )
