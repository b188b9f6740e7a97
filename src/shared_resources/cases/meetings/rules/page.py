"""What the page of a meeting shows of its own: slips counted, silence, calendar answers, consents. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared_resources.cases.meetings.rules.standing import (
    ATTENDING,
    NOTICES,
    answers,
    bound,
    claims,
    count_slips,
    filed_with,
    is_irregular,
    programme,
    reckoning,
    silent,
    slip_of,
    starts_at,
)
from shared_resources.cases.meetings.schemas.meeting import ATTENDANCE_LABELS, Attendance
from shared_resources.kernel.invitations import Answer
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts

ANSWER_LABELS: Mapping[str, str] = {
    Answer.ACCEPTED: N_("accepted"),
    Answer.TENTATIVE: N_("tentative"),
    Answer.DECLINED: N_("declined"),
}
CONSENT_LABELS: Mapping[str, str] = {
    "consent": N_("consents"),
    "object": N_("objects"),
    "": N_("has not answered yet"),
}


def _claim(claim: Mapping[str, Any]) -> Mapping[str, Any]:
    stamped_at = datetime.fromisoformat(claim["stamped_at"])
    return {**claim, "stamped_at": stamped_at, "label": ANSWER_LABELS[claim["answer"]]}


def meeting_parts(facts: Facts) -> Mapping[str, Any]:
    """For ``cases/meetings/body.html``; labels are msgids, agencies are ids as text."""
    noticed = any(facts.has(step) for step in NOTICES)
    replied = {agency: slip_of(facts, agency) for agency in facts.parties.all(ATTENDING)}
    given = answers(facts)
    drafted = facts.has("draft_minutes")
    said = programme(facts)
    return {
        "starts_at": starts_at(facts),
        "place": said["place"],
        "days": reckoning(facts),
        "urgent_reason": said.get("urgent_reason"),
        "irregular": is_irregular(facts),
        "noticed": noticed,
        "takes_answers": facts.state in ("noticed", "confirmed"),
        "counts": [(ATTENDANCE_LABELS[kind], count) for kind, count in count_slips(facts).items()],
        "replies": [
            (str(agency), ATTENDANCE_LABELS[Attendance(slip["attendance"])] if slip else "")
            for agency, slip in replied.items()
        ],
        "silent": [str(agency) for agency in silent(facts)] if noticed else [],
        "claims": [_claim(claim) for claim in claims(facts)],
        "consents": [
            (str(agency), CONSENT_LABELS[given[agency].step if agency in given else ""])
            for agency in (bound(facts) if drafted else ())
        ],
        "unfiled": facts.state in ("issued", "closed") and filed_with(facts) is None,
    }
