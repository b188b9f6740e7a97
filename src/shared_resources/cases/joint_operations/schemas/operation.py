"""The forms of a joint operation: proposal, legal opinion, comments, notes, report (JE-1 to JE-6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import SCOPE_LABELS, SUBFIELD_LABELS, ScopeGround, Subfield
from shared_resources.kernel.words import N_


class StartBasis(StrEnum):
    """On what a joint operation may start (JE-2)."""

    CENTRAL = "central"
    MUNICIPAL = "municipal"
    LEGAL_OFFICE = "legal_office"


START_LABELS: Mapping[StartBasis, str] = {
    StartBasis.CENTRAL: N_("Decision of a central organ"),
    StartBasis.MUNICIPAL: N_("Decision of the municipal government"),
    StartBasis.LEGAL_OFFICE: N_("Our own proposal, examined by the municipal legal office"),
}


class ReasonType(StrEnum):
    """Why agencies act as one (JE-1a)."""

    PROMINENT = "prominent_violations"
    UNIFIED = "unified_action"


REASON_LABELS: Mapping[ReasonType, str] = {
    ReasonType.PROMINENT: N_("Violations are prominent in a period or field"),
    ReasonType.UNIFIED: N_("The matter needs unified action"),
}


class Proposal(Asked):
    """Opening a joint operation: on what it starts, why, in which field, with whom (JE-2, SCP-1, SCP-3 to 5)."""

    title: Annotated[str, Ask(N_("Name of the operation"))] = Field(min_length=2, max_length=120)
    start_basis: Annotated[StartBasis, Ask(N_("It starts on"), labels=START_LABELS)]
    doc_no: Annotated[
        str, Ask(N_("Number of the decision"), hint=N_("For a decision of a central organ or of the government."))
    ] = Field("", max_length=80)
    scope_ground: Annotated[ScopeGround, Ask(N_("Ground for acting together"), labels=SCOPE_LABELS)]
    ground_citation: Annotated[str, Ask(N_("Provision or order it rests on"))] = Field(
        min_length=2, max_length=300
    )
    subfields: Annotated[tuple[Subfield, ...], Ask(N_("Fields"), labels=SUBFIELD_LABELS)] = Field(min_length=1)
    cooperating: Annotated[tuple[UUID, ...], Ask(N_("Cooperating agencies"))] = Field(min_length=1, max_length=40)
    reason_type: Annotated[ReasonType, Ask(N_("Occasion"), labels=REASON_LABELS)]
    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field(min_length=10, max_length=4000)

    @model_validator(mode="after")
    def with_decision(self) -> Self:
        """A decision from above is on file with its number before anything starts (JE-2a, JE-2b)."""
        if self.start_basis is not StartBasis.LEGAL_OFFICE and not self.doc_no:
            raise ValueError(N_("Enter the number of the decision on which the operation starts."))
        if len(set(self.cooperating)) != len(self.cooperating):
            raise ValueError(N_("An agency is named twice."))
        return self


class LegalOpinion(Asked):
    """What the legal office found on a proposal, for or against (JE-2c)."""

    opinion: Annotated[str, Ask(N_("Opinion and its reasons"), widget="textarea")] = Field(
        min_length=10, max_length=4000
    )


class Circulation(Asked):
    """Sending the draft plan out for comments (JE-3)."""

    until: Annotated[
        date | None,
        Ask(
            N_("Comments until"),
            hint=N_("Five working days when left empty. Our own target; the decree sets none."),
        ),
    ] = None
    matters: Annotated[str, Ask(N_("What comments are wanted on"), widget="textarea")] = Field("", max_length=2000)


class PlanComment(Asked):
    """What a cooperating agency says to the draft plan (JE-3)."""

    text: Annotated[str, Ask(N_("Comment"), widget="textarea")] = Field(min_length=2, max_length=4000)
    objects: Annotated[bool, Ask(N_("We object to the draft"))] = False


class Adoption(StrEnum):
    """What became of a comment."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    NOT_ADOPTED = "not_adopted"


