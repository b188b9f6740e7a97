"""The back of a letter: the deadlines of its record, each with why it ends on that day, in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import dues
from shared_resources.kernel.documents.contents import day_text
from shared_resources.kernel.language import CHINESE, language_of
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.schemas.dues import DayLine, DueView

WEEKDAYS = "一二三四五六日"
PROVISIONAL = N_("provisional")
TARGET = N_("our own target")
OPEN = ("running", "paused")


async def back_of(record: UUID) -> list[dict[str, Any]]:
    """The open deadlines of ``record`` as the template prints them; empty when nothing is open."""
    return [due_data(due) for due in await dues.dues_of(record) if due.state in OPEN]


def due_data(due: DueView) -> dict[str, Any]:
    """One deadline: who owes what, when, by which provision, and the count."""
    chinese = language_of(CHINESE)
    possible = ((PROVISIONAL, due.provisional), (TARGET, not due.statutory))
    marks = [chinese.gettext(mark) for mark, is_so in possible if is_so]
    return {
        "label": f"{due.owed_by_zh}：{chinese.gettext(due.label)}",
        "basis": due.basis,
        "due": day_text(due.due_on),
        "marks": marks,
        "days": days_data(due.days),
    }


def days_data(days: Sequence[DayLine]) -> list[dict[str, Any]]:
    """The days of a count; those that count are numbered."""
    chinese = language_of(CHINESE)
    counted, found = 0, []
    for line in days:
        counted += line.counted
        notice = f"（{line.notice_no}）" if line.notice_no else ""
        found.append(
            {
                "day": f"{line.day.month}月{line.day.day}日（周{WEEKDAYS[line.day.weekday()]}）",
                "counted": line.counted,
                "mark": f"［{counted}］" if line.counted else "",
                "why": chinese.say(line.sentence) + notice,
            }
        )
    return found
