"""The supervisor's figures: who is late and why. Counted by the database, in a constant number of statements.

A term was kept when the line that met it is no later than its due instant then; statutory limits and internal
targets are counted apart. What was cancelled counts nowhere, and a provisional date is not late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.asks import questions
from shared_resources.kernel.casework.family import families
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.escalation import midnight
from shared_resources.kernel.permissions import OFFICES, Actor, Permission, Relation, require
from shared_resources.kernel.procedure import known_procedures
from shared_resources.kernel.schemas.figures import DueFact, Figures, FiguresFilter, Ground, Row, Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNTED = """
WITH counted AS (
    SELECT d.owed_by AS agency, date_trunc('month', d.due_on)::date AS month, r.kind, d.statutory, d.term, d.basis,
        d.started_on, d.due_on, d.due_at, r.number, r.title, m.at AS met_at,
        CASE WHEN d.state = 'met' AND m.at <= d.due_at THEN 'on_time' WHEN d.state = 'met' THEN 'late'
             WHEN d.state = 'running' AND NOT d.provisional AND d.due_at <= $1 THEN 'open_late'
             ELSE 'open' END AS what
    FROM deadline d JOIN record r ON r.id = d.record
    LEFT JOIN LATERAL (SELECT max(at) AS at FROM deadline_entry WHERE deadline = d.id AND kind = 'met') m
        ON d.state = 'met'
    WHERE d.state <> 'cancelled' AND d.due_on >= $2 AND d.due_on < $3 AND ($4::uuid IS NULL OR d.owed_by = $4)
        AND r.kind = ANY($5)
)"""
SUMS = """
SELECT c.agency, c.month, c.kind,
    count(*) FILTER (WHERE c.statutory AND what = 'on_time') AS limit_on_time,
    count(*) FILTER (WHERE c.statutory AND what = 'late') AS limit_late,
    count(*) FILTER (WHERE c.statutory AND what = 'open_late') AS limit_open_late,
    count(*) FILTER (WHERE NOT c.statutory AND what = 'on_time') AS target_on_time,
    count(*) FILTER (WHERE NOT c.statutory AND what = 'late') AS target_late,
    count(*) FILTER (WHERE NOT c.statutory AND what = 'open_late') AS target_open_late,
    avg(w.days)::float AS average_days