ADOPTION_LABELS: Mapping[Adoption, str] = {
    Adoption.ADOPTED: N_("Adopted"),
    Adoption.PARTLY: N_("Adopted in part"),
    Adoption.NOT_ADOPTED: N_("Not adopted"),
}


class CommentAnswer(Asked):
    """The lead's answer to the open comment of one agency; what is not adopted needs its reason (JE-3)."""

    agency: Annotated[UUID, Ask(N_("Comment of"))]
    adoption: Annotated[Adoption, Ask(N_("Outcome"), labels=ADOPTION_LABELS)]
    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field("", max_length=2000)

    @model_validator(mode="after")
    def with_reason(self) -> Self:
        """Whoever is not followed is told why."""
        if self.adoption is not Adoption.ADOPTED and not self.reason:
            raise ValueError(N_("A comment that is not adopted in full is answered with the reason."))
        return self


class PostKind(StrEnum):
    """The two posts of liaison (JE-11)."""

    GENERAL = "general"
    DAILY = "daily"


POST_LABELS: Mapping[PostKind, str] = {
    PostKind.GENERAL: N_("General liaison"),
    PostKind.DAILY: N_("Daily liaison"),
}


class Rank(StrEnum):
    """The rank that the decree links with a post (JE-12, JE-13)."""

    LEADER = "leader_in_charge"
    UNIT_HEAD = "head_of_enforcement_unit"
    OTHER = "other"


RANK_LABELS: Mapping[Rank, str] = {
    Rank.LEADER: N_("Leader in charge"),
    Rank.UNIT_HEAD: N_("Head of enforcement unit"),
    Rank.OTHER: N_("Another rank"),
}


class Appointment(Asked):
    """Naming a liaison of one's own agency; the newest of a post holds it (JE-11 to JE-13)."""

    post: Annotated[PostKind, Ask(N_("Liaison post"), labels=POST_LABELS)]
    name: Annotated[str, Ask(N_("Liaison's name"))] = Field(min_length=1, max_length=40)
    rank: Annotated[Rank, Ask(N_("Rank"), labels=RANK_LABELS)]
    position: Annotated[str, Ask(N_("Job title"))] = Field(min_length=1, max_length=80)
    phone: Annotated[str, Ask(N_("Phone"), sensitive=True)] = Field(min_length=5, max_length=40)
    since: Annotated[date, Ask(N_("From"), default_today=True)]


class Agreement(Asked):
    """The record of the agreement by which a central-line body takes part (EXPECTATIONS 19)."""

    agency: Annotated[UUID, Ask(N_("Agency that joins by agreement"))]
    reference: Annotated[str, Ask(N_("Number or title of the agreement"))] = Field(min_length=2, max_length=200)
    agreed_on: Annotated[date, Ask(N_("Agreed on"))]


class StudyNote(Asked):
    """Law and policy as the lead studied it (JE-5a)."""

    provisions: Annotated[str, Ask(N_("Laws and policies studied"), widget="textarea")] = Field(
        min_length=2, max_length=4000
    )
    result: Annotated[str, Ask(N_("Result"), widget="textarea")] = Field(min_length=2, max_length=4000)


class ProgressNote(Asked):
    """How a cooperating agency gets on, as the lead learnt it (JE-5d)."""

    agency: Annotated[UUID | None, Ask(N_("Agency concerned"))] = None
    progress: Annotated[str, Ask(N_("Progress"), widget="textarea")] = Field(min_length=2, max_length=4000)


class Position(Asked):
    """Where one agency stands in a disagreement."""

    agency: Annotated[UUID, Ask(N_("Agency"))]
    view: Annotated[str, Ask(N_("View held"))] = Field(min_length=2, max_length=1000)


