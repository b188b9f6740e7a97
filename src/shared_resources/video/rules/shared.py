"""Footage owed from joint use, as data (VI-1b): it must be shared among those who took part. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.permissions import LEADING, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.roles import FILMS
from shared_resources.kernel.words import N_, Sentence
from shared_resources.kernel.workdays import FWD
from shared_resources.video.schemas.shared import Confirmed, NothingRecorded, Sharing

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

HOLDER, CO_USER = Relation.HOLDER, Relation.CO_USER
SHARE = Permission.SHARED_FOOTAGE_SHARE

SHARED = register(
    Procedure(
        kind="shared_footage",
        prefix="VS",
        basis="VI-1b",
        label=N_("Footage from joint use"),
        path="/shared-footage/%(number)s",
        opening="owe",
        initial="owed",
        parties=(HOLDER, CO_USER),
        offices=frozenset({Relation.LEGAL_OFFICE}),
        states={
            "owed": State(N_("To be shared"), "waiting"),
            "shared": State(N_("Shared"), "good"),
            "nothing": State(N_("Nothing recorded"), "neutral"),
            "closed": State(N_("Closed"), "neutral", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=(
            Step(
                "share",
                ("owed", "nothing", "shared"),
                "shared",
                SHARE,
                N_("Share what was recorded"),
                "VI-1b",
                tells=(CO_USER,),
                told_roles=FILMS,
                notice=N_("Footage of “%(title)s” is shared with you: %(number)s."),
                form=Sharing,
            ),
            Step(
                "nothing_recorded",
                ("owed",),
                "nothing",
                Permission.SHARED_FOOTAGE_STATE,
                N_("State that nothing was recorded"),
                "VI-1b",
                tells=(CO_USER,),
                told_roles=FILMS,
                notice=N_("%(number)s: “%(title)s” recorded nothing. The statement is on its page."),
                form=NothingRecorded,
            ),
            Step(
                "confirm",
                ("shared", "nothing"),
                None,
                Permission.SHARED_FOOTAGE_RECEIVE,
                N_("Confirm"),
                "VI-1b",
                tells=(HOLDER,),
                told_roles=FILMS,
                notice=N_("%(number)s: a co-user has confirmed the footage of “%(title)s”."),
                form=Confirmed,
            ),
            Step("close", ("shared", "nothing"), "closed", None, N_("All have confirmed"), "VI-1b"),
            Step(
                "withdraw",
                ("owed",),
                "withdrawn",
                Permission.SHARED_FOOTAGE_STATE,
                N_("Withdraw"),
                "VI-1b",
                tells=(CO_USER,),
                told_roles=FILMS | LEADING,
                notice=N_("%(number)s: no footage is owed from “%(title)s”. The reason is on its page."),
                needs_note=True,
            ),
        ),
        terms=(
            Term(
                "share",
                N_("Share the footage"),
                ("owe",),
                ("share", "nothing_recorded"),
                HOLDER,
                CO_USER,
                "VI-1b",
                FWD(2),
                void=("withdraw",),
            ),
            Term(
                "confirm",
                N_("Confirm the footage"),
                ("share", "nothing_recorded"),
                ("confirm",),
                CO_USER,
                HOLDER,
                "VI-1b",
                FWD(5),
                each=True,
                void=("close", "withdraw"),
            ),
        ),
    )
)


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """Each co-user confirms once what was shared or stated last."""
    if step == "confirm" and actor.agency in confirmed_by(facts):
        return Sentence(N_("Your agency has confirmed already."))
    return None


def confirmed_by(facts: Facts) -> frozenset[UUID | None]:
    """The co-users that have confirmed what was shared or stated last."""
    told = max((index for index, filed in enumerate(facts.filings) if filed.step != "confirm"), default=0)
    return frozenset(filed.agency for filed in facts.filings[told:] if filed.step == "confirm")
