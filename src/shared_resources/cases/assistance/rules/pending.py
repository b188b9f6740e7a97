"""What is still pending on a request for assistance, and what that bars. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.roles import Relation
from shared_resources.kernel.schemas.asked import local_day
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor


def request_of(facts: Facts) -> Mapping[str, Any]:
    """What is asked: the opening form with its newest amendment."""
    return {**facts.last("ask"), **facts.last("amend")}


def assisting_of(facts: Facts) -> UUID:
    """The agency that is asked; it takes part once the request is out, before that the form alone names it."""
    return facts.parties.get(Relation.ASSISTING) or UUID(facts.last("ask")["assisting"])


def is_letter_pending(facts: Facts) -> bool:
    """Whether an oral request still waits for its letter."""
    return facts.has("oral_request") and facts.letter("assistance_letter") is None


def is_reply_pending(facts: Facts) -> bool:
    """Whether help began before the paper and the reply is not there yet."""
    return facts.has("act_at_once") and facts.letter("assistance_reply") is None


def days_late(facts: Facts, started_at: datetime) -> int:
    """Days between the consenting reply and the start; the reply's own day is in time (AS-7b)."""
    replies = [filed for filed in facts.filings if filed.step in ("agree", "agree_in_part")]
    return (local_day(started_at) - local_day(replies[-1].at)).days if replies else 0


def start_days_late(facts: Facts) -> int:
    """By how many days the help on record started late; zero when in time or not at all."""
    starts = facts.all("start")
    if not starts:
        return 0
    given = starts[-1].body.get("started_at")
    return max(0, days_late(facts, datetime.fromisoformat(given) if given else starts[-1].at))


def shown_of(facts: Facts) -> Mapping[str, Any]:
    """What the page says above the papers: what is urgent or pending, a late start, what was decided earlier."""
    return {
        "urgent": bool(request_of(facts).get("urgent")),
        "letter_pending": is_letter_pending(facts),
        "reply_pending": is_reply_pending(facts),
        "days_late": start_days_late(facts),
        "decided": tuple(link for link in facts.linked("dispute", "follows") if link.outward),
    }


LETTER_IS_OUT = Sentence(N_("The letter is out: what it says is no longer changed."))
NO_LETTER_MISSING = Sentence(N_("No letter is missing."))
NO_REPLY_MISSING = Sentence(N_("No reply is missing."))
NOT_URGENT = Sentence(N_("Only an urgent request is acted on before its reply."))
REPLY_FIRST = Sentence(N_("Help began before the paper: the reply has to be filed first."))
LETTER_FIRST = Sentence(N_("It was asked by word of mouth: the letter has to be filed first."))


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """Why ``step`` may not be taken yet."""
    if step == "amend" and facts.letter("assistance_letter"):
        return LETTER_IS_OUT
    if step == "act_at_once" and not request_of(facts).get("urgent"):
        return NOT_URGENT
    if step == "file_letter" and not is_letter_pending(facts):
        return NO_LETTER_MISSING
    if step == "file_reply" and not is_reply_pending(facts):
        return NO_REPLY_MISSING
    if step == "report" and is_reply_pending(facts):
        return REPLY_FIRST
    if step == "confirm" and is_letter_pending(facts):
        return LETTER_FIRST
    return None
