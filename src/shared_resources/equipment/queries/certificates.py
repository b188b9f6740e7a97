"""Whose certificate lapses soon: what a keeper has to send to verification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.schemas.register import DoubtfulLoan, DueLine, FailedCheckView
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, require

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


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


async def failed_checks(item: UUID) -> list[FailedCheckView]:
    """The checks that an item failed, the newest first. The caller has let the reader in."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT f.id, f.failed_on, f.since, f.notice_no, f.issuer, f.why, p.name AS recorded_by_name,"
            " f.recorded_at FROM failed_check f JOIN person p ON p.id = f.recorded_by WHERE f.item = $1"
            " ORDER BY f.recorded_at DESC",
            item,
        )
    return [FailedCheckView(**dict(row)) for row in rows]


async def doubtful_loans(item: UUID, check: FailedCheckView) -> list[DoubtfulLoan]:
    """Loans in which the item was out between the last check it passed and the one it failed."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.number, r.title, a.name_zh AS borrower_name_zh, a.name_en AS borrower_name_en, l.starts_at,"
            " l.ends_at FROM loan l JOIN record r ON r.id = l.id JOIN agency a ON a.id = l.borrower"
            " WHERE EXISTS (SELECT FROM custody_line c WHERE c.loan = l.id AND c.chain = $1 AND c.kind = 'issue'"
            "  AND ($2::date IS NULL OR c.at >= $2) AND c.at <= $3) ORDER BY l.starts_at DESC LIMIT 200",
            item,
            check.since,
            check.recorded_at,
        )
    return [DoubtfulLoan(**dict(row)) for row in rows]


def _due(row: Any) -> DueLine:
    fields = {name: row[name] for name in DueLine.model_fields if name != "days_left"}
    last: date | None = row["valid_to"]
    return DueLine(**fields, days_left=None if last is None else (last - row["today"]).days)
