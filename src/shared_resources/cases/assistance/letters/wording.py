"""Words that the letters of assistance share: how offices speak of themselves, of days and of letters. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from shared_resources.cases.assistance.rules import REQUESTING, assisting_of
from shared_resources.kernel.letter_words import day, minute, short
from shared_resources.kernel.letters import Grid
from shared_resources.kernel.schemas.asked import local_day

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.roles import Relation


class Voice(NamedTuple):
    """How the writer of a letter speaks of itself and of the addressee: 我局, 贵委."""

    we: str
    you: str


def voice_of(facts: Facts, writer: Relation) -> Voice:
    """The voice of the agency that plays ``writer`` towards the other side."""
    sides = facts.parties[REQUESTING], assisting_of(facts)
    we, you = sides if writer is REQUESTING else reversed(sides)
    return Voice(f"我{short(facts.name(we))}", f"贵{short(facts.name(you))}")


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
    return f"{voice.you}{day(local_day(letter.issued_at))}来函{their_letter(facts)}收悉"


def officers_table(officers: Sequence[Mapping[str, Any]]) -> Grid:
    """Officers with their permits and phones."""
    rows = tuple((each["name"], each["permit_no"], each["phone"]) for each in officers)
    return Grid(("姓名", "执法证号", "联系电话"), rows, widths=(2.0, 3.0, 3.0))


def contact_of(officers: Sequence[Mapping[str, Any]]) -> str:
    """The first officer as the one to call."""
    return f"联系人：{officers[0]['name']}；联系电话：{officers[0]['phone']}" if officers else ""
