"""What is asked to be tested and what was found; who may sign; what a report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.database.transaction import reading
from shared_resources.lab.rules.laboratory import Scope, Signatory, Span
from shared_resources.lab.schemas.results import ResultView, SampleTold

if TYPE_CHECKING:
    from collections.abc import Sequence

RESULTS = (
    "SELECT x.id, x.test, t.position, t.item, t.method, t.standard_limit,"
    " coalesce(s.code, g.site_code) AS sample_code, coalesce(s.bench_name, '') AS sample_name, x.value, x.unit,"
    " x.limits, x.uncertainty, x.judgement, x.place,"
    " x.instrument_name, i.number AS instrument_number, x.certificate_no, x.certificate_to, x.measured_at,"
    " x.analyst, a.name AS analyst_name, x.recorded_at, x.reviewer, v.name AS reviewer_name, x.reviewed_at,"
    " t.scope, EXISTS (SELECT FROM lab_recall c WHERE c.result = x.id) AS is_recalled"
    " FROM lab_result x JOIN lab_test t ON t.id = x.test JOIN lab_delegation g ON g.id = t.delegation"
    " LEFT JOIN sample s ON s.id = x.sample"
    " JOIN person a ON a.id = x.analyst LEFT JOIN person v ON v.id = x.reviewer"
    " LEFT JOIN record i ON i.id = x.instrument"
)
SCOPES = (
    "SELECT s.id, s.field, s.item, s.method, c.kind, c.number, c.valid_from, c.valid_to,"
    " least(c.ended_on, s.ended_on) AS ended_on FROM lab_scope s JOIN lab_certificate c ON c.id = s.certificate"
    " WHERE s.laboratory = $1"
)


@dataclass(frozen=True)
class Test:
    """An item that a delegation asks for."""

    id: UUID
    position: int
    item: str
    method: str
    standard_limit: str | None
    unit: str | None


@dataclass(frozen=True)
class Place:
    """A laboratory as letters and effects need it."""

    id: UUID
    number: str
    owner: UUID
    name_zh: str
    name_en: str
    address: str
    phone: str
    state: str


async def place_of(number: str) -> Place | None:
    """The laboratory with this number."""
    return await _place("r.number = $1", number.strip().upper())


async def place_of_delegation(delegation: UUID) -> Place:
    """The laboratory of a delegation."""
    found = await _place("l.id = (SELECT laboratory FROM lab_delegation WHERE id = $1)", delegation)
    assert found is not None, "a delegation names its laboratory from the start"
    return found


async def _place(condition: str, value: Any) -> Place | None:
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT l.id, r.number, l.owner, l.name_zh, l.name_en, l.address, l.phone, r.state FROM laboratory l"
            f" JOIN record r ON r.id = l.id WHERE {condition}",
            value,
        )
    return Place(**dict(row)) if row else None


async def scopes_of(laboratory: UUID) -> list[Scope]:
    """Every scope row that a laboratory has or had, with its days."""
    async with reading() as db:
        rows = await db.fetch(SCOPES, laboratory)
    return [
        Scope(
            row["id"],
            row["field"],
            row["item"],
            row["method"],
            row["kind"],
            row["number"],
            Span(row["valid_from"], row["valid_to"], row["ended_on"]),
        )
        for row in rows
    ]


async def authorisations_of(laboratory: UUID, person: UUID | None) -> list[Signatory]:
    """In what and when a person may sign reports of a laboratory."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT fields, valid_from, valid_to, ended_on FROM lab_signatory"
            " WHERE laboratory = $1 AND person = $2",
            laboratory,
            person,
        )
    return [
        Signatory(frozenset(row["fields"]), Span(row["valid_from"], row["valid_to"], row["ended_on"]))
        for row in rows
    ]


async def tests_of(delegation: UUID) -> list[Test]:
    """What is to be tested, in the order of the delegation."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT id, position, item, method, standard_limit, unit FROM lab_test WHERE delegation = $1"
            " ORDER BY position",
            delegation,
        )
    return [Test(**dict(row)) for row in rows]


async def standing_results(delegation: UUID) -> Sequence[ResultView]:
    """The results that stand: those that no correction took the place of."""
    async with reading() as db:
        rows = await db.fetch(
            f"{RESULTS} WHERE t.delegation = $1 AND x.replaced_by IS NULL ORDER BY t.position, sample_code",
            delegation,
        )
    return [ResultView(**dict(row)) for row in rows]


async def samples_told(delegation: UUID) -> tuple[SampleTold, ...]:
    """The samples that were tested, as a report tells of them."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.number, s.code, s.material, s.amount, s.unit,"
            " coalesce(s.received_condition, s.condition) AS condition, s.seal_no, s.seal_intact, s.taken_at,"
            " s.taken_where, s.received_at FROM sample s JOIN record r ON r.id = s.id WHERE s.id IN"
            " (SELECT x.sample FROM lab_result x JOIN lab_test t ON t.id = x.test WHERE t.delegation = $1"
            "  AND x.replaced_by IS NULL) ORDER BY r.number",
            delegation,
        )
    return tuple(SampleTold(**dict(row)) for row in rows)


@dataclass(frozen=True)
class Version:
    """An issued version of a report."""

    version: int
    number: str
    document: UUID
    signed_by: UUID
    signatory: str
    signed_on: date
    cma_no: str | None


async def versions_of(delegation: UUID) -> list[Version]:
    """Every version of a delegation's report, the newest first."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT p.version, d.number, p.document, p.signed_by, s.name AS signatory,"
            " (p.signed_at AT TIME ZONE 'Asia/Shanghai')::date AS signed_on, p.cma_no FROM lab_report p"
            " JOIN document d ON d.id = p.document JOIN person s ON s.id = p.signed_by"
            " WHERE p.delegation = $1 ORDER BY p.version DESC",
            delegation,
        )
    return [Version(**dict(row)) for row in rows]
