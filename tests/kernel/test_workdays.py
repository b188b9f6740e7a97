"""Working days: the worked examples, a second opinion for every day of twenty years, and properties."""

from __future__ import annotations

import csv
import re
import warnings
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.kernel.calendars import CONFIRMED, COUNTIES, LIBRARY, calendars, dates

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.statutory_days import MOVING, statutory_days
from shared_resources.kernel.workdays import (
    BACK,
    CAL,
    EXP,
    EXP0,
    FWD,
    NATION,
    SAME_DAY,
    Calendar,
    CountingPolicy,
    DayKind,
    Rule,
    SpecialDay,
    add_working_days,
    due,
    is_working_day,
    working_days_between,
)

TABLE = Path(__file__).parent / "data" / "working-day-cases.csv"
CASES = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
KNOWN_MISTAKES: dict[date, str] = {}
"""Days on which `holidays` 0.109 is wrong, with the reason: none are left for 2007 to 2026."""
terms = st.integers(1, 30)
county = st.sampled_from((None, *COUNTIES))


def written(case: dict[str, str], calendar: Calendar) -> list[str]:
    """The counted days in the words of the table: ``MM-DD``, with a star on make-up days."""
    result = due(Rule(case["rule"], int(case["n"])), date.fromisoformat(case["start_date"]), calendar)
    return [
        f"{day:%m-%d}{'*' if (found := calendar.special(day)) and found.kind is DayKind.MAKEUP else ''}"
        for day in result.counted
    ]


class TestWorkedExamples:
    """working-day-cases.csv, each row."""

    @pytest.mark.parametrize("case", CASES, ids=[case["case_id"] for case in CASES])
    def test_due_date_and_counted_days(self, case: dict[str, str]) -> None:
        start, expected = date.fromisoformat(case["start_date"]), date.fromisoformat(case["expected_due"])
        result = due(Rule(case["rule"], int(case["n"])), start, LIBRARY)
        assert result.date == expected
        assert (f"{start:%a}", f"{result.date:%a}") == (case["start_weekday"], case["due_weekday"])
        assert result.provisional == (case["provisional"] == "yes")
        told = re.sub(r"\(expiry rolls to [\d-]+\)", "", case["counted_days"])
        assert written(case, LIBRARY) == re.findall(r"\d\d-\d\d\*?", told)[: int(case["n"])]

    def test_table_is_complete(self) -> None:
        assert len(CASES) == 35

    def test_both_dates_of_an_expiry_on_a_rest_day(self) -> None:
        result = due(EXP(5), date(2025, 10, 1), LIBRARY)
        assert (result.start, result.counted_from) == (date(2025, 10, 1), date(2025, 10, 9))
        assert (result.date, result.alternative) == (date(2025, 10, 15), date(2025, 10, 14))
        kept = replace(LIBRARY, policy=CountingPolicy(expiry_rolls=False))
        result = due(EXP(5), date(2025, 10, 1), kept)
        assert (result.date, result.alternative) == (date(2025, 10, 14), date(2025, 10, 15))

    def test_one_date_of_an_expiry_on_a_working_day(self) -> None:
        assert due(EXP(5), date(2026, 2, 28), LIBRARY).alternative is None

    def test_every_day_is_explained_with_its_notice(self) -> None:
        result = due(FWD(5), date(2025, 1, 27), LIBRARY)
        assert [note.day for note in result.explanation] == [
            date(2025, 1, 27) + timedelta(days=n) for n in range(15)
        ]
        festival, weekend, makeup = result.explanation[1], result.explanation[13], result.explanation[12]
        assert (str(festival.reason), festival.counted) == ("Spring Festival, rest day", False)
        assert (str(weekend.reason), weekend.notice_no) == ("weekend", None)
        assert (str(makeup.reason), makeup.counted) == ("Spring Festival, make-up working day", True)
        assert festival.notice_no == makeup.notice_no == "国办发明电〔2024〕12号"
        assert str(result.explanation[0].reason) == "the term begins on this day, which is not counted"

    def test_natural_days_that_end_on_a_rest_day_say_where_they_roll(self) -> None:
        result = due(CAL(3), date(2025, 9, 29), LIBRARY)
        assert str(result.explanation[-1].reason) == "the last day was a rest day, so the term ends here"
        assert [note.day for note in result.explanation] == [date(2025, 9, 29) + timedelta(n) for n in range(11)]


class TestChoices:
    """The choices of WORKING-DAYS 3.1 that are not the default."""

    def test_event_on_a_rest_day_deemed_received_the_next_working_day(self) -> None:
        deemed = replace(LIBRARY, policy=CountingPolicy(deemed_received=True))
        assert due(FWD(2), date(2026, 2, 20), LIBRARY).date == date(2026, 2, 25)
        assert due(FWD(2), date(2026, 2, 20), deemed).date == date(2026, 2, 26)
        assert due(FWD(2), date(2026, 2, 25), deemed).date == due(FWD(2), date(2026, 2, 25), LIBRARY).date

    def test_clear_days_are_one_working_day_earlier(self) -> None:
        clear = replace(LIBRARY, policy=CountingPolicy(clear_days=True))
        result = due(BACK(5), date(2026, 10, 13), clear)
        assert result.date == date(2026, 9, 29)
        assert len(result.counted) == 5
        assert not result.explanation[-1].counted


