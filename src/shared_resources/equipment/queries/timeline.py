"""The booking calendar: items × time, one's own bookings in full, everybody else's as mere busy time.

Six statements whatever the size: one for the items, one for what lies on them, one for closed days, three for
the working-day calendar.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_resources.equipment.queries.closures import closures_of
from shared_resources.equipment.queries.names import agency_columns, agency_in
from shared_resources.equipment.queries.register import HIDDEN_ABROAD
from shared_resources.equipment.queries.shelf import OCCUPIES
from shared_resources.equipment.queries.where import NAMES, Where, named_in
from shared_resources.equipment.rules.hours import Closure
from shared_resources.equipment.rules.procedures import ITEM
from shared_resources.equipment.rules.timeline import (
    DAY,
    Window,
    closed_stretches,
    columns_of,
    groups_of,
    lanes_of,
    window_of,
)
from shared_resources.equipment.rules.timeline_bar import Bar, bar_of, extent_of
from shared_resources.equipment.schemas.timeline import Stretch, TimelineFilter, TimelineRow, TimelineView
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import key_of, like, page_of
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, require
from shared_resources.kernel.working_calendar import load_calendar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

ROWS, MOST_ROWS = 100, 1000
OWN, FOREIGN = "own", "foreign"

ITEMS = (
    f"SELECT i.id, i.code, i.asset_no, i.model, i.depot, r.state, {agency_columns('a', 'owner')},"
    " c.code AS category, m.name_zh AS model_name_zh, m.name_en AS model_name_en, d.name_zh AS depot_name_zh,"
    " d.name_en AS depot_name_en, d.hours, d.timezone FROM item i JOIN record r ON r.id = i.id"
    " JOIN agency a ON a.id = i.owner JOIN model m ON m.id = i.model JOIN category c ON c.id = m.category"
    " JOIN depot d ON d.id = i.depot WHERE "
)
SHOWN = ("code", "model", "model_name_zh", "model_name_en", "depot", "depot_name_zh", "depot_name_en", "state")
KEY = "i.owner IS DISTINCT FROM $2::uuid, c.code, m.name_zh, a.slug, i.code"
"""One's own items first."""
BORROWED = (
    "(i.owner = $2 OR i.id IN (SELECT x.item FROM loan l JOIN loan_line x ON x.owner = l.owner AND x.loan = l.id"
    " WHERE l.borrower = $2 AND l.starts_at < {1} AND l.ends_at > {0}"
    " AND x.state NOT IN ('refused', 'dropped', 'lost')))"
)
LINES = (
    "SELECT ll.item, ll.state, lower(ll.period) AS starts_at, upper(ll.period) AS ends_at,"
    " lower(ll.blocked) AS blocked_from, upper(ll.blocked) AS blocked_until, l.owner, l.borrower, r.number,"
    " r.title, r.version, r.state AS loan, l.purpose, o.slug AS owner_slug, o.name_zh AS owner_zh,"
    " o.name_en AS owner_en, b.slug AS borrower_slug, b.name_zh AS borrower_zh, b.name_en AS borrower_en"
    " FROM unnest($1::uuid[], $2::uuid[]) w(owner, item) CROSS JOIN LATERAL ("
    f"  SELECT * FROM loan_line x WHERE x.owner = w.owner AND x.item = w.item AND x.state IN ({OCCUPIES})"
    "   AND upper(x.blocked) > $3 AND lower(x.period) < $4"
    "  UNION ALL SELECT * FROM loan_line x WHERE x.owner = w.owner AND x.item = w.item AND x.state = 'out'"
    "   AND upper(x.blocked) <= $3 AND upper(x.period) <= $5 AND x.state IN ('out', 'back')"
    "  UNION ALL SELECT * FROM loan_line x WHERE x.owner = w.owner AND x.item = w.item"
    "   AND x.state IN ('asked', 'conflict', 'done') AND upper(x.blocked) > $3 AND lower(x.period) < $4) ll"
    " JOIN loan l ON l.id = ll.loan JOIN record r ON r.id = ll.loan JOIN agency o ON o.id = l.owner"
    " JOIN agency b ON b.id = l.borrower"
    f" WHERE ll.state IN ({OCCUPIES}) OR l.owner = $6 OR l.borrower = $6 ORDER BY 3, r.number"
)
"""What lies on the items: what occupies them for everybody, requests and the past for the loan's sides only."""


