"""What is the matter with the devices of an agency, and the messages that nobody could read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.trackers.queries.devices import LOW, PENDING, device_lines
from shared_resources.equipment.trackers.schemas.devices import (
    Health,
    QuarantineCount,
    QuarantineLine,
    QuarantineList,
)
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.pager import key_of, page_of, page_size
from shared_resources.kernel.permissions import Actor, Permission, may, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared_resources.equipment.trackers.schemas.devices import DeviceLine

MOST = 200
SILENT = ("stale", "lost_contact")
TROUBLED = (
    "t.agency = $1 AND r.state <> 'retired'"
    f" AND (r.state IN {SILENT} OR {LOW} OR {PENDING} OR s.clock_suspect) ORDER BY s.fix_at NULLS FIRST, t.id"
)
SENDERS = (
    "(SELECT key, name, false AS is_source FROM tracker WHERE agency = $1"
    " UNION ALL SELECT key, name, true FROM tracker_source WHERE agency = $1) w"
)
"""SQL: who may write to topics on behalf of an agency."""
SENT_BY = "split_part(q.topic, '/', 2) = w.key AND (split_part(q.topic, '/', 1) = 's') = w.is_source"
COUNTS = (
    f"SELECT w.key, w.name, w.is_source, count(*) AS messages, max(q.received_at) AS last_at FROM {SENDERS}"
    f" JOIN quarantine q ON {SENT_BY} GROUP BY w.key, w.name, w.is_source ORDER BY last_at DESC, w.key"
)


async def health(actor: Actor) -> Health:
    """What is the matter with the devices of the reader's agency.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader works for no agency.
    """
    relations = actor.relations(actor.agency)
    require(actor, Permission.TRACKER_SEE, relations)
    lines = await device_lines(TROUBLED, actor.agency)
    async with reading() as db:
        total = await db.fetchval(
            "SELECT count(*) FROM tracker t JOIN record r ON r.id = t.id"
            " WHERE t.agency = $1 AND r.state <> 'retired'",
            actor.agency,
        )
        keeps = may(actor, Permission.TRACKER_EDIT, relations) is True
        counts = await db.fetch(COUNTS, actor.agency) if keeps else ()
    return Health(
        total=total,
        silent=_those(lines, lambda line: line.state in SILENT),
        low_battery=_those(lines, lambda line: line.is_low),
        pending=_those(lines, lambda line: line.is_pending),
        clock_suspect=_those(lines, lambda line: line.clock_suspect),
        quarantine=tuple(QuarantineCount(**row) for row in counts),
    )


async def quarantine_list(actor: Actor, *, cursor: str | None = None, size: int | None = None) -> QuarantineList:
    """One page of the unreadable messages from devices and sources of the keeper's agency, the latest first.

    Raises:
        SignInNeeded, NotAllowed, NotFound: the reader keeps no devices.
        Invalid: a cursor that is not ours.
    """
    require(actor, Permission.TRACKER_EDIT, actor.relations(actor.agency))
    rows_wanted, key = page_size(size), key_of(cursor, datetime.fromisoformat, UUID) or (None, None)
    async with reading() as db:
        rows = await db.fetch(
            "SELECT q.id, q.topic, w.key, w.name, w.is_source, q.size, q.retained, q.reason, q.received_at"
            f" FROM {SENDERS} JOIN quarantine q ON {SENT_BY} WHERE $2::timestamptz IS NULL"
            f" OR (q.received_at, q.id) < ($2, $3::uuid) ORDER BY q.received_at DESC, q.id DESC LIMIT $4",
            actor.agency,
            *key,
            rows_wanted + 1,
        )
    shown, following = page_of(rows, rows_wanted, lambda row: (row["received_at"], row["id"]))
    return QuarantineList(messages=tuple(QuarantineLine(**row) for row in shown), next=following)


def _those(lines: tuple[DeviceLine, ...], chosen: Callable[[DeviceLine], bool]) -> tuple[DeviceLine, ...]:
    return tuple(line for line in lines if chosen(line))[:MOST]
