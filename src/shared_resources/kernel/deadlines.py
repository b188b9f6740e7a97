"""Deadlines: budgets of time with an append-only ledger; the due date is derived from it and stored.

A statutory limit can be breached and escalates; an internal target never counts as a breach. A date that
reaches into a year without a confirmed notice is provisional (暂定) and nothing escalates on it.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, working_calendar
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.workdays import Rule
from shared_resources.kernel.workdays import due as due_by_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.permissions import Actor, Relation
    from shared_resources.kernel.procedure import Procedure, Term


def end_of(day: date) -> datetime:
    """24:00 of ``day`` in Chongqing: the last instant that still counts (WORKING-DAYS 3.1, choice 4)."""
    return datetime.combine(day + timedelta(days=1), time.min, clock.LOCAL_ZONE)


async def follow(
    procedure: Procedure,
    step: str,
    record: UUID,
    parties: Mapping[Relation, UUID],
    actor: Actor,
    due: Mapping[str, datetime | Rule],
) -> None:
    """Meet the terms that ``step`` fulfils, then start those that begin with it."""
    for term in procedure.terms_met_by(step):
        await close(record, term.name, "met", actor)
    for term in procedure.terms_started_by(step):
        if (term.rule is not None or term.name in due) and not await running(record, term.name):
            await start(record, term, parties, actor, due.get(term.name))


async def running(record: UUID, term: str) -> bool:
    """Whether this term of the record is under way (a second hand-over starts no second return)."""
    found = await connection().fetchval(
        "SELECT true FROM deadline WHERE record = $1 AND term = $2 AND state IN ('running', 'paused') LIMIT 1",
        record,
        term,
    )
    return bool(found)


async def start(
    record: UUID, term: Term, parties: Mapping[Relation, UUID], actor: Actor, until: datetime | Rule | None
) -> None:
    """Begin ``term`` on ``record``: due at an instant, or by a rule, its own or another."""
    started, provisional = clock.today(), False
    rule = until if isinstance(until, Rule) else term.rule if until is None else None
    if rule is not None:
        calendar = await working_calendar.load_calendar(connection())
        county = await working_calendar.county_of(connection(), parties[term.owed_by])
        result = due_by_rule(rule, started, calendar, county)
        due_on, provisional = result.date, result.provisional
        instant = end_of(due_on)
    else:
        assert isinstance(until, datetime)
        instant = until
        due_on = clock.local_date(instant)
    deadline = new_id()
    await connection().execute(
        "INSERT INTO deadline (id, record, term, rule, basis, statutory, owed_by, owed_to, started_on, due_on,"
        " due_at, provisional, state) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'running')",
        deadline,
        record,
        term.name,
        None if rule is None else str(rule),
        term.basis,
        term.statutory,
        parties[term.owed_by],
        parties.get(term.owed_to) if term.owed_to else None,
        started,
        due_on,
        instant,
        provisional,
    )
    await enter(deadline, "started", actor, None, due_on)


async def close(record: UUID, term: str, kind: str, actor: Actor) -> None:
    """End a running term as ``met`` or ``cancelled``; nothing happens when none is running."""
    rows = await connection().fetch(
        "UPDATE deadline SET state = $3 WHERE record = $1 AND term = $2 AND state IN ('running', 'paused')"
        " RETURNING id, due_on",
        record,
        term,
        kind,
    )
    for row in rows:
        await enter(row["id"], kind, actor, row["due_on"], None)


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
