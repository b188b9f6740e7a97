"""The days that the law itself fixes, before any notice (国务院令第795号, 2024 revision: 13 days). Pure.

They are all that is known of a year whose notice is not out. Which weekends are swapped is the notice's to say,
so an estimate names no make-up day and no bridge day (WORKING-DAYS 3.3).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_YEAR = 2025
"""The 2024 revision applies from 1 January 2025."""

MOVING: Mapping[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    2025: ((1, 29), (4, 4), (5, 31), (10, 6)),
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
    2036: ((1, 28), (4, 4), (5, 30), (10, 4)),
}
"""Month and day of the first day of the lunar year, Qingming, Dragon Boat, Mid-Autumn; a test compares them
with an independent lunar calendar. The lunar calendar is GB/T 33661; beyond these years a notice is needed."""


def statutory_days(year: int) -> dict[date, str]:
    """The statutory holidays of ``year`` with the names that the notices use.

    Thirteen entries, fewer where Mid-Autumn meets National Day.

    Raises:
        Invalid: the lunar festivals of that year are not in our table.
    """
    if year not in MOVING:
        raise Invalid(
            N_("The calendar has no days for %(year)s."),
            do=N_("Load the notice of the State Council for that year."),
            code="calendar_year_missing",
            field="year",
            year=year,
        )
    new_year, qingming, dragon_boat, mid_autumn = (date(year, *day) for day in MOVING[year])
    eve = new_year - timedelta(days=1)
    return {
        date(year, 1, 1): "元旦",
        **{eve + timedelta(days=n): "春节" for n in range(4)},
        qingming: "清明节",
        date(year, 5, 1): "劳动节",
        date(year, 5, 2): "劳动节",
        dragon_boat: "端午节",
        mid_autumn: "中秋节",
        **{date(year, 10, n): "国庆节" for n in (1, 2, 3)},
    }
