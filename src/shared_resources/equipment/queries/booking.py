"""Facts that asking, deciding and changing start from: items, who has them when, how their owner answers."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_resources.equipment.rules.booking import ItemFacts, LendingTerms
from shared_resources.equipment.rules.certificates import CertificateSpan
from shared_resources.equipment.rules.hours import Closure
from shared_resources.equipment.rules.procedures import LINE_OCCUPIES
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OCCUPIES = ", ".join(f"'{state}'" for state in sorted(LINE_OCCUPIES))
"""As literals, so that PostgreSQL knows the partial index fits."""
MOST = 300
"""How many free items of a model a choice looks at."""

FACTS = (
    "SELECT i.id, i.code, i.owner, i.model, m.name_zh AS model_name, m.category, i.depot,"
    " d.name_zh AS depot_name, r.state, m.buffer_before_minutes, m.buffer_after_minutes, m.longest_loan_hours,"
    " m.notice_hours, m.evidence_needs_certificate, d.hours, d.timezone,"
    " (SELECT count(*) FROM loan_line l"
    "  WHERE l.owner = i.owner AND l.item = i.id AND l.out_at IS NOT NULL) AS uses"
    " FROM item i JOIN record r ON r.id = i.id JOIN model m ON m.id = i.model JOIN depot d ON d.id = i.depot"
)


@dataclass(frozen=True)
class Span:
    """A time in which an item must be free: item, its owner, buffers included."""

    item: UUID
    owner: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Busy:
    """Why an item is not free: the loan that has it, until when; ``late`` when it should be back already."""

    item: UUID
    number: str
    starts_at: datetime
    ends_at: datetime
    late: bool


async def facts_of(items: Iterable[UUID]) -> dict[UUID, ItemFacts]:
    """What is known of these items now; unknown ids are missing from the answer."""
    async with reading() as db:
        rows = await db.fetch(f"{FACTS} WHERE i.id = ANY($1)", list(items))
        return await _facts(db, rows)


async def facts_by_code(codes: Iterable[str]) -> dict[str, ItemFacts]:
    """What is known of the items with these (stored) codes."""
    async with reading() as db:
        rows = await db.fetch(f"{FACTS} WHERE i.code = ANY($1)", list(codes))
        found = await _facts(db, rows)
    return {item.code: item for item in found.values()}


async def free_of_model(
    model: UUID,
    starts_at: datetime,
    ends_at: datetime,
    *,
    owner: UUID | None = None,
    depot: UUID | None = None,
    besides: Iterable[UUID] = (),
    limit: int = MOST,
) -> list[ItemFacts]:
    """Items of a model that are in the pool and that nobody has in that time, the least used first.

    Args:
        owner, depot: where they may come from; anywhere by default.
        besides: items that are not meant.
    """
    async with reading() as db:
        rows = await db.fetch(
            f"{FACTS} WHERE i.model = $1 AND r.state = 'available' AND ($2::uuid IS NULL OR i.owner = $2)"
            " AND ($3::uuid IS NULL OR i.depot = $3) AND i.id <> ALL($4) AND NOT EXISTS (SELECT FROM loan_line l"
            f" WHERE l.owner = i.owner AND l.item = i.id AND l.state IN ({OCCUPIES}) AND (l.blocked && tstzrange("
            " $5::timestamptz - make_interval(mins => m.buffer_before_minutes),"
            " $6::timestamptz + make_interval(mins => m.buffer_after_minutes))"
            " OR (l.state = 'out' AND upper(l.period) <= $7))) ORDER BY uses, i.id LIMIT $8",
            model,
            owner,
            depot,
            list(besides),
            starts_at,
            ends_at,
            clock.now(),
            limit,
        )
        return list((await _facts(db, rows)).values())


async def _facts(db: Any, rows: Sequence[Any]) -> dict[UUID, ItemFacts]:
    """Items with the closed days of their depots and their certificates: two statements however many."""
    certificates, closures = defaultdict(list), defaultdict(list)
    for row in await db.fetch(
        "SELECT item, number, valid_from, valid_to, kind FROM certificate"
        " WHERE item = ANY($1) AND voided_at IS NULL",
        [row["id"] for row in rows],
    ):
        certificates[row["item"]].append(
            CertificateSpan(row["number"], row["valid_from"], row["valid_to"], row["kind"])
        )
    for row in await db.fetch(
        "SELECT depot, first_day, last_day, reason FROM depot_closure WHERE depot = ANY($1) AND last_day >= $2",
        list({row["depot"] for row in rows}),
        clock.today() - timedelta(days=2),
    ):
        closures[row["depot"]].append(Closure(row["first_day"], row["last_day"], row["reason"]))
    return {row["id"]: _item(row, closures[row["depot"]], certificates[row["id"]]) for row in rows}


def _item(row: Any, closures: Sequence[Closure], certificates: Sequence[CertificateSpan]) -> ItemFacts:
    return ItemFacts(
        id=row["id"],
        code=row["code"],
        owner=row["owner"],
        model=row["model"],
        model_name=row["model_name"],
        category=row["category"],
        depot=row["depot"],
        depot_name=row["depot_name"],
        state=row["state"],
        buffer_before=timedelta(minutes=row["buffer_before_minutes"]),
        buffer_after=timedelta(minutes=row["buffer_after_minutes"]),
        longest=timedelta(hours=row["longest_loan_hours"]),
        notice=timedelta(hours=row["notice_hours"]),
        needs_certificate=row["evidence_needs_certificate"],
        hours=json.loads(row["hours"]),
        zone=ZoneInfo(row["timezone"]),
        closures=tuple(closures),
        certificates=tuple(certificates),
        uses=row["uses"],
    )


async def busy_in(spans: Sequence[Span], *, besides: UUID | None = None) -> dict[UUID, Busy]:
    """Which of these items somebody else has in that time, or has not brought back in theirs.

    An item that is out and late is busy for every later time: nobody knows when it comes back.

    Args:
        besides: the loan that asks; its own lines are no obstacle.
    """
    async with reading() as db:
        rows = await db.fetch(
            "SELECT DISTINCT ON (w.item) w.item, r.number, lower(l.period) AS starts_at,"
            " upper(l.period) AS ends_at, l.state = 'out' AND upper(l.period) <= $5 AS late"
            " FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) w(item, owner, a, b)"
            f" JOIN loan_line l ON l.owner = w.owner AND l.item = w.item AND l.state IN ({OCCUPIES})"
            " AND (l.blocked && tstzrange(w.a, w.b) OR (l.state = 'out' AND upper(l.period) <= $5))"
            " JOIN record r ON r.id = l.loan WHERE $6::uuid IS NULL OR l.loan <> $6"
            " ORDER BY w.item, late DESC, lower(l.period)",
            [span.item for span in spans],
            [span.owner for span in spans],
            [span.starts_at for span in spans],
            [span.ends_at for span in spans],
            clock.now(),
            besides,
        )
    return {row["item"]: Busy(**row) for row in rows}


async def terms_of(owners: Iterable[UUID]) -> Mapping[tuple[UUID, UUID | None], LendingTerms]:
    """How these owners answer: by owner and category, None for all other categories."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT agency, category, automatic_hours, requests_hold, answer_days FROM lending_rule"
            " WHERE agency = ANY($1)",
            list(owners),
        )
    return {
        (row["agency"], row["category"]): LendingTerms(
            timedelta(hours=row["automatic_hours"]), row["requests_hold"], row["answer_days"]
        )
        for row in rows
    }
