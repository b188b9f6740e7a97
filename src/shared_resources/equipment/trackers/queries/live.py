"""Where things are now: coordinates for the map, words for everybody else on the loan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.names import HOLDER_NAMES, fields_of, held
from shared_resources.equipment.trackers.queries.visible import ITS_LOANS, OUT_NOW
from shared_resources.equipment.trackers.rules.procedures import TRACKER
from shared_resources.equipment.trackers.schemas.positions import AreaView, LastSeen, MapItem
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, reading
from shared_resources.kernel.permissions import Actor, Permission, not_found, require

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from shared_resources.equipment.trackers.queries.visible import Visible

FRESH = "s.fix_at >= greatest(ll.out_at, t.bound_at)"
MAP = (
    "SELECT i.id AS item, i.code, m.name_zh AS model_name_zh, m.name_en AS model_name_en, t.id AS tracker,"
    " tr.number AS tracker_number, t.name AS tracker_name, tr.state AS tracker_state,"
    f" CASE WHEN {FRESH} THEN s.latitude END AS latitude, CASE WHEN {FRESH} THEN s.longitude END AS longitude,"
    f" CASE WHEN {FRESH} THEN s.accuracy_m END AS accuracy_m, s.fix_at AS seen_at,"
    " coalesce(s.live, false) AS live,"
    " coalesce(s.clock_suspect, false) AS clock_suspect, s.place, s.battery_pct, d.name_zh AS depot_name_zh,"
    " d.name_en AS depot_name_en, d.latitude AS depot_latitude, d.longitude AS depot_longitude,"
    f" {HOLDER_NAMES.format('holder')}, lr.number AS loan, lr.title AS loan_title, l.id AS loan_id,"
    " CASE WHEN l.owner = $1 THEN 'owner' ELSE 'borrower' END AS side, o.name_zh AS other_zh,"
    " o.name_en AS other_en, ll.out_at, upper(ll.period) AS due_at, upper(ll.period) < $4 AS is_late,"
    " ll.checked_in_at, (SELECT count(*) FROM alarm a WHERE a.tracker = t.id AND a.settled_at IS NULL) AS alarms"
    " FROM loan_line ll JOIN loan l ON l.id = ll.loan JOIN record lr ON lr.id = l.id JOIN item i ON i.id = ll.item"
    " JOIN model m ON m.id = ll.model JOIN depot d ON d.id = i.depot JOIN tracker t ON t.item = i.id"
    " JOIN record tr ON tr.id = t.id"
    " JOIN agency o ON o.id = CASE WHEN l.owner = $1 THEN l.borrower ELSE l.owner END"
    f" LEFT JOIN tracker_state s ON s.tracker = t.id{held('i.id')}"
    f" WHERE {OUT_NOW} AND {ITS_LOANS} ORDER BY upper(ll.period), i.code"
)
SEEN = (
    "SELECT i.id AS item, i.code, m.name_zh AS model_name_zh, m.name_en AS model_name_en,"
    " tr.number AS tracker_number, tr.state AS tracker_state, s.fix_at AS seen_at,"
    " coalesce(s.live, false) AS live, s.place, {line} AS checked_in_at FROM {things}"
    " JOIN model m ON m.id = i.model JOIN tracker t ON t.item = i.id"
    " JOIN record tr ON tr.id = t.id LEFT JOIN tracker_state s ON s.tracker = t.id"
)
SEEN_ON_LOAN = (
    SEEN.format(line="ll.checked_in_at", things="loan_line ll JOIN item i ON i.id = ll.item")
    + " WHERE ll.owner = $1 AND ll.loan = $2 AND ll.state NOT IN ('refused', 'dropped') ORDER BY i.code"
)
SEEN_ITEMS = (
    SEEN.format(
        line="(SELECT ll.checked_in_at FROM loan_line ll WHERE ll.owner = i.owner AND ll.item = i.id"
        f" AND {OUT_NOW} LIMIT 1)",
        things="item i",
    )
    + " WHERE i.owner = $1 AND i.id = ANY($2)"
)


async def map_rows(visible: Visible) -> Sequence[Any]:
    """Everything that is out with a tracker on it. Only for ``service.looks``, which logs who looked."""
    return await connection().fetch(MAP, *visible.values, clock.now())  # type: ignore[no-any-return]


def map_item(row: Any) -> MapItem:
    """One row of ``map_rows``."""
    return MapItem(**fields_of(MapItem, row))


async def last_seen_of_loan(actor: Actor, number: str) -> tuple[LastSeen, ...]:
    """Where the things of a loan were last seen, in words, for everybody who may see the loan.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    async with reading() as db:
        loan = await loan_row(db, number)
        require(actor, Permission.LOAN_SEE, actor.relations(loan["owner"], loan["borrower"]))
        rows = await db.fetch(SEEN_ON_LOAN, loan["owner"], loan["id"])
    return tuple(_seen(row) for row in rows)


async def last_seen_of_items(actor: Actor, items: Collection[UUID]) -> Mapping[UUID, LastSeen]:
    """The same for things of the reader's own agency, by item; those without a tracker are left out.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader works for no agency.
    """
    require(actor, Permission.ITEM_SEE, actor.relations(actor.agency))
    async with reading() as db:
        rows = await db.fetch(SEEN_ITEMS, actor.agency, list(items))
    return {row["item"]: _seen(row) for row in rows}


async def loan_row(db: Any, number: str) -> Any:
    """A loan by its number, with its areas and whether its track is held. The caller asks whether the reader may.

    Raises:
        NotFound: there is no such loan.
    """
    row = await db.fetchrow(
        "SELECT l.id, r.number, r.title, r.state, r.changed_at, l.owner, l.borrower,"
        " l.starts_at, l.ends_at, EXISTS (SELECT FROM position_hold h WHERE h.loan = l.id"
        " AND h.released_at IS NULL) AS held, (SELECT json_agg(w ORDER BY w.name, w.id) FROM"
        " (SELECT a.id, a.name, a.latitude, a.longitude, a.radius_m, p.name AS set_by, a.set_at FROM loan_area a"
        " JOIN person p ON p.id = a.set_by WHERE a.loan = l.id) w) AS areas"
        " FROM record r JOIN loan l ON l.id = r.id WHERE r.number = $1 AND r.kind = 'loan'",
        number,
    )
    if row is None:
        raise not_found()
    return row


def areas_in(loan: Any) -> tuple[AreaView, ...]:
    """The circles that ``loan_row`` found."""
    return tuple(AreaView(**area) for area in json.loads(loan["areas"] or "[]"))


def _seen(row: Any) -> LastSeen:
    state = TRACKER.states[row["tracker_state"]]
    return LastSeen(**row, label=state.label, tone=state.tone)
