"""The bench as analysts see it: samples and work on site by their codes, never whose they are (EXPECTATIONS 6)."""

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

COUNTS = (
    " (SELECT count(*) FROM lab_test t WHERE t.delegation = g.id) AS tests,"
    " count(x.id) AS results, count(x.id) FILTER (WHERE x.reviewer IS NULL) AS unreviewed"
)
SAMPLES = (
    "SELECT s.id, s.code, r.state, s.bench_name, s.remaining, s.unit, s.received_condition AS condition,"
    " s.lowest_c, s.highest_c, g.id AS delegation, b.owner, b.name_zh AS laboratory_zh,"
    " b.name_en AS laboratory_en, g.agreed_due, d.state IN ('sampled', 'testing') AS is_tested,"
    f" h.holder, h.name AS holder_name, h.holder_agency, d.state AS stands, s.kept_for, false AS on_site,{COUNTS}"
    " FROM sample s JOIN record r ON r.id = s.id JOIN record d ON d.id = s.delegation"
    " JOIN lab_delegation g ON g.id = s.delegation JOIN laboratory b ON b.id = g.laboratory"
    " LEFT JOIN lab_result x ON x.sample = s.id AND x.replaced_by IS NULL"
    " LEFT JOIN LATERAL (SELECT c.holder, coalesce(p.name, o.name) AS name, c.holder_agency FROM custody_line c"
    "  LEFT JOIN person p ON c.holder_kind = 'person' AND p.id::text = c.holder"
    "  LEFT JOIN lab_store o ON c.holder_kind = 'depot' AND o.id::text = c.holder"
    "  WHERE c.chain = s.id ORDER BY c.seq DESC LIMIT 1) h ON true"
)
SAMPLE_GROUP = " GROUP BY s.id, r.state, g.id, b.id, d.state, h.holder, h.name, h.holder_agency"
SITES = (
    "SELECT g.id, g.site_code AS code, 'at_bench' AS state, coalesce(v.site, '') AS bench_name,"
    " NULL::numeric AS remaining,"
    " '' AS unit, NULL AS condition, NULL::float8 AS lowest_c, NULL::float8 AS highest_c, g.id AS delegation,"
    " b.owner, b.name_zh AS laboratory_zh, b.name_en AS laboratory_en, g.agreed_due,"
    " d.state = 'testing' AS is_tested, NULL AS holder, NULL AS holder_name, b.owner AS holder_agency,"
    f" d.state AS stands, 'test' AS kept_for, true AS on_site,{COUNTS}"
    " FROM lab_delegation g JOIN record d ON d.id = g.id JOIN laboratory b ON b.id = g.laboratory"
    " LEFT JOIN LATERAL (SELECT f.body ->> 'site' AS site FROM filing f WHERE f.record = g.id"
    "  AND f.step IN ('draft', 'amend') ORDER BY f.at DESC, f.id DESC LIMIT 1) v ON true"
    " LEFT JOIN lab_test w ON w.delegation = g.id"
    " LEFT JOIN lab_result x ON x.test = w.id AND x.sample IS NULL AND x.replaced_by IS NULL"
)
SITE_GROUP = " GROUP BY g.id, b.id, d.state, v.site"
WAITING = (
    f"SELECT * FROM ({SAMPLES} WHERE b.owner = $1{SAMPLE_GROUP}"
    f" UNION ALL {SITES} WHERE b.owner = $1 AND g.site_code IS NOT NULL{SITE_GROUP}) l"
    " WHERE holder_agency = $1 AND kept_for = 'test' AND state IN ('received', 'at_bench', 'consumed')"
    " AND stands IN ('sampled', 'testing', 'waiting') ORDER BY agreed_due, code LIMIT 200"
)
BY_CODE = f"{SAMPLES} WHERE s.code = $1{SAMPLE_GROUP} UNION ALL {SITES} WHERE g.site_code = $1{SITE_GROUP}"


@dataclass(frozen=True)
class BenchLine:
    """A sample, or work on site, as the bench knows it. ``is_mine``: the reader may record results for it now."""

    id: UUID
    code: str
    state: str
    bench_name: str
    remaining: Decimal | None
    unit: str
    condition: str | None
    lowest_c: float | None
    highest_c: float | None
    laboratory_zh: str
    laboratory_en: str
    agreed_due: Any
    is_tested: bool
    on_site: bool
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
        rows = await db.fetch(WAITING, actor.agency)
    return [_line(actor, row) for row in rows]


async def bench_page(actor: Actor, code: str) -> BenchPage:
    """One sample, or work on site, by its code; whatever else is typed is unknown.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
    """
    async with reading() as db:
        row = await db.fetchrow(BY_CODE, code_in(code))
    if row is None:
        raise not_found()
    relations = (await parties_of(row["id"])).relations_of(actor)
    require(actor, Permission.BENCH_SEE, relations)
    where = "t.delegation = $1 AND x.sample IS NULL" if row["on_site"] else "x.sample = $1"
    async with reading() as db:
        results = await db.fetch(
            f"{RESULTS} WHERE {where} AND x.replaced_by IS NULL ORDER BY t.position", row["id"]
        )
    tests = await tests_of(row["delegation"])
    return BenchPage(
        _line(actor, row), tuple(tests), tuple(ResultView(**dict(each)) for each in results), relations
    )


def _line(actor: Actor, row: Any) -> BenchLine:
    fields = [name for name in BenchLine.__dataclass_fields__ if name != "is_mine"]
    held = row["state"] == "at_bench" and row["holder"] == str(actor.person)
    return BenchLine(**{name: row[name] for name in fields}, is_mine=row["is_tested"] if row["on_site"] else held)
