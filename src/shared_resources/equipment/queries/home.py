"""The home page: what one owes and is owed, what one holds, what is asked of one's agency."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.queries.incidents import incidents
from shared_resources.equipment.queries.loans import loan_rows, with_dues
from shared_resources.equipment.queries.names import agency_columns, agency_in
from shared_resources.equipment.schemas.loans import HeldItem, Home, IncidentLine, LoanLine, WaitingHandover
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import SignInNeeded
from shared_resources.kernel.inbox import Inbox, InboxFilter, Side, inbox
from shared_resources.kernel.permissions import NOT_SIGNED_IN, Actor, Permission, may

if TYPE_CHECKING:
    from collections.abc import Mapping

SOON = timedelta(days=3)
MOST_DUES = 12
"""Of each side of the inbox; the whole of it has a page of its own."""
MOST = 30
"""Of each kind; a longer list is on that kind's own page."""

WHICH: Mapping[str, str] = {
    "asked": "l.owner = $1 AND r.state = 'requested'",
    "pick_up": "l.borrower = $1 AND r.state = 'approved' AND l.starts_at < $2 AND l.ends_at > $3",
    "to_hand_out": "l.owner = $1 AND r.state = 'approved' AND l.starts_at < $2 AND l.ends_at > $3",
    "to_take_in": "l.owner = $1 AND l.id IN (SELECT loan FROM loan_line WHERE owner = $1 AND state = 'out'"
    " AND checked_in_at IS NOT NULL)",
    "to_inspect": "l.owner = $1 AND l.id IN (SELECT loan FROM loan_line WHERE owner = $1 AND state = 'back'"
    " AND state IN ('out', 'back'))",
    "unpapered": "(l.owner = $1 OR l.borrower = $1) AND l.emergency AND l.papers_filed_at IS NULL"
    " AND EXISTS (SELECT FROM deadline d WHERE d.record = l.id AND d.term = 'papers'"
    "  AND d.state IN ('running', 'paused'))",
}
"""Which loans stand under which heading; ``$1`` is the reader's agency, ``$2`` the end of "soon", ``$3`` now."""
CHOSEN = " UNION ALL ".join(
    f"(SELECT '{why}' AS why, l.id FROM loan l JOIN record r ON r.id = l.id WHERE {condition}"
    f" ORDER BY l.starts_at, l.id LIMIT {MOST})"
    for why, condition in WHICH.items()
)
HOLDING = (
    "SELECT i.code, m.name_zh AS model_name_zh, m.name_en AS model_name_en, n.number AS loan, last.at AS since,"
    " l.ends_at AS due_at, coalesce(l.ends_at <= $2 AND home.at IS NULL, false) AS is_late,"
    f" home.at IS NOT NULL AS is_checked_in, {agency_columns('o', 'owner')}"
    " FROM (SELECT DISTINCT chain FROM custody_line WHERE holder_kind = 'person' AND holder = $1) once"
    " CROSS JOIN LATERAL (SELECT holder_kind, holder, loan, at FROM custody_line WHERE chain = once.chain"
    "  ORDER BY seq DESC LIMIT 1) last JOIN item i ON i.id = once.chain JOIN model m ON m.id = i.model"
    " JOIN agency o ON o.id = i.owner LEFT JOIN loan l ON l.id = last.loan LEFT JOIN record n ON n.id = last.loan"
    " LEFT JOIN LATERAL (SELECT ll.checked_in_at AS at FROM loan_line ll WHERE ll.owner = i.owner"
    "  AND ll.item = i.id AND ll.loan = last.loan AND ll.state = 'out' LIMIT 1) home ON true"
    " WHERE last.holder_kind = 'person' AND last.holder = $1 ORDER BY l.ends_at NULLS LAST, i.code"
)
TO_CONFIRM = (
    "SELECT h.id, h.direction, n.number AS loan, n.title, p.name AS from_name, h.proposed_at,"
    " (SELECT count(*) FROM handover_line x WHERE x.handover = h.id) AS items"
    " FROM handover h JOIN loan l ON l.id = h.loan JOIN record n ON n.id = h.loan"
    " JOIN person p ON p.id = h.proposed_by WHERE h.state = 'proposed' AND h.proposed_by <> $1"
    " AND (h.giver = $1 OR h.taker = $1"
    "  OR ($3 AND l.owner = $2 AND h.direction = 'back' AND h.proposed_by = h.giver)) ORDER BY h.proposed_at, h.id"
)


async def home(actor: Actor | None) -> Home:
    """Everything on the reader's home page, in a number of statements that does not depend on its size.

    Raises:
        SignInNeeded: nobody is signed in.
    """
    if actor is None or actor.person is None:
        raise SignInNeeded(NOT_SIGNED_IN.sentence.msgid)
    sees = may(actor, Permission.LOAN_SEE, actor.relations(actor.agency)) is True
    loans = await chosen(actor) if sees else {}
    works = actor.agency is not None and sees
    owe = await inbox(actor, InboxFilter(Side.OWE), size=MOST_DUES) if works else Inbox({}, ())
    owed = await inbox(actor, InboxFilter(Side.OWED), size=MOST_DUES) if works else Inbox({}, ())
    return Home(
        owe=owe.lines,
        owed=owed.lines,
        owe_count=owe.total(Side.OWE),
        owed_count=owed.total(Side.OWED),
        holding=await holding(actor),
        to_confirm=await to_confirm(actor),
        **{why: loans.get(why, ()) for why in WHICH},
        incidents=await open_incidents(actor) if sees else (),
    )


async def chosen(actor: Actor) -> dict[str, tuple[LoanLine, ...]]:
    """The loans under each heading, those that begin first on top."""
    async with reading() as db:
        picks = await db.fetch(CHOSEN, actor.agency, clock.now() + SOON, clock.now())
    rows = await loan_rows("l.id = ANY($1) ORDER BY l.starts_at, l.id", list({pick["id"] for pick in picks}))
    headings: defaultdict[Any, set[str]] = defaultdict(set)
    for pick in picks:
        headings[pick["id"]].add(pick["why"])
    found: defaultdict[str, list[LoanLine]] = defaultdict(list)
    for row, line in zip(rows, await with_dues(rows), strict=True):
        for why in headings[row["id"]]:
            found[why].append(line)
    return {why: tuple(lines) for why, lines in found.items()}


async def holding(actor: Actor) -> tuple[HeldItem, ...]:
    """What the reader holds in person, what has to go back first on top."""
    async with reading() as db:
        rows = await db.fetch(HOLDING, str(actor.person), clock.now())
    columns = HeldItem.model_fields.keys() - {"owner"}
    return tuple(HeldItem(**{name: row[name] for name in columns}, owner=agency_in(row, "owner")) for row in rows)


async def to_confirm(actor: Actor) -> tuple[WaitingHandover, ...]:
    """Hand-overs that wait for the reader: named ones, and returns that any custodian may take."""
    at_counter = may(actor, Permission.LOAN_GIVE, actor.relations(actor.agency)) is True
    async with reading() as db:
        rows = await db.fetch(TO_CONFIRM, actor.person, actor.agency, at_counter)
    return tuple(WaitingHandover(**row) for row in rows)


async def open_incidents(actor: Actor) -> tuple[IncidentLine, ...]:
    """Damage and loss not settled yet, on either side."""
    return (await incidents(actor, open_only=True, size=MOST)).incidents
