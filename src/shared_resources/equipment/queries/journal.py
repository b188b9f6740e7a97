"""The journal of a record as its parties read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.rules.procedures import INCIDENT, LOAN, PROCEDURES
from shared_resources.equipment.schemas.loans import ActView
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

ACT_LABELS: Mapping[str, str] = {step.name: step.label for procedure in PROCEDURES for step in procedure.steps} | {
    LOAN.opening: N_("Requested"),
    INCIDENT.opening: N_("Reported"),
    "propose_out": N_("Hand-over proposed"),
    "propose_back": N_("Return proposed"),
    "propose_move": N_("Passing on proposed"),
    "decline_handover": N_("Hand-over declined"),
    "withdraw_handover": N_("Proposed hand-over taken back"),
    "inspect": N_("Inspected"),
    "decline_extension": N_("Extension declined"),
    "remind": N_("Reminded"),
}
"""What the acts in a journal are called: every step, every opening, every act that leaves the state as it is."""


async def acts_of(record: UUID) -> tuple[ActView, ...]:
    """Every act on a record, newest first. The caller has made sure that the reader may see it."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT j.seq, j.at, j.step, p.name AS actor_name, a.name_zh AS agency_name_zh,"
            " a.name_en AS agency_name_en, j.note, j.body, encode(j.hash, 'hex') AS hash FROM journal_line j"
            " LEFT JOIN person p ON p.id = j.actor LEFT JOIN agency a ON a.id = j.agency"
            " WHERE j.chain = $1 ORDER BY j.seq DESC",
            record,
        )
    return tuple(act(row) for row in rows)


def act(row: Any) -> ActView:
    """One line; what it moved and its basis are read from the body that was hashed."""
    body = json.loads(row["body"])
    columns = {name: value for name, value in row.items() if name != "body"}
    return ActView(
        **columns,
        label=ACT_LABELS.get(row["step"], row["step"]),
        before=body.get("before"),
        after=body.get("after"),
        basis=body.get("basis", ""),
    )
