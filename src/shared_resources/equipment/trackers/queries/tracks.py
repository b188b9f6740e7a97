"""The track of a loan: what each tracker said while its thing was out."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.equipment.queries.names import fields_of
from shared_resources.equipment.trackers.queries.visible import ON_LINE, SINCE, UNTIL
from shared_resources.equipment.trackers.schemas.positions import Gap, TrackPart, TrackPoint
from shared_resources.kernel.database.transaction import connection, reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_POINTS = 5000
"""Of one tracker on one loan at once; beyond it a page asks for a shorter time."""
SLOT = timedelta(minutes=5)

PARTS = (
    "SELECT i.id AS item, i.code, m.name_zh AS model_name_zh, m.name_en AS model_name_en, t.id AS tracker,"
    f" tr.number AS tracker_number, t.name AS tracker_name, {SINCE} AS since,"
    f" nullif({UNTIL}, 'infinity') AS until, dm.silent_minutes, d.latitude AS depot_latitude,"
    " d.longitude AS depot_longitude, d.name_zh AS depot_name_zh, d.name_en AS depot_name_en"
    f" FROM loan_line ll JOIN tracker_binding b ON {ON_LINE} JOIN item i ON i.id = ll.item"
    " JOIN model m ON m.id = ll.model JOIN depot d ON d.id = i.depot JOIN tracker t ON t.id = b.tracker"
    " JOIN record tr ON tr.id = t.id JOIN device_model dm ON dm.id = t.model"
    " WHERE ll.owner = $1 AND ll.loan = $2 AND ll.out_at IS NOT NULL ORDER BY i.code, b.since"
)
POINTS = (
    "SELECT w.part, p.* FROM unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::timestamptz[])"
    " AS w (part, tracker, since, until) CROSS JOIN LATERAL (SELECT p.fix_at AS at, p.latitude, p.longitude,"
    "  p.accuracy_m, p.place, p.battery_pct, p.tamper, p.live, p.clock_suspect, p.msg_key FROM position p"
    "  WHERE p.tracker = w.tracker AND p.slot >= w.since - interval '5 minutes' AND p.slot < w.until"
    f"  AND p.fix_at >= w.since AND p.fix_at < w.until ORDER BY p.slot, p.fix_at LIMIT {MOST_POINTS + 1}) p"
    " ORDER BY w.part, p.at, p.msg_key"
)


async def parts_of(owner: UUID, loan: UUID) -> Sequence[Any]:
    """Which tracker was on which thing of a loan, and when: no coordinates yet."""
    async with reading() as db:
        return await db.fetch(PARTS, owner, loan)  # type: ignore[no-any-return]


async def points_of(
    parts: Sequence[Any], starts: datetime | None, ends: datetime | None, now: datetime
) -> tuple[TrackPart, ...]:
    """What the trackers said from ``starts`` to ``ends``. Only for ``service.looks``, which logs who looked."""
    windows = [_window(row, starts, ends, now) for row in parts]
    found: Mapping[int, list[TrackPoint]] = defaultdict(list)
    rows = await connection().fetch(
        POINTS,
        list(range(len(parts))),
        [row["tracker"] for row in parts],
        [since for since, _ in windows],
        [until for _, until in windows],
    )
    for row in rows:
        found[row["part"]].append(TrackPoint(**fields_of(TrackPoint, row)))
    return tuple(_part(row, found[at]) for at, row in enumerate(parts))


def gaps_in(points: Sequence[TrackPoint], silent: timedelta) -> tuple[Gap, ...]:
    """The times between two positions that are longer than ``silent``."""
    pairs = pairwise(points)
    return tuple(Gap(starts_at=one.at, ends_at=two.at) for one, two in pairs if two.at - one.at > silent)


def _window(row: Any, starts: datetime | None, ends: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The asked time, cut to the time in which the tracker's words belong to the loan."""
    until = row["until"] or now + SLOT
    return max(starts or row["since"], row["since"]), min(ends or until, until)


def _part(row: Any, points: list[TrackPoint]) -> TrackPart:
    shown = tuple(points[:MOST_POINTS])
    return TrackPart(
        **fields_of(TrackPart, row),
        points=shown,
        gaps=gaps_in(shown, timedelta(minutes=row["silent_minutes"])),
        cut=len(points) > MOST_POINTS,
    )