FROM counted c JOIN agency o ON o.id = c.agency
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE CASE WHEN coalesce(own.kind, cn.kind) IS NULL THEN extract(isodow FROM day) < 6
        ELSE coalesce(own.kind, cn.kind) IN ('makeup', 'workday_override') END) AS days
    FROM generate_series(c.started_on + 1, (c.met_at AT TIME ZONE 'Asia/Shanghai')::date, interval '1 day') AS day
    LEFT JOIN calendar_day cn ON cn.scope = 'CN' AND cn.date = day::date
    LEFT JOIN calendar_day own ON own.scope = o.county AND own.date = day::date
) w ON c.met_at IS NOT NULL
"""
BY_ONE = "GROUP BY GROUPING SETS ((c.agency), (c.month), (c.kind), ())"
BY_ALL = "GROUP BY c.agency, c.month, c.kind"
PAPERS = """
SELECT r.kind, f.step, f.agency, f.body ->> $1 AS value, r.number, r.title, f.at, a.name_zh, a.name_en
FROM filing f JOIN record r ON r.id = f.record LEFT JOIN agency a ON a.id = f.agency
JOIN unnest($2::text[], $3::text[]) AS k (kind, step) ON k.kind = r.kind AND k.step = f.step
WHERE f.at >= $4 AND f.at < $5 AND ($6::uuid IS NULL OR f.agency = $6) AND f.body ->> $1 IS NOT NULL
"""
MOST = 500
"""Lines of one list; the figures themselves count all."""


@dataclass(frozen=True)
class _Scope:
    """What the reader may count: one agency or all, and records of which kinds."""

    agency: UUID | None
    kinds: tuple[str, ...]


def scope_of(actor: Actor, wanted: FiguresFilter) -> _Scope:
    """The standing offices count every agency's records that they may see, leaders their own agency's.

    Raises:
        NotAllowed, NotFound: see ``permissions.require``.
    """
    office = actor.office if actor.office in OFFICES else None
    require(actor, Permission.FIGURES_SEE, {office or Relation.OWNER})
    seen = [each.kind for each in known_procedures() if office is None or office in each.offices]
    kinds = tuple(kind for kind in seen if wanted.kind in ("", kind))
    return _Scope(wanted.agency if office else actor.agency, kinds)


async def figures(actor: Actor, wanted: FiguresFilter) -> Figures:
    """The figures of a span of months: three statements, however many records there are."""
    scope = scope_of(actor, wanted)
    sums = await _sums(scope, wanted, BY_ONE)
    whole = [row for row in sums if row.agency is None and row.month is None and row.kind is None]
    return Figures(
        total=whole[0] if whole else Row(),
        by_agency=tuple(row for row in sums if row.agency),
        by_month=tuple(row for row in sums if row.month),
        by_kind=tuple(row for row in sums if row.kind),
        grounds=await _grounds(scope, wanted),
        urgency=await _urgency(scope, wanted),
    )


async def table(actor: Actor, wanted: FiguresFilter) -> Sequence[Row]:
    """The figures by agency, month and kind at once, to take along."""
    return await _sums(scope_of(actor, wanted), wanted, BY_ALL)


async def _sums(scope: _Scope, wanted: FiguresFilter, grouping: str) -> list[Row]:
    query = (
        f"{COUNTED} SELECT s.*, a.name_zh, a.name_en FROM ({SUMS} {grouping}) s"
        " LEFT JOIN agency a ON a.id = s.agency ORDER BY a.name_zh, s.month, s.kind"
    )
    async with reading() as db:
        rows = await db.fetch(query, *_values(scope, wanted))
    return [Row(**dict(row)) for row in rows]


def _values(scope: _Scope, wanted: FiguresFilter) -> tuple[Any, ...]:
    return (clock.now(), wanted.first_day, wanted.end_day, scope.agency, list(scope.kinds))


async def due_facts(actor: Actor, wanted: FiguresFilter) -> Sequence[DueFact]:
    """The deadlines behind one number, the oldest first."""
    scope = scope_of(actor, wanted)
    query = (
        f"{COUNTED} SELECT c.*, a.name_zh, a.name_en FROM counted c JOIN agency a ON a.id = c.agency"
        " WHERE ($6 = '' OR c.what = $6) AND ($7::boolean IS NULL OR c.statutory = $7) ORDER BY c.due_at, c.number"
        f" LIMIT {MOST}"
    )
    async with reading() as db:
        rows = await db.fetch(query, *_values(scope, wanted), wanted.what, wanted.statutory)
    known = {each.kind: each for each in known_procedures()}
    return [
        DueFact(
            **{name: row[name] for name in DueFact.model_fields if name in row.keys()},  # noqa: SIM118 a Record
            label=known[row["kind"]].term(row["term"]).label,
            path=known[row["kind"]].path % {"number": row["number"]},
        )
        for row in rows
    ]


async def paper_facts(actor: Actor, wanted: FiguresFilter) -> Sequence[DueFact]:
    """The records behind a number of refusals (``what`` is refusal, by ground) or of urgent requests (urgent)."""
    scope = scope_of(actor, wanted)
    field, value = ("urgent", "true") if wanted.what == "urgent" else ("ground", wanted.ground)
    query = f"{PAPERS} AND ($7 = '' OR f.body ->> $1 = $7) ORDER BY f.at, r.number LIMIT {MOST}"
    async with reading() as db:
        rows = await db.fetch(query, field, *_paper_values(field, scope, wanted), value)
    known = {each.kind: each for each in known_procedures()}
    return [
        DueFact(
            number=row["number"],
            title=row["title"],
            kind=row["kind"],
            path=known[row["kind"]].path % {"number": row["number"]},
            name_zh=row["name_zh"] or "",
            name_en=row["name_en"] or "",
            label=known[row["kind"]].label,
            met_at=row["at"],
            what=wanted.what,
        )
        for row in rows
    ]


def steps_with(field: str, kinds: Sequence[str]) -> dict[tuple[str, str], dict[str, str]]:
    """Steps of these kinds whose form asks ``field``, with the labels of its answers.

    A ground counts where a step after the opening asks for it (a refusal, in whole or in part), urgency where the
    opening does.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for family in families():
        if family.kind not in kinds:
            continue
        opening = [(family.procedure.opening, family.opening)]
        steps = opening if field == "urgent" else [(step.name, step.form) for step in family.procedure.steps]
        for name, form in steps:
            for question in questions(form) if form is not None else ():
                if question.name == field:
                    found[family.kind, name] = dict(question.options)
    return found


def _paper_values(field: str, scope: _Scope, wanted: FiguresFilter) -> tuple[Any, ...]:
    steps = steps_with(field, scope.kinds)
    first, end = (midnight(day) for day in (wanted.first_day, wanted.end_day))
    return ([kind for kind, _ in steps], [step for _, step in steps], first, end, scope.agency)


async def _grounds(scope: _Scope, wanted: FiguresFilter) -> tuple[Ground, ...]:
    query = (
        f"SELECT p.kind, p.step, p.value, count(*) AS number FROM ({PAPERS}) p GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3"
    )
    async with reading() as db:
        rows = await db.fetch(query, "ground", *_paper_values("ground", scope, wanted))
    labels = steps_with("ground", scope.kinds)
    return tuple(
        Ground(
            kind=row["kind"],
            ground=row["value"],
            label=labels[row["kind"], row["step"]].get(row["value"], row["value"]),
            number=row["number"],
        )
        for row in rows
    )


async def _urgency(scope: _Scope, wanted: FiguresFilter) -> tuple[Urgency, ...]:
    query = (
        "SELECT p.kind, count(*) AS number, count(*) FILTER (WHERE p.value = 'true') AS urgent"
        f" FROM ({PAPERS}) p GROUP BY 1 ORDER BY 1"
    )
    async with reading() as db:
        rows = await db.fetch(query, "urgent", *_paper_values("urgent", scope, wanted))
    return tuple(Urgency(**dict(row)) for row in rows)
