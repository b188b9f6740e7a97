"""The parts of a loan's page: lines, hand-overs, the rest of its cart, and who else wants the same items."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.names import (
    HOLDER_NAMES,
    agency_columns,
    agency_in,
    fields_of,
    held,
    person_columns,
    person_in,
)
from shared_resources.equipment.queries.shelf import holding
from shared_resources.equipment.rules.procedures import CHECKED_IN, LINE_STATES, LOAN
from shared_resources.equipment.schemas.handover import Direction
from shared_resources.equipment.schemas.loans import (
    Competitor,
    HandoverStateView,
    HandoverView,
    LineView,
    SiblingLoan,
)
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, may

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DISCLOSED = frozenset({"reserved", "out", "back", "done", "lost"})
"""States of a line from which on the borrower learns the item's numbers: what the loan form prints (form 12)."""
RIVALS = ("asked", "held", "reserved", "conflict", "out", "back")

GONE = (
    "(ll.state = 'conflict' OR ll.state = 'asked' AND NOT ll.by_model"
    f" AND EXISTS ({holding('i', 'lower(ll.blocked)', 'upper(ll.blocked)', 'll.loan')}))"
)
"""Whether somebody else has what a line names, or it left the pool."""
COVERING = (
    " LEFT JOIN LATERAL (SELECT f.number, f.valid_to FROM certificate f"
    "  WHERE f.item = i.id AND f.voided_at IS NULL"
    "  AND (f.valid_from::timestamp AT TIME ZONE d.timezone) <= lower(ll.period)"
    "  AND upper(ll.period) <= ((f.valid_to + 1)::timestamp AT TIME ZONE d.timezone)"
    "  ORDER BY f.valid_to DESC LIMIT 1) cert ON true"
)
LATE = (
    " LEFT JOIN LATERAL (SELECT n.number, x.borrower FROM loan_line o JOIN loan x ON x.id = o.loan"
    "  JOIN record n ON n.id = o.loan WHERE o.owner = ll.owner AND o.item = ll.item AND o.id <> ll.id"
    "  AND o.state = 'out' AND upper(o.period) <= $3"
    "  AND ll.state IN ('asked', 'held', 'reserved', 'conflict') LIMIT 1) late ON true"
)
LINES = (
    "SELECT ll.id, ll.item, i.code, i.asset_no, i.serial, ll.model, m.name_zh AS model_name_zh,"
    " m.name_en AS model_name_en, c.resource, i.depot, d.name_zh AS depot_name_zh, d.name_en AS depot_name_en,"
    " ll.by_model, ll.state, lower(ll.period) AS starts_at, upper(ll.period) AS ends_at,"
    " lower(ll.blocked) AS ready_from, ll.out_at, ll.back_at, ll.checked_in_at, ll.reason,"
    " cert.number AS certificate, cert.valid_to AS certificate_until, m.checklist,"
    " m.accessories, held.holder_kind, held.loan AS held_for,"
    f" {HOLDER_NAMES.format('holder_name')}, late.number AS late_before, late.borrower AS late_borrower,"
    f" {GONE} AS is_gone,"
    " ll.owner, ll.loan"
    " FROM loan_line ll JOIN item i ON i.id = ll.item JOIN model m ON m.id = ll.model"
    " JOIN category c ON c.id = m.category JOIN depot d ON d.id = i.depot"
    f"{held('ll.item')}{COVERING}{LATE} WHERE ll.owner = $1 AND ll.loan = $2 ORDER BY m.name_zh, i.code, ll.id"
)
HANDOVERS = (
    "SELECT h.id, h.direction, h.state, h.proposed_by, h.proposed_at, h.confirmed_at, h.place, h.note, l.owner,"
    f" {person_columns('g', 'giver')}, {person_columns('t', 'taker')} FROM handover h JOIN loan l ON l.id = h.loan"
    " JOIN person g ON g.id = h.giver JOIN person t ON t.id = h.taker WHERE "
)


async def lines_of(actor: Actor, owner: UUID, loan: UUID) -> tuple[LineView, ...]:
    """Every line of a loan as the reader's side may see it."""
    async with reading() as db:
        rows = await db.fetch(LINES, owner, loan, clock.now())
    return tuple(line_view(actor, row) for row in rows)


def line_view(actor: Actor, row: Any) -> LineView:
    """One line. A borrower learns numbers once the item is theirs, the holder while it is out on their loan."""
    owns = actor.agency == row["owner"]
    hidden: set[str] = set()
    if not owns and row["state"] not in DISCLOSED:
        hidden |= {"asset_no", "serial", "certificate", "certificate_until"}
    if not owns and not (row["state"] == "out" and row["held_for"] == row["loan"]):
        hidden |= {"holder_kind", "holder_name_zh", "holder_name_en"}
    if not owns and row["late_borrower"] != actor.agency:
        hidden |= {"late_before"}
    at_home = row["state"] == "out" and row["checked_in_at"] is not None
    state = CHECKED_IN if at_home else LINE_STATES[row["state"]]
    shown = fields_of(LineView, row) | dict.fromkeys(hidden)
    return LineView(
        **shown
        | {
            "label": state.label,
            "tone": state.tone,
            "is_blocked": row["late_before"] is not None,
            "checklist": json.loads(row["checklist"]),
            "accessories": json.loads(row["accessories"]),
        }
    )


