"""What trackers said, written down: history once, state by the newest, the devices' own words, the quarantine."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.trackers.rules.observing import Row, newest, thinned
from shared_resources.equipment.trackers.rules.procedures import TRACKER
from shared_resources.kernel import clock, journal
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.permissions import SYSTEM_ACTOR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

TYPES: Mapping[str, str] = {
    "tracker": "uuid", "slot": "timestamptz", "cell": "int8", "fix_at": "timestamptz", "msg_key": "int8",
    "received_at": "timestamptz", "live": "bool", "latitude": "float8", "longitude": "float8",
    "accuracy_m": "real", "battery_pct": "int", "tamper": "bool", "place": "text", "source": "uuid",
    "rssi": "int", "clock_suspect": "bool",
}  # fmt: skip
STATE = tuple(name for name in TYPES if name not in ("slot", "cell"))
AGE = "(EXCLUDED.fix_at, EXCLUDED.msg_key) {} (old.fix_at, old.msg_key)"
NOTIFIED = 200
"""Ids in one notification: PostgreSQL takes no more than 8000 bytes."""
LONGEST_PAYLOAD, LONGEST_TOPIC = 2048, 300
QUARANTINED = 1000
"""Messages kept at most, the oldest go first."""
QUARANTINE_AGE = timedelta(days=7)


def _upsert(table: str, columns: Sequence[str], key: str, wins: str) -> str:
    """Rows of arrays; of two with one key that which ``wins``, and of two copies what both knew."""
    places = ", ".join(f"${n}::{TYPES[name]}[]" for n, name in enumerate(columns, 1))
    same = AGE.format("=")
    merged = {
        "received_at": f"CASE WHEN {same} THEN least(old.received_at, EXCLUDED.received_at)"
        " ELSE EXCLUDED.received_at END",
        "live": f"EXCLUDED.live OR (old.live AND {same})",
    }
    values = ", ".join(f"{name} = {merged.get(name, f'EXCLUDED.{name}')}" for name in columns if name not in key)
    return (
        f"INSERT INTO {table} AS old ({', '.join(columns)}) SELECT * FROM unnest({places})"
        f" ON CONFLICT ({key}) DO UPDATE SET {values} WHERE {AGE.format(wins)} OR ({same} AND"
        " (EXCLUDED.received_at < old.received_at OR (EXCLUDED.live AND NOT old.live)))"
    )


HISTORY = _upsert("position", tuple(TYPES), "tracker, slot, cell", "<")
NEWEST = _upsert("tracker_state", STATE, "tracker", ">") + " RETURNING tracker"
REPORTED = """
UPDATE tracker SET reported_rev = told.rev, reported_at = told.at
FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS told (tracker, rev, at)
WHERE tracker.id = told.tracker AND told.rev > reported_rev AND told.rev <= desired_rev
"""
FIRMWARE = """
UPDATE tracker SET firmware = told.firmware FROM unnest($1::uuid[], $2::text[]) AS told (tracker, firmware)
WHERE tracker.id = told.tracker AND tracker.firmware IS DISTINCT FROM told.firmware
"""
QUARANTINE = """
INSERT INTO quarantine AS old (id, topic, payload, size, retained, reason, received_at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::int[], $5::bool[], $6::text[], $7::timestamptz[])
ON CONFLICT (id) DO UPDATE SET received_at = greatest(old.received_at, EXCLUDED.received_at)
"""
TRIM = (
    "DELETE FROM quarantine WHERE id IN (SELECT id FROM quarantine ORDER BY received_at DESC, id DESC OFFSET $1)"
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a device says of itself: how far it has applied what we asked, which firmware it runs."""

    tracker: UUID
    at: datetime
    revision: int | None
    firmware: str | None


@dataclass(frozen=True, slots=True)
class Misread:
    """A message that could not be understood, and why."""

    topic: str
    payload: bytes
    retained: bool
    reason: str
    received_at: datetime

    @property
    def id(self) -> UUID:
        """The same for every copy: garbage that the broker retains is kept once."""
        return UUID(bytes=hashlib.blake2b(self.topic.encode() + b"\0" + self.payload, digest_size=16).digest())


async def keep_rows(rows: Sequence[Row]) -> set[UUID]:
    """Write history and state within the running verb.

    Returns:
        The trackers whose state changed.
    """
    if not rows:
        return set()
    await connection().execute(HISTORY, *_columns(thinned(rows)))
    at = itemgetter(*(Row._fields.index(name) for name in STATE))
    won = await connection().fetch(NEWEST, *_columns([at(row) for row in newest(rows)]))
    return {row["tracker"] for row in won}


async def keep_reports(reports: Iterable[Report]) -> None:
    """Write down what devices say of themselves within the running verb; of several the newest counts."""
    revisions: dict[UUID, tuple[int, datetime]] = {}
    firmware: dict[UUID, str] = {}
    for one in sorted(reports, key=lambda one: one.at):
        if one.revision is not None:
            revisions[one.tracker] = max(revisions.get(one.tracker, (-1, one.at)), (one.revision, one.at))
        if one.firmware is not None:
            firmware[one.tracker] = one.firmware
    if revisions:
        told = sorted((tracker, *said) for tracker, said in revisions.items())
        await connection().execute(REPORTED, *_columns(told))
    if firmware:
        await connection().execute(FIRMWARE, *_columns(sorted(firmware.items())))


async def check_in(trackers: Collection[UUID]) -> int:
    """Let those that were waited for, silent or lost be heard again; each once, within the running verb."""
    rows = await connection().fetch(
        "SELECT id FROM record WHERE id = ANY($1) AND kind = 'tracker'"
        " AND state IN ('bound', 'stale', 'lost_contact') ORDER BY id FOR NO KEY UPDATE",
        list(trackers),
    )
    for row in rows:
        await journal.act(TRACKER, "check_in", row["id"], SYSTEM_ACTOR)
    return len(rows)


async def put_aside(misread: Sequence[Misread]) -> None:
    """Keep what was not understood: cut short, the newest only, each kind of copy once."""
    if not misread:
        return
    told = {one.id: one for one in misread}
    rows = sorted(
        (
            key,
            _words(one.topic, LONGEST_TOPIC),
            one.payload[:LONGEST_PAYLOAD],
            len(one.payload),
            one.retained,
            _words(one.reason, LONGEST_TOPIC),
            one.received_at,
        )
        for key, one in list(told.items())[-QUARANTINED:]
    )
    await connection().execute(QUARANTINE, *_columns(rows))
    await connection().execute(TRIM, QUARANTINED)


@verb
async def forget_quarantine() -> int:
    """Drop what has lain in the quarantine for a week; says how many messages."""
    done = await connection().execute(
        "DELETE FROM quarantine WHERE received_at < $1", clock.now() - QUARANTINE_AGE
    )
    return int(done.split()[-1])


async def tell(trackers: Collection[UUID]) -> None:
    """Let open maps know after the commit which trackers said something; ids only."""
    ids = sorted(str(tracker) for tracker in trackers)
    for first in range(0, len(ids), NOTIFIED):
        word = json.dumps(ids[first : first + NOTIFIED], separators=(",", ":"))
        await connection().execute("SELECT pg_notify('trackers', $1)", word)


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _words(told: str, longest: int) -> str:
    """Text that the database takes, whatever it was."""
    return told.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()[:longest]
