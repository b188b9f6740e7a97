"""What the clock does to loans: overdue, lapsed, reminded, unpapered. And new plans for items that left the pool.

Each sweep looks for loans without a lock, then takes one transaction a loan in which it asks again: two processes
may sweep at once, and a sweep may be repeated at any time. One loan that fails stops no other.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from shared_resources.equipment.queries.handover import LoanRow, loan_row
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.equipment.service.allotment import end_lines
from shared_resources.equipment.service.replanning import replan_item
from shared_resources.equipment.service.shared_use import owe_footage
from shared_resources.kernel import clock, journal, notices
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import DECIDING, FIELD, LEADING, SYSTEM_ACTOR
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["lapse_uncollected", "list_unpapered", "mark_overdue", "remind_due", "replan_item"]

log = logging.getLogger(__name__)

REMIND_AHEAD = timedelta(hours=24)
MORNING = time(8)
"""From when on, Chongqing time, releases without papers are listed."""
OUT = "ll.state = 'out'"
AWAY = "ll.state = 'out' AND ll.checked_in_at IS NULL"
"""Of lines ``ll``: with the borrower; the same, and no tracker has said that it came home."""
NOT_COLLECTED = N_("Nobody collected it in its time.")


async def mark_overdue() -> int:
    """Loans whose items should be back: both sides are told, and whoever has an item next. How many."""
    return await each(
        "SELECT r.number FROM loan l JOIN record r ON r.id = l.id AND r.kind = 'loan' AND r.state = 'out'"
        " WHERE l.ends_at <= $1 AND EXISTS (SELECT FROM loan_line ll"
        f" WHERE ll.owner = l.owner AND ll.loan = l.id AND {AWAY}) ORDER BY l.ends_at",
        clock.now(),
        overdue,
    )


@verb
async def overdue(number: str) -> bool:
    """Mark one loan; False when it is not late, or was marked before."""
    loan = await loan_row(number, lock=True)
    items = await items_out(loan, AWAY)
    if loan.state != "out" or loan.ends_at > clock.now() or not items:
        return False
    await journal.act(LOAN, "mark_overdue", loan.id, SYSTEM_ACTOR, data={"items": items})
    for item in items:
        await tell_next(loan, item)
    return True


async def items_out(loan: LoanRow, which: str = OUT) -> list[UUID]:
    """Items of a loan that the borrower has, or only those not checked in."""
    rows = await connection().fetch(
        f"SELECT item FROM loan_line ll WHERE owner = $1 AND loan = $2 AND {which} ORDER BY item",
        loan.owner,
        loan.id,
    )
    return [row["item"] for row in rows]


async def tell_next(late: LoanRow, item: UUID) -> None:
    """Word to the next borrower of an item that is late; its page lists what else is free."""
    row = await connection().fetchrow(
        "SELECT ll.loan, r.number, r.title, l.borrower, i.code FROM loan_line ll"
        " JOIN loan l ON l.id = ll.loan JOIN record r ON r.id = ll.loan JOIN item i ON i.id = ll.item"
        " WHERE ll.owner = $1 AND ll.item = $2 AND ll.state IN ('held', 'reserved') AND ll.loan <> $3"
        " ORDER BY lower(ll.period) LIMIT 1",
        late.owner,
        item,
        late.id,
    )
    if row is None:
        return
    await notices.tell(
        [late.owner, row["borrower"]],
        FIELD,
        N_(
            "Item %(item)s of loan %(number)s “%(title)s” has not come back in time from the loan before it."
            " The page of the loan lists what else is free."
        ),
        {"number": row["number"], "title": row["title"], "item": grouped(row["code"])},
        record=row["loan"],
        link=f"/loans/{row['number']}",
        key=f"late:{late.id}:{late.version}:{item}",
    )


async def lapse_uncollected() -> int:
    """Loans, or parts of them, that nobody collected before their time was over. How many."""
    return await each(
        "SELECT r.number FROM loan l JOIN record r ON r.id = l.id AND r.kind = 'loan' WHERE l.ends_at <= $1"
        " AND (r.state IN ('requested', 'offered', 'approved', 'conflict') OR r.state IN ('out', 'overdue')"
        " AND EXISTS (SELECT FROM loan_line ll WHERE ll.owner = l.owner AND ll.loan = l.id"
        " AND ll.state IN ('reserved', 'conflict'))) ORDER BY l.ends_at",
        clock.now(),
        lapse,
    )


@verb
async def lapse(number: str) -> bool:
    """End what was not collected of one loan; False when there is nothing of that kind."""
    loan = await loan_row(number, lock=True)
    if loan.ends_at > clock.now():
        return False
    if loan.state in ("requested", "offered", "approved", "conflict"):
        await end_lines(loan, "dropped", NOT_COLLECTED)
        await journal.act(LOAN, "lapse", loan.id, SYSTEM_ACTOR)
        return True
    if loan.state not in ("out", "overdue") or not await end_lines(loan, "dropped", NOT_COLLECTED):
        return False
    if not await items_out(loan):
        await journal.act(LOAN, "take_back", loan.id, SYSTEM_ACTOR)
        await owe_footage(loan)
    return True


async def remind_due() -> int:
    """Returns due within a day: the borrower is told once for each date. How many."""
    return await each(
        "SELECT d.id FROM deadline d JOIN record r ON r.id = d.record AND r.kind = 'loan' WHERE d.term = 'return'"
        " AND d.state = 'running' AND NOT d.provisional AND d.told_at IS NULL AND d.due_at <= $1"
        " ORDER BY d.due_at",
        clock.now() + REMIND_AHEAD,
        remind,
    )


@verb
async def remind(deadline: UUID) -> bool:
    """Remind of one return; False when that was done. One that is late already is the overdue notice's matter."""
    row = await connection().fetchrow(
        "UPDATE deadline d SET told_at = $2 FROM record r, loan l WHERE d.id = $1 AND d.told_at IS NULL"
        " AND d.state = 'running' AND d.due_at <= $3 AND r.id = d.record AND l.id = d.record"
        " RETURNING d.due_at, d.owed_by, r.id, r.number, r.title, l.taker",
        deadline,
        clock.now(),
        clock.now() + REMIND_AHEAD,
    )
    if row is None or row["due_at"] <= clock.now():
        return False
    sentence = N_("Loan %(number)s “%(title)s” is to be returned by %(due)s.")
    values = {"number": row["number"], "title": row["title"], "due": due_text(row["due_at"])}
    link, key = f"/loans/{row['number']}", f"due:{deadline}:{row['due_at'].isoformat()}"
    await notices.tell_people([row["taker"]], sentence, values, record=row["id"], link=link, key=key)
    await notices.tell(
        [row["owed_by"]],
        FIELD,
        sentence,
        values,
        record=row["id"],
        link=link,
        key=f"{key}:all",
        besides=[row["taker"]],
    )
    return True


