"""Deadlines: budgets of time with an append-only ledger; the due date is derived from it and stored.

A statutory limit can be breached and escalates; an internal target never counts as a breach. A date that
reaches into a year without a confirmed notice is provisional (暂定) and nothing escalates on it.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import budgets, clock, escalation, working_calendar
from shared_resources.kernel.budgets import Budget, Entry, Standing
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.procedure import Counted, known_procedures
from shared_resources.kernel.workdays import Rule, working_days_between
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.parties import Parties
    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.procedure import Procedure, Term

Due = datetime | date | Rule | Counted
"""Where a term ends: at an instant, with a day, by another rule than its own, or counted from another day."""


def end_of(day: date) -> datetime:
    """24:00 of ``day`` in Chongqing: the last instant that still counts (WORKING-DAYS 3.1, choice 4)."""
    return budgets.end_of(day, clock.LOCAL_ZONE)


async def follow(
    procedure: Procedure,
    step: str,
    record: UUID,
    parties: Parties,
    actor: Actor,
    due: Mapping[str, Due],
) -> None:
    """What ``step`` does to the clocks: meets, lets fall, stops and resumes terms, then starts those after it."""
    for term in procedure.terms_met_by(step):
        await close(record, term.name, "met", actor, actor.agency if term.each else None)
    for term in procedure.terms_voided_by(step):
        await close(record, term.name, "cancelled", actor)
    for term in procedure.terms_paused_by(step):
        await pause(record, term.name, actor)
    for term in procedure.terms_resumed_by(step):
        await resume(record, term.name, actor)
    for term in procedure.terms_started_by(step):
        if term.rule is None and term.name not in due:
            continue
        for agency in parties.all(term.owed_by) if term.each else (parties.get(term.owed_by),):
            if agency is not None and not await running(record, term.name, agency):
                await start(record, term, agency, parties, actor, due.get(term.name))


async def running(record: UUID, term: str, agency: UUID | None = None) -> bool:
    """Whether this term is under way, for one ``agency`` or any (a second hand-over starts no second return)."""
    found = await connection().fetchval(
        "SELECT true FROM deadline WHERE record = $1 AND term = $2 AND ($3::uuid IS NULL OR owed_by = $3)"
        " AND state IN ('running', 'paused') LIMIT 1",
        record,
        term,
        agency,
    )
    return bool(found)


async def start(record: UUID, term: Term, agency: UUID, parties: Parties, actor: Actor, until: Due | None) -> UUID:
    """Begin ``term`` for ``agency``: due at an instant or on a day, or by a rule, its own or another."""
    calendar = await working_calendar.load_calendar(connection())
    county = await working_calendar.county_of(connection(), agency)
    budget = begin(term, until)
    found = budgets.replay(budget, calendar, county, clock.LOCAL_ZONE)
    deadline = new_id()
    owed_to = parties.get(term.owed_to) if term.owed_to else None
    await connection().execute(
        "INSERT INTO deadline (id, record, term, rule, basis, statutory, owed_by, owed_to, started_on, due_on,"
        " due_at, provisional, state, kind) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'running',"
        " (SELECT kind FROM record WHERE id = $2))",
        deadline,
        record,
        term.name,
        None if budget.rule is None else str(budget.rule),
        term.basis,
        term.statutory,
        agency,
        owed_to,
        budget.since,
        found.due_on,
        found.due_at,
        found.provisional,
    )
    await enter(deadline, "started", actor, None, found.due_on, data=budget.entries[0].data)
    if not term.own_reminders:
        await escalation.plan(deadline, found, term.statutory, calendar, county)
    return deadline


def begin(term: Term, until: Due | None) -> Budget:
    """The budget with which ``term`` begins now: its rule or another's, from today or another day, or an end."""
    since = until.since if isinstance(until, Counted) else clock.today()
    if isinstance(until, datetime):
        data = {"until": until.isoformat()}
        return Budget(None, since, (line("started", clock.local_date(until), data),))
    if type(until) is date:
        return Budget(None, since, (line("started", until),))
    given = until.rule if isinstance(until, Counted) else until
    rule = given if isinstance(given, Rule) else term.rule
    assert rule is not None, f"{term.name} has neither rule nor day"
    return Budget(rule, since, (line("started"),))


def line(kind: str, after: date | None = None, data: Mapping[str, Any] | None = None) -> Entry:
    """A line of a ledger that is about to be written."""
    return Entry(kind, clock.now(), clock.today(), after, dict(data or {}))


async def pause(record: UUID, term: str, actor: Actor) -> None:
    """Stop a running target: the ledger says since when, and how many working days were left."""
    rows = await connection().fetch(
        "UPDATE deadline SET state = 'paused' WHERE record = $1 AND term = $2 AND state = 'running'"
        " AND NOT statutory RETURNING id, due_on, owed_by",
        record,
        term,
    )
    calendar = await working_calendar.load_calendar(connection()) if rows else None
    for row in rows:
        assert calendar is not None
        county = await working_calendar.county_of(connection(), row["owed_by"])
        left = max(0, working_days_between(clock.today(), row["due_on"], calendar, county))
        await enter(row["id"], "paused", actor, row["due_on"], None, data={"left": left})
        await escalation.drop(row["id"])


async def resume(record: UUID, term: str, actor: Actor) -> None:
    """Let a stopped target go on: it ends as many working days after today as were left when it stopped."""
    await _rewrite(record, term, "paused", actor, line("resumed"))


