"""Who can do this test by that date, over 500 laboratories × 200 scope rows; reports signed a second."""

from __future__ import annotations

import random
import statistics
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.lab.appraising import make_appraisal
from tests.lab.house import laboratory_draft
from tests.people import make_cast

from benchmarks.report import Figure
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, transaction
from shared_resources.kernel.fulltext import vector_of
from shared_resources.kernel.identifiers import new_id
from shared_resources.lab.queries.directory import offers
from shared_resources.lab.schemas.views import SearchFor
from shared_resources.lab.service.directory import register_laboratory

if TYPE_CHECKING:
    from uuid import UUID

    from tests.lab.appraising import Appraisal

    from shared_resources.kernel.permissions import Actor

LABORATORIES, ROWS, SEARCHES, REPORTS = 500, 200, 200, 40
MATRICES = ("蔬菜", "水果", "大米", "畜肉", "水产品", "糕点", "废水", "地表水", "土壤", "废气")
AIM_MS = 30
SEED = 197


async def measure(scale: float) -> list[Figure]:
    """Milliseconds of a search at the 95th percentile, and reports a second."""
    chance = random.Random(SEED)  # noqa: S311 a benchmark, not a secret
    cast = await make_cast()
    count = max(5, int(LABORATORIES * scale))
    items = [f"检测项目{number:03d}" for number in range(ROWS)]
    for number in range(count):
        await _laboratory(cast.owner.head, number, items)
    async with transaction():
        await connection().execute("ANALYZE lab_scope, laboratory, lab_certificate")
    spent = []
    for _ in range(SEARCHES):
        words = f"{chance.choice(items)} {chance.choice(MATRICES)}"
        by = clock.today() + timedelta(days=chance.randint(10, 60))
        began = time.perf_counter()
        await offers(cast.borrower.officer, SearchFor(q=words, by=by, owner=""))
        spent.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(spent, n=20)[-1]
    story = await make_appraisal(cast, name="签发中心", capacity=10_000)
    signed = await _reports(story, max(3, int(REPORTS * scale)))
    rows = f"{count * ROWS:,}"
    return [
        Figure(f"laboratories: who can do this by then, {rows} scope rows: p95", f"{p95:.1f} ms", f"< {AIM_MS} ms",
               reached=p95 < AIM_MS),
        Figure("laboratories: the same, p50", f"{statistics.median(spent):.1f} ms"),
        Figure("laboratories: reports signed, with their PDF", f"{signed:.1f} /s"),
    ]  # fmt: skip


async def _laboratory(actor: Actor, number: int, items: list[str]) -> None:
    """One laboratory with its whole scope, written at once."""
    lab = await register_laboratory(
        actor, laboratory_draft(f"第{number}检测中心", turnaround_days=5 + number % 20)
    )
    certificate, today = new_id(), clock.today()
    async with transaction():
        await connection().execute(
            "INSERT INTO lab_certificate (id, laboratory, kind, number, issuer, valid_from, valid_to)"
            " VALUES ($1, $2, 'cma', $3, '市市场监督管理局', $4, $5)",
            certificate,
            lab.id,
            f"CMA-{number}",
            today - timedelta(days=900),
            today + timedelta(days=900),
        )
        await connection().executemany(
            "INSERT INTO lab_scope (id, laboratory, certificate, field, item, matrix, method, words)"
            " VALUES ($1, $2, $3, '食品', $4, $5, $6, $7::text::tsvector)",
            [_row(lab.id, certificate, item, place, number) for place, item in enumerate(items)],
        )


def _row(laboratory: UUID, certificate: UUID, item: str, place: int, number: int) -> tuple[object, ...]:
    matrix, method = MATRICES[(place + number) % len(MATRICES)], f"GB 5009.{place}-2023"
    words = vector_of({"A": f"{item} {matrix} {method} 食品 第{number}检测中心"})
    return (new_id(), laboratory, certificate, item, matrix, method, words)


async def _reports(story: Appraisal, count: int) -> float:
    """Reports signed a second; samples, results and drafts are prepared before."""
    waiting = []
    for _ in range(count):
        one = type(story)(story.cast, story.bench)
        await one.accepted()
        await one.tested()
        await one.step("draft_report")
        waiting.append(one)
    began = time.perf_counter()
    for one in waiting:
        await one.step("sign")
    return count / (time.perf_counter() - began)
