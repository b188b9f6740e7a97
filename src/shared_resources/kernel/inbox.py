"""One inbox over all kinds of records: what we owe, what we are owed, what is late, by whom.

Always the same few statements, however many records are open: one counts, one reads the page that is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, dues
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import SignInNeeded
from shared_resources.kernel.pager import cursor_after, key_of, page_size
from shared_resources.kernel.permissions import NOT_SIGNED_IN, Actor
from shared_resources.kernel.schemas.dues import Count
from shared_resources.kernel.visible import kinds_in_scope

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.schemas.dues import DueView


class Side(StrEnum):
    """Whose duty it is."""

    OWE = "owe"
    OWED = "owed"


@dataclass(frozen=True)
class InboxFilter:
    """What to show: a side, late ones only, statutory limits only, a kind of record, the other side."""

    side: Side = Side.OWE
    late: bool = False
    statutory: bool = False
    kind: str | None = None
    other: UUID | None = None


@dataclass(frozen=True)
class Inbox:
    """Counts of both sides by kind of record, and a page of the side that is shown, the most urgent first."""

    counts: Mapping[tuple[Side, str], Count]
    lines: tuple[DueView, ...]
    next: str | None = None

    def total(self, side: Side) -> Count:
        """All kinds together."""
        mine = [count for (where, _), count in self.counts.items() if where is side]
        return Count(open=sum(count.open for count in mine), late=sum(count.late for count in mine))

    def kinds(self, side: Side) -> Mapping[str, Count]:
        """Open duties of one side by kind of record."""
        return {kind: count for (where, kind), count in self.counts.items() if where is side}


SIDES: Mapping[Side, str] = {Side.OWE: "d.owed_by = $1", Side.OWED: "d.owed_to = $1 AND d.owed_by <> $1"}
LATE = "d.state = 'running' AND d.due_at <= $2"
COUNTS = " UNION ALL ".join(
    f"SELECT '{side}' AS side, d.kind, count(*) AS open, count(*) FILTER (WHERE {LATE}) AS late"
    f" FROM deadline d WHERE {where} AND {dues.OPEN} AND ($3::text[] IS NULL OR d.kind = ANY($3)) GROUP BY d.kind"
    for side, where in SIDES.items()
)
OTHER_SIDE: Mapping[Side, str] = {Side.OWE: "d.owed_to", Side.OWED: "d.owed_by"}


async def inbox(actor: Actor, wanted: InboxFilter, *, cursor: str | None = None, size: int | None = None) -> Inbox:
    """The duties of the reader's agency, as asked for; for a program those on records that it may look at.

    Raises:
        SignInNeeded: nobody who works for an agency is signed in.
    """
    if actor.agency is None:
        raise SignInNeeded(NOT_SIGNED_IN.sentence.msgid)
    now, kinds = clock.now(), kinds_in_scope(actor)
    async with reading() as db:
        rows = await db.fetch(COUNTS, actor.agency, now, kinds)
    counts = {(Side(row["side"]), row["kind"]): Count(open=row["open"], late=row["late"]) for row in rows}
    most = page_size(size)
    found = await dues.views(*_page(actor.agency, wanted, now, kinds, cursor, most))
    shown = found[:most]
    following = None
    if len(found) > most:
        following = cursor_after((shown[-1].due_at, shown[-1].id))
    return Inbox(counts, shown, following)


def _page(
    agency: UUID, wanted: InboxFilter, now: datetime, kinds: Sequence[str] | None, cursor: str | None, most: int
) -> tuple[Any, ...]:
    """The condition of the page that is shown, and its values."""
    key = key_of(cursor, datetime.fromisoformat, UUID) or (None, None)
    where = (
        f"{SIDES[wanted.side]} AND {dues.OPEN} AND (NOT $3 OR {LATE}) AND (NOT $4 OR d.statutory)"
        f" AND ($5::text IS NULL OR d.kind = $5) AND ($6::uuid IS NULL OR {OTHER_SIDE[wanted.side]} = $6)"
        " AND ($7::timestamptz IS NULL OR (d.due_at, d.id) > ($7, $8::uuid))"
        " AND ($9::text[] IS NULL OR d.kind = ANY($9))"
        f" ORDER BY d.due_at, d.id LIMIT {most + 1}"
    )
    return (where, agency, now, wanted.late, wanted.statutory, wanted.kind, wanted.other, *key, kinds)