async def extend(record: UUID, term: str, until: datetime, actor: Actor, note: str | None = None) -> None:
    """Move a running term to a later instant that both sides agreed."""
    entry = line("extended", clock.local_date(until), {"until": until.isoformat()})
    await _rewrite(record, term, "running", actor, entry, note)


async def _rewrite(
    record: UUID, term: str, state: str, actor: Actor, entry: Entry, note: str | None = None
) -> None:
    """Append ``entry`` to each ledger of this term that is in ``state``, and store what the replay then gives."""
    rows = await connection().fetch(
        f"SELECT {COLUMNS} FROM deadline d JOIN record r ON r.id = d.record JOIN agency a ON a.id = d.owed_by"
        " WHERE d.record = $1 AND d.term = $2 AND d.state = $3 ORDER BY d.id FOR NO KEY UPDATE OF d",
        record,
        term,
        state,
    )
    if not rows:
        return
    calendar = await working_calendar.load_calendar(connection(), min(row["started_on"] for row in rows))
    ledgers = await ledgers_of(rows)
    for row in rows:
        county = row["county"] or settings().county
        found = budgets.replay(ledgers[row["id"]].with_(entry), calendar, county, clock.LOCAL_ZONE)
        await store(row["id"], found)
        await enter(row["id"], entry.kind, actor, row["due_on"], found.due_on, note, entry.data)
        if not own_reminders(row["kind"], row["term"]):
            await escalation.plan(row["id"], found, row["statutory"], calendar, county)


@verb
async def plan_missing() -> int:
    """Lay out rungs for running deadlines that have none: those from before there were rungs. How many."""
    rows = await connection().fetch(
        f"SELECT {COLUMNS} FROM deadline d JOIN record r ON r.id = d.record JOIN agency a ON a.id = d.owed_by"
        " WHERE d.state = 'running' AND d.told_at IS NULL AND NOT EXISTS"
        " (SELECT FROM rung g WHERE g.deadline = d.id AND g.dropped_at IS NULL)"
        " ORDER BY d.id FOR NO KEY UPDATE OF d"
    )
    rows = [row for row in rows if not own_reminders(row["kind"], row["term"])]
    if not rows:
        return 0
    calendar = await working_calendar.load_calendar(connection(), min(row["started_on"] for row in rows))
    ledgers = await ledgers_of(rows)
    for row in rows:
        county = row["county"] or settings().county
        found = budgets.replay(ledgers[row["id"]], calendar, county, clock.LOCAL_ZONE)
        await escalation.plan(row["id"], found, row["statutory"], calendar, county)
    return len(rows)


COLUMNS = (
    "d.id, d.record, d.term, d.rule, d.basis, d.statutory, d.owed_by, d.owed_to, d.started_on, d.due_on, d.due_at,"
    " d.provisional, d.state, a.county, r.number, r.kind, r.title"
)
"""What a replay and those who are told of it need of a deadline ``d`` of record ``r``, owed by agency ``a``."""


def own_reminders(kind: str, term: str) -> bool:
    """Whether the department has sweeps of its own that remind of this term."""
    found = [each for known in known_procedures() if known.kind == kind for each in known.terms]
    return any(each.own_reminders for each in found if each.name == term)


async def ledgers_of(rows: Sequence[Any]) -> dict[UUID, Budget]:
    """The budgets of these deadlines (``id``, ``rule``, ``started_on``) with their ledgers, by id."""
    async with reading() as db:
        lines = await db.fetch(
            "SELECT deadline, kind, at, after, data FROM deadline_entry WHERE deadline = ANY($1) ORDER BY seq",
            [row["id"] for row in rows],
        )
    found: dict[UUID, list[Entry]] = {row["id"]: [] for row in rows}
    for each in lines:
        data = json.loads(each["data"])
        entry = Entry(each["kind"], each["at"], clock.local_date(each["at"]), each["after"], data)
        found[each["deadline"]].append(entry)
    return {
        row["id"]: Budget(
            Rule.parse(row["rule"]) if row["rule"] else None, row["started_on"], tuple(found[row["id"]])
        )
        for row in rows
    }


async def store(deadline: UUID, found: Standing) -> None:
    """Store what a replay gave. A date that moved may be told of again."""
    await connection().execute(
        "UPDATE deadline SET state = $2, due_on = $3, due_at = $4, provisional = $5,"
        " told_at = CASE WHEN due_at = $4 THEN told_at END WHERE id = $1",
        deadline,
        found.state,
        found.due_on,
        found.due_at,
        found.provisional,
    )


async def close(record: UUID, term: str, kind: str, actor: Actor, agency: UUID | None = None) -> None:
    """End a running term as ``met`` or ``cancelled``, for one ``agency`` or all; none running, nothing happens."""
    rows = await connection().fetch(
        "UPDATE deadline SET state = $3 WHERE record = $1 AND term = $2 AND state IN ('running', 'paused')"
        " AND ($4::uuid IS NULL OR owed_by = $4) RETURNING id, due_on",
        record,
        term,
        kind,
        agency,
    )
    for row in rows:
        await enter(row["id"], kind, actor, row["due_on"], None)
        await escalation.drop(row["id"])


async def enter(
    deadline: UUID,
    kind: str,
    actor: Actor,
    before: date | None,
    after: date | None,
    note: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append one line to a deadline's ledger."""
    await connection().execute(
        "INSERT INTO deadline_entry (id, deadline, seq, kind, at, actor, before, after, note, data)"
        " SELECT $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6, $7, $8, $9"
        " FROM deadline_entry WHERE deadline = $2",
        new_id(),
        deadline,
        kind,
        clock.now(),
        actor.person,
        before,
        after,
        note,
        json.dumps(dict(data or {})),
    )