async def list_unpapered() -> int:
    """Emergency releases without papers: both sides are told each morning until they are filed. How many."""
    morning = datetime.combine(clock.today(), MORNING, clock.LOCAL_ZONE).astimezone(UTC)
    if clock.now() < morning:
        return 0
    return await each(
        "SELECT d.id FROM deadline d JOIN record r ON r.id = d.record AND r.kind = 'loan' WHERE d.term = 'papers'"
        " AND d.state = 'running' AND NOT d.provisional AND d.started_on < $2"
        " AND (d.told_at IS NULL OR d.told_at < $1) ORDER BY d.due_at",
        morning,
        unpapered,
        clock.today(),
    )


@verb
async def unpapered(deadline: UUID) -> bool:
    """List one release; False when that was done this morning."""
    morning = datetime.combine(clock.today(), MORNING, clock.LOCAL_ZONE).astimezone(UTC)
    row = await connection().fetchrow(
        "UPDATE deadline d SET told_at = $2 FROM record r WHERE d.id = $1 AND r.id = d.record"
        " AND d.state = 'running' AND (d.told_at IS NULL OR d.told_at < $3)"
        " RETURNING d.due_on, d.owed_by, d.owed_to, r.id, r.number, r.title",
        deadline,
        clock.now(),
        morning,
    )
    if row is None:
        return False
    await notices.tell(
        [row["owed_by"], row["owed_to"]],
        DECIDING | LEADING | FIELD,
        N_("The papers of emergency loan %(number)s “%(title)s” are still missing; they are due on %(due)s."),
        {"number": row["number"], "title": row["title"], "due": row["due_on"].isoformat()},
        record=row["id"],
        link=f"/loans/{row['number']}",
        key=f"papers:{deadline}:{clock.today().isoformat()}",
    )
    return True


async def each(query: str, at: datetime, one: Callable[[Any], Awaitable[bool]], *more: object) -> int:
    """Apply ``one`` to every row of ``query``; what it refuses or fails at is left for the next time."""
    async with reading() as db:
        found = [row[0] for row in await db.fetch(query, at, *more)]
    done = 0
    for key in found:
        try:
            done += await one(key)
        except (Refusal, asyncpg.PostgresError):
            log.exception("sweep %s failed at %s", getattr(one, "__name__", one), key)
    return done


def due_text(instant: datetime) -> str:
    """An instant as a notice shows it, in Chongqing's time."""
    return f"{instant.astimezone(clock.LOCAL_ZONE):%Y-%m-%d %H:%M}"
