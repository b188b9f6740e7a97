"""Rungs of escalation: rows laid out with a deadline, each fired once, however long nobody looked.

Officers hear of a date before it comes, their leaders when it has passed, then the leaders of the other side, then
the municipal legal office. Internal targets stop at the owing side's leaders and are called targets, never
breaches. Nothing escalates on a provisional date: its rungs wait until the year is confirmed (WORKING-DAYS 3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, notices
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.procedure import known_procedures
from shared_resources.kernel.roles import LEADING, PAPERS, Relation, Role
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import add_working_days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from uuid import UUID

    from shared_resources.kernel.budgets import Standing
    from shared_resources.kernel.workdays import Calendar

OWING, OTHER, LEGAL = "owed_by", "owed_to", "legal_office"
"""Sides that a rung tells."""


@dataclass(frozen=True)
class Level:
    """One kind of rung: so many working days from the due day, and who is told.

    ``target``: laid out for internal targets as well.
    """

    name: str
    days: int
    sides: tuple[str, ...]
    roles: frozenset[Role]
    target: bool = True

    @property
    def is_late(self) -> bool:
        """Whether it fires after the due instant only."""
        return self.days > 0


LADDER = (
    Level("soon", -1, (OWING,), PAPERS),
    Level("due", 0, (OWING,), PAPERS),
    Level("late_1", 1, (OWING,), LEADING),
    Level("late_3", 3, (OTHER,), LEADING, target=False),
    Level("late_5", 5, (LEGAL,), LEADING | {Role.AUDITOR}, target=False),
)
LEVELS = {level.name: level for level in LADDER}
BREACH = "late_1"
"""The rung with which a statutory limit is breached; both sides' leaders hear of a breach."""
SHORT = timedelta(days=1)
"""Terms that end at an hour and are no longer than this run by the clock, at any hour, on rest days too."""


async def plan(deadline: UUID, found: Standing, statutory: bool, calendar: Calendar, county: str | None) -> None:
    """Lay out the rungs of a deadline that has just begun, or begun anew; those of its old date fall away."""
    now = clock.now()
    rungs = [
        (new_id(), deadline, level.name, at)
        for level, at in moments(found, now, calendar, county)
        if statutory or level.target
    ]
    await connection().execute(
        "UPDATE rung SET dropped_at = $2 WHERE deadline = $1 AND dropped_at IS NULL", deadline, now
    )
    await connection().executemany("INSERT INTO rung (id, deadline, name, at) VALUES ($1, $2, $3, $4)", rungs)


def moments(
    found: Standing, begun: datetime, calendar: Calendar, county: str | None
) -> Iterator[tuple[Level, datetime]]:
    """When each rung of a deadline that begins (anew) at ``begun`` fires. Pure.

    Days begin at midnight. What would remind before the beginning is left out. A short term's rungs stand at
    instants: it is due and late at once, the other side hears after as long again, the legal office after twice
    that.
    """
    length = found.due_at - begun
    by_hour = found.due_at != midnight(found.due_on + timedelta(days=1))
    for level in LADDER:
        if by_hour and timedelta(0) < length <= SHORT:
            if level.days >= 0:
                yield level, found.due_at + length * max(0, (level.days - 1) / 2)
            continue
        at = midnight(add_working_days(found.due_on, level.days, calendar, county))
        if level.is_late or at > begun:
            yield level, at


def midnight(day: date) -> datetime:
    """The beginning of a Chongqing day."""
    return datetime.combine(day, time.min, clock.LOCAL_ZONE)


async def drop(deadline: UUID) -> None:
    """Take away the rungs that have not fired: the deadline is met or stopped."""
    await connection().execute(
        "UPDATE rung SET dropped_at = $2 WHERE deadline = $1 AND fired_at IS NULL AND dropped_at IS NULL",
        deadline,
        clock.now(),
    )


async def claim(at_once: int) -> list[Any]:
    """Within the running verb: the rungs that are due, in order, marked as fired; at most ``at_once``.

    Their deadlines are locked: another worker takes others, and nobody meets a deadline while it is told of.
    """
    found = await connection().fetch(
        "SELECT g.id AS rung, g.name, d.id, d.term, d.statutory, d.owed_by, d.owed_to, d.due_on, d.due_at,"
        " d.record, r.number, r.title, r.kind FROM rung g JOIN deadline d ON d.id = g.deadline"
        " JOIN record r ON r.id = d.record"
        " WHERE g.fired_at IS NULL AND g.dropped_at IS NULL AND g.at <= $1 AND d.state = 'running'"
        " AND NOT d.provisional ORDER BY g.at, array_position($3::text[], g.name), g.id LIMIT $2"
        " FOR NO KEY UPDATE OF g, d SKIP LOCKED",
        clock.now(),
        at_once,
        list(LEVELS),
    )
    await connection().execute(
        "UPDATE rung SET fired_at = $2 WHERE id = ANY($1)", [row["rung"] for row in found], clock.now()
    )
    return list(found)


async def tell(row: Any) -> None:
    """Within the running verb: tell those whom a rung that fires concerns."""
    level = LEVELS[row["name"]]
    breach = level.name == BREACH and row["statutory"]
    sides = (OWING, OTHER) if breach else level.sides
    known = next((each for each in known_procedures() if each.kind == row["kind"]), None)
    terms = {term.name: term.label for term in known.terms} if known else {}
    by_hour = row["due_at"] != midnight(row["due_on"] + timedelta(days=1))
    await notices.tell(
        [agency for side in sides for agency in await agencies_of(row, side)],
        level.roles,
        BREACHED if breach else sentence_of(level, statutory=row["statutory"]),
        {
            "number": row["number"],
            "title": row["title"],
            "term": terms.get(row["term"], row["term"]),
            "due": (row["due_at"] if by_hour else row["due_on"]).isoformat(),
        },
        record=row["record"],
        link=known.path % {"number": row["number"]} if known else None,
        key=f"rung:{row['rung']}",
    )


BREACHED = N_("%(number)s %(title)s: the statutory limit of %(due)s has passed.")


def sentence_of(level: Level, *, statutory: bool) -> str:
    """What is said of a date that comes or has passed; a target is called one."""
    if level.is_late:
        if statutory:
            return N_("%(number)s %(title)s: “%(term)s” was due on %(due)s and is still open.")
        return N_("%(number)s %(title)s: the internal target of %(due)s for “%(term)s” has passed.")
    if statutory:
        return N_("%(number)s %(title)s: “%(term)s” is due on %(due)s.")
    return N_("%(number)s %(title)s: “%(term)s” is due on %(due)s (internal target).")


async def agencies_of(row: Any, side: str) -> list[UUID]:
    """The agencies on one side of a deadline, or the legal office of the municipality."""
    if side != LEGAL:
        return [row[side]] if row[side] is not None else []
    found = await connection().fetch(
        "SELECT id FROM agency WHERE office = $1 AND level = 'municipal'", Relation.LEGAL_OFFICE
    )
    return [each["id"] for each in found]
