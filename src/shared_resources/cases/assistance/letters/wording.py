"""Words that the letters of assistance share: how offices speak of themselves, of days and of letters. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from shared_resources.cases.assistance.rules import ASSISTING, REQUESTING, ZONE, local_day
from shared_resources.kernel.letters import Grid

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.roles import Relation


class Voice(NamedTuple):
    """How the writer of a letter speaks of itself and of the addressee: 我局, 贵委."""

    we: str
    you: str


def voice_of(facts: Facts, writer: Relation) -> Voice:
    """The voice of the agency that plays ``writer`` towards the other side."""
    reader = ASSISTING if writer is REQUESTING else REQUESTING
    return Voice(f"我{_short(facts, writer)}", f"贵{_short(facts, reader)}")


def _short(facts: Facts, part: Relation) -> str:
    name = facts.agency(part).name_zh
    return "委" if name.endswith("委员会") else name[-1] if name.endswith(("局", "委", "厅")) else "单位"


def their_letter(facts: Facts) -> str:
    """How a reply calls the letter it answers, or the oral request where no letter is there yet."""
    letter = facts.letter("assistance_letter")
    if letter is not None:
        return f"《{letter.title}》（{letter.number}）"
    oral = facts.last("oral_request")
    return f"{minute(oral['called_at'])}的口头提请" if oral else ""


def received(facts: Facts, voice: Voice) -> str:
    """来函收悉: their letter with its number and date."""
    letter = facts.letter("assistance_letter")
    if letter is None:
        return f"{voice.you}{their_letter(facts)}收悉"
    return f"{voice.you}{written(local_day(letter.issued_at))}来函{their_letter(facts)}收悉"


def officers_table(officers: Sequence[Mapping[str, Any]]) -> Grid:
    """Officers with their permits and phones."""
    rows = tuple((each["name"], each["permit_no"], each["phone"]) for each in officers)
    return Grid(("姓名", "执法证号", "联系电话"), rows, widths=(2.0, 3.0, 3.0))


def contact_of(officers: Sequence[Mapping[str, Any]]) -> str:
    """The first officer as the one to call."""
    return f"联系人：{officers[0]['name']}；联系电话：{officers[0]['phone']}" if officers else ""


def day(text: str) -> str:
    """A day of a form as letters write it."""
    return written(date.fromisoformat(text))


def written(day: date) -> str:
    """A day as letters write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def minute(text: str) -> str:
    """An instant of a form as letters write it, in Chongqing."""
    at = datetime.fromisoformat(text)
    day = local_day(at)
    return f"{written(day)}{at.astimezone(ZONE):%H时%M分}"


def stop(text: str) -> str:
    """A sentence with its full stop."""
    return text if not text or text.endswith(("。", "！", "；")) else f"{text}。"
