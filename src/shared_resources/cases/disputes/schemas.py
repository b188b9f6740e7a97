"""What disputes on duties ask for: the claim, the proof of negotiation, opinion and decision (DS, FORMS 18)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Claim
from shared_resources.kernel.words import N_


class Raise(Claim):
    """A dispute as one side raises it."""

    respondent: Annotated[UUID, Ask(N_("Other side"))]


class Manner(StrEnum):
    """How the two sides negotiated."""

    MEETING = "meeting"
    TALK = "talk"
    LETTERS = "letters"
    PHONE = "phone"


MANNER_LABELS: Mapping[Manner, str] = {
    Manner.MEETING: N_("Meeting"),
    Manner.TALK: N_("Talk"),
    Manner.LETTERS: N_("By letter"),
    Manner.PHONE: N_("By phone"),
}


class Bearer(StrEnum):
    """Whose duty it turned out to be."""

    APPLICANT = "applicant"
    RESPONDENT = "respondent"
    BOTH = "both"
    OTHER = "another_agency"


BEARER_LABELS: Mapping[Bearer, str] = {
    Bearer.APPLICANT: N_("The applicant"),
    Bearer.RESPONDENT: N_("The other side"),
    Bearer.BOTH: N_("Both, each its part"),
    Bearer.OTHER: N_("Another agency"),
}


class Negotiation(Asked):
    """One entry of the negotiation log: the proof of the first step (DS-1a)."""

    held_on: Annotated[date, Ask(N_("Held on"), default_today=True)]
    manner: Annotated[Manner, Ask(N_("Manner"), labels=MANNER_LABELS)]
    people: Annotated[str, Ask(N_("Who took part, of both sides"))] = Field(min_length=2, max_length=400)
    applicant_position: Annotated[str, Ask(N_("Position of the applicant"), widget="textarea")] = Field(
        min_length=2, max_length=2000
    )
    respondent_position: Annotated[str, Ask(N_("Position of the other side"), widget="textarea")] = Field(
        min_length=2, max_length=2000
    )
    outcome: Annotated[str, Ask(N_("Outcome"), widget="textarea")] = Field(min_length=2, max_length=2000)


class Position(Asked):
    """What one side says for itself: its view and the laws it relies on."""

    view: Annotated[str, Ask(N_("Our view"), widget="textarea")] = Field(min_length=4, max_length=4000)
    law: Annotated[str, Ask(N_("Law that we rely on"), widget="textarea")] = Field(min_length=4, max_length=2000)


class Settlement(Asked):
    """What would settle it: whose duty it is and what is to be done until when."""

    bearer: Annotated[Bearer, Ask(N_("Whose duty it is"), labels=BEARER_LABELS)]
    text: Annotated[str, Ask(N_("What is agreed"), widget="textarea")] = Field(min_length=4, max_length=4000)


class Failed(Asked):
    """Why the negotiation failed."""

    reason: Annotated[str, Ask(N_("Why the negotiation failed"), widget="textarea")] = Field(
        min_length=4, max_length=2000
    )


class Acceptance(Asked):
    """The legal office takes the dispute up."""

    handler: Annotated[str, Ask(N_("Handled by"))] = Field(min_length=1, max_length=40)
    phone: Annotated[str, Ask(N_("Phone"))] = Field(min_length=3, max_length=40)


class Hearing(Asked):
    """One side or both heard by the legal office."""

    held_on: Annotated[date, Ask(N_("Held on"), default_today=True)]
    people: Annotated[str, Ask(N_("Who took part, of both sides"))] = Field(min_length=2, max_length=400)
    summary: Annotated[str, Ask(N_("Summary"), widget="textarea")] = Field(min_length=4, max_length=4000)


class Opinion(Asked):
    """The written opinion of the legal office (DS-1b)."""

    findings: Annotated[str, Ask(N_("Facts found"), widget="textarea")] = Field(min_length=10, max_length=6000)
    law: Annotated[str, Ask(N_("Law applied"), widget="textarea")] = Field(min_length=4, max_length=2000)
    bearer: Annotated[Bearer, Ask(N_("Whose duty it is"), labels=BEARER_LABELS)]
    text: Annotated[str, Ask(N_("Opinion"), widget="textarea")] = Field(min_length=10, max_length=6000)
    execute_by: Annotated[date, Ask(N_("To be carried out by"))]


class Failure(Asked):
    """Why the coordination failed, and what the legal office proposes to the government (DS-1c)."""

    reason: Annotated[str, Ask(N_("Why the coordination failed"), widget="textarea")] = Field(
        min_length=10, max_length=4000
    )
    proposal: Annotated[str, Ask(N_("Proposal"), widget="textarea")] = Field(min_length=4, max_length=4000)


class Decision(Asked):
    """The government decides by law; its decision binds both (DS-1c)."""

    law: Annotated[str, Ask(N_("Law applied"), widget="textarea")] = Field(min_length=4, max_length=2000)
    bearer: Annotated[Bearer, Ask(N_("Whose duty it is"), labels=BEARER_LABELS)]
    text: Annotated[str, Ask(N_("Decision"), widget="textarea")] = Field(min_length=10, max_length=6000)
    execute_by: Annotated[date, Ask(N_("To be carried out by"))]


class Execution(Asked):
    """That opinion or decision was carried out."""

    text: Annotated[str, Ask(N_("How it was carried out"), widget="textarea")] = Field(
        min_length=4, max_length=4000
    )
