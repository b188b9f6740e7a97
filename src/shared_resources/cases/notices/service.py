"""What situation notices do beyond moving: the last acknowledgement completes, the clock opens those due."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.cases.notices.rules import (
    DAYS_TO_SEND,
    NOTIFIED,
    NOTIFYING,
    Period,
    all_acknowledged,
    ended_periods,
)
from shared_resources.cases.notices.schemas import NoticeOpening
from shared_resources.kernel import clock
from shared_resources.kernel.casework import acts
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Relation
from shared_resources.kernel.procedure import Counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.casework.family import Happening

OPERATION = "joint_operation"
UNDER_WAY = ("in_force", "running")
RHYTHM_FIELD = "notice_days"
"""What the plan of an operation calls its rhythm of notices: every so many days."""


async def open_by_hand(happening: Happening) -> Outcome:
    """A notice of one's own accord, or one with a day by which it is to be sent."""
    due_on = happening.entries.due_on
    return Outcome(due={"send": due_on} if due_on else {})


async def acknowledge(happening: Happening) -> Outcome:
    """The last of the notified agencies completes the notice."""
    return Outcome(then="complete" if all_acknowledged(happening.facts) else "")


async def open_due_notices() -> int:
    """Open what is due for every operation that is under way; safe to repeat. Returns how many were opened."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT id FROM record WHERE kind = $1 AND state = ANY($2) ORDER BY id", OPERATION, list(UNDER_WAY)
        )
    return sum([await open_notices_of(row["id"]) for row in rows])


@verb
async def open_notices_of(operation: UUID) -> int:
    """Open the notices of one operation's ended periods in both directions (SN-2a, SN-2b); returns how many."""
    state = await connection().fetchval("SELECT state FROM record WHERE id = $1 FOR NO KEY UPDATE", operation)
    since = await _in_force_since(operation)
    if state not in UNDER_WAY or since is None:
        return 0
    facts = await facts_of(operation)
    known = await _known(operation)
    opened = 0
    for period in ended_periods(rhythm_of(facts), since, clock.today()):
        for sender, receivers in directions(facts):
            if (sender, period.first) not in known:
                await _open(facts, period, sender, receivers)
                opened += 1
    return opened


def rhythm_of(facts: Facts) -> int | None:
    """Every how many days the newest plan asks for notices; None, monthly, where it does not say (SN-1)."""
    said = [filed.body[RHYTHM_FIELD] for filed in facts.filings if filed.body.get(RHYTHM_FIELD)]
    return int(said[-1]) if said else None


def directions(facts: Facts) -> Iterator[tuple[UUID, tuple[UUID, ...]]]:
    """Each cooperating agency to the lead, the lead to all that cooperate."""
    lead, others = facts.parties[Relation.LEAD], facts.parties.all(Relation.COOPERATING)
    for other in others:
        yield other, (lead,)
    if others:
        yield lead, others


async def _open(facts: Facts, period: Period, sender: UUID, receivers: tuple[UUID, ...]) -> None:
    family = family_of("situation_notice")
    assert family is not None
    entries = NoticeOpening(
        subject=facts.title[:120], period_from=period.first, period_to=period.last, to=receivers
    )
    moved = await acts.begin(
        family,
        SYSTEM_ACTOR,
        entries,
        parties={NOTIFYING: sender, NOTIFIED: receivers},
        title=family.title(entries),
        links_to=(("part_of", facts.id),),
        due={"send": Counted(since=period.last, rule=DAYS_TO_SEND)},
    )
    await connection().execute(
        "INSERT INTO notice_period (id, operation, agency, first_day, last_day, notice)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        new_id(),
        facts.id,
        sender,
        period.first,
        period.last,
        moved.id,
    )


async def _known(operation: UUID) -> set[tuple[UUID, date]]:
    rows = await connection().fetch("SELECT agency, first_day FROM notice_period WHERE operation = $1", operation)
    return {(row["agency"], row["first_day"]) for row in rows}


async def _in_force_since(operation: UUID) -> date | None:
    """The day on which the plan came into force, as the journal tells."""
    at = await connection().fetchval(
        "SELECT min(at) FROM journal_line WHERE chain = $1"
        " AND convert_from(body, 'UTF8')::jsonb ->> 'after' = ANY($2)",
        operation,
        list(UNDER_WAY),
    )
    return clock.local_date(at) if at else None
