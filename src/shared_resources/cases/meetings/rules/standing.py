"""What the papers of a meeting say: its programme, slips, silence, who is bound, who consents. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.cases.meetings.schemas.meeting import Attendance, Presence
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.schemas.asked import local_day
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts, Filed
    from shared_resources.kernel.permissions import Actor

CONVENING, ATTENDING = Relation.CONVENING, Relation.ATTENDING
SLIPS = ("reply", "change_reply")
NOTICES = ("send_notice", "postpone")
ATTENDED = (Presence.PRESENT, Presence.DEPUTY)


def programme(facts: Facts) -> Mapping[str, Any]:
    """What the newest notice says: the opening form with its amendments and the newest date."""
    found = {**facts.last("plan"), **facts.last("amend"), **facts.last("postpone")}
    sending = facts.last("send_notice").get("urgent_reason")
    if sending and not facts.has("postpone"):
        found["urgent_reason"] = sending
    return found


def starts_at(facts: Facts) -> datetime:
    """When the meeting begins."""
    return datetime.fromisoformat(programme(facts)["starts_at"])


def ends_at(facts: Facts) -> datetime:
    """When the meeting ends."""
    return datetime.fromisoformat(programme(facts)["ends_at"])


def meeting_day(facts: Facts) -> date:
    """The day of the meeting in Chongqing."""
    return local_day(starts_at(facts))


def reckoning(facts: Facts) -> Mapping[str, Any] | None:
    """The last days as counted for the present day of the meeting; None for a day that is not on file yet."""
    found = facts.last("reckon")
    return found if found.get("day") == meeting_day(facts).isoformat() else None


def is_irregular(facts: Facts) -> bool:
    """Whether the newest notice left later than MT-3a allows."""
    found = [filed for filed in facts.filings if filed.step in (*NOTICES, "reckon")]
    sent = any(filed.step in NOTICES for filed in found)
    return sent and bool(facts.last("reckon").get("irregular"))


def sequence(facts: Facts) -> int:
    """The edition of the invitation: 0 with the notice, one more with every change of it."""
    return len(facts.all("postpone")) + len(facts.all("cancel"))


def slip_of(facts: Facts, agency: UUID) -> Mapping[str, Any] | None:
    """The newest reply slip of an agency to the newest notice; None while it is silent."""
    found = [filed for filed in _since(facts, NOTICES) if filed.step in SLIPS and filed.agency == agency]
    return found[-1].body if found else None


def silent(facts: Facts) -> tuple[UUID, ...]:
    """Agencies from which no reply to the newest notice is there."""
    return tuple(agency for agency in facts.parties.all(ATTENDING) if slip_of(facts, agency) is None)


def count_slips(facts: Facts) -> Mapping[Attendance, int]:
    """How many will attend, send a deputy, or ask for leave."""
    slips = [slip for agency in facts.parties.all(ATTENDING) if (slip := slip_of(facts, agency)) is not None]
    return {kind: sum(slip["attendance"] == kind for slip in slips) for kind in Attendance}


def claim_of(facts: Facts, email: str) -> Mapping[str, Any] | None:
    """What a person's calendar program answered last."""
    found = [filed.body for filed in facts.all("calendar_answer") if filed.body["email"] == email]
    return found[-1] if found else None


def claims(facts: Facts) -> tuple[Mapping[str, Any], ...]:
    """Calendar answers to the newest notice of agencies that sent no slip yet, the newest of each person."""
    newest = {
        filed.body["email"]: filed.body for filed in _since(facts, NOTICES) if filed.step == "calendar_answer"
    }
    return tuple(body for body in newest.values() if slip_of(facts, UUID(body["agency"])) is None)


def is_stale(facts: Facts, email: str, edition: int, stamped_at: datetime) -> bool:
    """Whether an answer is to an older invitation, or older than what the same person answered before."""
    if edition < sequence(facts):
        return True
    before = claim_of(facts, email)
    if before is None or before["sequence"] < edition:
        return False
    return stamped_at <= datetime.fromisoformat(before["stamped_at"])


