"""What the newest word means: cases by hand, and that no order of arrival changes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.equipment.trackers.rules.meaning import (
    Findings,
    Home,
    Lent,
    Reader,
    Seen,
    Thing,
    Thresholds,
    View,
    has_been_away,
    in_order,
    judge,
)

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
OWNER, BORROWER, STRANGER, DEPOT, DOOR, FOREIGN = (UUID(int=n) for n in range(6))
OUT = Lent(BORROWER, ends_at=NOON + timedelta(hours=5), out_at=NOON - timedelta(hours=2))
READERS = {
    DOOR: Reader(OWNER, DEPOT, return_door=True),
    FOREIGN: Reader(STRANGER, UUID(int=9)),
}


def seen(seconds: int, place: str | None = None, **more: object) -> Seen:
    """A word so many seconds before or after noon."""
    return replace(Seen(NOON + timedelta(seconds=seconds), seconds + 10_000, place=place), **more)  # type: ignore[arg-type]


def found(*rows: Seen, lent: Lent | None = OUT, readers: dict[UUID, Reader] | None = None) -> Findings:
    """What these words mean."""
    return judge(View(rows, Thing(OWNER, DEPOT, lent), Thresholds(), READERS if readers is None else readers))


def at_door(seconds: int, source: UUID = DOOR, rssi: int | None = -60) -> Seen:
    """A tag read by a source."""
    return seen(seconds, "depot" if source == DOOR else None, source=source, rssi=rssi, door=True)


ALARMS = {
    "two fixes outside the area": (found(seen(0, "outside"), seen(60, "outside")), {"outside_area"}),
    "one bad fix says nothing": (found(seen(0, "allowed"), seen(60, "outside")), set()),
    "outside and back": (found(seen(0, "outside"), seen(9, "outside"), seen(60, "allowed")), set()),
    "out past the end": (
        found(seen(0, "allowed"), seen(60, "allowed"), lent=replace(OUT, ends_at=NOON)),
        {"outside_period"},
    ),
    "past the end but at the depot": (
        found(seen(0, "allowed"), seen(60, "depot"), lent=replace(OUT, ends_at=NOON)),
        set(),
    ),
    "left before it was handed over": (
        found(seen(0, "outside"), seen(60, "outside"), lent=replace(OUT, out_at=None)),
        {"left_early"},
    ),
    "left again before it was taken in": (
        found(seen(0, "outside"), seen(60, "outside"), lent=replace(OUT, checked_in=True)),
        {"left_early"},
    ),
    "not lent at all": (found(seen(0, "outside"), seen(60, "outside"), lent=None), set()),
    "low battery": (found(seen(0, battery_pct=19)), {"low_battery"}),
    "battery not recovered": (found(seen(0, battery_pct=19), seen(60, battery_pct=24)), {"low_battery"}),
    "battery at its threshold": (found(seen(0, battery_pct=20)), set()),
    "tampered with some minutes ago": (found(seen(0, tamper=True), seen(300)), {"tamper"}),
    "late word of tampering": (found(seen(0, tamper=True, live=False), seen(300)), set()),
    "read by a stranger": (found(at_door(0, FOREIGN)), {"wrong_holder"}),
    "read by a stranger some minutes ago": (found(at_door(0, FOREIGN), seen(60, "allowed")), {"wrong_holder"}),
    "read by a stranger before it was handed out": (
        found(at_door(0, FOREIGN), seen(60, "allowed"), lent=replace(OUT, out_at=NOON + timedelta(seconds=30))),
        set(),
    ),
    "read by its owner": (found(at_door(0)), set()),
    "not live": (found(seen(0, "outside"), seen(60, "outside", live=False, battery_pct=1)), set()),
}


@pytest.mark.parametrize("case", ALARMS)
def test_alarms(case: str) -> None:
    findings, kinds = ALARMS[case]
    assert findings.stands == kinds


def test_an_alarm_is_over_only_when_that_is_known() -> None:
    assert "low_battery" in found(seen(0, battery_pct=25)).over
    assert "low_battery" not in found(seen(0, battery_pct=22)).over
    assert "low_battery" not in found(seen(0)).over
    assert "silent" in found(seen(0)).over
    assert not found(seen(0, live=False)).over


HOMES: dict[str, tuple[Findings, Home | None]] = {
    "three readings at the return door": (
        found(at_door(0), at_door(8), at_door(16)),
        Home("door", NOON, 10_000, DOOR, at_once=True),
    ),
    "two readings are a drive past": (found(at_door(0), at_door(8)), None),
    "three readings too far apart": (found(at_door(0), at_door(15), at_door(30)), None),
    "too weak to be at the door": (found(*(at_door(n, rssi=-90) for n in (0, 8, 16))), None),
    "a wired reader tells no strength": (
        found(*(at_door(n, rssi=None) for n in (0, 8, 16))),
        Home("door", NOON, 10_000, DOOR, at_once=True),
    ),
    "read and gone again": (
        found(*(at_door(n) for n in (0, 8, 16)), seen(60, "outside"), seen(90, "outside")),
        None,
    ),
    "stood at the depot for five minutes": (
        found(seen(0, "depot"), seen(300, "depot")),
        Home("dwell", NOON, 10_000),
    ),
    "stood not long enough": (found(seen(0, "depot"), seen(299, "depot")), None),
    "left in between": (
        found(seen(0, "depot"), seen(100, "outside"), seen(130, "outside"), seen(310, "depot")),
        None,
    ),
    "one bad fix in between": (
        found(seen(0, "depot"), seen(100, "outside"), seen(310, "depot")),
        Home("dwell", NOON, 10_000),
    ),
    "not out": (found(seen(0, "depot"), seen(300, "depot"), lent=None), None),
    "checked in already": (
        found(seen(0, "depot"), seen(300, "depot"), lent=replace(OUT, checked_in=True)),
        None,
    ),
}


@pytest.mark.parametrize("case", HOMES)
def test_coming_home(case: str) -> None:
    findings, home = HOMES[case]
    assert findings.home == home


def test_only_what_was_away_comes_home() -> None:
    """The counter at which an item is handed over lies at its depot too."""
    door, dwell = Home("door", NOON, 10_000, DOOR), Home("dwell", NOON, 10_000)
    handed_out = NOON - timedelta(hours=2)
    assert not has_been_away(dwell, handed_out, seen_elsewhere=False, last_read=None)
    assert has_been_away(dwell, handed_out, seen_elsewhere=True, last_read=None)
    assert has_been_away(door, handed_out, seen_elsewhere=False, last_read=None)
    assert not has_been_away(door, NOON - timedelta(minutes=14), seen_elsewhere=False, last_read=None)
    assert not has_been_away(door, handed_out, seen_elsewhere=False, last_read=NOON - timedelta(minutes=1))


WORDS = st.builds(
    Seen,
    fix_at=st.integers(0, 599).map(lambda n: NOON + timedelta(seconds=n)),
    msg_key=st.integers(0, 3),
    place=st.sampled_from([None, "depot", "allowed", "outside"]),
    battery_pct=st.sampled_from([None, 10, 22, 80]),
    tamper=st.booleans(),
    source=st.sampled_from([None, DOOR, FOREIGN]),
    rssi=st.sampled_from([None, -60, -90]),
    door=st.booleans(),
)


@given(
    st.lists(WORDS, min_size=1, max_size=12, unique_by=lambda word: word.age), st.randoms(use_true_random=False)
)
def test_no_order_of_arrival_changes_what_it_means(words: list[Seen], chance: object) -> None:
    newest = max(words, key=lambda word: word.age)
    mixed = [*words, *words[::2]]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    window = timedelta(minutes=10)
    once, again = in_order(words, newest, window), in_order(mixed, newest, window)
    assert once == again
    assert judge(View(once, Thing(OWNER, DEPOT, OUT), readers=READERS)) == judge(
        View(again, Thing(OWNER, DEPOT, OUT), readers=READERS)
    )
