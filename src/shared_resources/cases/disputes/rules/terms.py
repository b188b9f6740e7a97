"""The clocks of a dispute: all targets of the house, for the decree names no number (DS-1)."""

from __future__ import annotations

from shared_resources.kernel.permissions import Relation
from shared_resources.kernel.procedure import Term
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD

APPLICANT, RESPONDENT = Relation.APPLICANT, Relation.RESPONDENT
LEGAL, GOVERNMENT = Relation.LEGAL_OFFICE, Relation.GOVERNMENT
EXECUTED = ("opinion_executed", "close")
GIVEN_UP = ("to_government", "withdraw")

TERMS = (
    Term(
        "negotiation",
        N_("Negotiation"),
        ("raise",),
        ("settle", "to_legal"),
        RESPONDENT,
        APPLICANT,
        "DS-1a",
        FWD(10),
        void=("withdraw",),
    ),
    Term(
        "coordination",
        N_("Coordination by the legal office"),
        ("to_legal",),
        ("opine", "to_government"),
        LEGAL,
        APPLICANT,
        "DS-1b",
        FWD(20),
        void=("withdraw",),
    ),
    Term(
        "decision",
        N_("Decision"),
        ("to_government",),
        ("decide",),
        GOVERNMENT,
        APPLICANT,
        "DS-1c",
        FWD(20),
        void=("withdraw",),
    ),
    Term(
        "applicant_executes",
        N_("Carry out the opinion or decision"),
        ("opine", "decide"),
        EXECUTED,
        APPLICANT,
        RESPONDENT,
        "DS-1b",
        void=GIVEN_UP,
    ),
    Term(
        "respondent_executes",
        N_("Carry out the opinion or decision"),
        ("opine", "decide"),
        EXECUTED,
        RESPONDENT,
        APPLICANT,
        "DS-1b",
        void=GIVEN_UP,
    ),
)
"""Who carries it out owes from the day named in the opinion or decision: see ``service``."""
