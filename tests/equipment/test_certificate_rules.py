"""Whether a certificate carries a reading: both end days count, in the depot's own zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.equipment.rules.certificates import (
    CertificateSpan,
    certificate_reason,
    covering,
)

ZONE = ZoneInfo("Asia/Shanghai")
ONE = CertificateSpan("JJG-1", date(2026, 3, 1), date(2026, 11, 30))
NEXT = CertificateSpan("JJG-2", date(2026, 12, 1), date(2027, 11, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [
        ("2026-03-01T00:00", "2026-03-02T00:00", True),
        ("2026-02-28T23:59", "2026-03-02T00:00", False),
        ("2026-11-24T09:00", "2026-11-30T18:00", True),
        ("2026-11-24T09:00", "2026-12-01T00:00", True),
        ("2026-11-24T09:00", "2026-12-01T00:01", False),
    ],
)
def test_first_and_last_day_count_whole(start: str, end: str, covered: bool) -> None:
    assert (covering([ONE], at(start), at(end), ZONE) is ONE) is covered


def test_two_that_only_together_reach_do_not_count() -> None:
    assert covering([ONE, NEXT], at("2026-11-29T09:00"), at("2026-12-02T09:00"), ZONE) is None


def test_the_refusal_names_the_certificate_and_its_last_day() -> None:
    reason = certificate_reason([ONE], at("2026-11-24T09:00"), at("2026-12-02T09:00"), ZONE)
    assert str(reason) == "The certificate JJG-1 lapses on 2026-11-30, before the return: no evidential use."
    missing = certificate_reason([], at("2026-11-24T09:00"), at("2026-12-02T09:00"), ZONE)
    assert "no valid certificate at the start" in str(missing)
    assert certificate_reason([ONE], at("2026-11-24T09:00"), at("2026-11-26T09:00"), ZONE) is None


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
spans = st.lists(
    st.tuples(days, st.integers(0, 500)).map(
        lambda pair: CertificateSpan("n", pair[0], pair[0] + timedelta(days=pair[1]))
    ),
    max_size=5,
)


@given(spans, days, st.integers(1, 200))
def test_covered_means_valid_on_every_day(certificates: list[CertificateSpan], first: date, length: int) -> None:
    last = first + timedelta(days=length - 1)
    start = datetime.combine(first, datetime.min.time(), ZONE).astimezone(UTC)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), ZONE).astimezone(UTC)
    found = covering(certificates, start, end, ZONE)
    oracle = [span for span in certificates if span.valid_from <= first and last <= span.valid_to]
    assert (found is None) == (not oracle)
    if found is not None:
        assert found.valid_to == max(span.valid_to for span in oracle)
