"""What is noticed because no word came: trackers that fall silent, items still out when their loan has ended."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from shared_resources.equipment.trackers.rules.procedures import TRACKER
from shared_resources.equipment.trackers.service.alarms import raise_alarm
from shared_resources.kernel import clock, journal
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import SYSTEM_ACTOR

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

QUIET = """
SELECT t.id FROM tracker t JOIN record r ON r.id = t.id AND r.kind = 'tracker'
JOIN device_model m ON m.id = t.model JOIN tracker_state s ON s.tracker = t.id
WHERE CASE r.state WHEN 'online' THEN s.received_at < $1::timestamptz - make_interval(mins => m.silent_minutes)
    WHEN 'stale' THEN s.received_at < $1::timestamptz - make_interval(hours => m.lost_hours) ELSE false END
"""
LENT = """
l.owner = i.owner AND l.item = i.id AND l.checked_in_at IS NULL
    AND (l.state = 'out' OR (l.state = 'reserved' AND lower(l.period) < $1::timestamptz + interval '24 hours'))
"""
"""Line ``l`` of item ``i``: with the borrower, or about to be handed out."""
UNTOLD = f"""
SELECT t.id FROM tracker t JOIN record r ON r.id = t.id AND r.kind = 'tracker'
    AND r.state IN ('stale', 'lost_contact')
JOIN tracker_state s ON s.tracker = t.id JOIN item i ON i.id = t.item
WHERE EXISTS (SELECT FROM loan_line l WHERE {LENT}) AND NOT EXISTS (SELECT FROM alarm a WHERE a.tracker = t.id
    AND a.kind = 'silent' AND (a.settled_at IS NULL OR (a.seen_at, a.msg_key) = (s.fix_at, s.msg_key)))
"""
STILL_OUT = """
SELECT t.id FROM tracker t
JOIN tracker_state s ON s.tracker = t.id AND s.live AND s.place IN ('allowed', 'outside')
JOIN item i ON i.id = t.item
JOIN loan_line l ON l.owner = i.owner AND l.item = i.id AND l.state = 'out' AND l.checked_in_at IS NULL
    AND s.fix_at >= l.out_at
JOIN loan n ON n.id = l.loan AND n.ends_at < $1
WHERE NOT EXISTS (SELECT FROM alarm a WHERE a.tracker = t.id AND a.kind = 'outside_period'
    AND (a.settled_at IS NULL OR (a.seen_at, a.msg_key) = (s.fix_at, s.msg_key)))
"""
ABOUT = f"""
SELECT s.fix_at, s.msg_key, i.id AS item, i.owner, i.code, d.name_zh, d.name_en, l.loan, n.borrower
FROM tracker t JOIN tracker_state s ON s.tracker = t.id JOIN item i ON i.id = t.item
JOIN model d ON d.id = i.model JOIN loan_line l ON {LENT} JOIN loan n ON n.id = l.loan
WHERE t.id = $2 ORDER BY l.state = 'out' DESC, lower(l.period) LIMIT 1
"""
NEXT = {"online": "fall_silent", "stale": "lose_contact"}


async def watch_silence() -> int:
    """Mark trackers of which nothing was heard for as long as their model allows, and tell whom it concerns.

    One that fell silent on the shelf is told of when its item is about to be handed out.
    """
    return await _each(QUIET, fall_silent) + await _each(UNTOLD, tell_silence)


async def watch_periods() -> int:
    """Raise an alarm for items that are out past the end of their loan and last seen away; how many."""
    return await _each(STILL_OUT, past_its_time)


@verb
async def fall_silent(tracker: UUID) -> bool:
    """One step towards lost; False when it spoke meanwhile."""
    row = await journal.locked(tracker, TRACKER)
    if not await connection().fetchval(QUIET + " AND t.id = $2", clock.now(), tracker):
        return False
    await journal.act(TRACKER, NEXT[row["state"]], tracker, SYSTEM_ACTOR)
    return True


@verb
async def tell_silence(tracker: UUID) -> bool:
    """The alarm for one tracker whose item is lent or about to be; False when it spoke meanwhile."""
    await journal.locked(tracker, TRACKER)
    if not await connection().fetchval(UNTOLD + " AND t.id = $2", clock.now(), tracker):
        return False
    return await _raise(tracker, "silent")


@verb
async def past_its_time(tracker: UUID) -> bool:
    """The alarm for one item; False when it came home meanwhile."""
    await journal.locked(tracker, TRACKER)
    if not await connection().fetchval(STILL_OUT + " AND t.id = $2", clock.now(), tracker):
        return False
    return await _raise(tracker, "outside_period")


async def _raise(tracker: UUID, kind: str) -> bool:
    row = await connection().fetchrow(ABOUT, clock.now(), tracker)
    if row is None:
        return False
    return await raise_alarm(
        owner=row["owner"],
        borrower=row["borrower"],
        tracker=tracker,
        item=row["item"],
        loan=row["loan"],
        kind=kind,
        title_name={"zh": row["name_zh"], "en": row["name_en"], "code": grouped(row["code"])},
        seen_at=row["fix_at"],
        msg_key=row["msg_key"],
        data={},
    )


async def _each(query: str, act: Callable[[UUID], Awaitable[bool]]) -> int:
    """One transaction a tracker; one that fails stops no other."""
    async with reading() as db:
        found = [row["id"] for row in await db.fetch(query, clock.now())]
    done = 0
    for tracker in found:
        try:
            done += await act(tracker)
        except (Refusal, asyncpg.PostgresError):
            log.exception("tracker %s could not be looked after", tracker)
    return done
