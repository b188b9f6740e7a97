"""What a person was told, for the page and the bell; read marks are the person's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.identity.proofs import in_person
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.schemas.notices import NoticeLine, NoticeList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.permissions import Actor

SIZE = 50
MOST = 200


async def unread(person: UUID) -> int:
    """How many notices of this person wait; what the bell shows."""
    async with reading() as db:
        count: int = await db.fetchval("SELECT count(*) FROM notice WHERE person = $1 AND read_at IS NULL", person)
    return count


async def notices_of(
    actor: Actor, *, cursor: str | None = None, size: int | None = None, waiting: bool = False
) -> NoticeList:
    """The reader's own notices, unread ones first, then the latest.

    Args:
        cursor: ``next`` of the list before; anything else begins at the first.
        waiting: unread ones only.
    """
    person = in_person_or_program(actor)
    limit = max(1, min(size or SIZE, MOST))
    was_read, after = _position(cursor)
    async with reading() as db:
        rows = await db.fetch(
            "SELECT n.id, n.sentence, n.params, n.link, r.number, n.created_at, n.read_at FROM notice n"
            " LEFT JOIN record r ON r.id = n.record WHERE n.person = $1 AND (NOT $5 OR n.read_at IS NULL)"
            " AND ($2::uuid IS NULL OR (n.read_at IS NOT NULL) > $4"
            " OR ((n.read_at IS NOT NULL) = $4 AND n.id < $2))"
            " ORDER BY n.read_at IS NOT NULL, n.id DESC LIMIT $3",
            person,
            after,
            limit + 1,
            was_read,
            waiting,
        )
    lines = tuple(_line(row) for row in rows[:limit])
    last = lines[-1] if len(rows) > limit else None
    following = f"{int(last.read_at is not None)}{last.id}" if last else None
    return NoticeList(lines=lines, unread=await unread(person), next=following)


@verb
async def mark_read(actor: Actor, notice: UUID) -> str | None:
    """Mark one of one's own notices as read; returns the page it is about. Doing it twice changes nothing.

    Raises:
        NotFound: there is none, or it was told to somebody else.
    """
    row = await connection().fetchrow(
        "UPDATE notice SET read_at = coalesce(read_at, $3) WHERE id = $1 AND person = $2 RETURNING link",
        notice,
        in_person_or_program(actor),
        clock.now(),
    )
    if row is None:
        raise not_found()
    link: str | None = row["link"]
    return link


@verb
async def mark_all_read(actor: Actor) -> int:
    """Mark all of one's own notices as read, none that is still to come; returns how many were not."""
    done: str = await connection().execute(
        "UPDATE notice SET read_at = $2 WHERE person = $1 AND read_at IS NULL AND created_at <= $2",
        in_person_or_program(actor),
        clock.now(),
    )
    return int(done.rpartition(" ")[2])


def in_person_or_program(actor: Actor) -> UUID:
    """The person whose notices these are; a program reads those of its person."""
    return actor.person if actor.person is not None else in_person(actor)


def _line(row: Mapping[str, Any]) -> NoticeLine:
    values = dict(row)
    return NoticeLine(**{**values, "params": json.loads(values["params"])})


def _position(cursor: str | None) -> tuple[bool, UUID | None]:
    try:
        return (cursor[0] == "1", UUID(cursor[1:])) if cursor else (False, None)
    except (ValueError, IndexError):
        return False, None
