"""What is free from A to B, over all agencies (SWITCH 4): date first, nearest first, the least used first."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_resources.equipment.queries.closures import closures_of
from shared_resources.equipment.queries.names import agency_columns, agency_in, fields_of
from shared_resources.equipment.queries.shelf import FREE, SHELF
from shared_resources.equipment.queries.where import NAMES, Where, named_in
from shared_resources.equipment.rules.hours import Closure, check_open
from shared_resources.equipment.schemas.loans import FreeFilter, FreeGroup, FreeList
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.pager import key_of, like, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

FIRST_CODES = 5
MOST_SUBSTITUTES = 12
EARTH_KM = 6371.0088

GROUPS = (
    f"WITH {SHELF}, {FREE}, place AS (SELECT latitude, longitude FROM depot WHERE id = $5),"
    " found AS (SELECT f.model, f.depot, count(*) AS free,"
    f"  (array_agg(f.code ORDER BY f.wear, f.id))[1:{FIRST_CODES}] AS codes"
    "  FROM free f GROUP BY f.model, f.depot),"
    " placed AS (SELECT g.*, m.name_zh AS model_name_zh, m.name_en AS model_name_en, m.notice_hours,"
    "  m.longest_loan_hours, m.evidence_needs_certificate AS needs_certificate, c.code AS category,"
    "  c.name_zh AS category_name_zh, c.name_en AS category_name_en, c.resource, d.name_zh AS depot_name_zh,"
    f"  d.name_en AS depot_name_en, d.timezone, d.hours, {agency_columns('a', 'owner')},"
    "  CASE WHEN num_nulls(d.latitude, d.longitude, p.latitude, p.longitude) = 0 THEN"
    f"  2 * {EARTH_KM} * asin(least(1, sqrt(power(sind((d.latitude - p.latitude) / 2), 2) + cosd(p.latitude)"
    "   * cosd(d.latitude) * power(sind((d.longitude - p.longitude) / 2), 2)))) END AS distance"
    "  FROM found g JOIN model m ON m.id = g.model JOIN category c ON c.id = m.category"
    "  JOIN depot d ON d.id = g.depot JOIN agency a ON a.id = d.agency LEFT JOIN place p ON true),"
    " page AS (SELECT * FROM placed WHERE {after} ORDER BY {order} LIMIT {limit})"
    " SELECT page.*, (SELECT count(*) FROM item i JOIN record r ON r.id = i.id WHERE i.model = page.model"
    "  AND i.depot = page.depot AND r.state NOT IN ('lost', 'retired')) AS total FROM page ORDER BY {order}"
)
KEY = "coalesce(distance, 'Infinity'), model_name_zh, owner_slug, depot, model"


async def free(
    actor: Actor, wanted: FreeFilter, *, cursor: str | None = None, size: int | None = None
) -> FreeList:
    """What could be lent in that time, by model and depot, nearest first and then by name.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
        Invalid: the return lies before the collection, or a cursor that is not ours.
    """
    require(actor, Permission.ITEM_SEE_FREE, {Relation.THIRD})
    if wanted.ends_at <= wanted.starts_at:
        raise Invalid(
            N_("The return lies before the collection."),
            do=N_("Exchange the two times, or correct one of them."),
            code="inverted",
            field="ends_at",
        )
    where = narrowed(wanted)
    key = key_of(cursor, float, str, str, UUID, UUID)
    after = "true" if key is None else where.beyond(KEY, ">", key)
    rows_wanted = page_size(size)
    rows = await grouped(where, limit=rows_wanted + 1, after=after)
    shown, following = page_of(rows, rows_wanted, _key)
    return FreeList(groups=await _with_hours(shown, wanted.starts_at, wanted.ends_at), next=following)


async def substitutes(actor: Actor, number: str, line: UUID) -> tuple[FreeGroup, ...]:
    """What could go instead of one line of a loan: the same kind in the same time, nearest first.

    Items of the borrower itself are left out: an agency does not lend to itself.

    Raises:
        NotFound: unknown loan or line, or none of the reader's business.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT l.owner, l.borrower, l.evidential, lower(ll.period) AS starts_at, upper(ll.period) AS ends_at,"
            " ll.item, i.depot, m.category FROM record r JOIN loan l ON l.id = r.id JOIN loan_line ll"
            " ON ll.owner = l.owner AND ll.loan = l.id JOIN item i ON i.id = ll.item"
            " JOIN model m ON m.id = ll.model WHERE r.number = $1 AND ll.id = $2",
            number,
            line,
        )
    if row is None:
        raise not_found()
    require(actor, Permission.LOAN_SEE, actor.relations(row["owner"], row["borrower"]))
    wanted = FreeFilter(
        starts_at=row["starts_at"], ends_at=row["ends_at"], near=row["depot"], evidential=row["evidential"]
    )
    where = Where(*asked(wanted))
    where.add("m.category = {0} AND i.owner <> {1} AND i.id <> {2}", row["category"], row["borrower"], row["item"])
    rows = await grouped(where, limit=MOST_SUBSTITUTES)
    return await _with_hours(rows, wanted.starts_at, wanted.ends_at)


async def grouped(where: Where, *, limit: int, after: str = "true") -> Sequence[Any]:
    """Rows of free items by model and depot; the values of ``where`` begin with what was ``asked``."""
    sql = GROUPS.format(where=f" AND {where}", after=after, order=KEY, limit=limit)
    async with reading() as db:
        return await db.fetch(sql, *where.values)  # type: ignore[no-any-return]


def asked(wanted: FreeFilter) -> tuple[Any, ...]:
    """The values with which every statement about free items begins."""
    return wanted.starts_at, wanted.ends_at, clock.now(), wanted.evidential, wanted.near


def narrowed(wanted: FreeFilter) -> Where:
    """The further conditions on free items."""
    where = Where(*asked(wanted))
    if wanted.resource:
        where.add("c.resource = {0}", wanted.resource)
    if wanted.category:
        where.add("c.code = {0}", wanted.category)
    if wanted.model:
        where.add("i.model = {0}", wanted.model)
    if wanted.agency:
        where.add("a.slug = {0}", wanted.agency)
    if wanted.depot:
        where.add("i.depot = {0}", wanted.depot)
    if wanted.q:
        where.add(named_in("m.maker", *NAMES), like(wanted.q))
    return where


async def _with_hours(rows: Sequence[Any], starts_at: datetime, ends_at: datetime) -> tuple[FreeGroup, ...]:
    """Groups, each with why its depot is closed at the beginning or the end, if it is."""
    async with reading() as db:
        closures = await closures_of(db, [row["depot"] for row in rows])
    return tuple(_group(row, closures.get(row["depot"], ()), starts_at, ends_at) for row in rows)


def _group(row: Any, closures: Sequence[Closure], starts_at: datetime, ends_at: datetime) -> FreeGroup:
    hours, zone = json.loads(row["hours"]), ZoneInfo(row["timezone"])
    columns = fields_of(FreeGroup, row)
    return FreeGroup(
        **columns | {"owner": agency_in(row, "owner")},
        distance_km=None if row["distance"] is None else round(row["distance"], 1),
        closed_at_start=check_open(hours, closures, zone, starts_at),
        closed_at_end=check_open(hours, closures, zone, ends_at, closing=True),
    )


def _key(row: Any) -> Sequence[Any]:
    distance = math.inf if row["distance"] is None else row["distance"]
    return (distance, row["model_name_zh"], row["owner_slug"], row["depot"], row["model"])
