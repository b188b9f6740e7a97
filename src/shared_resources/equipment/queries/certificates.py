"""Whose certificate lapses soon: what a keeper has to send to verification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.schemas.register import DueLine
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, require

if TYPE_CHECKING:
    from datetime import date


async def due_certificates(actor: Actor, days: int) -> list[DueLine]:
    """Items of the reader's agency whose certificate lapses within ``days``, has lapsed, or never was.

    Only models whose evidential use needs a certificate. The most urgent come first. What counts is the last
    day that any certificate reaches: one renewed early is not due.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
    """
    require(actor, Permission.ITEM_SEE, actor.relations(actor.agency))
    async with reading() as db:
        rows = await db.fetch(
            "SELECT i.code, i.asset_no, m.name_zh AS model_name_zh, m.name_en AS model_name_en,"
            " d.name_zh AS depot_name_zh, d.name_en AS depot_name_en, r.state, k.name AS keeper_name,"
            " f.number, f.valid_to, ($2::timestamptz AT TIME ZONE d.timezone)::date AS today"
            " FROM item i JOIN record r ON r.id = i.id JOIN model m ON m.id = i.model"
            " JOIN depot d ON d.id = i.depot LEFT JOIN person k ON k.id = i.keeper"
            " LEFT JOIN LATERAL (SELECT number, valid_to FROM certificate WHERE item = i.id AND voided_at IS NULL"
            "  ORDER BY valid_to DESC LIMIT 1) f ON true"
            " WHERE i.owner = $1 AND m.evidence_needs_certificate AND r.state NOT IN ('lost', 'retired')"
            " AND (f.valid_to IS NULL OR f.valid_to <= ($2::timestamptz AT TIME ZONE d.timezone)::date + $3::int)"
            " ORDER BY f.valid_to NULLS FIRST, m.name_zh, i.asset_no",
            actor.agency,
            clock.now(),
            days,
        )
    return [_due(row) for row in rows]


def _due(row: Any) -> DueLine:
    fields = {name: row[name] for name in DueLine.model_fields if name != "days_left"}
    last: date | None = row["valid_to"]
    return DueLine(**fields, days_left=None if last is None else (last - row["today"]).days)
