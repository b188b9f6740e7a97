"""Deadlines: budgets of time with an append-only ledger; the due date is derived from it and stored.

A statutory limit can be breached and escalates; an internal target never counts as a breach. A date that
reaches into a year without a confirmed notice is provisional (暂定) and nothing escalates on it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, escalation, working_calendar
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.procedure import Counted
from shared_resources.kernel.workdays import Rule, add_working_days, working_days_between
from shared_resources.kernel.workdays import due as due_by_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.parties import Parties
    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.procedure import Procedure, Term

Due = datetime | date | Rule | Counted
"""Where a term ends: at an instant, with a day, by another rule than its own, or counted from another day."""


def end_of(day: date) -> datetime:
    """24:00 of ``day`` in Chongqing: the last instant that still counts (WORKING-DAYS 3.1, choice 4)."""
    return datetime.combine(day + timedelta(days=1), time.min, clock.LOCAL_ZONE)


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
    found = await reckon(term, agency, until)
    deadline = new_id()
    owed_to = parties.get(term.owed_to) if term.owed_to else None
    await connection().execute(
        "INSERT INTO deadline (id, record, term, rule, basis, statutory, owed_by, owed_to, started_on, due_on,"
        " due_at, provisional, state) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'running')",
        deadline,
        record,
        term.name,
        None if found.rule is None else str(found.rule),
        term.basis,
        term.statutory,
        agency,
        owed_to,
        found.since,
        found.due_on,
        found.due_at,
        found.provisional,
    )
    await enter(deadline, "started", actor, None, found.due_on)
    await escalation.plan(deadline)
    return deadline


@dataclass(frozen=True)
class Reckoning:
    """Since when a term is counted, by which rule, and where it ends."""

    since: date
    rule: Rule | None
    due_on: date
    due_at: datetime
    provisional: bool


async def reckon(term: Term, agency: UUID, until: Due | None) -> Reckoning:
    """Where ``term`` ends for ``agency``; by a rule, the days of the agency's county count."""
    since = until.since if isinstance(until, Counted) else clock.today()
    if isinstance(until, datetime):
        return Reckoning(since, None, clock.local_date(until), until, provisional=False)
    if type(until) is date:
        return Reckoning(since, None, until, end_of(until), provisional=False)
    given = until.rule if isinstance(until, Counted) else until
    rule = given if isinstance(given, Rule) else term.rule
    assert rule is not None, f"{term.name} has neither rule nor day"
    calendar = await working_calendar.load_calendar(connection())
    county = await working_calendar.county_of(connection(), agency)
    result = due_by_rule(rule, since, calendar, county)
    return Reckoning(since, rule, result.date, end_of(result.date), result.provisional)


async def pause(record: UUID, term: str, actor: Actor) -> None:
    """Stop a running target: what is left of its budget is kept in the ledger, in working days."""
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
    rows = await connection().fetch(
        "SELECT d.id, d.due_on, d.owed_by, (SELECT (e.data ->> 'left')::int FROM deadline_entry e"
        "  WHERE e.deadline = d.id AND e.kind = 'paused' ORDER BY e.seq DESC LIMIT 1) AS left_days"
        " FROM deadline d WHERE d.record = $1 AND d.term = $2 AND d.state = 'paused' FOR NO KEY UPDATE",
        record,
        term,
    )
    calendar = await working_calendar.load_calendar(connection()) if rows else None
    for row in rows:
        assert calendar is not None
        county = await working_calendar.county_of(connection(), row["owed_by"])
        due_on = add_working_days(clock.today(), row["left_days"], calendar, county)
        provisional = calendar.is_provisional(due_on.year)
        await connection().execute(
            "UPDATE deadline SET state = 'running', due_on = $2, due_at = $3, provisional = $4 WHERE id = $1",
            row["id"],
            due_on,
            end_of(due_on),
            provisional,
        )
        await enter(row["id"], "resumed", actor, row["due_on"], due_on, data={"left": row["left_days"]})
        await escalation.plan(row["id"])


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


async def extend(record: UUID, term: str, until: datetime, actor: Actor, note: str | None = None) -> None:
    """Move a running term to a later instant that both sides agreed."""
    rows = await connection().fetch(
        "UPDATE deadline d SET due_on = $3, due_at = $4, told_at = NULL, provisional = false FROM deadline old"
        " WHERE d.id = old.id AND d.record = $1 AND d.term = $2 AND d.state = 'running'"
        " RETURNING d.id, old.due_on",
        record,
        term,
        clock.local_date(until),
        until,
    )
    for row in rows:
        await enter(row["id"], "extended", actor, row["due_on"], clock.local_date(until), note)
        await escalation.drop(row["id"])
        await escalation.plan(row["id"])


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