class TestUncertainYears:
    """Before the notice, and beyond what anybody knows."""

    def test_term_that_reaches_into_2027_is_provisional(self) -> None:
        assert not due(FWD(5), date(2026, 12, 24), LIBRARY).provisional
        result = due(FWD(5), date(2026, 12, 28), LIBRARY)
        assert (result.date, result.provisional) == (date(2027, 1, 5), True)
        assert next(note.day for note in result.explanation if note.provisional) == date(2027, 1, 1)

    def test_meeting_in_january_looks_back_over_both_years(self) -> None:
        assert due(BACK(5), date(2027, 1, 6), LIBRARY).provisional

    def test_estimate_is_the_thirteen_days_of_the_law_without_make_up_days(self) -> None:
        special = [found for (_, day), found in LIBRARY.days.items() if day.year == 2027]
        assert len(special) == 13
        assert {found.kind for found in special} == {DayKind.HOLIDAY}
        assert due(FWD(5), date(2027, 2, 4), LIBRARY).date == date(2027, 2, 15)

    def test_missing_year_counts_monday_to_friday_and_says_so(self) -> None:
        result = due(FWD(5), date(2030, 4, 30), LIBRARY)
        assert (result.date, result.provisional) == (date(2030, 5, 7), True)

    def test_year_beyond_the_table_of_lunar_festivals_is_refused_clearly(self) -> None:
        with pytest.raises(Invalid) as refused:
            statutory_days(2099)
        assert refused.value.code == "calendar_year_missing"
        assert str(refused.value.sentence) == "The calendar has no days for 2099."

    def test_library_still_fails_loudly_for_2027(self) -> None:
        with pytest.raises(NotImplementedError):
            chinese_calendar.is_workday(date(2027, 1, 4))


