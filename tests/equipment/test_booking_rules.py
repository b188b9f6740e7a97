"""The rules of booking without a database: each reason at its edge, and whose items are chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.equipment.rules.allocation import choose
from shared_resources.equipment.rules.booking import GRACE, ItemFacts, Wanted, check_period, check_request
from shared_resources.equipment.rules.certificates import CertificateSpan
from shared_resources.equipment.rules.hours import Closure
from shared_resources.equipment.schemas.booking import Mode

NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
OWNER, BORROWER = UUID(int=1), UUID(int=2)
OFFICE = {str(day): [["08:30", "18:00"]] for day in range(1, 6)}
ITEM = ItemFacts(
    id=UUID(int=10),
    code="7Q2MK4V3",
    owner=OWNER,
    model=UUID(int=20),
    model_name="GX-4",
    category=UUID(int=30),
    depot=UUID(int=40),
    depot_name="江北嘴装备库",
    state="available",
    buffer_before=timedelta(minutes=30),
    buffer_after=timedelta(minutes=60),
    longest=24 * HOUR,
    notice=4 * HOUR,
    needs_certificate=True,
    hours=OFFICE,
    zone=ZoneInfo("Asia/Shanghai"),
    certificates=(CertificateSpan("JJG-1", date(2026, 1, 1), date(2026, 12, 1)),),
)
WANTED = Wanted(BORROWER, NOW + 24 * HOUR, NOW + 30 * HOUR)


def codes(wanted: Wanted = WANTED, *items: ItemFacts, at: datetime = NOW) -> list[str]:
    """Why not, by code."""
    return [reason.code for reason in check_request(wanted, items or (ITEM,), at)]


def test_nothing_speaks_against_an_ordinary_request() -> None:
    """Tuesday from nine to three."""
    assert codes() == []


def test_each_limit_at_its_edge() -> None:
    """The last permitted moment passes, the next one does not."""
    second = timedelta(seconds=1)
    evidential = replace(WANTED, evidential=True)
    assert codes(replace(WANTED, ends_at=WANTED.starts_at + 24 * HOUR)) == []
    assert codes(replace(WANTED, ends_at=WANTED.starts_at + 24 * HOUR + second)) == ["too_long"]
    assert codes(at=WANTED.starts_at - ITEM.notice + GRACE) == []
    assert codes(at=WANTED.starts_at - ITEM.notice + GRACE + second) == ["short_notice"]
    assert codes(replace(WANTED, ends_at=NOW + 33 * HOUR)) == []
    assert codes(replace(WANTED, ends_at=NOW + 33 * HOUR + second)) == ["closed_at_end"]
    assert codes(replace(WANTED, starts_at=NOW + 23.5 * HOUR)) == []
    assert codes(replace(WANTED, starts_at=NOW + 23.5 * HOUR - second)) == ["closed_at_start"]
    assert codes(evidential) == []
    assert codes(replace(evidential, starts_at=NOW + 48 * HOUR, ends_at=NOW + 50 * HOUR)) == ["certificate"]


def test_what_emergency_waives() -> None:
    """Notice, hours and reserve; not length, not certificates."""
    night = Wanted(BORROWER, NOW, NOW + 12 * HOUR)
    reserve = replace(ITEM, state="standby")
    assert codes(night, reserve) == ["not_lendable", "short_notice", "closed_at_end"]
    assert codes(replace(night, emergency=True), reserve) == []
    long = replace(night, emergency=True, evidential=True, ends_at=NOW + 48 * HOUR)
    assert codes(long, reserve) == ["too_long", "certificate"]
    assert codes(replace(night, emergency=True, mode=Mode.SHARED_USE)) == ["mode"]
    assert codes(replace(night, emergency=True), replace(ITEM, state="repair")) == ["not_lendable"]


def test_one_reason_for_many_items_is_said_once() -> None:
    """Ten items of one closed depot: one sentence; two depots: two."""
    closed = replace(ITEM, closures=(Closure(date(2026, 12, 1), date(2026, 12, 1), "盘点"),))
    same = [replace(closed, id=UUID(int=n), code=f"7Q2MK4V{n}") for n in range(3)]
    assert codes(WANTED, *same) == ["closed_at_start", "closed_at_end"]
    other = replace(same[0], id=UUID(int=9), code="7Q2MK4V9", depot=UUID(int=41), depot_name="长寿装备库")
    assert len(codes(WANTED, *same, other)) == 4


def test_ones_own_and_twice() -> None:
    """One's own item needs no further reason."""
    own = replace(ITEM, owner=BORROWER, state="repair")
    assert codes(WANTED, own) == ["own_item"]
    assert codes(WANTED, ITEM, ITEM) == ["duplicate"]


@given(st.integers(-1000, 20000), st.integers(-1000, 20000))
def test_a_period_is_refused_or_makes_sense(start: int, end: int) -> None:
    """Whatever two instants are given."""
    starts_at, ends_at = NOW + start * HOUR, NOW + end * HOUR
    reasons = check_period(Wanted(BORROWER, starts_at, ends_at), NOW)
    assert (not reasons) == (NOW - GRACE <= starts_at < ends_at <= NOW + timedelta(days=732))


def test_blocked_is_the_period_with_its_buffers() -> None:
    """Half an hour before, an hour after."""
    assert ITEM.blocked(NOW, NOW + HOUR) == (NOW - 0.5 * HOUR, NOW + 2 * HOUR)


def shelf(spec: str) -> list[ItemFacts]:
    """Items written as owner, depot and uses: ``Aa3 Aa0 Bb1``."""
    return [
        replace(
            ITEM,
            id=UUID(int=100 + place),
            owner=UUID(int=ord(word[0])),
            depot=UUID(int=ord(word[1])),
            uses=int(word[2:]),
        )
        for place, word in enumerate(spec.split())
    ]


@pytest.mark.parametrize(
    ("spec", "count", "chosen"),
    [
        ("Aa3 Aa0 Aa1", 2, [1, 2]),
        ("Aa0 Bb0 Bb5", 2, [1, 2]),
        ("Aa0 Ac0 Bb9", 2, [0, 1]),
        ("Aa5 Aa5 Bb0 Bb1", 2, [2, 3]),
        ("Aa0 Aa0", 1, [0]),
        ("Aa0 Bb0 Bc0 Cd0", 3, [1, 2, 0]),
        ("Aa0", 3, [0]),
        ("", 1, []),
    ],
)
def test_few_hands_and_fair_wear(spec: str, count: int, chosen: list[int]) -> None:
    """One depot if it can, else one owner, else few; the least used first, ties by id."""
    items = shelf(spec) if spec else []
    assert choose(items, count) == [items[place] for place in chosen]


WORDS = st.tuples(st.sampled_from("AB"), st.sampled_from("ab"), st.integers(0, 3))


@given(st.lists(WORDS, max_size=8), st.integers(1, 6))
def test_a_choice_is_a_choice(words: list[tuple[str, str, int]], count: int) -> None:
    """As many as wanted if there are, none twice, one owner whenever one suffices; order of asking is nothing."""
    items = shelf(" ".join(f"{owner}{depot}{uses}" for owner, depot, uses in words)) if words else []
    found = choose(items, count)
    assert len(found) == len({item.id for item in found}) == min(count, len(items))
    most = max((sum(item.owner == one.owner for item in items) for one in items), default=0)
    if most >= count:
        assert len({item.owner for item in found}) == 1
    assert choose(items[::-1], count) == found