class CoordinationNote(Asked):
    """A disagreement that the lead coordinated: the issue, who said what, what came of it (JE-5e)."""

    issue: Annotated[str, Ask(N_("Issue"), widget="textarea")] = Field(min_length=2, max_length=2000)
    positions: Annotated[tuple[Position, ...], Ask(N_("Views held"))] = Field(min_length=1, max_length=40)
    outcome: Annotated[
        str, Ask(N_("Outcome"), widget="textarea", hint=N_("Without a result the matter may become a dispute."))
    ] = Field(min_length=2, max_length=2000)


class Instruction(Asked):
    """How the lead organises the operation; it moves no legal powers (JE-6b, SCP-2)."""

    agency: Annotated[UUID | None, Ask(N_("To one agency"), hint=N_("To all when left empty."))] = None
    text: Annotated[str, Ask(N_("Instruction"), widget="textarea")] = Field(min_length=2, max_length=4000)


class InstructionReceipt(Asked):
    """A cooperating agency confirms the instructions so far, and says what hinders it."""

    remark: Annotated[str, Ask(N_("Remark"), widget="textarea")] = Field("", max_length=2000)


class ContactNote(Asked):
    """A talk between liaisons, regular or when needed (JE-13)."""

    day: Annotated[date, Ask(N_("Day"), default_today=True)]
    people: Annotated[str, Ask(N_("Who spoke with whom"))] = Field(min_length=2, max_length=200)
    content: Annotated[str, Ask(N_("What was said"), widget="textarea")] = Field(min_length=2, max_length=4000)


class Superior(StrEnum):
    """To whom the lead reports (JE-5f)."""

    GOVERNMENT = "municipal_government"
    SUPERIOR = "superior_agency"


SUPERIOR_LABELS: Mapping[Superior, str] = {
    Superior.GOVERNMENT: N_("Municipal government"),
    Superior.SUPERIOR: N_("Superior agency"),
}


class OperationReport(Asked):
    """The report on an operation to the superior agency or the municipal government, under way or at the end."""

    to: Annotated[Superior, Ask(N_("Addressee"), labels=SUPERIOR_LABELS)]
    superior_name: Annotated[str, Ask(N_("Name of the superior agency"))] = Field("", max_length=80)
    period_from: Annotated[date, Ask(N_("Period from"))]
    period_to: Annotated[date, Ask(N_("Period to"))]
    results: Annotated[str, Ask(N_("Tasks and results"), widget="textarea")] = Field(
        min_length=10, max_length=6000
    )
    sites: Annotated[int, Ask(N_("Sites checked"))] = Field(ge=0, le=1_000_000)
    persons: Annotated[int, Ask(N_("Officers deployed"))] = Field(ge=0, le=1_000_000)
    vehicles: Annotated[int, Ask(N_("Vehicles and vessels"))] = Field(ge=0, le=1_000_000)
    problems: Annotated[int, Ask(N_("Problems found"))] = Field(ge=0, le=1_000_000)
    cases: Annotated[int, Ask(N_("Cases filed"))] = Field(ge=0, le=1_000_000)
    fines: Annotated[int, Ask(N_("Fines in yuan"))] = Field(ge=0, le=10**12)
    transfers: Annotated[int, Ask(N_("Cases transferred"))] = Field(ge=0, le=1_000_000)
    equipment: Annotated[str, Ask(N_("Equipment used"))] = Field(min_length=1, max_length=1000)
    difficulties: Annotated[str, Ask(N_("Difficulties"), widget="textarea")] = Field(min_length=1, max_length=4000)
    next_steps: Annotated[str, Ask(N_("Next steps"), widget="textarea")] = Field(min_length=1, max_length=4000)

    @model_validator(mode="after")
    def with_addressee(self) -> Self:
        """A superior agency is named; a period ends after it began."""
        if self.to is Superior.SUPERIOR and not self.superior_name:
            raise ValueError(N_("Name the superior agency to which the report goes."))
        if self.period_to < self.period_from:
            raise ValueError(N_("The period ends before it begins."))
        return self
