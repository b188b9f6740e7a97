"""A delegation as data: machine 13 (IN-1b), its clocks, and what stands in the way of a step. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.permissions import Relation
from shared_resources.kernel.procedure import Procedure, State, Term, register
from shared_resources.kernel.schemas.asked import local_day
from shared_resources.kernel.words import N_, Sentence
from shared_resources.kernel.workdays import FWD
from shared_resources.lab.rules.delegation_steps import STEPS

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

REQUESTING, LABORATORY = Relation.REQUESTING, Relation.LABORATORY
ENDS = ("decline", "withdraw")

TERMS = (
    Term(
        "answer",
        N_("Answer"),
        ("issue",),
        ("accept", "decline"),
        LABORATORY,
        REQUESTING,
        "IN-1b",
        FWD(3),
        void=("withdraw",),
    ),
    Term(
        "samples",
        N_("Hand over the samples"),
        ("accept",),
        ("samples_in", "begin"),
        REQUESTING,
        LABORATORY,
        "IN-1b",
        void=ENDS,
    ),
    Term(
        "report",
        N_("Agreed day of the report"),
        ("accept",),
        ("sign",),
        LABORATORY,
        REQUESTING,
        "IN-1b",
        pauses=("need_more",),
        resumes=("supply",),
        void=ENDS,
    ),
    Term(
        "receive",
        N_("Receive the report"),
        ("sign",),
        ("receive",),
        REQUESTING,
        LABORATORY,
        "IN-1b",
        FWD(3),
        void=("withdraw", "amend_report"),
    ),
    Term(
        "tell",
        N_("Tell the party the result"),
        ("receive",),
        ("tell_party",),
        REQUESTING,
        None,
        "IN-1b",
        FWD(5),
        void=("close", "amend_report"),
    ),
    Term(
        "decide",
        N_("Decide on the objection"),
        ("object",),
        ("grant_retest", "refuse_retest"),
        REQUESTING,
        None,
        "IN-1b",
        FWD(5),
    ),
)

DELEGATION = register(
    Procedure(
        kind="lab_delegation",
        prefix="LD",
        basis="IN-1b",
        label=N_("Appraisal delegation"),
        path="/lab-delegations/%(number)s",
        opening="draft",
        initial="draft",
        parties=(REQUESTING, LABORATORY),
        states={
            "draft": State(N_("Draft"), "neutral"),
            "submitted": State(N_("To be approved"), "waiting"),
            "sent": State(N_("With the laboratory"), "waiting"),
            "accepted": State(N_("Accepted"), "good"),
            "sampled": State(N_("Samples are in"), "active"),
            "testing": State(N_("Being tested"), "active"),
            "waiting": State(N_("Waiting for material"), "warning"),
            "under_review": State(N_("Report to be signed"), "waiting"),
            "reported": State(N_("Report is there"), "good"),
            "received": State(N_("Report received"), "good"),
            "retest_decision": State(N_("Objection to be decided"), "warning"),
            "retest": State(N_("Tested again"), "active"),
            "retest_refused": State(N_("Re-test refused"), "neutral"),
            "closed": State(N_("Closed"), "neutral", final=True),
            "declined": State(N_("Declined"), "bad", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=STEPS,
        terms=TERMS,
    )
)


def terms_of(facts: Facts) -> Mapping[str, Any]:
    """What is delegated: the opening form, or its newest amendment, which takes its place as a whole."""
    return facts.last("amend") or facts.last("draft")


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """Why a step may not be taken yet."""
    if step == "issue" and actor.person in _drafters(facts):
        return Sentence(N_("Whoever drafted the delegation does not issue it as well."))
    if step == "begin" and facts.state == "accepted" and not terms_of(facts).get("on_site"):
        return Sentence(N_("The samples are not in yet: receive them first."))
    if step == "agree_later" and open_wish(facts) is None:
        return Sentence(N_("The laboratory has asked for no later day."))
    return None


def open_wish(facts: Facts) -> Mapping[str, Any] | None:
    """The later day that the laboratory asks for and the client has not agreed to yet."""
    asked, agreed = facts.all("ask_later"), facts.since("ask_later", "agree_later")
    return asked[-1].body if asked and not agreed else None


def _drafters(facts: Facts) -> set[Any]:
    """Who wrote the delegation. That of a re-test follows from the leader's decision, which approves it."""
    wrote = ("amend",) if facts.points_to("follows") else ("draft", "amend")
    return {filed.person for filed in facts.filings if filed.step in wrote}


@dataclass(frozen=True)
class Stretch:
    """The days that the laboratory had a case, from the day of its acceptance to the report, and how many.

    They do not count towards the time limit of the client's own case (检测、检验、检疫、鉴定期间不计入办案期限).
    """

    begins: date
    ends: date | None
    days: int


def stretch_of(accepted_at: datetime | None, ended_at: datetime | None, today: date) -> Stretch | None:
    """The stretch of a delegation; None before it is accepted. Both the first and the last day count."""
    if accepted_at is None:
        return None
    begins, ends = local_day(accepted_at), local_day(ended_at) if ended_at else None
    return Stretch(begins, ends, ((ends or today) - begins).days + 1)


def shown_of(facts: Facts) -> Mapping[str, Any]:
    """What the page says above the papers, from the record alone."""
    asked = terms_of(facts)
    return {
        "reasons": [asked[name] for name in ("conflict_reason", "scope_reason") if asked.get(name)],
        "on_site": asked.get("site") if asked.get("on_site") else "",
        "wish": open_wish(facts),
        "begun": facts.state not in ("draft", "submitted", "sent", "declined"),
    }