def presence_of(facts: Facts, agency: UUID) -> Presence:
    """How an invited agency took part; absent when the record of attendance does not name it."""
    rows = facts.last("hold").get("attended", ())
    return next((Presence(row["presence"]) for row in rows if row["agency"] == str(agency)), Presence.ABSENT)


def resolutions(facts: Facts) -> Sequence[Mapping[str, Any]]:
    """The resolved items of the newest draft, each with its agency."""
    own = str(facts.parties[CONVENING])
    return [{**row, "agency": row.get("agency") or own} for row in facts.last("draft_minutes").get("items", ())]


def bound(facts: Facts) -> tuple[UUID, ...]:
    """Agencies without whose consent the minutes are not issued: those that a resolved item names, besides the
    convening one; where none is named, all that took part in the meeting (MT-4b)."""
    named = {row["agency"] for row in resolutions(facts)}
    invited = facts.parties.all(ATTENDING)
    found = tuple(agency for agency in invited if str(agency) in named)
    return found or tuple(agency for agency in invited if presence_of(facts, agency) in ATTENDED)


def answers(facts: Facts) -> Mapping[UUID, Filed]:
    """The newest consent or objection of each bound agency to the newest draft."""
    found = {
        filed.agency: filed
        for filed in _since(facts, ("draft_minutes",))
        if filed.step in ("consent", "object") and filed.agency is not None
    }
    return {agency: found[agency] for agency in bound(facts) if agency in found}


def consenting(facts: Facts) -> tuple[UUID, ...]:
    """Bound agencies that consent to the newest draft."""
    return tuple(agency for agency, filed in answers(facts).items() if filed.step == "consent")


def all_consent(facts: Facts) -> bool:
    """Whether every bound agency consents to the newest draft."""
    return len(consenting(facts)) == len(bound(facts))


def filed_with(facts: Facts) -> str | None:
    """The office with which the minutes were filed."""
    found: str | None = facts.last("file_copy").get("filed_with") or facts.last("issue").get("filed_with")
    return found


def is_done(facts: Facts) -> bool:
    """Whether nothing of issued minutes is left to do: filed, and every resolved item ended."""
    items = facts.linked("resolved_item", "part_of")
    return filed_with(facts) is not None and all(item.is_final for item in items)


def _since(facts: Facts, steps: tuple[str, ...]) -> tuple[Filed, ...]:
    begun = [index for index, filed in enumerate(facts.filings) if filed.step in steps]
    return facts.filings[begun[-1] :] if begun else ()


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """Why ``step`` may not be taken yet."""
    check = CHECKS.get(step)
    return check(facts, actor) if check else None


def _reply(facts: Facts, actor: Actor) -> Sentence | None:
    if actor.agency and slip_of(facts, actor.agency) is not None:
        return Sentence(N_("Your agency has replied already; change the reply instead."))
    return None


def _change(facts: Facts, actor: Actor) -> Sentence | None:
    if actor.agency and slip_of(facts, actor.agency) is None:
        return Sentence(N_("Your agency has not replied yet."))
    return None


def _hold(facts: Facts, actor: Actor) -> Sentence | None:
    return Sentence(N_("The meeting has not begun yet.")) if facts.now < starts_at(facts) else None


def _assent(facts: Facts, actor: Actor) -> Sentence | None:
    if actor.agency not in bound(facts):
        return Sentence(N_("These minutes name no task of your agency: its consent is not needed."))
    if actor.agency in consenting(facts):
        return Sentence(N_("Your agency has consented already."))
    return None


def _object(facts: Facts, actor: Actor) -> Sentence | None:
    reason = _assent(facts, actor)
    if reason is None and actor.agency in answers(facts):
        return Sentence(N_("Your agency has objected already."))
    return reason


def _issue(facts: Facts, actor: Actor) -> Sentence | None:
    if not all_consent(facts):
        return Sentence(N_("Not every agency that the minutes bind has consented yet."))
    return None


def _file_copy(facts: Facts, actor: Actor) -> Sentence | None:
    return Sentence(N_("The minutes are filed already.")) if filed_with(facts) else None


CHECKS = {
    "reply": _reply,
    "change_reply": _change,
    "hold": _hold,
    "consent": _assent,
    "object": _object,
    "issue": _issue,
    "file_copy": _file_copy,
}
