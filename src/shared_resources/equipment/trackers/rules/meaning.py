"""What the newest word of a tracker means, with the minutes before it. Pure.

Everything is a function of the set of observations, never of the order in which they came: an alarm stands or does
not, the item has come home or has not. A state that is not live (late, retained) means nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.rules.observing import LATE, SLOT_SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

AWAY = ("allowed", "outside")
"""Words for places that are not the item's depot."""
UNSEEN = timedelta(minutes=15)
"""A tag that only doors can read was away if none has read it for so long."""
BATTERY_RECOVERS = 5
"""Percentage points above the threshold at which a battery is no longer low: charging does not flicker."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a model of tracker says is too low, too far, long enough."""

    interval: timedelta = timedelta(minutes=5)
    low_battery_pct: int = 20
    outside_fixes: int = 2
    dwell: timedelta = timedelta(minutes=5)

    @property
    def window(self) -> timedelta:
        """How far before its newest word a tracker's history counts."""
        slot = timedelta(seconds=SLOT_SECONDS)
        return max(LATE, self.dwell + slot, 2 * self.interval + timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation, as history and state keep it. ``door``: a source read it as a tag, no place was told."""

    fix_at: datetime
    msg_key: int
    live: bool = True
    place: str | None = None
    battery_pct: int | None = None
    tamper: bool = False
    source: UUID | None = None
    rssi: int | None = None
    door: bool = False

    @property
    def age(self) -> tuple[datetime, int]:
        """What decides which of two is the earlier."""
        return self.fix_at, self.msg_key


@dataclass(frozen=True, slots=True)
class Reader:
    """A source that reads tags: whose it is, where it stands, what it takes for a tag to be at it."""

    agency: UUID
    depot: UUID | None = None
    return_door: bool = False
    rssi_floor: int = -75
    sightings_needed: int = 3
    within: timedelta = timedelta(seconds=20)
    name: str = ""
    agency_name: str = ""


@dataclass(frozen=True, slots=True)
class Lent:
    """The loan line that counts for the item: the one that is out, else one that is about to be handed out."""

    borrower: UUID
    ends_at: datetime
    out_at: datetime | None = None
    checked_in: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """The item a tracker is on: whose it is, where it is at home, how it is lent."""

    owner: UUID
    depot: UUID
    lent: Lent | None = None

    @property
    def is_out(self) -> bool:
        """Whether somebody has taken it over and it has not reported itself home."""
        return self.lent is not None and self.lent.out_at is not None and not self.lent.checked_in


@dataclass(frozen=True, slots=True)
class Home:
    """The item is at its depot since ``since``: read at a ``door``, or by its own ``dwell``.

    ``since`` and ``key`` are those of the first word of it, and name this homecoming.
    """

    how: str
    since: datetime
    key: int
    source: UUID | None = None
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands by the newest word, what is over by it, whether the item is home, when it was last seen away."""

    stands: frozenset[str] = frozenset()
    over: frozenset[str] = frozenset()
    home: Home | None = None
    last_away: datetime | None = None


@dataclass(frozen=True, slots=True)
class View:
    """Everything that is known at the newest word: the window in order, the newest last."""

    seen: Sequence[Seen]
    thing: Thing
    thresholds: Thresholds = field(default_factory=Thresholds)
    readers: Mapping[UUID, Reader] = field(default_factory=dict)

    @property
    def newest(self) -> Seen:
        """The newest word."""
        return self.seen[-1]


def in_order(rows: Iterable[Seen], newest: Seen, window: timedelta) -> tuple[Seen, ...]:
    """The window that ends with the newest word, in order, each word once."""
    kept = {row.age: row for row in rows if newest.fix_at - window <= row.fix_at and row.age <= newest.age}
    return tuple(row for _, row in sorted((kept | {newest.age: newest}).items()))


def judge(view: View) -> Findings:
    """What the newest word means, given what was seen shortly before."""
    if not view.newest.live:
        return Findings()
    away = _is_away(view, AWAY)
    stands = {
        kind: found
        for kind, found in {
            "left_early": not view.thing.is_out and view.thing.lent is not None and away,
            "outside_area": view.thing.is_out and _is_away(view, ("outside",)),
            "outside_period": _is_past_its_time(view),
            "low_battery": _battery_is_low(view),
            "tamper": any(row.tamper and row.live for row in view.seen),
            "wrong_holder": read_by_another(view) is not None,
            "silent": False,
        }.items()
        if found is not None
    }
    return Findings(
        frozenset(kind for kind, found in stands.items() if found),
        frozenset(kind for kind, found in stands.items() if not found),
        _home(view) if view.thing.is_out else None,
        _last_away(view),
    )


def _is_away(view: View, places: Sequence[str]) -> bool:
    """Whether as many words in a row as the model asks for say so; one bad fix says nothing."""
    told = [row.place for row in view.seen if row.place is not None][-view.thresholds.outside_fixes :]
    return len(told) == view.thresholds.outside_fixes and all(place in places for place in told)


def _is_past_its_time(view: View) -> bool:
    lent = view.thing.lent
    if lent is None or not view.thing.is_out or view.newest.fix_at < lent.ends_at:
        return False
    return _is_away(view, AWAY)


def _battery_is_low(view: View) -> bool | None:
    """By the last level beyond the two thresholds; None when there is none: what stood before still does."""
    low = view.thresholds.low_battery_pct
    for row in reversed(view.seen):
        if row.battery_pct is not None and not low <= row.battery_pct < low + BATTERY_RECOVERS:
            return row.battery_pct < low
    return None


def read_by_another(view: View) -> Reader | None:
    """The first reader of an agency that has no part in it which read the tag since the item was handed out."""
    lent = view.thing.lent
    parts, since = {view.thing.owner}, None
    if lent is not None and lent.out_at is not None:
        parts, since = {view.thing.owner, lent.borrower}, lent.out_at
    readers = (
        view.readers.get(row.source)
        for row in view.seen
        if row.door and row.live and row.source is not None and (since is None or row.fix_at >= since)
    )
    return next((reader for reader in readers if reader is not None and reader.agency not in parts), None)


def _home(view: View) -> Home | None:
    """Read often and strongly enough at a door of its depot, or for long enough not elsewhere since it came."""
    last_away = _last_away(view)
    seen = [row for row in view.seen if last_away is None or row.fix_at > last_away]
    doors = []
    for source, reader in view.readers.items():
        if reader.depot == view.thing.depot:
            read = [row for row in seen if row.door and row.source == source and _is_near(row, reader)]
            if _is_enough(read, reader):
                doors.append(Home("door", read[0].fix_at, read[0].msg_key, source, reader.return_door))
    if doors:
        return min(doors, key=lambda home: (not home.at_once, home.since, home.key, str(home.source)))
    came = next((row for row in seen if row.place == "depot" and not row.door), None)
    if came is not None and view.newest.fix_at - came.fix_at >= view.thresholds.dwell:
        return Home("dwell", came.fix_at, came.msg_key)
    return None


def _last_away(view: View) -> datetime | None:
    """When it was last away; as everywhere, one bad fix says nothing."""
    found, run = None, 0
    for row in view.seen:
        if row.place is not None:
            run = run + 1 if row.place in AWAY else 0
            if run >= view.thresholds.outside_fixes:
                found = row.fix_at
    return found


def _is_near(row: Seen, reader: Reader) -> bool:
    """Whether the tag was at the reader and not just within its hearing; a wired reader tells no strength."""
    return row.rssi is None or row.rssi >= reader.rssi_floor


def _is_enough(read: Sequence[Seen], reader: Reader) -> bool:
    """Whether so many sightings fall within the time that an item driven past does not stay for."""
    needed = reader.sightings_needed
    return any(
        last.fix_at - first.fix_at <= reader.within for first, last in zip(read, read[needed - 1 :], strict=False)
    )


def has_been_away(home: Home, since: datetime, seen_elsewhere: bool, last_read: datetime | None) -> bool:
    """Whether the item had left at all, so that it can have come home: the hand-over itself is no return.

    Args:
        since: when it was handed out, or when a person last said that it had not come home.
        seen_elsewhere: a word since then, from another place than the depot.
        last_read: the last word since then and before this standing at the depot.
    """
    if seen_elsewhere:
        return True
    return home.how == "door" and home.since - max(since, last_read or since) >= UNSEEN
