"""What has to be on record before a dispute goes on: the first step is proven, both are heard. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared_resources.cases.disputes.schemas import BEARER_LABELS
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts, Linked
    from shared_resources.kernel.permissions import Actor

MINUTES_OUT = frozenset({"issued", "closed"})
"""States of a joint meeting whose minutes are out."""

NO_PROOF = Sentence(
    N_("The first step is not proven: record a negotiation, or link a joint meeting whose minutes are issued.")
)
NO_PROPOSAL = Sentence(N_("No settlement is proposed yet."))
OWN_PROPOSAL = Sentence(N_("The other side accepts what you proposed."))
NO_HEARING = Sentence(N_("Both sides are heard first: record a hearing, or wait for their positions."))
OPINION_OUT = Sentence(N_("The opinion is out."))
NO_OPINION = Sentence(N_("The opinion is not out yet."))


def is_proven(facts: Facts) -> bool:
    """Whether both tried by themselves: a negotiation on record, or minutes of a joint meeting (DS-1a)."""
    return facts.has("negotiate") or any(meeting.state in MINUTES_OUT for meeting in meetings_of(facts))


def meetings_of(facts: Facts) -> tuple[Linked, ...]:
    """The joint meetings that somebody put forward as proof, by hand as a rule; the legal office judges them."""
    return tuple(link for link in facts.links if link.record_kind == "meeting")


def are_heard(facts: Facts) -> bool:
    """Whether the legal office heard both, in a hearing or by their written positions."""
    written = {filed.agency for filed in facts.all("state_position")}
    return facts.has("hear") or written >= set(facts.parties.agencies[:2])


def outcome_of(facts: Facts) -> Mapping[str, Any]:
    """The form that says how it ended: the decision, the opinion carried out, or the settlement accepted."""
    ended_by = {"decided": "decide", "closed": "decide"}.get(facts.state, "")
    if facts.state == "settled":
        ended_by = "opine" if facts.has("opinion_executed") else "propose"
    return facts.last(ended_by)


def shown_of(facts: Facts) -> Mapping[str, Any]:
    """What the page says of the end."""
    outcome = outcome_of(facts)
    bearer = BEARER_LABELS[outcome["bearer"]] if outcome else None
    return {"bearer": bearer, "text": outcome.get("text", "")}


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """Why ``step`` may not be taken yet."""
    if step == "to_legal":
        return None if is_proven(facts) else NO_PROOF
    if step == "settle":
        return _bar_to_settling(facts, actor)
    if step == "opine":
        if facts.has("opine"):
            return OPINION_OUT
        return None if are_heard(facts) else NO_HEARING
    if step == "opinion_executed":
        return None if facts.has("opine") else NO_OPINION
    return None


def _bar_to_settling(facts: Facts, actor: Actor) -> Sentence | None:
    proposals = facts.all("propose")
    if not proposals:
        return NO_PROPOSAL
    return OWN_PROPOSAL if proposals[-1].agency == actor.agency else None
