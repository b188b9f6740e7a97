"""What a notice must be before anybody is asked to confirm it. Pure.

Two people read the notice, and both may still overlook a slip of the year or a forgotten line; these do not.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from shared_resources.kernel.errors import Invalid, Refusal
from shared_resources.kernel.statutory_days import FIRST_YEAR, MOVING, statutory_days
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import DAY, FESTIVALS, NATION, DayKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.schemas.calendar import NoticeDraft

NATIONAL_KINDS = (DayKind.HOLIDAY, DayKind.MAKEUP)


def reasons_against(draft: NoticeDraft) -> list[Refusal]:
    """Everything that is wrong with ``draft``; nothing when it may be proposed."""
    return [*against_days(draft), *(against_year(draft) if draft.whole_year else ())]


def against_days(draft: NoticeDraft) -> Iterator[Refusal]:
    """Spans the wrong way round, days named twice, in another year, or of a kind that changes nothing."""
    for span in draft.spans:
        if span.last is not None and span.last < span.first:
            yield wrong(N_("“%(name)s” ends before it begins."), "inverted", name=span.name)
    named = Counter(day for span in draft.spans for day in span.days())
    for day in sorted(day for day, times in named.items() if times > 1):
        yield wrong(N_("%(day)s is named twice."), "named_twice", day=day)
    for day in sorted(named):
        if day.year != draft.year and (day.year, day.month) != (draft.year - 1, 12):
            yield wrong(
                N_("%(day)s does not belong to a notice for %(year)s."), "other_year", day=day, year=draft.year
            )
    for span in draft.spans:
        for day in span.days():
            if span.kind is DayKind.MAKEUP and day.isoweekday() < 6:
                yield wrong(
                    N_("%(day)s is no Saturday or Sunday, so it cannot be a make-up day."), "no_weekend", day=day
                )


def against_year(draft: NoticeDraft) -> Iterator[Refusal]:
    """A yearly notice is the nation's, names holidays and make-up days, and leaves out none that the law fixes."""
    if draft.scope != NATION:
        yield wrong(N_("Only the State Council's notice settles a whole year."), "not_national", field="scope")
    if any(span.kind not in NATIONAL_KINDS for span in draft.spans):
        yield wrong(N_("A yearly notice names holidays and make-up days only."), "not_yearly")
    resting = {day for span in draft.spans if span.kind is DayKind.HOLIDAY for day in span.days()}
    for day, name in fixed_days(draft.year).items():
        if day not in resting:
            yield wrong(N_("The notice leaves out %(name)s, %(day)s."), "left_out", name=FESTIVALS[name], day=day)


def fixed_days(year: int) -> dict[date, str]:
    """The days of ``year`` that no notice can leave out, as far as we know them."""
    if year in MOVING:
        return statutory_days(year)
    if year < FIRST_YEAR:
        return {date(year, 1, 1): "元旦", **{date(year, 10, 1) + n * DAY: "国庆节" for n in range(3)}}
    spring = {date(year, 5, 1): "劳动节", date(year, 5, 2): "劳动节"}
    return {date(year, 1, 1): "元旦", **spring, **{date(year, 10, n): "国庆节" for n in (1, 2, 3)}}


def wrong(sentence: str, code: str, *, field: str = "spans", **params: object) -> Invalid:
    """One reason against a notice."""
    do = N_("Compare what you typed with the text of the notice.")
    return Invalid(sentence, do=do, code=f"notice_{code}", field=field, **params)
