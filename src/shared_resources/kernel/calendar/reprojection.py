"""Counting open deadlines anew after the calendar has changed (WORKING-DAYS 3.3).

Only open ones, and only those that a rule gave: a date that both sides agreed on stays. No date is shortened into
the past. Each change is a line of the deadline's ledger and is told to both parties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, deadlines, notices
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Role
from shared_resources.kernel.schemas.calendar import Tally
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import Calendar, Rule, add_working_days, due
from shared_resources.kernel.working_calendar import load_calendar
from shared_resources.settings import settings

if TYPE_CHECKING:
    from datetime import date

    import asyncpg

    from shared_resources.kernel.permissions import Actor

TOLD = frozenset({Role.UNIT_HEAD, Role.CLERK, Role.CUSTODIAN})
OPEN = (
    "SELECT d.id, d.record, d.term, d.rule, d.started_on, d.due_on, d.provisional, d.owed_by, d.owed_to,"
    " a.county, r.number, r.title FROM deadline d JOIN agency a ON a.id = d.owed_by"
    " JOIN record r ON r.id = d.record WHERE d.state IN ('running', 'paused') AND d.rule IS NOT NULL"
    " AND NOT EXISTS (SELECT FROM deadline_entry e WHERE e.deadline = d.id AND e.kind IN ('extended', 'resumed'))"
    " ORDER BY d.id FOR NO KEY UPDATE OF d"
)
"""Deadlines whose date the rule alone decides. A pause shifts the budget and is the pause's to count."""


@dataclass(frozen=True)
class Change:
    """One deadline under the new calendar. ``computed`` differs from ``after`` where the past was in the way."""

    deadline: UUID
    record: UUID
    number: str
    title: str
    owed_by: UUID
    owed_to: UUID | None
    before: date
    after: date
    computed: date
    was_provisional: bool
    provisional: bool

    @property
    def moves(self) -> bool:
        """Whether the date itself changes."""
        return self.before != self.after


@verb
async def recount() -> Tally:
    """Count all open deadlines anew: the nightly proof that none was missed. Doing it twice changes nothing."""
    return await reproject(SYSTEM_ACTOR, None)


async def reproject(actor: Actor, notice_no: str | None) -> Tally:
    """Within the running verb: count every open deadline anew and write down what ``notice_no`` changes."""
    rows = await connection().fetch(OPEN)
    if not rows:
        return Tally()
    calendar = await load_calendar(connection(), min(row["started_on"] for row in rows))
    changes = [change_of(row, calendar, clock.today()) for row in rows]
    moved = [change for change in changes if change.moves]
    settled = [change for change in changes if not change.moves and change.provisional != change.was_provisional]
    for change in (*moved, *settled):
        await apply(change, actor, notice_no)
    return Tally(moved=len(moved), settled=len(settled), unchanged=len(changes) - len(moved) - len(settled))


def change_of(row: asyncpg.Record, calendar: Calendar, today: date) -> Change:
    """What the calendar makes of one deadline. Pure but for the default county of the settings."""
    county = row["county"] or settings().county
    result = due(Rule.parse(row["rule"]), row["started_on"], calendar, county)
    return Change(
        deadline=row["id"],
        record=row["record"],
        number=row["number"],
        title=row["title"],
        owed_by=row["owed_by"],
        owed_to=row["owed_to"],
        before=row["due_on"],
        after=not_past(result.date, row["due_on"], today, calendar, county),
        computed=result.date,
        was_provisional=row["provisional"],
        provisional=result.provisional,
    )


def not_past(computed: date, before: date, today: date, calendar: Calendar, county: str | None) -> date:
    """The computed date; but a date that comes forward stops at the next working day, or stays where it was."""
    if computed >= before:
        return computed
    soonest = add_working_days(today, 1, calendar, county)
    return max(computed, min(before, soonest))


async def apply(change: Change, actor: Actor, notice_no: str | None) -> None:
    """Write one change: the deadline, a line of its ledger and, where the date moves, word to both parties."""
    await connection().execute(
        "UPDATE deadline SET due_on = $2, due_at = $3, provisional = $4,"
        " told_at = CASE WHEN due_on = $2 THEN told_at END WHERE id = $1",
        change.deadline,
        change.after,
        deadlines.end_of(change.after),
        change.provisional,
    )
    data: dict[str, Any] = {"notice": notice_no, "provisional": change.provisional}
    if change.computed != change.after:
        data["computed"] = change.computed.isoformat()
    await deadlines.enter(
        change.deadline, "recalculated", actor, change.before, change.after, note=notice_no, data=data
    )
    if change.moves:
        await tell(change, actor, notice_no)


async def tell(change: Change, actor: Actor, notice_no: str | None) -> None:
    """Tell both parties the old date, the new one and the notice."""
    sentence = N_("%(number)s %(title)s: the due date moves from %(before)s to %(after)s.")
    if notice_no:
        sentence = N_(
            "%(number)s %(title)s: the due date moves from %(before)s to %(after)s by notice %(notice)s."
        )
    await notices.tell(
        [agency for agency in (change.owed_by, change.owed_to) if agency is not None],
        TOLD,
        sentence,
        {
            "number": change.number,
            "title": change.title,
            "before": change.before.isoformat(),
            "after": change.after.isoformat(),
            "notice": notice_no,
        },
        record=change.record,
        link=None,
        key=f"{change.deadline}:{change.before}:{change.after}:{notice_no}",
        besides=(actor.person,) if actor.person else (),
    )
