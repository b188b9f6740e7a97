"""Facts that asking, deciding and changing start from: items, who has them when, how their owner answers."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from shared_resources.equipment.queries.closures import closures_of
from shared_resources.equipment.queries.shelf import FREE, SHELF, away, holding
from shared_resources.equipment.rules.booking import ItemFacts, LendingTerms
from shared_resources.equipment.rules.busy import Busy, Why
from shared_resources.equipment.rules.certificates import CertificateSpan
from shared_resources.equipment.rules.hours import Closure
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST = 300
"""How many free items of a model a choice looks at."""

FACTS = (
    "SELECT i.id, i.code, i.owner, i.model, m.name_zh AS model_name, m.category, i.depot,"
    " d.name_zh AS depot_name, r.state, m.buffer_before_minutes, m.buffer_after_minutes, m.longest_loan_hours,"
    " m.notice_hours, m.evidence_needs_certificate, d.hours, d.timezone,"
    " coalesce(h.seq, 0) AS uses FROM item i JOIN record r ON r.id = i.id JOIN model m ON m.id = i.model"
    " JOIN depot d ON d.id = i.depot LEFT JOIN chain_head h ON h.ledger = 'custody_line' AND h.chain = i.id"
)
OF_MODEL = (
    f"WITH {SHELF}, {FREE} ".format(
        where=" AND i.model = $5 AND ($6::uuid IS NULL OR i.owner = $6) AND ($7::uuid IS NULL OR i.depot = $7)"
        " AND i.id <> ALL($8)"
    )
    + f"{FACTS} JOIN free ON free.id = i.id ORDER BY uses, i.id LIMIT $9"
)
BUSY = (
    "SELECT DISTINCT ON (w.id) w.id AS item, r.number, lower(o.period) AS starts_at, upper(o.period) AS ends_at,"
    " o.why FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) w(id, owner, a, b)"
    f" CROSS JOIN LATERAL (({holding('w', 'w.a', 'w.b', '$6::uuid')})"
    f"  UNION ALL ({away('w', '$5', '$6::uuid')})) o"
    " JOIN record r ON r.id = o.loan ORDER BY w.id, o.why = 'taken', lower(o.period)"
)


@dataclass(frozen=True)
class Span:
    """A time in which an item must be free: item, its owner, buffers included."""

    item: UUID
    owner: UUID
    starts_at: datetime
    ends_at: datetime


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
    """Items of a model that are in the pool and free in that time, the least used first.

    Args:
        owner, depot: where they may come from; anywhere by default.
        besides: items that are not meant.
    """
    async with reading() as db:
        rows = await db.fetch(
            OF_MODEL, starts_at, ends_at, clock.now(), False, model, owner, depot, list(besides), limit
        )
        return list((await _facts(db, rows)).values())


async def _facts(db: Any, rows: Sequence[Any]) -> dict[UUID, ItemFacts]:
    """Items with the closed days of their depots and their certificates: two statements however many."""
    certificates = defaultdict(list)
    for row in await db.fetch(
        "SELECT item, number, valid_from, valid_to, kind FROM certificate"
        " WHERE item = ANY($1) AND voided_at IS NULL",
        [row["id"] for row in rows],
    ):
        certificates[row["item"]].append(
            CertificateSpan(row["number"], row["valid_from"], row["valid_to"], row["kind"])
        )
    closures = await closures_of(db, [row["depot"] for row in rows], clock.today() - timedelta(days=2))
    return {row["id"]: _item(row, closures.get(row["depot"], ()), certificates[row["id"]]) for row in rows}


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
    """Which of these items are not free in their times, and why.

    Args:
        besides: the loan that asks; its own lines are no obstacle.
    """
    async with reading() as db:
        rows = await db.fetch(
            BUSY,
            [span.item for span in spans],
            [span.owner for span in spans],
            [span.starts_at for span in spans],
            [span.ends_at for span in spans],
            clock.now(),
            besides,
        )
    return {row["item"]: Busy(**{**row, "why": Why(row["why"])}) for row in rows}


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
