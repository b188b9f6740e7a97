"""Counting open deadlines anew after the calendar has changed (WORKING-DAYS 3.3).

Only open ones, by replaying their ledgers: a date that both sides agreed on stays, days that were left after a
stop are counted anew. No date is shortened into the past. Each change is a line of the deadline's ledger and is
told to both parties.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, deadlines, escalation, notices
from shared_resources.kernel.budgets import Budget, Standing, replay
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Role
from shared_resources.kernel.schemas.calendar import Tally
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import Calendar, add_working_days
from shared_resources.kernel.working_calendar import load_calendar
from shared_resources.settings import settings

if TYPE_CHECKING:
    from datetime import date

    import asyncpg

    from shared_resources.kernel.permissions import Actor

TOLD = frozenset({Role.UNIT_HEAD, Role.CLERK, Role.CUSTODIAN})
OPEN = (
    f"SELECT {deadlines.COLUMNS} FROM deadline d JOIN record r ON r.id = d.record"
    " JOIN agency a ON a.id = d.owed_by WHERE d.state IN ('running', 'paused') AND (d.rule IS NOT NULL"
    " OR EXISTS (SELECT FROM deadline_entry e WHERE e.deadline = d.id AND e.kind = 'resumed'))"
    " ORDER BY d.id FOR NO KEY UPDATE OF d"
)
"""Deadlines that a calendar can move: those counted by a rule, or in days that were left after a stop."""


@dataclass(frozen=True)
class Change:
    """One deadline under the new calendar; ``held``: the past is in the way, which the ledger does not say yet."""

    row: asyncpg.Record
    found: Standing
    county: str | None
    held: bool

    @property
    def moves(self) -> bool:
        """Whether the date itself changes."""
        return bool(self.row["due_on"] != self.found.due_on)

    @property
    def settles(self) -> bool:
        """Whether the date stays but the ledger has to say why, or that it is (or is no longer) provisional."""
        return not self.moves and (self.held or bool(self.row["provisional"] != self.found.provisional))


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
    ledgers = await deadlines.ledgers_of(rows)
    changes = [change_of(row, ledgers[row["id"]], calendar, clock.today()) for row in rows]
    moved = [change for change in changes if change.moves]
    settled = [change for change in changes if change.settles]
    for change in (*moved, *settled):
        await apply(change, actor, notice_no, calendar)
    return Tally(moved=len(moved), settled=len(settled), unchanged=len(changes) - len(moved) - len(settled))


def change_of(row: asyncpg.Record, budget: Budget, calendar: Calendar, today: date) -> Change:
    """What the calendar makes of one deadline: its ledger replayed, and no date shortened into the past."""
    county = row["county"] or settings().county
    found = replay(budget, calendar, county, clock.LOCAL_ZONE)
    after = not_past(found.computed, row["due_on"], today, calendar, county)
    held = after != found.due_on
    if held:
        found = replace(found, due_on=after, due_at=deadlines.end_of(after))
    return Change(row, found, county, held)


def not_past(computed: date, before: date, today: date, calendar: Calendar, county: str | None) -> date:
    """The computed date; but a date that comes forward stops at the next working day, or stays where it was."""
    if computed >= before:
        return computed
    soonest = add_working_days(today, 1, calendar, county)
    return max(computed, min(before, soonest))


async def apply(change: Change, actor: Actor, notice_no: str | None, calendar: Calendar) -> None:
    """Write one change: the deadline, a line of its ledger, its rungs and, where the date moves, word of it."""
    row, found = change.row, change.found
    await deadlines.store(row["id"], found)
    data: dict[str, Any] = {"notice": notice_no, "provisional": found.provisional}
    if found.computed != found.due_on:
        data["computed"] = found.computed.isoformat()
    await deadlines.enter(row["id"], "recalculated", actor, row["due_on"], found.due_on, note=notice_no, data=data)
    if change.moves and found.state == "running":
        if not deadlines.own_reminders(row["kind"], row["term"]):
            await escalation.plan(row["id"], found, row["statutory"], calendar, change.county)
        await tell(change, actor, notice_no)


async def tell(change: Change, actor: Actor, notice_no: str | None) -> None:
    """Tell both parties the old date, the new one and the notice. A clock that stands has no date to tell."""
    row, before, after = change.row, change.row["due_on"].isoformat(), change.found.due_on.isoformat()
    sentence = N_("%(number)s %(title)s: the due date moves from %(before)s to %(after)s.")
    if notice_no:
        sentence = N_(
            "%(number)s %(title)s: the due date moves from %(before)s to %(after)s by notice %(notice)s."
        )
    await notices.tell(
        [agency for agency in (row["owed_by"], row["owed_to"]) if agency is not None],
        TOLD,
        sentence,
        {
            "number": row["number"],
            "title": row["title"],
            "before": before,
            "after": after,
            "notice": notice_no,
        },
        record=row["record"],
        link=None,
        key=f"{row['id']}:{before}:{after}:{notice_no}",
        besides=(actor.person,) if actor.person else (),
    )
