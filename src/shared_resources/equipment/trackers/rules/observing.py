"""From an observation to rows: whose clock is believed, what is late, what is thinned, what is kept of a place.

All of it depends on one message and its context only, never on what came before: so a set of messages leaves the
same rows in whatever order, batches and repetitions it comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from shared_resources.equipment.trackers.payloads.observation import Observation, message_key
from shared_resources.equipment.trackers.rules.geo import cell_of, inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID

LATE = timedelta(minutes=10)
"""An observation that came later than this after it was made fires nothing of itself."""
OLDEST = timedelta(days=30)
AHEAD = timedelta(minutes=5)
SLOT_SECONDS = 300
SIGHTING_SECONDS = 5
BATTERY_STEP = 5
"""Percentage points; thresholds of models lie on steps."""
LEVELS_ABOVE = 2**52
"""More than there are squares on the earth (``geo.cell_of``)."""
PLACES: Mapping[str | None, int] = {None: 0, "depot": 1, "allowed": 2, "outside": 3}
"""Cells of observations without coordinates; as squares these would lie at the south pole."""


@dataclass(frozen=True, slots=True)
class Out:
    """A time in which an item was out on a loan, and the circles it may be in; none means anywhere."""

    since: datetime
    until: datetime | None
    areas: tuple[tuple[float, float, int], ...] = ()

    def holds(self, at: datetime) -> bool:
        """Whether the item was out at that instant."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in which a tracker was on one item: where the item is at home, and when it was out."""

    since: datetime
    until: datetime | None
    depot: UUID
    home: tuple[float, float] | None
    outs: tuple[Out, ...] = ()

    def holds(self, at: datetime) -> bool:
        """Whether the tracker was on the item at that instant."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Route:
    """Whose word a message is, and by which source it came (empty: the device's own).

    ``abroad``: another agency's door read a tag.
    """

    tracker: UUID
    depot_radius_m: int
    worst_accuracy_m: int
    source: UUID | None = None
    source_depot: UUID | None = None
    abroad: bool = False


class Row(NamedTuple):
    """A row of history in the order of its columns; without ``slot`` and ``cell`` it is one of state."""

    tracker: UUID
    slot: datetime
    cell: int
    fix_at: datetime
    msg_key: int
    received_at: datetime
    live: bool
    latitude: float | None
    longitude: float | None
    accuracy_m: float | None
    battery_pct: int | None
    tamper: bool
    place: str | None
    source: UUID | None
    rssi: int | None
    clock_suspect: bool

    @property
    def age(self) -> tuple[datetime, int]:
        """What decides which of two rows is the earlier."""
        return self.fix_at, self.msg_key


def fixed_at(told: datetime | None, received_at: datetime) -> tuple[datetime, bool]:
    """When it was, and whether the device's clock cannot be believed; a device without one is not suspected."""
    if told is None:
        return received_at, False
    if received_at - OLDEST <= told <= received_at + AHEAD:
        return told, False
    return received_at, True


def slot_of(fix_at: datetime) -> datetime:
    """The five minutes that an instant falls into, by their beginning."""
    return datetime.fromtimestamp(int(fix_at.timestamp()) // SLOT_SECONDS * SLOT_SECONDS, UTC)


def is_word(seen: Observation) -> bool:
    """Whether it tells of the device itself and not only of its connection or of a command it carried out."""
    return seen.online is None and seen.revision is None


def is_heard(route: Route, stays: Iterable[Stay], fix_at: datetime) -> bool:
    """Whether a word counts at all: what doors of others read is of no concern unless the item is out on loan."""
    return not route.abroad or any(
        stay.holds(fix_at) and any(out.holds(fix_at) for out in stay.outs) for stay in stays
    )


def row_of(seen: Observation, route: Route, stays: Iterable[Stay], received_at: datetime, retained: bool) -> Row:
    """The row of one observation. Coordinates stay only while the item was out on loan."""
    fix_at, suspect = fixed_at(seen.at, received_at)
    stay = next((one for one in stays if one.holds(fix_at)), None)
    out = next((one for one in stay.outs if one.holds(fix_at)), None) if stay else None
    place = place_of(seen, route, stay, out)
    kept = out is not None and seen.has_place
    latitude, longitude = (seen.latitude, seen.longitude) if kept else (None, None)
    key = key_of(seen, out, received_at)
    return Row(
        tracker=route.tracker,
        slot=slot_of(fix_at),
        cell=_cell(seen, out, latitude, longitude, place, key),
        fix_at=fix_at,
        msg_key=key,
        received_at=received_at,
        live=not retained and received_at - fix_at <= LATE,
        latitude=latitude,
        longitude=longitude,
        accuracy_m=seen.accuracy_m if kept else None,
        battery_pct=seen.battery_pct,
        tamper=bool(seen.tamper),
        place=place,
        source=route.source,
        rssi=seen.rssi,
        clock_suspect=suspect,
    )


def key_of(seen: Observation, out: Out | None, received_at: datetime) -> int:
    """The message's own key; that of a tag's timeless reading also tells its five seconds.

    Such readings are equal to the byte while the tag lies still, and each has to count at a door. A copy that the
    broker hands over again seconds later then counts as one more; that is the lesser harm.
    """
    if out is None or not seen.by_reader or seen.at is not None:
        return seen.key
    return message_key(seen.key, int(received_at.timestamp()) // SIGHTING_SECONDS)


def place_of(seen: Observation, route: Route, stay: Stay | None, out: Out | None) -> str | None:
    """Where it was in a word: ``depot``, ``allowed``, ``outside``, or nothing when that cannot be said."""
    if stay is None:
        return None
    if seen.by_reader and route.source_depot == stay.depot:
        return "depot"
    if seen.latitude is None or seen.longitude is None:
        return None
    if seen.accuracy_m is not None and seen.accuracy_m > route.worst_accuracy_m:
        return None
    at = (seen.latitude, seen.longitude)
    if stay.home is not None and inside(*at, stay.home, route.depot_radius_m):
        return "depot"
    if out is None:
        return None if stay.home is None else "outside"
    allowed = not out.areas or any(inside(*at, (north, east), radius) for north, east, radius in out.areas)
    return "allowed" if allowed else "outside"


def _cell(
    seen: Observation,
    out: Out | None,
    latitude: float | None,
    longitude: float | None,
    place: str | None,
    key: int,
) -> int:
    """Doors (while on loan) and tampering are never thinned; the rest by square, without coordinates by word.

    A battery's level is no place, but what falls to another step must not be thinned away.
    """
    if seen.tamper or (seen.by_reader and out is not None):
        return -key - 1
    level = 0 if seen.battery_pct is None else 1 + seen.battery_pct // BATTERY_STEP
    square = PLACES[place] if latitude is None or longitude is None else cell_of(latitude, longitude)
    return level * LEVELS_ABOVE + square


def thinned(rows: Iterable[Row]) -> list[Row]:
    """Of each tracker, slot and cell the earliest row, in the order in which every writer locks them."""
    kept: dict[tuple[UUID, datetime, int], Row] = {}
    for row in rows:
        key = (row.tracker, row.slot, row.cell)
        other = kept.get(key)
        if other is None or row.age < other.age:
            kept[key] = row
        elif row.age == other.age:
            kept[key] = both(other, row)
    return sorted(kept.values(), key=lambda row: row[:3])


def newest(rows: Iterable[Row]) -> list[Row]:
    """Of each tracker the newest row, in the order in which every writer locks them."""
    kept: dict[UUID, Row] = {}
    for row in rows:
        other = kept.get(row.tracker)
        if other is None or row.age > other.age:
            kept[row.tracker] = row
        elif row.age == other.age:
            kept[row.tracker] = both(other, row)
    return sorted(kept.values(), key=lambda row: row.tracker)


def both(one: Row, copy: Row) -> Row:
    """Two copies of one message: received with the first, live if any of them was."""
    return one._replace(received_at=min(one.received_at, copy.received_at), live=one.live or copy.live)
