"""Periods of a plan: without gaps, without overlap, none that has not ended; the first month may be short."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared_resources.cases.notices.rules import PERIODS_BACK, Period, ended_periods, periods
from tests.cases.notices.story import day

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
EVERY = st.none() | st.integers(1, 366)


def test_months_begin_with_a_short_one() -> None:
    assert list(islice(periods(None, day("2026-11-10")), 3)) == [
        Period(day("2026-11-10"), day("2026-11-30")),
        Period(day("2026-12-01"), day("2026-12-31")),
        Period(day("2027-01-01"), day("2027-01-31")),
    ]


def test_a_leap_february_has_its_last_day() -> None:
    assert next(iter(periods(None, day("2028-02-03")))).last == day("2028-02-29")


def test_so_many_days_are_counted_from_the_first() -> None:
    assert ended_periods(30, day("2026-10-01"), day("2026-11-29")) == (
        Period(day("2026-10-01"), day("2026-10-30")),
    )
    assert len(ended_periods(30, day("2026-10-01"), day("2026-11-30"))) == 2


@given(EVERY, DAYS, st.integers(0, 1000))
def test_ended_periods_follow_each_other_up_to_yesterday(every: int | None, since: date, later: int) -> None:
    today = since + timedelta(days=later)
    found = ended_periods(every, since, today)
    assert len(found) <= PERIODS_BACK
    for before, after in pairwise(found):
        assert after.first == before.last + timedelta(days=1)
    for period in found:
        assert since <= period.first <= period.last < today
    if found:
        following = next(period for period in periods(every, since) if period.first > found[-1].last)
        assert following.last >= today