async def timeline(
    actor: Actor, wanted: TimelineFilter, *, cursor: str | None = None, size: int | None = None
) -> TimelineView:
    """The calendar for a filter, a hundred items a page, one's own first, by kind, model, owner and code.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
        Invalid: a cursor that is not ours.
    """
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    today = clock.today()
    window = window_of(wanted.scale, wanted.start, wanted.days, today, clock.LOCAL_ZONE)
    rows_wanted = ROWS if size is None else max(1, min(size, MOST_ROWS))
    where = narrowed(actor, wanted, window)
    key = key_of(cursor, lambda whose: whose == FOREIGN, str, str, str, str)
    if key is not None:
        where.add(where.beyond(KEY, ">", key))
    async with reading() as db:
        items = await db.fetch(f"{ITEMS}{where} ORDER BY {KEY} LIMIT {rows_wanted + 1}", *where.values)
        shown, following = page_of(items, rows_wanted, lambda item: _key(actor, item))
        lines = await _lines(db, actor, shown, window)
        first, last = window.start.date() - DAY, window.end.date() + DAY
        closures = await closures_of(db, [item["depot"] for item in shown], first, last)
        calendar = await load_calendar(db, window.first_day)
    closed = _closed(shown, closures, window)
    now = clock.now()
    return TimelineView(
        scale=window.scale,
        start=window.start,
        first_day=window.first_day,
        days=window.days,
        today=today,
        previous=(window.start - (window.end - window.start)).date(),
        following=window.end.date(),
        unit_minutes=window.unit.seconds // 60,
        per=window.per,
        now=window.place(now) if window.start <= now < window.end else None,
        columns=tuple(columns_of(window, calendar, actor.county, today)),
        groups=tuple(groups_of(window)),
        rows=tuple(_row(actor, item, lines[item["id"]], closed[item["depot"]], window, now) for item in shown),
        may_book=_may_book(actor),
        next=following,
    )


def narrowed(actor: Actor, wanted: TimelineFilter, window: Window) -> Where:
    """The conditions on items; ``$2`` is the reader's agency."""
    where = Where(list(HIDDEN_ABROAD), actor.agency)
    where.add("r.state <> ALL($1)")
    if wanted.agency:
        where.add("a.slug = {0}", wanted.agency)
    if wanted.resource:
        where.add("c.resource = {0}", wanted.resource)
    if wanted.category:
        where.add("c.code = {0}", wanted.category)
    if wanted.model:
        where.add("i.model = {0}", wanted.model)
    if wanted.depot:
        where.add("i.depot = {0}", wanted.depot)
    if wanted.mine:
        where.add(BORROWED, window.start, window.end)
    if wanted.q:
        where.add(f"({named_in(*NAMES, 'i.code')} OR (i.owner = $2 AND i.asset_no ILIKE {{0}}))", like(wanted.q))
    return where


async def _lines(db: Any, actor: Actor, items: Sequence[Any], window: Window) -> Mapping[UUID, list[Any]]:
    """What lies on each item in the window, late ones that should have come home before it included."""
    found: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in await db.fetch(
        LINES,
        [item["owner"] for item in items],
        [item["id"] for item in items],
        window.start,
        window.end,
        clock.now(),
        actor.agency,
    ):
        found[row["item"]].append(row)
    return found


def _closed(
    items: Sequence[Any], closures: Mapping[UUID, list[Closure]], window: Window
) -> dict[UUID, tuple[Stretch, ...]]:
    """The shading of each depot, worked out once."""
    depots = {item["depot"]: item for item in items}
    return {
        depot: tuple(
            closed_stretches(
                window, json.loads(item["hours"]), closures.get(depot, []), ZoneInfo(item["timezone"])
            )
        )
        for depot, item in depots.items()
    }


def _row(
    actor: Actor, item: Any, lines: Sequence[Any], closed: tuple[Stretch, ...], window: Window, now: datetime
) -> TimelineRow:
    bars = [Bar(**{name: line[name] for name in Bar.__dataclass_fields__}) for line in lines]
    lanes = lanes_of([extent_of(bar, now) for bar in bars])
    bookings = [bar_of(actor, bar, lane, window, now) for bar, lane in zip(bars, lanes, strict=True)]
    owns = may(actor, Permission.ITEM_SEE, actor.relations(item["owner"])) is True
    state = ITEM.states[item["state"]]
    return TimelineRow(
        **{name: item[name] for name in SHOWN},
        asset_no=item["asset_no"] if owns else None,
        owner=agency_in(item, "owner"),
        path=f"/items/{item['code']}",
        label=state.label,
        tone=state.tone,
        bookable=item["state"] == "available" and item["owner"] != actor.agency and _may_book(actor),
        closed=closed,
        lanes=max(lanes, default=0) + 1,
        bookings=tuple(bookings),
    )


def _may_book(actor: Actor) -> bool:
    return may(actor, Permission.LOAN_REQUEST, {Relation.BORROWER}) is True


def _key(actor: Actor, row: Any) -> Sequence[str]:
    whose = OWN if row["owner"] == actor.agency else FOREIGN
    return (whose, row["category"], row["model_name_zh"], row["owner_slug"], row["code"])
