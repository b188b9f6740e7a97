"""Opening hours as people write them, and when a depot is open: closed days, midnight, changing clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared_resources.equipment.rules.hours import Closure, check_open, parse_day, written
from shared_resources.kernel.errors import Invalid

CHONGQING, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
SPLIT = [["08:30", "12:00"], ["14:00", "18:00"]]
WEEK = {str(day): SPLIT for day in range(1, 6)}
NEW_YEAR = Closure(date(2026, 11, 25), date(2026, 11, 26), "盘点")


def at(text: str, zone: ZoneInfo = CHONGQING) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("08:30-12:00, 14:00-18:00", SPLIT),
        ("14:00至18:00；8:30—12:00", SPLIT),
        ("08:30 ~ 12:00，14:00–18:00，", SPLIT),
        ("00:00-24:00", [["00:00", "24:00"]]),
        ("", []),
        (" , ", []),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, spans: list[list[str]]) -> None:
    assert parse_day(text, "hours_1") == spans
    assert parse_day(written(spans), "hours_1") == spans


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("morning", "cannot be read"),
        ("8-12", "cannot be read"),
        ("08:30-25:00", "cannot be read"),
        ("08:60-12:00", "cannot be read"),
        ("18:00-08:00", "end before they begin"),
        ("08:00-12:00, 11:00-13:00", "overlap or touch"),
        ("08:00-12:00, 12:00-13:00", "overlap or touch"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_field(text: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        parse_day(text, "hours_3")
    assert refused.value.field == "hours_3"


@pytest.mark.parametrize(
    ("moment", "is_open", "closing"),
    [
        ("2026-11-24T08:30", True, False),
        ("2026-11-24T08:29", False, False),
        ("2026-11-24T12:00", False, False),
        ("2026-11-24T12:00", True, True),
        ("2026-11-24T13:00", False, False),
        ("2026-11-24T18:00", True, True),
        ("2026-11-24T18:01", False, True),
        ("2026-11-25T09:00", False, False),
        ("2026-11-26T18:00", False, True),
        ("2026-11-27T09:00", True, False),
        ("2026-11-28T09:00", False, False),
    ],
)
def test_a_depot_is_open_by_its_week_and_closed_days(moment: str, is_open: bool, closing: bool) -> None:
    assert (check_open(WEEK, [NEW_YEAR], CHONGQING, at(moment), closing=closing) is None) is is_open


def test_why_it_is_closed_is_said() -> None:
    assert "盘点" in str(check_open(WEEK, [NEW_YEAR], CHONGQING, at("2026-11-25T09:00")))
    assert "08:30–12:00, 14:00–18:00" in str(check_open(WEEK, [], CHONGQING, at("2026-11-24T13:00")))
    assert "day of the week" in str(check_open(WEEK, [], CHONGQING, at("2026-11-28T09:00")))


def test_midnight_belongs_to_the_day_that_ends_there() -> None:
    always = {"2": [["00:00", "24:00"]]}
    midnight = at("2026-11-25T00:00")
    assert check_open(always, [], CHONGQING, midnight) is not None
    assert check_open(always, [], CHONGQING, midnight, closing=True) is None


def test_the_hour_that_comes_twice_is_open_twice() -> None:
    night = {"7": [["02:00", "03:00"]]}
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert check_open(night, [], BERLIN, first) is None
    assert check_open(night, [], BERLIN, second) is None
