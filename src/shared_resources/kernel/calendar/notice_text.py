"""Reading the text of the State Council's yearly notice, so that nobody types thirty dates. Pure.

The notice has one fixed form: ``四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。``
What it says twice, weekdays and numbers of days, is held against the dates: a text that was read for the wrong
year, or spoilt in copying, is refused and never guessed at.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from shared_resources.kernel.errors import Invalid, Refusal, raise_all
from shared_resources.kernel.schemas.calendar import LONGEST, Span
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import DayKind

if TYPE_CHECKING:
    from collections.abc import Iterator

CLAUSE = re.compile(r"^\s*[一二三四五六七八九十]+、([^：:。\n]{1,40})[：:](.+)$", re.MULTILINE)
DAY = re.compile(r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[（(]([^（()）]*)[）)])?")
WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
TOTAL = re.compile(r"共(\d{1,2})天")
WEEKDAYS = "一二三四五六日"
RESTING, WORKING = re.compile(r"放假|补休"), re.compile(r"上班")


def read_notice(text: str, year: int) -> tuple[Span, ...]:
    """The spans that the text of the notice for ``year`` names, in its order.

    Sentences that do not begin with a date (advice, for instance) name no days.

    Raises:
        Invalid: no clause was found, or a date, a weekday or a number of days does not fit; all at once.
    """
    spans: list[Span] = []
    reasons: list[Refusal] = []
    for clause in CLAUSE.finditer(text):
        for sentence in clause[2].split("。"):
            try:
                spans += sentence_spans(clause[1].strip(), sentence.strip(), year)
            except Invalid as reason:
                reasons.append(reason)
    raise_all(reasons)
    if not spans:
        raise unreadable(N_("This is not the text of a yearly notice."), "no_notice")
    return tuple(spans)


def sentence_spans(name: str, sentence: str, year: int) -> list[Span]:
    """The spans of one sentence: all holidays or all make-up days.

    Raises:
        Invalid: see ``read_notice``.
    """
    kind = DayKind.MAKEUP if WORKING.search(sentence) else DayKind.HOLIDAY
    if not DAY.match(sentence) or not (WORKING.search(sentence) or RESTING.search(sentence)):
        return []
    spans: list[Span] = []
    joined = False
    for day, following in dates_of(sentence, year):
        if joined and day - spans[-1].first > LONGEST:
            raise unreadable(N_("“%(part)s” is too long for a holiday."), "too_long", part=sentence)
        if joined:
            spans[-1] = spans[-1].model_copy(update={"last": day})
        else:
            spans.append(Span(name=name, kind=kind, first=day))
        joined = following.startswith("至")
    total = TOTAL.search(sentence)
    days = sum(len(list(span.days())) for span in spans)
    if total and int(total[1]) != days:
        raise unreadable(
            N_("“%(part)s” speaks of %(said)s days and names %(days)s."),
            "total",
            part=sentence,
            said=total[1],
            days=days,
        )
    return spans


def dates_of(sentence: str, year: int) -> Iterator[tuple[date, str]]:
    """Each date of ``sentence`` and the text after it; a missing month or year is that of the date before.

    Raises:
        Invalid: there is no such date, or it is another day of the week.
    """
    month = 0
    for found in DAY.finditer(sentence):
        year, month = int(found[1] or year), int(found[2] or month)
        try:
            day = date(year, month, int(found[3]))
        except ValueError:
            raise unreadable(N_("There is no such date: %(day)s."), "no_date", day=found[0]) from None
        said = WEEKDAY.search(found[4] or "")
        if said and WEEKDAYS.index(said[1].replace("天", "日")) != day.weekday():
            raise unreadable(
                N_("“%(day)s” is another day of the week in %(year)s."), "weekday", day=found[0], year=year
            )
        yield day, sentence[found.end() :]


def unreadable(sentence: str, code: str, **params: object) -> Invalid:
    """One reason why a text cannot be read."""
    do = N_("Paste the text of the notice as it was published, or enter the days one by one.")
    return Invalid(sentence, do=do, code=f"notice_{code}", field="text", **params)