class TestSecondOpinion:
    """`holidays` read the same notices, independently."""

    def test_every_day_from_2007_to_2026(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            china: Any = holidays.country_holidays("CN", years=range(2007, 2027))
        differ, day = set(), date(2007, 1, 1)
        while day.year < 2027:
            if china.is_working_day(day) != is_working_day(day, LIBRARY):
                differ.add(day)
            day += timedelta(days=1)
        assert differ == KNOWN_MISTAKES.keys()

    @pytest.mark.parametrize("year", sorted(MOVING))
    def test_statutory_days_against_another_lunar_calendar(self, year: int) -> None:
        china: Any = holidays.country_holidays("CN", years=year, language="en_US")
        theirs = {day for day, name in china.items() if "observed" not in name.lower() and "from" not in name}
        assert set(statutory_days(year)) == {day for day in theirs if day.year == year}

    @pytest.mark.parametrize("year", [2025, 2026])
    def test_statutory_days_are_holidays_of_the_notices(self, year: int) -> None:
        assert all(not is_working_day(day, LIBRARY) for day in statutory_days(year))


class TestProperties:
    """What must hold for any calendar at all."""

    @given(calendars(), dates, terms, county)
    def test_forward_ends_on_a_working_day_after_exactly_n(
        self, calendar: Calendar, start: date, n: int, where: str | None
    ) -> None:
        result = due(FWD(n), start, calendar, where)
        assert calendar.works(result.date, where)
        assert working_days_between(start, result.date, calendar, where) == n == len(result.counted)
        assert result.date == add_working_days(start, n, calendar, where)

    @given(calendars(), dates, st.integers(0, 20), terms, st.integers(0, 5))
    def test_forward_never_falls_when_start_or_term_grows(
        self, calendar: Calendar, start: date, later: int, n: int, more: int
    ) -> None:
        first = due(FWD(n), start, calendar).date
        assert first <= due(FWD(n), start + timedelta(days=later), calendar).date
        assert (first < due(FWD(n + more), start, calendar).date) == (more > 0)

    @given(calendars(), dates, terms)
    def test_backward_undoes_forward_on_working_days(self, calendar: Calendar, start: date, n: int) -> None:
        assume(calendar.works(start))
        assert due(BACK(n), due(FWD(n), start, calendar).date, calendar).date == start
        assert due(FWD(n), due(BACK(n), start, calendar).date, calendar).date == start

    @given(calendars(), dates, terms)
    def test_backward_ends_on_a_working_day_before_exactly_n(
        self, calendar: Calendar, start: date, n: int
    ) -> None:
        result = due(BACK(n), start, calendar)
        assert calendar.works(result.date)
        assert (
            len(result.counted)
            == n
            == sum(calendar.works(result.date + timedelta(days=d)) for d in range((start - result.date).days))
        )

    @given(calendars(), dates, terms)
    def test_expiry_that_rolls_is_never_earlier(self, calendar: Calendar, start: date, n: int) -> None:
        rolled, kept = due(EXP(n), start, calendar), due(EXP0(n), start, calendar)
        assert rolled.date >= kept.date
        assert (rolled.date == kept.date) == calendar.works(start) == (rolled.alternative is None)
        assert working_days_between(kept.date, rolled.date, calendar) == (0 if calendar.works(start) else 1)

    @given(calendars(), dates, terms)
    def test_natural_days_end_on_the_first_working_day_from_the_last(
        self, calendar: Calendar, start: date, n: int
    ) -> None:
        result = due(CAL(n), start, calendar)
        last = start + timedelta(days=n)
        assert result.date >= last
        assert calendar.works(result.date)
        assert working_days_between(last - timedelta(days=1), result.date, calendar) == 1
        assert len(result.counted) == n

    @given(calendars(), dates, st.sampled_from((FWD, BACK, EXP, EXP0, CAL)), terms, county)
    def test_explanation_alone_gives_the_date_again(
        self, calendar: Calendar, start: date, rule: Any, n: int, where: str | None
    ) -> None:
        result = due(rule(n), start, calendar, where)
        days = [note.day for note in result.explanation]
        step = timedelta(days=-1 if rule is BACK else 1)
        assert days == [start + n * step for n in range(len(days))]
        assert days[-1] == result.date
        if rule is not CAL:
            opening = days.index(result.counted_from)
            assert [note.counted for note in result.explanation[opening + 1 :]] == [
                calendar.works(day, where) for day in days[opening + 1 :]
            ]
        assert result.provisional == any(calendar.is_provisional(day.year) for day in days)

    @given(calendars(), dates, terms)
    def test_county_days_touch_no_other_county(self, calendar: Calendar, start: date, n: int) -> None:
        here, other = COUNTIES
        without = replace(calendar, days={key: found for key, found in calendar.days.items() if key[0] != here})
        assert due(FWD(n), start, calendar, other) == due(FWD(n), start, without, other)
        assert due(FWD(n), start, calendar) == due(FWD(n), start, without)
        assert due(FWD(n), start, without, here) == due(FWD(n), start, without)

    @given(st.dates(date(2005, 1, 1), date(2026, 6, 30)), terms)
    def test_real_years_are_never_provisional(self, start: date, n: int) -> None:
        assert not due(FWD(n), start, LIBRARY).provisional

    @given(st.sampled_from((FWD, BACK, EXP, EXP0, CAL)), st.integers(1, 500))
    def test_rules_read_back_as_they_are_written(self, rule: Any, n: int) -> None:
        assert Rule.parse(str(rule(n))) == rule(n)


class TestOverlay:
    """A county's own days (2024 revision, art. 4)."""

    def test_own_rest_day_and_own_working_day(self) -> None:
        days = {
            ("500240", date(2026, 11, 25)): SpecialDay(DayKind.REST_OVERRIDE, "土家年", "石柱府发〔2026〕8号"),
            (NATION, date(2026, 11, 26)): SpecialDay(DayKind.HOLIDAY, "某日", "N"),
            ("500240", date(2026, 11, 26)): SpecialDay(DayKind.WORKDAY_OVERRIDE, "值守", "石柱府发〔2026〕9号"),
        }
        calendar = Calendar(days, {2026: CONFIRMED})
        assert due(FWD(1), date(2026, 11, 24), calendar).date == date(2026, 11, 25)
        result = due(FWD(1), date(2026, 11, 24), calendar, "500240")
        assert result.date == date(2026, 11, 26)
        assert [str(note.reason) for note in result.explanation[1:]] == [
            "rest day by order: 土家年",
            "working day by order: 值守",
        ]
        assert result.explanation[1].notice_no == "石柱府发〔2026〕8号"


class TestMistakes:
    """What cannot be counted is refused."""

    @pytest.mark.parametrize(
        ("name", "days"), [("FWD", 0), ("FWD", -1), ("SAME_DAY", 1), ("SOON", 3), ("CAL", 501)]
    )
    def test_rules_that_are_none(self, name: str, days: int) -> None:
        with pytest.raises(ValueError, match="no such term"):
            Rule(name, days)

    def test_calendar_without_working_days_does_not_run_for_ever(self) -> None:
        first = date(2026, 1, 1)
        rest = {(NATION, first + timedelta(n)): SpecialDay(DayKind.HOLIDAY, "x") for n in range(1100)}
        with pytest.raises(ValueError, match="cannot be right"):
            due(FWD(1), first, Calendar(rest))

    def test_same_day_needs_no_working_day(self) -> None:
        result = due(SAME_DAY, date(2026, 10, 1), LIBRARY)
        assert (result.date, result.counted) == (date(2026, 10, 1), (date(2026, 10, 1),))

    def test_no_days_added_leaves_the_date(self) -> None:
        assert add_working_days(date(2026, 10, 1), 0, LIBRARY) == date(2026, 10, 1)
        assert add_working_days(date(2026, 10, 13), -5, LIBRARY) == date(2026, 9, 30)
