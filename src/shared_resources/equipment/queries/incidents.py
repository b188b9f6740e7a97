"""Damage and loss as owner and borrower read them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.journal import acts_of
from shared_resources.equipment.queries.names import agency_columns, agency_in, fields_of
from shared_resources.equipment.queries.where import Where, named_in
from shared_resources.equipment.rules.choices import incident_choices
from shared_resources.equipment.rules.procedures import INCIDENT
from shared_resources.equipment.schemas.loans import IncidentLine, IncidentList, IncidentPage
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, not_found, require

if TYPE_CHECKING:
    from collections.abc import Sequence

INCIDENTS = (
    "SELECT n.id, r.number, r.title, r.state, r.version, i.code, n.kind, lr.number AS loan, l.borrower AS party,"
    f" {agency_columns('o', 'owner')}, {agency_columns('b', 'borrower')}, n.reported_at, p.name AS reported_by,"
    " m.name_zh AS model_name_zh, m.name_en AS model_name_en, n.description, n.photo, n.holds_data, n.settlement,"
    " n.cost_cents FROM incident n JOIN record r ON r.id = n.id JOIN item i ON i.id = n.item"
    " JOIN model m ON m.id = i.model JOIN agency o ON o.id = n.owner JOIN person p ON p.id = n.reported_by"
    " LEFT JOIN loan l ON l.id = n.loan LEFT JOIN record lr ON lr.id = n.loan"
    " LEFT JOIN agency b ON b.id = l.borrower WHERE "
)
DETAILS = ("id", "version", "model_name_zh", "model_name_en", "description", "photo", "holds_data", "settlement")


async def incidents(
    actor: Actor,
    *,
    open_only: bool = False,
    q: str | None = None,
    cursor: str | None = None,
    size: int | None = None,
) -> IncidentList:
    """One page of the incidents of the reader's agency, as owner or borrower, the latest first.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader works for no agency.
        Invalid: a cursor that is not ours.
    """
    require(actor, Permission.LOAN_SEE, actor.relations(actor.agency))
    rows_wanted = page_size(size)
    where = Where(actor.agency, open_only)
    where.add("(n.owner = $1 OR l.borrower = $1) AND (NOT $2 OR r.state = 'reported')")
    if q:
        where.add(named_in("r.number", "r.title", "i.code"), like(q))
    key = key_of(cursor, datetime.fromisoformat, UUID)
    if key is not None:
        where.add(where.beyond("n.reported_at, n.id", "<", key))
    latest = f"{where} ORDER BY n.reported_at DESC, n.id DESC LIMIT {rows_wanted + 1}"
    rows = await _rows(latest, *where.values)
    shown, following = page_of(rows, rows_wanted, lambda row: (row["reported_at"], row["id"]))
    return IncidentList(incidents=tuple(IncidentLine(**_fields(row)) for row in shown), next=following)


async def incidents_of(loan: UUID) -> tuple[IncidentLine, ...]:
    """The incidents of one loan. The caller has made sure that the reader may see it."""
    rows = await _rows("n.loan = $1 ORDER BY n.reported_at, n.id", loan)
    return tuple(IncidentLine(**_fields(row)) for row in rows)


async def incident_page(actor: Actor, number: str) -> IncidentPage:
    """One incident with its journal and what the reader may do about it.

    Raises:
        NotFound: unknown, or none of the reader's business: no difference is visible.
        NotAllowed: the reader's role does not see incidents.
    """
    rows = await _rows("r.number = $1", number)
    if not rows:
        raise not_found()
    row = rows[0]
    require(actor, Permission.LOAN_SEE, actor.relations(row["owner"], row["party"]))
    cost = row["cost_cents"]
    return IncidentPage(
        **_fields(row),
        **{name: row[name] for name in DETAILS},
        side="owner" if actor.agency == row["owner"] else "borrower",
        borrower=agency_in(row, "borrower") if row["party"] else None,
        cost_yuan=None if cost is None else cost / 100,
        journal=await acts_of(row["id"]),
        choices=incident_choices(actor, row["state"], row["owner"], row["party"]),
    )


async def _rows(where: str, *values: Any) -> Sequence[Any]:
    async with reading() as db:
        return await db.fetch(INCIDENTS + where, *values)  # type: ignore[no-any-return]


def _fields(row: Any) -> dict[str, Any]:
    """What a list shows of an incident."""
    state = INCIDENT.states[row["state"]]
    columns = fields_of(IncidentLine, row)
    return columns | {"owner": agency_in(row, "owner"), "label": state.label, "tone": state.tone}
