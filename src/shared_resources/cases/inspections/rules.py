"""Inspection plans (machine 20, JE-1b and JE-1c) as data, and what blocks a step. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.inspections.schemas import (
    HeardReason,
    InspectionResult,
    JointAnswer,
    JointProposal,
    OverlapFound,
    SeparateReason,
)
from shared_resources.kernel.permissions import LEADING, PAPERS, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD

if TYPE_CHECKING:
    from datetime import date

PLANNING, INVITED = Relation.PLANNING, Relation.COOPERATING
OPEN = ("planned", "overlap", "proposed", "justified", "merged")
"""States in which a plan stands in the way of others."""

INSPECTION = register(
    Procedure(
        kind="inspection",
        prefix="IP",
        basis="JE-1b",
        label=N_("Inspection plan"),
        path="/inspections/%(number)s",
        opening="open",
        initial="planned",
        parties=(PLANNING, INVITED),
        offices=frozenset({Relation.LEGAL_OFFICE}),
        states={
            "planned": State(N_("Planned"), "active"),
            "overlap": State(N_("Overlap"), "warning"),
            "proposed": State(N_("Joint inspection proposed"), "waiting"),
            "merged": State(N_("Joint inspection"), "good"),
            "justified": State(N_("Separate, with reason"), "neutral"),
            "done": State(N_("Done"), "good", final=True),
            "absorbed": State(N_("Joined with another plan"), "good", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=(
            Step(
                "find_overlap",
                ("planned", "overlap", "justified"),
                "overlap",
                None,
                N_("Overlap found"),
                "JE-1b",
                tells=(PLANNING,),
                told_roles=PAPERS | LEADING,
                notice=N_("Inspection plan %(number)s (%(title)s) overlaps with another agency's."),
                form=OverlapFound,
            ),
            Step("overlap_gone", ("overlap",), "planned", None, N_("Overlap gone"), "JE-1b"),
            Step(
                "propose_join",
                ("overlap",),
                "proposed",
                Permission.INSPECTION_PLAN,
                N_("Propose a joint inspection"),
                "JE-1b",
                form=JointProposal,
            ),
            Step(
                "accept_join",
                ("proposed",),
                "merged",
                Permission.INSPECTION_JOIN,
                N_("Inspect together"),
                "JE-1b",
                tells=(PLANNING,),
                told_roles=PAPERS | LEADING,
                notice=N_("Inspection plan %(number)s is now a joint inspection."),
                form=JointAnswer,
            ),
            Step(
                "decline_join",
                ("proposed",),
                "overlap",
                Permission.INSPECTION_JOIN,
                N_("Decline"),
                "JE-1b",
                tells=(PLANNING,),
                told_roles=PAPERS | LEADING,
                notice=N_("The joint inspection proposed in %(number)s was declined."),
                needs_note=True,
            ),
            Step(
                "separate",
                ("overlap",),
                "justified",
                Permission.INSPECTION_JUSTIFY,
                N_("Inspect separately"),
                "JE-1b",
                form=SeparateReason,
                competes=True,
            ),
            Step(
                "hear_reason",
                OPEN,
                None,
                None,
                N_("Another agency gave its reason"),
                "JE-1b",
                tells=(PLANNING,),
                told_roles=PAPERS | LEADING,
                notice=N_("Another agency inspects separately and gave its reason: see %(number)s."),
                form=HeardReason,
            ),
            Step(
                "absorb",
                ("planned", "overlap", "proposed", "justified"),
                "absorbed",
                None,
                N_("Joined with another plan"),
                "JE-1b",
            ),
            Step(
                "done",
                ("planned", "merged", "justified"),
                "done",
                Permission.INSPECTION_PLAN,
                N_("Inspection done"),
                "JE-1b",
                form=InspectionResult,
            ),
            Step(
                "withdraw",
                OPEN,
                "withdrawn",
                Permission.INSPECTION_PLAN,
                N_("Withdraw"),
                "JE-1b",
                tells=(INVITED,),
                told_roles=PAPERS | LEADING,
                notice=N_("Inspection plan %(number)s was withdrawn."),
                needs_note=True,
            ),
        ),
        terms=(
            Term(
                "settle_overlap",
                N_("Join or give a reason"),
                ("find_overlap",),
                ("propose_join", "separate"),
                PLANNING,
                None,
                "JE-1b",
                rule=FWD(3),
                void=("overlap_gone", "absorb", "withdraw"),
            ),
            Term(
                "answer_proposal",
                N_("Answer the proposal"),
                ("propose_join",),
                ("accept_join", "decline_join"),
                INVITED,
                PLANNING,
                "JE-1b",
                rule=FWD(3),
                void=("absorb", "withdraw"),
            ),
        ),
    )
)


def overlaps(first: date, last: date, other_first: date, other_last: date) -> bool:
    """Whether two windows share a day; both ends count."""
    return first <= other_last and other_first <= last


def window_title(name: str, first: date, last: date) -> str:
    """What a plan is called."""
    return f"{name}（{first}—{last}）"
