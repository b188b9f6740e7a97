"""With what the forms of a meeting open. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.cases.meetings.rules.standing import (
    ATTENDING,
    SLIPS,
    claims,
    programme,
    slip_of,
)
from shared_resources.cases.meetings.schemas.meeting import Attendance, Presence
from shared_resources.kernel.invitations import Answer

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

PRESENCES = {
    Attendance.ATTEND: Presence.PRESENT,
    Attendance.DEPUTY: Presence.DEPUTY,
    Attendance.LEAVE: Presence.LEAVE,
}
AGREED = {Answer.ACCEPTED: Attendance.ATTEND, Answer.DECLINED: Attendance.LEAVE}


def prefill(facts: Facts, step: str, actor: Actor) -> Mapping[str, Any] | None:
    """With what the form of ``step`` opens for ``actor``."""
    if step == "amend":
        return programme(facts)
    if step == "postpone":
        return {name: programme(facts)[name] for name in ("starts_at", "ends_at", "place")}
    if step in SLIPS and actor.agency is not None:
        return _slip(facts, actor.agency)
    if step == "hold":
        return {"attended": [_attended(facts, agency) for agency in facts.parties.all(ATTENDING)]}
    return facts.last("draft_minutes") or None if step == "draft_minutes" else None


def _slip(facts: Facts, agency: UUID) -> Mapping[str, Any] | None:
    """The slip that was sent, else one as the agency's newest calendar answer would have it."""
    own = [claim for claim in claims(facts) if claim["agency"] == str(agency)]
    return slip_of(facts, agency) or (slip_from(own[-1]) if own else None)


def slip_from(claim: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reply slip as a calendar answer would have it; whoever speaks for the agency completes and sends it."""
    attendance = AGREED.get(claim["answer"])
    if attendance is Attendance.LEAVE:
        return {"attendance": attendance.value, "leave_reason": claim.get("comment") or ""}
    person = {"name": claim["person"], "phone": claim.get("phone") or ""}
    return {"attendance": attendance.value if attendance else "", "delegates": [person]}


def _attended(facts: Facts, agency: UUID) -> Mapping[str, Any]:
    """A line of the record of attendance, as the slip announced it."""
    slip = slip_of(facts, agency) or {}
    names = "、".join(each["name"] for each in slip.get("delegates") or ())
    presence = PRESENCES[Attendance(slip["attendance"])] if slip else Presence.ABSENT
    return {"agency": str(agency), "presence": presence.value, "persons": names}