async def handovers_of(actor: Actor, loan: UUID) -> tuple[HandoverView, ...]:
    """Every hand-over of a loan, the latest first."""
    return await handovers(actor, "h.loan = $1 ORDER BY h.proposed_at DESC, h.id", loan)


async def handovers(actor: Actor, where: str, value: Any) -> tuple[HandoverView, ...]:
    """The hand-overs that ``where`` leaves, each with the state of its items."""
    async with reading() as db:
        rows = await db.fetch(HANDOVERS + where, value)
        items = await db.fetch(
            "SELECT hl.handover, i.code, i.asset_no, m.name_zh AS model_name_zh, m.name_en AS model_name_en,"
            " hl.condition, hl.checklist, hl.accessories, hl.wiped, hl.photo, hl.note FROM handover_line hl"
            " JOIN item i ON i.id = hl.item JOIN model m ON m.id = i.model WHERE hl.handover = ANY($1)"
            " ORDER BY m.name_zh, i.code",
            [row["id"] for row in rows],
        )
    return tuple(
        handover_view(actor, row, [item for item in items if item["handover"] == row["id"]]) for row in rows
    )


def handover_view(actor: Actor, row: Any, items: Sequence[Any]) -> HandoverView:
    """One hand-over; the items of a proposal were disclosed to both sides with the approval."""
    shown = fields_of(HandoverView, row)
    return HandoverView(
        **shown
        | {
            "giver": person_in(row, "giver"),
            "taker": person_in(row, "taker"),
            "items": tuple(item_state(item) for item in items),
            "waits_for_me": waits_for(actor, row),
            "is_mine": row["proposed_by"] == actor.person,
        }
    )


def waits_for(actor: Actor, row: Mapping[str, Any]) -> bool:
    """Whether ``actor`` is the one to answer: the other person, or any custodian at a return."""
    if row["state"] != "proposed" or actor.person == row["proposed_by"]:
        return False
    if actor.person in (row["giver"], row["taker"]):
        return True
    at_counter = row["direction"] == Direction.BACK and row["proposed_by"] == row["giver"]
    return at_counter and may(actor, Permission.LOAN_GIVE, actor.relations(row["owner"])) is True


def item_state(row: Any) -> HandoverStateView:
    """How one item was at a hand-over."""
    shown = {name: row[name] for name in HandoverStateView.model_fields}
    return HandoverStateView(
        **shown | {"checklist": json.loads(row["checklist"]), "accessories": json.loads(row["accessories"])}
    )


async def siblings_of(actor: Actor, cart: UUID, loan: UUID) -> tuple[SiblingLoan, ...]:
    """The other owners' parts of the same cart: the borrower's business only."""
    async with reading() as db:
        rows = await db.fetch(
            f"SELECT r.number, r.state, {agency_columns('o', 'owner')} FROM loan l JOIN record r ON r.id = l.id"
            " JOIN agency o ON o.id = l.owner WHERE l.cart = $1 AND l.id <> $2 AND l.borrower = $3"
            " ORDER BY r.number",
            cart,
            loan,
            actor.agency,
        )
    return tuple(
        SiblingLoan(
            number=row["number"],
            owner=agency_in(row, "owner"),
            state=row["state"],
            label=LOAN.states[row["state"]].label,
            tone=LOAN.states[row["state"]].tone,
        )
        for row in rows
    )


async def competitors_of(owner: UUID, loan: UUID) -> tuple[Competitor, ...]:
    """Who else wants or has the items of this loan in an overlapping time; for the owner's eyes."""
    async with reading() as db:
        rows = await db.fetch(
            f"SELECT r.number, i.code, o.state, lower(o.period) AS starts_at, upper(o.period) AS ends_at,"
            f" {agency_columns('b', 'borrower')} FROM loan_line ll JOIN loan_line o ON o.owner = ll.owner"
            " AND o.item = ll.item AND o.loan <> ll.loan AND o.blocked && ll.blocked AND o.state = ANY($3)"
            " JOIN loan x ON x.id = o.loan JOIN record r ON r.id = o.loan JOIN agency b ON b.id = x.borrower"
            " JOIN item i ON i.id = o.item WHERE ll.owner = $1 AND ll.loan = $2"
            " AND ll.state IN ('asked', 'held', 'reserved', 'conflict')"
            " ORDER BY lower(o.period), r.number, i.code",
            owner,
            loan,
            list(RIVALS),
        )
    return tuple(
        Competitor(
            number=row["number"],
            borrower=agency_in(row, "borrower"),
            code=row["code"],
            starts_at=row["starts_at"],
            ends_at=row["ends_at"],
            label=LINE_STATES[row["state"]].label,
            tone=LINE_STATES[row["state"]].tone,
        )
        for row in rows
    )
