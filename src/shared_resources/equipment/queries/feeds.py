"""What a calendar feed shows, by the rights its person has today."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.rules.feeds import AHEAD, PAST, STATUS_OF
from shared_resources.equipment.schemas.feeds import FeedEvent, FeedKind, FeedView
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.due_feeds import DueEvent, due_events
from shared_resources.kernel.identity import serving
from shared_resources.kernel.permissions import Actor, not_found
from shared_resources.kernel.visible import kinds_in_scope
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOANS = (
    "SELECT r.number, r.title, r.state, r.version, r.changed_at, l.starts_at, l.ends_at, l.purpose, l.place,"
    " o.name_zh AS owner, b.name_zh AS borrower FROM loan l JOIN record r ON r.id = l.id"
    " JOIN agency o ON o.id = l.owner JOIN agency b ON b.id = l.borrower"
    " WHERE l.ends_at > $2 AND l.starts_at < $3 AND "
)
WHICH = {
    FeedKind.PERSON: "(l.asked_by = $1 OR l.taker = $1)",
    FeedKind.AGENCY: "(l.owner = $1 OR l.borrower = $1)",
    FeedKind.QUEUE: "l.owner = $1 AND r.state = 'requested'",
}
LINES = (
    "SELECT ll.id, ll.state AS line, lower(ll.period) AS starts_at, upper(ll.period) AS ends_at, ll.owner,"
    " l.borrower AS borrower_id, r.number, r.title, r.state, r.version, r.changed_at, l.purpose, l.place,"
    " o.name_zh AS owner_name, b.name_zh AS borrower FROM loan_line ll JOIN loan l ON l.id = ll.loan"
    " JOIN record r ON r.id = l.id JOIN agency o ON o.id = l.owner JOIN agency b ON b.id = l.borrower"
    " WHERE ll.item = $1 AND upper(ll.period) > $2 AND lower(ll.period) < $3 ORDER BY lower(ll.period), ll.id"
)


async def feed_for(token_hash: bytes) -> Any:
    """The live feed behind a secret, with the person's and agency's standing today.

    Raises:
        NotFound: unknown, revoked, or its person no longer works for that agency.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "UPDATE feed f SET last_used_at = $2 FROM person p, agency a WHERE f.token_hash = $1"
            " AND f.revoked_at IS NULL AND p.id = f.person AND p.is_active AND a.id = f.agency"
            " AND EXISTS (SELECT 1 FROM appointment t WHERE t.person = f.person AND t.agency = f.agency"
            " AND t.valid_from <= $3 AND (t.valid_to IS NULL OR t.valid_to >= $3))"
            " RETURNING f.kind, f.subject, f.agency, f.person, p.locale, a.name_zh, a.name_en",
            token_hash,
            clock.now(),
            clock.today(),
        )
    if row is None:
        raise not_found()
    return row


async def events_of(feed: Any, base_url: str, translate: Callable[[str], str]) -> Sequence[FeedEvent]:
    """The events of a feed between 30 days back and 180 days ahead; deadlines reach further ahead."""
    kind, now = FeedKind(feed["kind"]), clock.now()
    if kind in (FeedKind.DUES, FeedKind.OWN_DUES):
        person = UUID(feed["subject"]) if kind is FeedKind.OWN_DUES else None
        reader = await serving(feed["person"], feed["agency"])
        kinds = kinds_in_scope(reader) if reader else []
        found = await due_events(feed["agency"], person, kinds, translate)
        return [due_event(due, base_url) for due in found]
    span = (UUID(feed["subject"]), now - PAST, now + AHEAD)
    async with reading() as db:
        if kind is FeedKind.ITEM:
            rows = await db.fetch(LINES, *span)
            return [line_event(row, feed["agency"], base_url, translate) for row in rows]
        rows = await db.fetch(LOANS + WHICH[kind] + " ORDER BY l.starts_at, r.number", *span)
    return [loan_event(row, base_url) for row in rows]


def due_event(due: DueEvent, base_url: str) -> FeedEvent:
    """A deadline as an event of its day."""
    return FeedEvent(
        uid=due.uid,
        sequence=due.sequence,
        changed_at=due.changed_at,
        starts_at=due.changed_at,
        ends_at=due.changed_at,
        summary=due.summary,
        description=due.description,
        location="",
        status=due.status,
        url=f"{base_url}{due.path}",
        day=due.day,
    )


def loan_event(row: Any, base_url: str) -> FeedEvent:
    """A loan as an event."""
    return FeedEvent(
        uid=f"{row['number']}@shared-resources",
        sequence=row["version"],
        changed_at=row["changed_at"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        summary=f"{row['number']} {row['title']}",
        description=f"{row['owner']} → {row['borrower']}\n{row['purpose']}",
        location=row["place"] or "",
        status=STATUS_OF[row["state"]],
        url=f"{base_url}/loans/{row['number']}",
    )


def line_event(row: Any, reader: UUID, base_url: str, translate: Callable[[str], str]) -> FeedEvent:
    """A line as an event: in full for owner and borrower, mere busy time for everybody else."""
    own = reader in (row["owner"], row["borrower_id"])
    uid = str(row["id"]) if own else hashlib.sha256(row["id"].bytes).hexdigest()[:32]
    cancelled = row["line"] in ("refused", "dropped", "conflict")
    status = "CANCELLED" if cancelled else "TENTATIVE" if row["line"] == "asked" else STATUS_OF[row["state"]]
    return FeedEvent(
        uid=f"{uid}@shared-resources",
        sequence=row["version"],
        changed_at=row["changed_at"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        summary=f"{row['number']} {row['borrower']}" if own else translate(N_("Busy")),
        description=row["purpose"] if own else "",
        location=(row["place"] or "") if own else "",
        status=status,
        url=f"{base_url}/loans/{row['number']}" if own else base_url,
        private=not own,
    )


async def feeds_of(actor: Actor) -> Sequence[FeedView]:
    """The actor's live feeds."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT f.id::text AS id, f.kind, coalesce(i.code, '') AS subject, f.created_at, f.last_used_at"
            " FROM feed f LEFT JOIN item i ON i.id::text = f.subject"
            " WHERE f.person = $1 AND f.revoked_at IS NULL ORDER BY f.created_at",
            actor.person,
        )
    return [FeedView(**dict(row)) for row in rows]
