"""Who is behind a topic or an id at a source, and when their items were out: five statements a batch."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.rules.observing import Out, Route, Stay
from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime
    from uuid import UUID

    from shared_resources.equipment.trackers.payloads.reading import FieldMap

DEVICES = """
SELECT t.key, t.id, m.depot_radius_m, m.worst_accuracy_m
FROM tracker t JOIN device_model m ON m.id = t.model JOIN record r ON r.id = t.id
WHERE t.key = ANY($1) AND t.source IS NULL AND r.state <> 'retired'
"""
SOURCES = """
SELECT s.id, s.key, s.payload, s.depot, (SELECT json_agg(DISTINCT m.field_map) FROM tracker t
    JOIN device_model m ON m.id = t.model WHERE t.source = s.id AND m.field_map <> '{}') AS maps
FROM tracker_source s WHERE s.key = ANY($1) AND s.retired_at IS NULL
"""
TAGS = """
SELECT asked.source, asked.natural_id, t.id, m.depot_radius_m, m.worst_accuracy_m,
    CASE WHEN h.id = s.id THEN 0 WHEN h.agency = s.agency THEN 1 ELSE 2 END AS distance
FROM unnest($1::uuid[], $2::text[]) AS asked (source, natural_id)
JOIN tracker_source s ON s.id = asked.source
JOIN tracker t ON t.natural_id = asked.natural_id
JOIN tracker_source h ON h.id = t.source AND (h.id = s.id OR (h.payload = $3 AND s.payload = $3))
JOIN device_model m ON m.id = t.model JOIN record r ON r.id = t.id WHERE r.state <> 'retired'
"""
BROADCASTS = "ble"
"""What is on the air for every reader: such a tag is known at each door, not only at that which speaks for it."""
ABROAD = 2
STAYS = """
SELECT b.id, b.tracker, b.since, b.until, b.item, i.owner, i.depot, d.latitude, d.longitude
FROM tracker_binding b JOIN item i ON i.id = b.item JOIN depot d ON d.id = i.depot
WHERE b.tracker = ANY($1) AND (b.until IS NULL OR b.until > $2)
"""
OUTS = """
SELECT l.item, l.out_at, l.back_at, (SELECT array_agg(ARRAY[a.latitude, a.longitude, a.radius_m] ORDER BY a.id)
    FROM loan_area a WHERE a.loan = l.loan) AS areas
FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[]) AS named (owner, item)) AS asked
JOIN loan_line l ON l.owner = asked.owner AND l.item = asked.item
WHERE l.out_at IS NOT NULL AND (l.back_at IS NULL OR l.back_at > $3) ORDER BY l.out_at, l.id
"""


@dataclass(frozen=True, slots=True)
class Source:
    """What publishes on behalf of others, how it is read, and where it stands."""

    id: UUID
    payload: str
    depot: UUID | None
    field_map: FieldMap


async def devices_of(keys: Collection[str]) -> dict[str, Route]:
    """The devices in use that publish themselves, by the key in their topics."""
    if not keys:
        return {}
    async with reading() as db:
        rows = await db.fetch(DEVICES, sorted(keys))
    return {row["key"]: Route(row["id"], row["depot_radius_m"], row["worst_accuracy_m"]) for row in rows}


async def sources_of(keys: Collection[str]) -> dict[str, Source]:
    """The sources in use, by the key in their topics; with what the models of their devices say of codecs."""
    if not keys:
        return {}
    async with reading() as db:
        rows = await db.fetch(SOURCES, sorted(keys))
    return {row["key"]: Source(row["id"], row["payload"], row["depot"], _joined(row["maps"])) for row in rows}


async def tags_of(named: Collection[tuple[Source, str]]) -> dict[tuple[UUID, str], Route]:
    """The devices in use that sources speak for, by source and id there; what is not registered is not here.

    A tag on the air is also known where another door reads it: the nearest in kin counts, and none of several.
    """
    if not named:
        return {}
    by_id = {source.id: source for source, _ in named}
    asked = sorted({(source.id, natural_id) for source, natural_id in named})
    ids = [[one for one, _ in asked], [natural_id for _, natural_id in asked]]
    async with reading() as db:
        rows = await db.fetch(TAGS, *ids, BROADCASTS)
    kin = defaultdict[tuple["UUID", str], list[Any]](list)
    for row in rows:
        kin[row["source"], row["natural_id"]].append(row)
    found = {}
    for key, heard in kin.items():
        nearest = min(row["distance"] for row in heard)
        one, *more = [row for row in heard if row["distance"] == nearest]
        if not more:
            found[key] = Route(
                one["id"],
                one["depot_radius_m"],
                one["worst_accuracy_m"],
                key[0],
                by_id[key[0]].depot,
                abroad=nearest == ABROAD,
            )
    return found


async def stays_of(trackers: Collection[UUID], since: datetime) -> dict[UUID, tuple[Stay, ...]]:
    """On which items trackers were after ``since``, and when those were out on loan."""
    if not trackers:
        return {}
    async with reading() as db:
        stays = await db.fetch(STAYS, sorted(trackers), since)
        owners, items = [row["owner"] for row in stays], [row["item"] for row in stays]
        lines = await db.fetch(OUTS, owners, items, since) if stays else []
    outs = defaultdict[Any, list[Out]](list)
    for line in lines:
        areas = tuple((north, east, int(radius)) for north, east, radius in line["areas"] or ())
        outs[line["item"]].append(Out(line["out_at"], line["back_at"], areas))
    found = defaultdict[Any, list[Stay]](list)
    for row in stays:
        home = None if row["latitude"] is None or row["longitude"] is None else (row["latitude"], row["longitude"])
        stay = Stay(row["since"], row["until"], row["depot"], home, tuple(outs[row["item"]]))
        found[row["tracker"]].append(stay)
    return {tracker: tuple(stays) for tracker, stays in found.items()}


def _joined(told: str | None) -> Mapping[str, list[str]]:
    """The maps of several models as one: a name's pointers one after the other."""
    joined = defaultdict[str, list[str]](list)
    for one in json.loads(told) if told else ():
        for name, pointers in one.items():
            joined[name] += [pointer for pointer in pointers if pointer not in joined[name]]
    return joined
