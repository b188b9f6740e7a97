"""The forms of an enforcement task: order, report, explanation, decision (JE-5c, JE-6 to JE-10)."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, field_validator, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Officer, OnStatutoryGround
from shared_resources.kernel.words import N_

ARTICLE = re.compile(r"第\s*[〇零一二三四五六七八九十百千\d]+\s*条")
MANY = 1_000_000


class TaskOrder(Asked):
    """What one cooperating agency is to do, until when and with what (JE-5c)."""

    agency: Annotated[UUID, Ask(N_("Cooperating agency"))]
    matter: Annotated[str, Ask(N_("Task"))] = Field(min_length=2, max_length=120)
    details: Annotated[str, Ask(N_("What is to be done"), widget="textarea")] = Field(
        min_length=2, max_length=4000
    )
    deadline: Annotated[
        date | None,
        Ask(N_("Completion deadline"), hint=N_("Only with an explicit deadline does the report fall due (JE-8).")),
    ] = None
    crew: Annotated[tuple[Officer, ...], Ask(N_("Crew"), hint=N_("Officers of the lead who take part."))] = Field(
        (), max_length=40
    )
    equipment: Annotated[str, Ask(N_("Equipment needed"), widget="textarea")] = Field("", max_length=2000)
    loans: Annotated[str, Ask(N_("Loans for it"), hint=N_("Numbers of loans, with spaces between."))] = Field(
        "", max_length=400
    )


class ExpiryCount(Asked):
    """How the report of a task was counted: both dates where the expiry fell on a rest day (WD-41, WD-42)."""

    deadline: Annotated[date, Ask(N_("Completion deadline"))]
    effective_expiry: Annotated[date, Ask(N_("Effective expiry"))]
    report_due: Annotated[date, Ask(N_("Completion report due"))]
    other_due: Annotated[date | None, Ask(N_("Under the other way of counting"))] = None
    provisional: Annotated[bool, Ask(N_("Provisional"))] = False


class NewDeadline(Asked):
    """Another deadline, agreed while the task is under way."""

    deadline: Annotated[date, Ask(N_("New completion deadline"))]
    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field(min_length=2, max_length=1000)


class CompletionReport(Asked):
    """How a task was completed, in words and figures (JE-8, form 11)."""

    is_done: Annotated[bool, Ask(N_("The task is completed"))] = False
    result: Annotated[str, Ask(N_("Result"), widget="textarea")] = Field(min_length=2, max_length=6000)
    undone: Annotated[str, Ask(N_("What is not completed, and why"), widget="textarea")] = Field(
        "", max_length=2000
    )
    sites: Annotated[int, Ask(N_("Sites checked"))] = Field(ge=0, le=MANY)
    persons: Annotated[int, Ask(N_("Officers deployed"))] = Field(ge=0, le=MANY)
    vehicles: Annotated[int, Ask(N_("Vehicles and vessels"))] = Field(ge=0, le=MANY)
    problems: Annotated[int, Ask(N_("Problems found"))] = Field(ge=0, le=MANY)
    cases: Annotated[int, Ask(N_("Cases filed"))] = Field(ge=0, le=MANY)
    fines: Annotated[int, Ask(N_("Fines in yuan"))] = Field(ge=0, le=10**12)
    transfers: Annotated[int, Ask(N_("Cases transferred"))] = Field(ge=0, le=MANY)
    equipment: Annotated[str, Ask(N_("Equipment used"))] = Field(min_length=1, max_length=1000)
    difficulties: Annotated[str, Ask(N_("Difficulties"), widget="textarea")] = Field(min_length=1, max_length=4000)
    next_steps: Annotated[str, Ask(N_("Next steps"), widget="textarea")] = Field(min_length=1, max_length=4000)

    @model_validator(mode="after")
    def with_remainder(self) -> Self:
        """What is not completed is said."""
        if not self.is_done and not self.undone:
            raise ValueError(N_("Say what is not completed and why, or mark the task as completed."))
        return self


class TaskReturn(Asked):
    """Why a report is returned, and until when the rest is done."""

    reason: Annotated[str, Ask(N_("What is missing"), widget="textarea")] = Field(min_length=2, max_length=2000)
    deadline: Annotated[
        date | None, Ask(N_("New completion deadline"), hint=N_("Needed where the old one has passed."))
    ] = None


class TaskExcuse(OnStatutoryGround):
    """The written explanation of an agency that cannot complete its task on a statutory ground (JE-9, form 21)."""

    evidence: Annotated[str, Ask(N_("Evidence"), widget="textarea")] = Field(min_length=2, max_length=2000)
    remedy: Annotated[
        str, Ask(N_("Remedy"), hint=N_("What can still be done, by whom and when."), widget="textarea")
    ] = Field(min_length=2, max_length=2000)

    @field_validator("provision")
    @classmethod
    def with_article(cls, provision: str) -> str:
        """A provision names its article; a word like 保密 alone is none."""
        if not ARTICLE.search(provision):
            raise ValueError(N_("Name the law and its article, such as 行政处罚法 第二十六条."))
        return provision


class ExcuseAgreed(Asked):
    """The lead agrees that the ground is made out."""

    remark: Annotated[str, Ask(N_("What becomes of the task"), widget="textarea")] = Field("", max_length=2000)


class NotMadeOut(Asked):
    """Why the lead finds the ground not made out, for the report to the government (JE-10)."""

    finding: Annotated[str, Ask(N_("Why the ground is not made out"), widget="textarea")] = Field(
        min_length=10, max_length=4000
    )
    proposal: Annotated[str, Ask(N_("What we propose"), widget="textarea")] = Field(min_length=2, max_length=2000)


class Designation(Asked):
    """The government names the agency that decides in its place (JE-10)."""

    agency: Annotated[UUID, Ask(N_("Designated agency"))]
    mandate: Annotated[str, Ask(N_("What it is to do"), widget="textarea")] = Field(min_length=2, max_length=2000)


class TaskDecision(Asked):
    """The decision of the government or of the agency that it designated (JE-10)."""

    decision: Annotated[str, Ask(N_("Decision"), widget="textarea")] = Field(min_length=2, max_length=4000)
    decision_no: Annotated[str, Ask(N_("Number of the decision"))] = Field("", max_length=80)
    for_supervision: Annotated[bool, Ask(N_("Refer to the supervisory organ (SV-2)"))] = False
