"""The inbox of an agency with thousands of open records, among agencies that have as many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.house import bare, part, recorded, replay, timed
from benchmarks.report import Figure
from shared_resources.cases.families import FAMILIES
from shared_resources.kernel import clock
from shared_resources.kernel.inbox import InboxFilter, Side, inbox
from shared_resources.kernel.permissions import Actor, Role

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

AGENCIES, OPEN = 26, 10_000
TIMES = 60
MOST_STATEMENTS = 6
KIND = "assistance"
SEED = """
INSERT INTO agency (id, slug, name_zh, name_en, level, body, joins_by_agreement, is_sample)
SELECT md5('agency' || n)::uuid, 'a-' || n, '第' || n || '机关', 'Agency ' || n, 'municipal', 'administrative',
 false, true FROM generate_series(0, :agencies - 1) n;
INSERT INTO record (id, number, kind, state, version, title, opened_at, changed_at)
SELECT md5('record' || n)::uuid, 'AS2026-' || lpad(n::text, 7, '0'), 'assistance', 'received', 1,
 '协助核查事项' || n, ':now', ':now' FROM generate_series(0, :records - 1) n;
INSERT INTO party (id, record, agency, part)
SELECT md5(part || n)::uuid, md5('record' || n)::uuid, md5('agency' || (n + step) % :agencies)::uuid, part
FROM generate_series(0, :records - 1) n,
 (VALUES ('requesting_agency', 0), ('assisting_agency', 1)) parts (part, step);
INSERT INTO deadline (id, record, term, rule, basis, statutory, owed_by, owed_to, started_on, due_on, due_at,
 provisional, state, kind)
SELECT md5('deadline' || n)::uuid, md5('record' || n)::uuid, 'reply', 'FWD(3)', 'AS-6b', false,
 md5('agency' || (n + 1) % :agencies)::uuid, md5('agency' || n % :agencies)::uuid,
 (timestamptz ':now' - interval '3 days')::date, (timestamptz ':now' + later)::date, timestamptz ':now' + later,
 false, 'running', 'assistance' FROM generate_series(0, :records - 1) n,
 LATERAL (SELECT (n % 40 - 10) * interval '1 day') l (later);
VACUUM ANALYZE deadline;
"""
"""Agencies that owe one another: each owes as many answers as it is owed."""


async def measure(dsn: str, scale: float) -> list[Figure]:
    """Statements and milliseconds of the first page, and the ratio to the same statements through asyncpg."""
    assert KIND in {family.kind for family in FAMILIES}
    each = max(200, round(OPEN * scale))
    async with bare(dsn, owner=True) as db:
        agency = await seed(db, each)
    actor = Actor(agency, agency, "清册", roles=frozenset({Role.CLERK}))
    wanted = InboxFilter(Side.OWE)
    with recorded() as said:
        found = await inbox(actor, wanted)
    total = found.total(Side.OWE).open + found.total(Side.OWED).open

    async def ours() -> None:
        await inbox(actor, wanted)

    async with bare(dsn) as db:

        async def plain() -> None:
            await replay(db, said)

        house, fetch = await timed(ours, TIMES), await timed(plain, TIMES)
    p95, few = part(house, 0.95) * 1000, len(said) <= MOST_STATEMENTS
    ratio = part(house, 0.5) / part(fetch, 0.5)
    return [
        Figure(f"inbox of {total:,} open duties: statements", str(len(said)), "≤ 6", few),
        Figure("inbox: p95 of the first page", f"{p95:.1f} ms", "< 50 ms", p95 < 50),
        Figure(
            "inbox: time of the same statements through bare asyncpg",
            f"{ratio:.2f} ×",
        ),
    ]


async def seed(db: asyncpg.Connection[None], each: int) -> UUID:
    """Fill the database; returns one of the agencies."""
    values = {":agencies": AGENCIES, ":records": AGENCIES * each, ":now": clock.now().isoformat()}
    script = SEED
    for name, value in values.items():
        script = script.replace(name, str(value))
    for statement in script.strip().split(";\n"):
        await db.execute(statement)
    agency: UUID = await db.fetchval("SELECT md5('agency0')::uuid")
    return agency
