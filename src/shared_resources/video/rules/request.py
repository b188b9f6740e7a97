"""Asking for footage as data: machine 9; VI-1c, VI-1d, AR-2c, AR-2d. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel.permissions import Permission, Relation, Role
from shared_resources.kernel.procedure import Procedure, State, register
from shared_resources.kernel.words import N_, Sentence
from shared_resources.video.rules.request_steps import STEPS
from shared_resources.video.rules.request_terms import TERMS

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

REQUESTING, HOLDER = Relation.REQUESTING, Relation.HOLDER

REQUEST = register(
    Procedure(
        kind="footage_request",
        prefix="VR",
        basis="VI-1c",
        label=N_("Footage request"),
        path="/footage-requests/%(number)s",
        opening="draft",
        initial="draft",
        parties=(REQUESTING, HOLDER),
        offices=frozenset({Relation.LEGAL_OFFICE, Relation.SUPERVISOR}),
        states={
            "draft": State(N_("Draft"), "neutral"),
            "submitted": State(N_("To be approved"), "waiting"),
            "approved": State(N_("Approved"), "good"),
            "oral": State(N_("Asked by telephone"), "warning"),
            "received": State(N_("With the holder"), "waiting"),
            "granted": State(N_("Granted"), "good"),
            "delivered": State(N_("Handed over"), "active"),
            "in_use": State(N_("In use"), "active"),
            "share_ended": State(N_("Share ended"), "warning"),
            "returned": State(N_("Returned or destroyed"), "good"),
            "refused": State(N_("Refused"), "bad"),
            "nonexistent": State(N_("Does not exist"), "bad"),
            "disputed": State(N_("In dispute"), "bad"),
            "closed": State(N_("Closed"), "neutral", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=STEPS,
        terms=TERMS,
    )
)

ASK, APPROVE = Permission.FOOTAGE_REQUEST_ASK, Permission.FOOTAGE_REQUEST_APPROVE


def terms_of(facts: Facts) -> Mapping[str, Any]:
    """What is asked: the opening form with its newest amendment."""
    return {**facts.last("draft"), **facts.last("amend")}


def holder_of(facts: Facts) -> UUID:
    """The agency that is asked; it takes part once the request is sent, before that the form alone names it."""
    return facts.parties.get(HOLDER) or UUID(facts.last("draft")["holder"])


def granted_spans(facts: Facts) -> list[Mapping[str, Any]]:
    """The spans that the holder supplies: those of the partial grant, else all that were asked for."""
    decided = [filed for filed in facts.filings if filed.step in ("grant", "grant_in_part")]
    narrowed = decided[-1].body.get("spans") if decided else None
    return list(narrowed or terms_of(facts)["spans"])


def is_paper_pending(facts: Facts) -> bool:
    """Whether a request by telephone still waits for its papers."""
    return facts.has("call") and facts.letter("footage_request_letter") is None


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """Why a step may not be taken yet."""
    asked = terms_of(facts)
    if step in ("approve", "file_papers") and actor.person in _drafters(facts):
        return Sentence(N_("Whoever drafted the request does not approve it as well."))
    if step in ("approve", "file_papers") and asked.get("minors") and Role.LEADER not in actor.roles:
        return Sentence(N_("It shows minors or victims: a leader in charge approves it."))
    if step == "call" and not asked.get("urgent"):
        return Sentence(N_("Only an urgent request is made by telephone."))
    if step == "deliver" and is_paper_pending(facts):
        return Sentence(N_("The papers of the request are not here yet."))
    return None


def shown_of(facts: Facts) -> Mapping[str, Any]:
    """What the page says above the papers."""
    return {
        "urgent": bool(terms_of(facts).get("urgent")),
        "papers_pending": is_paper_pending(facts),
        "copies": facts.has("grant") or facts.has("grant_in_part"),
    }


def _drafters(facts: Facts) -> set[UUID | None]:
    return {filed.person for filed in facts.filings if filed.step in ("draft", "amend")}
