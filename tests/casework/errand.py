"""A family made for tests of the engine: an errand that is asked for, answered and done."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import Field

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.casework.family import Family, known
from shared_resources.kernel.letters import Element, Layout, LetterDraft, Paragraph
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.roles import LEADING, PAPERS, Relation
from shared_resources.kernel.words import Sentence
from shared_resources.kernel.workdays import Rule

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

REQ, AST = Relation.REQUESTING, Relation.ASSISTING


class Way(StrEnum):
    WALK = "walk"
    RIDE = "ride"


class Stop(Asked):
    place: Annotated[str, Ask("Place")] = Field(max_length=20)
    count: Annotated[int | None, Ask("Count")] = Field(default=None, ge=1)


class Wish(Asked):
    matter: Annotated[str, Ask("Matter")] = Field(max_length=60)
    helper: Annotated[UUID, Ask("Helper")]
    way: Annotated[Way, Ask("Way", labels={Way.WALK: "Walk", Way.RIDE: "Ride"})] = Way.WALK
    until: Annotated[date | None, Ask("Until")] = None
    secret_name: Annotated[str | None, Ask("Name", sensitive=True)] = None
    stops: Annotated[tuple[Stop, ...], Ask("Stops")] = ()


class Answer(Asked):
    text: Annotated[str, Ask("Answer", widget="textarea")] = Field(min_length=3)


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    if step == "finish" and not facts.has("answer"):
        return Sentence("Answer first.")
    return None


def letter(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    text = str(facts.last("answer").get("text", ""))
    return LetterDraft(
        kind="errand_answer",
        word="函",
        title="关于跑腿事项的复函",
        layout=Layout.LETTER,
        blocks=(Paragraph(text),),
        to=facts.names(REQ),
        addressees=facts.parties.all(REQ),
        elements=(Element("Answer", bool(text)),),
    )


ERRAND = register(
    Procedure(
        kind="favour",
        prefix="FV",
        basis="AS",
        label="Errand",
        opening="ask",
        initial="asked",
        parties=(REQ, AST),
        path="/errands/%(number)s",
        states={
            "asked": State("Asked", "waiting"),
            "done": State("Errand done", "good", final=True),
            "withdrawn": State("Taken back", final=True),
        },
        steps=(
            Step(
                "answer",
                ("asked",),
                None,
                Permission.ASSISTANCE_ANSWER,
                "Answer it",
                "AS-6b",
                tells=(REQ,),
                told_roles=PAPERS | LEADING,
                notice="%(number)s %(title)s is answered.",
                form=Answer,
                document="errand_answer",
            ),
            Step("finish", ("asked",), "done", Permission.ASSISTANCE_HELP, "Finish", "AS-4a", competes=True),
            Step(
                "withdraw",
                ("asked",),
                "withdrawn",
                Permission.ASSISTANCE_ASK,
                "Take it back",
                "AS-2",
                needs_note=True,
            ),
        ),
        terms=(
            Term(
                "reply",
                "Reply",
                after=("ask",),
                until=("answer",),
                owed_by=AST,
                owed_to=REQ,
                basis="AS-6b",
                rule=Rule("FWD", 3),
                void=("withdraw",),
            ),
        ),
    )
)
FAMILY = known(
    Family(
        procedure=ERRAND,
        label="Errands",
        lead="What one runs for another.",
        see=Permission.ASSISTANCE_SEE,
        open=Permission.ASSISTANCE_ASK,
        opens_as=REQ,
        opening=Wish,
        title=lambda wish: wish.matter,
        parties=lambda wish, actor: {AST: wish.helper},
        blocks=blocks,
        letters={"errand_answer": letter},
        new_label="Ask for an errand",
    )
)
