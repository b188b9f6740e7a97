"""Disputes on duties as data: machine 17; DS-1, AS-3d."""

from __future__ import annotations

from typing import Any

from shared_resources.cases.disputes import schemas
from shared_resources.cases.disputes.rules.terms import TERMS
from shared_resources.kernel.permissions import PAPERS, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, register
from shared_resources.kernel.words import N_

APPLICANT, RESPONDENT = Relation.APPLICANT, Relation.RESPONDENT
LEGAL, GOVERNMENT = Relation.LEGAL_OFFICE, Relation.GOVERNMENT
EVERYONE = (APPLICANT, RESPONDENT, LEGAL, GOVERNMENT)

RAISE, SETTLE = Permission.DISPUTE_RAISE, Permission.DISPUTE_SETTLE
NEGOTIATE, COORDINATE = Permission.DISPUTE_NEGOTIATE, Permission.DISPUTE_COORDINATE
DECIDE = Permission.DISPUTE_DECIDE

STATES = {
    "raised": State(N_("Raised"), "warning"),
    "negotiating": State(N_("In negotiation"), "active"),
    "to_legal": State(N_("Before the legal office"), "waiting"),
    "coordinating": State(N_("In coordination"), "active"),
    "to_government": State(N_("Before the government"), "waiting"),
    "decided": State(N_("Decided"), "good"),
    "settled": State(N_("Dispute settled"), "good", final=True),
    "closed": State(N_("Closed"), "neutral", final=True),
    "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
}
BEFORE_LEGAL = ("raised", "negotiating")
BEFORE_DECISION = ("raised", "negotiating", "to_legal", "coordinating", "to_government")


def _step(
    name: str,
    sources: tuple[str, ...],
    target: str | None,
    permission: Permission,
    label: str,
    basis: str,
    notice: str,
    **more: Any,
) -> Step:
    """A step that everybody on the record learns of."""
    return Step(
        name, sources, target, permission, label, basis, tells=EVERYONE, told_roles=PAPERS, notice=notice, **more
    )


NEGOTIATING_STEPS = (
    _step(
        "negotiate",
        BEFORE_LEGAL,
        "negotiating",
        NEGOTIATE,
        N_("Record a negotiation"),
        "DS-1a",
        N_("A negotiation on dispute %(number)s “%(title)s” is on record."),
        form=schemas.Negotiation,
    ),
    _step(
        "state_position",
        ("raised", "negotiating", "coordinating"),
        None,
        NEGOTIATE,
        N_("State a position"),
        "DS-1a",
        N_("A side of dispute %(number)s “%(title)s” has stated its position."),
        form=schemas.Position,
    ),
    _step(
        "propose",
        BEFORE_LEGAL,
        "negotiating",
        SETTLE,
        N_("Propose a settlement"),
        "DS-1a",
        N_("A settlement of dispute %(number)s “%(title)s” is proposed."),
        form=schemas.Settlement,
    ),
    _step(
        "settle",
        ("negotiating",),
        "settled",
        SETTLE,
        N_("Accept the settlement"),
        "DS-1a",
        N_("Dispute %(number)s “%(title)s” is settled by agreement."),
    ),
    _step(
        "to_legal",
        BEFORE_LEGAL,
        "to_legal",
        RAISE,
        N_("To the legal office"),
        "DS-1b",
        N_("Dispute %(number)s “%(title)s” is brought before the legal office."),
        form=schemas.Failed,
        document="dispute_application",
    ),
    _step(
        "withdraw",
        BEFORE_DECISION,
        "withdrawn",
        RAISE,
        N_("Withdraw"),
        "DS-1a",
        N_("Dispute %(number)s “%(title)s” is withdrawn."),
        needs_note=True,
    ),
)

DECIDING_STEPS = (
    _step(
        "accept",
        ("to_legal",),
        "coordinating",
        COORDINATE,
        N_("Take it up"),
        "DS-1b",
        N_("The legal office has taken up dispute %(number)s “%(title)s”."),
        form=schemas.Acceptance,
    ),
    _step(
        "hear",
        ("coordinating",),
        None,
        COORDINATE,
        N_("Record a hearing"),
        "DS-1b",
        N_("A hearing on dispute %(number)s “%(title)s” is on record."),
        form=schemas.Hearing,
    ),
    _step(
        "opine",
        ("coordinating",),
        None,
        COORDINATE,
        N_("Issue the opinion"),
        "DS-1b",
        N_("The legal office has given its opinion on dispute %(number)s “%(title)s”."),
        form=schemas.Opinion,
        document="coordination_ruling",
    ),
    _step(
        "opinion_executed",
        ("coordinating",),
        "settled",
        COORDINATE,
        N_("Opinion carried out"),
        "DS-1b",
        N_("The opinion on dispute %(number)s “%(title)s” is carried out: it is settled."),
        form=schemas.Execution,
    ),
    _step(
        "to_government",
        ("coordinating",),
        "to_government",
        COORDINATE,
        N_("Report to the government"),
        "DS-1c",
        N_("Dispute %(number)s “%(title)s” is reported to the municipal government."),
        form=schemas.Failure,
        document="dispute_report",
    ),
    _step(
        "decide",
        ("to_government",),
        "decided",
        DECIDE,
        N_("Decide"),
        "DS-1c",
        N_("The municipal government has decided dispute %(number)s “%(title)s”."),
        form=schemas.Decision,
        document="dispute_decision",
    ),
    _step(
        "close",
        ("decided",),
        "closed",
        COORDINATE,
        N_("Decision carried out"),
        "DS-1c",
        N_("The decision on dispute %(number)s “%(title)s” is carried out."),
        form=schemas.Execution,
    ),
)

DISPUTE = register(
    Procedure(
        kind="dispute",
        prefix="DS",
        basis="DS-1a",
        label=N_("Dispute on duties"),
        path="/disputes/%(number)s",
        opening="raise",
        initial="raised",
        parties=EVERYONE,
        states=STATES,
        steps=(*NEGOTIATING_STEPS, *DECIDING_STEPS),
        terms=TERMS,
    )
)
