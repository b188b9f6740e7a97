"""Calendars as values for the tests: the one we seed from the library, and random ones."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from shared_resources.kernel.statutory_days import statutory_days
from shared_resources.kernel.workdays import NATION, Calendar, DayKind, SpecialDay, Year, YearStatus
from shared_resources.kernel.working_calendar import library_years, notice_of

COUNTIES = ("500240", "500241")
CONFIRMED, ESTIMATED = Year(YearStatus.CONFIRMED, "N"), Year(YearStatus.ESTIMATED)


def library_calendar() -> Calendar:
    """What a fresh database holds: the years of the library, and 2027 as the law alone gives it."""
    days = {
        (NATION, day): SpecialDay(kind, name, notice_of(day))
        for special in library_years().values()
        for day, kind, name in special
    }
    days |= {(NATION, day): SpecialDay(DayKind.HOLIDAY, name) for day, name in statutory_days(2027).items()}
    return Calendar(days, {**dict.fromkeys(library_years(), CONFIRMED), 2027: ESTIMATED})


LIBRARY = library_calendar()

dates = st.dates(date(2024, 1, 1), date(2026, 12, 31))
kinds = st.sampled_from(DayKind)
tables = st.dictionaries(st.tuples(st.sampled_from((NATION, *COUNTIES)), dates), kinds, max_size=60)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any table of days for the nation and two counties, over years confirmed, estimated or missing."""
    table = {(scope, day): SpecialDay(kind, "x", "N", scope) for (scope, day), kind in draw(tables).items()}
    years = draw(st.dictionaries(st.integers(2023, 2028), st.sampled_from((CONFIRMED, ESTIMATED))))
    return Calendar(table, years)
