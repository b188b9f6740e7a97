"""Preserving footage as data: asked at once, confirmed by the holder, ended with the request. Pure."""

from __future__ import annotations

from shared_resources.kernel.permissions import FIELD, LEADING, PAPERS, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD
from shared_resources.video.schemas.preservations import CannotPreserve, Preserved

REQUESTING, HOLDER = Relation.REQUESTING, Relation.HOLDER
ANSWER = Permission.PRESERVATION_ANSWER

PRESERVATION = register(
    Procedure(
        kind="preservation",
        prefix="VP",
        basis="VI-1c",
        label=N_("Preservation notice"),
        path="/preservations/%(number)s",
        opening="ask",
        initial="asked",
        parties=(REQUESTING, HOLDER),
        offices=frozenset({Relation.LEGAL_OFFICE, Relation.SUPERVISOR}),
        states={
            "asked": State(N_("To be preserved"), "waiting"),
            "preserved": State(N_("Preserved"), "good"),
            "impossible": State(N_("Could not be preserved"), "bad"),
            "ended": State(N_("Ended"), "neutral", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=(
            Step(
                "confirm",
                ("asked", "impossible", "preserved"),
                "preserved",
                ANSWER,
                N_("Confirm the preservation"),
                "VI-1c",
                tells=(REQUESTING,),
                told_roles=PAPERS,
                notice=N_("%(number)s: the footage is preserved."),
                form=Preserved,
            ),
            Step(
                "cannot",
                ("asked",),
                "impossible",
                ANSWER,
                N_("State why not"),
                "VI-1c",
                tells=(REQUESTING,),
                told_roles=PAPERS | LEADING,
                notice=N_("%(number)s: the footage could not be preserved. The reason is on its page."),
                form=CannotPreserve,
            ),
            Step(
                "end",
                ("asked", "preserved", "impossible"),
                "ended",
                None,
                N_("The request has ended"),
                "VI-1c",
                tells=(HOLDER,),
                told_roles=FIELD | LEADING,
                notice=N_("%(number)s: the footage need not be preserved any longer."),
            ),
            Step(
                "withdraw",
                ("asked", "preserved", "impossible"),
                "withdrawn",
                Permission.FOOTAGE_REQUEST_ASK,
                N_("Withdraw"),
                "VI-1c",
                tells=(HOLDER,),
                told_roles=FIELD | LEADING,
                notice=N_("%(number)s: the preservation notice is withdrawn."),
                needs_note=True,
            ),
        ),
        terms=(
            Term(
                "confirm",
                N_("Confirm the preservation"),
                ("ask",),
                ("confirm", "cannot"),
                HOLDER,
                REQUESTING,
                "VI-1c",
                FWD(1),
                void=("end", "withdraw"),
            ),
        ),
    )
)
