"""What the newest words are judged by: the item, its loan, what is open about it, the minutes before."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.trackers.rules.meaning import Lent, Reader, Seen, Thing, Thresholds
from shared_resources.kernel.codes import grouped
from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

STANDINGS = """
SELECT s.tracker, s.fix_at, s.msg_key, s.live, s.place, s.battery_pct, s.tamper, s.source, s.rssi,
    s.source IS NOT NULL AND s.latitude IS NULL AS door,
    m.interval_seconds, m.low_battery_pct, m.outside_fixes, m.dwell_minutes,
    i.id AS item, i.owner, i.code, i.depot, md.name_zh, md.name_en,
    l.id AS line, l.loan, l.out_at, l.checked_in_at, n.borrower, n.ends_at, c.state AS checkin_state,
    (SELECT max(d.decided_at) FROM checkin d WHERE d.line = l.id AND d.state IN ('undone', 'declined')
        AND d.decided_by IS NOT NULL) AS turned_down_at,
    (SELECT json_object_agg(a.kind, a.id) FROM alarm a WHERE a.tracker = s.tracker AND a.settled_at IS NULL)
        AS open
FROM tracker_state s
JOIN tracker t ON t.id = s.tracker AND t.bound_at <= s.fix_at
JOIN device_model m ON m.id = t.model
JOIN item i ON i.id = t.item
JOIN model md ON md.id = i.model
LEFT JOIN LATERAL (
    SELECT * FROM loan_line o WHERE o.owner = i.owner AND o.item = i.id
        AND (o.state = 'out' OR (o.state = 'reserved' AND lower(o.period) < $2::timestamptz + interval '24 hours'))
    ORDER BY o.state = 'out' DESC, lower(o.period) LIMIT 1) l ON true
LEFT JOIN loan n ON n.id = l.loan
LEFT JOIN checkin c ON c.owner = i.owner AND c.line = l.id AND c.state IN ('proposed', 'confirmed')
WHERE s.tracker = ANY($1) AND s.live
ORDER BY s.tracker
"""
WINDOWS = """
SELECT p.tracker, p.fix_at, p.msg_key, p.live, p.place, p.battery_pct, p.tamper, p.source, p.rssi,
    p.source IS NOT NULL AND p.latitude IS NULL AS door
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS asked (tracker, since, until)
JOIN position p ON p.tracker = asked.tracker AND p.slot > asked.since - interval '5 minutes'
    AND p.slot <= asked.until AND p.fix_at >= asked.since
"""
READERS = """
SELECT s.id, s.agency, s.depot, s.return_door, s.rssi_floor, s.sightings_needed, s.sighting_seconds, s.name,
    a.name_zh AS agency_name
FROM tracker_source s JOIN agency a ON a.id = s.agency WHERE s.id = ANY($1)
"""
AWAY_SINCE = """
SELECT coalesce(bool_or(place IN ('allowed', 'outside')), false) AS elsewhere, max(fix_at) AS last_read
FROM position
WHERE tracker = $1 AND slot > $2::timestamptz - interval '5 minutes' AND slot <= $3
    AND fix_at >= $2 AND fix_at < $3
"""


@dataclass(frozen=True)
class Standing:
    """The newest word of one tracker and everything it is judged by."""

    tracker: UUID
    newest: Seen
    thresholds: Thresholds
    item: UUID
    name: Mapping[str, str]
    thing: Thing
    line: UUID | None
    loan: UUID | None
    out_since: datetime | None
    checkin_state: str | None
    open_alarms: Mapping[str, UUID]


@dataclass
class Windows:
    """The history before the newest words, by tracker."""

    rows: dict[UUID, list[Seen]] = field(default_factory=lambda: defaultdict(list))

    def of(self, tracker: UUID) -> Sequence[Seen]:
        """The history of one tracker."""
        return self.rows.get(tracker, ())

    @property
    def all(self) -> Iterator[Seen]:
        """Every word of all of them."""
        return (seen for rows in self.rows.values() for seen in rows)


async def standings(trackers: Collection[UUID], at: datetime) -> list[Standing]:
    """Those of ``trackers`` that are on an item and whose newest word is live, in the order of their ids."""
    async with reading() as db:
        rows = await db.fetch(STANDINGS, list(trackers), at)
    return [_standing(row) for row in rows]


async def windows(standing: Sequence[Standing]) -> Windows:
    """What was seen in the window before each newest word."""
    found = Windows()
    if standing:
        async with reading() as db:
            rows = await db.fetch(
                WINDOWS,
                [one.tracker for one in standing],
                [one.newest.fix_at - one.thresholds.window for one in standing],
                [one.newest.fix_at for one in standing],
            )
        for row in rows:
            found.rows[row["tracker"]].append(_seen(row))
    return found


async def readers_of(sources: Collection[UUID | None]) -> dict[UUID, Reader]:
    """The sources that read something."""
    wanted = [source for source in sources if source is not None]
    if not wanted:
        return {}
    async with reading() as db:
        rows = await db.fetch(READERS, wanted)
    return {
        row["id"]: Reader(
            row["agency"],
            row["depot"],
            row["return_door"],
            row["rssi_floor"],
            row["sightings_needed"],
            timedelta(seconds=row["sighting_seconds"]),
            row["name"],
            row["agency_name"],
        )
        for row in rows
    }


async def away_since(tracker: UUID, since: datetime, until: datetime) -> tuple[bool, datetime | None]:
    """Whether it was seen away from its depot in that time, and when it was last heard of at all."""
    async with reading() as db:
        row = await db.fetchrow(AWAY_SINCE, tracker, since, until)
    return row["elsewhere"], row["last_read"]


def _standing(row: Any) -> Standing:
    lent = None
    if row["line"] is not None:
        lent = Lent(row["borrower"], row["ends_at"], row["out_at"], row["checked_in_at"] is not None)
    out_since = max(filter(None, (row["out_at"], row["turned_down_at"])), default=None) if row["out_at"] else None
    return Standing(
        tracker=row["tracker"],
        newest=_seen(row),
        thresholds=Thresholds(
            timedelta(seconds=row["interval_seconds"]),
            row["low_battery_pct"],
            row["outside_fixes"],
            timedelta(minutes=row["dwell_minutes"]),
        ),
        item=row["item"],
        name={"zh": row["name_zh"], "en": row["name_en"], "code": grouped(row["code"])},
        thing=Thing(row["owner"], row["depot"], lent),
        line=row["line"],
        loan=row["loan"],
        out_since=out_since,
        checkin_state=row["checkin_state"],
        open_alarms={kind: UUID(found) for kind, found in _json(row["open"]).items()},
    )


def _seen(row: Any) -> Seen:
    return Seen(
        row["fix_at"],
        row["msg_key"],
        row["live"],
        row["place"],
        row["battery_pct"],
        row["tamper"],
        row["source"],
        row["rssi"],
        row["door"],
    )


def _json(told: str | None) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(told) if told else {}
    return found
