"""The bench as analysts see it: samples by their codes, never whose they are (EXPECTATIONS 6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.codes import code_in
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.journal import parties_of
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require
from shared_resources.lab.queries.results import RESULTS, Test, tests_of
from shared_resources.lab.schemas.results import ResultView

if TYPE_CHECKING:
    from collections.abc import Sequence

ON_BENCH = (
    "SELECT s.id, s.code, r.state, s.bench_name, s.remaining, s.unit, s.received_condition AS condition,"
    " s.lowest_c, s.highest_c, s.delegation, b.name_zh AS laboratory_zh, b.name_en AS laboratory_en,"
    " g.agreed_due, d.state IN ('sampled', 'testing') AS is_tested, h.holder, h.name AS holder_name,"
    " (SELECT count(*) FROM lab_test t WHERE t.delegation = s.delegation) AS tests,"
    " (SELECT count(*) FROM lab_result x WHERE x.sample = s.id AND x.replaced_by IS NULL) AS results,"
    " (SELECT count(*) FROM lab_result x WHERE x.sample = s.id AND x.replaced_by IS NULL AND x.reviewer IS NULL)"
    "  AS unreviewed"
    " FROM sample s JOIN record r ON r.id = s.id JOIN record d ON d.id = s.delegation"
    " JOIN lab_delegation g ON g.id = s.delegation JOIN laboratory b ON b.id = g.laboratory"
    " LEFT JOIN LATERAL (SELECT c.holder, coalesce(p.name, o.name) AS name, c.holder_agency FROM custody_line c"
    "  LEFT JOIN person p ON c.holder_kind = 'person' AND p.id::text = c.holder"
    "  LEFT JOIN lab_store o ON c.holder_kind = 'depot' AND o.id::text = c.holder"
    "  WHERE c.chain = s.id ORDER BY c.seq DESC LIMIT 1) h ON true"
)


@dataclass(frozen=True)
class BenchLine:
    """A sample as the bench knows it. ``is_mine``: the reader has it at the bench."""

    id: UUID
    code: str
    state: str
    bench_name: str
    remaining: Decimal
    unit: str
    condition: str | None
    lowest_c: float | None
    highest_c: float | None
    laboratory_zh: str
    laboratory_en: str
    agreed_due: Any
    is_tested: bool
    is_mine: bool
    holder_name: str | None
    tests: int
    results: int
    unreviewed: int


@dataclass(frozen=True)
class BenchPage:
    """One sample at the bench with what is asked for and what was found."""

    line: BenchLine
    tests: tuple[Test, ...]
    results: tuple[ResultView, ...]
    relations: frozenset[Relation]


async def bench(actor: Actor) -> Sequence[BenchLine]:
    """What waits to be tested or reviewed in the laboratories of the actor's agency, the most urgent first.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    if actor.agency is None:
        raise not_found()
    require(actor, Permission.BENCH_SEE, {Relation.LABORATORY})
    async with reading() as db:
        rows = await db.fetch(
            f"{ON_BENCH} WHERE b.owner = $1 AND h.holder_agency = $1 AND s.kept_for = 'test'"
            " AND r.state IN ('received', 'at_bench', 'consumed') AND d.state IN ('sampled', 'testing', 'waiting')"
            " ORDER BY g.agreed_due, s.code LIMIT 200",
            actor.agency,
        )
    return [_line(actor, row) for row in rows]


async def bench_page(actor: Actor, code: str) -> BenchPage:
    """One sample by its code; whatever else is typed is unknown.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    async with reading() as db:
        row = await db.fetchrow(f"{ON_BENCH} WHERE s.code = $1", code_in(code))
    if row is None:
        raise not_found()
    relations = (await parties_of(row["id"])).relations_of(actor)
    require(actor, Permission.BENCH_SEE, relations)
    async with reading() as db:
        results = await db.fetch(
            f"{RESULTS} WHERE x.sample = $1 AND x.replaced_by IS NULL ORDER BY t.position", row["id"]
        )
    tests = await tests_of(row["delegation"])
    return BenchPage(
        _line(actor, row), tuple(tests), tuple(ResultView(**dict(each)) for each in results), relations
    )


def _line(actor: Actor, row: Any) -> BenchLine:
    fields = [name for name in BenchLine.__dataclass_fields__ if name != "is_mine"]
    is_mine = row["state"] == "at_bench" and row["holder"] == str(actor.person)
    return BenchLine(**{name: row[name] for name in fields}, is_mine=is_mine)
