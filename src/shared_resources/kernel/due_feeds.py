"""Deadlines as events of a calendar: what an agency owes and is owed, or what a liaison has to look after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.procedure import known_procedures
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

PAST, AHEAD = timedelta(days=30), timedelta(days=400)
"""How far a feed reaches; deadlines lie further ahead than bookings."""
DUES = (
    "SELECT d.id, d.term, d.basis, d.statutory, d.provisional, d.state, d.due_on, r.number, r.kind, r.title,"
    " b.name_zh AS owed_by, t.name_zh AS owed_to, e.seq, e.at AS changed_at"
    " FROM deadline d JOIN record r ON r.id = d.record JOIN agency b ON b.id = d.owed_by"
    " LEFT JOIN agency t ON t.id = d.owed_to CROSS JOIN LATERAL (SELECT max(seq) AS seq, max(at) AS at"
    " FROM deadline_entry WHERE deadline = d.id) e WHERE d.due_on BETWEEN $2 AND $3 AND "
)
OF_AGENCY = "(d.owed_by = $1 OR d.owed_to = $1)"
OF_LIAISON = (
    "(d.owed_by = $1 OR EXISTS (SELECT FROM party p WHERE p.record = d.record AND p.agency = $1)"
    " AND (r.opened_by = $4 OR EXISTS (SELECT FROM filing f WHERE f.record = d.record"
    " AND (f.person = $4 OR position($4::text IN f.body::text) > 0))))"
)
"""A person is named on a record who opened it, filed a form on it or stands in one, as a liaison does."""
STATUS = {"met": "CANCELLED", "cancelled": "CANCELLED", "paused": "TENTATIVE"}


@dataclass(frozen=True)
class DueEvent:
    """A deadline as an all-day event; ``sequence`` rises with each line of its ledger."""

    uid: str
    sequence: int
    changed_at: datetime
    day: date
    summary: str
    description: str
    status: str  # TENTATIVE | CONFIRMED | CANCELLED
    path: str


async def due_events(
    agency: UUID, person: UUID | None, kinds: Sequence[str] | None, translate: Callable[[str], str]
) -> Sequence[DueEvent]:
    """The deadlines of an agency, or with ``person`` those that this person looks after for it.

    ``kinds``: of record that the reader may look at; None for every kind.
    """
    today = clock.today()
    which = OF_AGENCY if person is None else OF_LIAISON
    values = (agency, today - PAST, today + AHEAD, *(() if person is None else (person,)))
    async with reading() as db:
        rows = await db.fetch(DUES + which + " ORDER BY d.due_at, r.number, d.term, d.id", *values)
    known = {procedure.kind: procedure for procedure in known_procedures()}
    seen = known.keys() if kinds is None else known.keys() & set(kinds)
    return [event_of(row, known[row["kind"]], translate) for row in rows if row["kind"] in seen]


def event_of(row: Any, procedure: Any, translate: Callable[[str], str]) -> DueEvent:
    """One deadline, its marks before its name: 暂定, 内部目标. One that is met or fell away is cancelled."""
    marks = [N_("provisional")] * row["provisional"] + [N_("internal target")] * (not row["statutory"])
    mark = f"[{'·'.join(translate(each) for each in marks)}] " if marks else ""
    sides = row["owed_by"] + (f" → {row['owed_to']}" if row["owed_to"] else "")
    return DueEvent(
        uid=f"due-{row['id']}@shared-resources",
        sequence=row["seq"] - 1,
        changed_at=row["changed_at"],
        day=row["due_on"],
        summary=f"{mark}{translate(procedure.term(row['term']).label)} · {row['number']} {row['title']}",
        description=f"{sides}\n{row['basis']}",
        status=STATUS.get(row["state"], "TENTATIVE" if row["provisional"] else "CONFIRMED"),
        path=procedure.path % {"number": row["number"]},
    )
