"""What is free from A to B: how long it takes, and whether a plain loop over all lines finds the same."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from benchmarks.house import bare, part
from benchmarks.report import Figure
from benchmarks.seed import name
from shared_resources.equipment.queries.availability import free
from shared_resources.equipment.schemas.loans import FreeFilter
from shared_resources.kernel import clock

if TYPE_CHECKING:
    from benchmarks.seed import Town

QUESTIONS, SAMPLES = 200, 10
AIM_MS = 50
OCCUPYING = ("held", "reserved", "out", "back")

Shelf = tuple[UUID, UUID]


async def measure(dsn: str, town: Town) -> list[Figure]:
    """Times of random questions, and the number of samples whose answer is exact."""
    chance = random.Random(20261124)  # noqa: S311 the same questions every run
    questions = [question(town, chance) for _ in range(QUESTIONS)]
    for wanted in questions[:5]:
        await free(town.borrower, wanted, size=200)
    seconds = []
    for wanted in questions:
        began = time.perf_counter()
        await free(town.borrower, wanted, size=200)
        seconds.append(time.perf_counter() - began)
    seconds.sort()
    answers = [(await all_pages(town, wanted), await oracle(dsn, wanted)) for wanted in questions[:SAMPLES]]
    exact, found = sum(ours == theirs for ours, theirs in answers), sum(theirs.total() for _, theirs in answers)
    p50, p95 = part(seconds, 0.5) * 1000, part(seconds, 0.95) * 1000
    everything = FreeFilter(starts_at=town.at + timedelta(days=3), ends_at=town.at + timedelta(days=4))
    began = time.perf_counter()
    await free(town.borrower, everything, size=200)
    whole = (time.perf_counter() - began) * 1000
    return [
        Figure("free from A to B, one kind near a depot: p95", f"{p95:.1f} ms", f"< {AIM_MS} ms", p95 < AIM_MS),
        Figure("free from A to B, one kind near a depot: p50", f"{p50:.1f} ms"),
        Figure(
            f"free from A to B: samples equal to the oracle ({found:,} items)",
            f"{exact} of {SAMPLES}",
            "all",
            exact == SAMPLES,
        ),
        Figure("free from A to B, every kind at once", f"{whole:.0f} ms"),
    ]


def question(town: Town, chance: random.Random) -> FreeFilter:
    """One kind, near one depot, for up to four days within the next seven weeks."""
    start = town.at + timedelta(hours=chance.randrange(49 * 24))
    return FreeFilter(
        starts_at=start,
        ends_at=start + timedelta(hours=chance.randrange(4, 4 * 24)),
        category=f"kind{chance.randrange(town.categories)}",
        near=name("depot", chance.randrange(town.depots)),
    )


async def all_pages(town: Town, wanted: FreeFilter) -> Counter[Shelf]:
    """How many are free by model and depot, over all pages."""
    found: Counter[Shelf] = Counter()
    cursor: str | None = None
    while True:
        page = await free(town.borrower, wanted, cursor=cursor, size=200)
        found.update({(group.model, group.depot): group.free for group in page.groups})
        cursor = page.next
        if cursor is None:
            return found


async def oracle(dsn: str, wanted: FreeFilter) -> Counter[Shelf]:
    """The same by looking at every line of every item of that kind."""
    async with bare(dsn) as db:
        items = await db.fetch(
            "SELECT i.id, i.model, i.depot, r.state, m.buffer_before_minutes AS before,"
            " m.buffer_after_minutes AS after FROM item i JOIN record r ON r.id = i.id JOIN model m"
            " ON m.id = i.model JOIN category c ON c.id = m.category WHERE c.code = $1",
            wanted.category,
        )
        lines = await db.fetch(
            "SELECT item, state, period, blocked FROM loan_line WHERE item = ANY($1)", [row["id"] for row in items]
        )
    of: dict[UUID, list[Any]] = {row["id"]: [] for row in items}
    for line in lines:
        of[line["item"]].append(line)
    now = clock.now()
    return Counter(
        (item["model"], item["depot"])
        for item in items
        if item["state"] == "available"
        and not any(stands_against(line, item, wanted, now) for line in of[item["id"]])
    )


def stands_against(line: Any, item: Any, wanted: FreeFilter, now: datetime) -> bool:
    """Whether this line keeps the item from being lent in that time."""
    if line["state"] not in OCCUPYING:
        return False
    if line["state"] == "back" or (line["state"] == "out" and line["period"].upper <= now):
        return True
    start = wanted.starts_at - timedelta(minutes=item["before"])
    end = wanted.ends_at + timedelta(minutes=item["after"])
    return bool(line["blocked"].lower < end and start < line["blocked"].upper)
