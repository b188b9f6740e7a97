"""The joint enforcement plan (联合执法方案): eight elements and the rhythm of notices (JE-4, SN-2).

A draft may have gaps: they are filled over the rounds of comments and listed when the plan is to be issued.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.words import N_

LONG = 6000
SAFEGUARDS = N_("Safeguards")


class DutyRow(Asked):
    """What one agency does under the plan."""

    agency: Annotated[UUID, Ask(N_("Agency"))]
    duty: Annotated[str, Ask(N_("Assigned duty"), widget="textarea")] = Field(min_length=2, max_length=1000)


class StageRow(Asked):
    """One stage of the operation and the day by which it is done."""

    stage: Annotated[str, Ask(N_("Stage"))] = Field(min_length=2, max_length=400)
    day: Annotated[date, Ask(N_("Until"))]


class PlanDraft(Asked):
    """A version of the plan as it is drafted."""

    legal_basis: Annotated[str, Ask(N_("Legal basis"), widget="textarea")] = Field("", max_length=LONG)
    goal: Annotated[str, Ask(N_("Goal"), widget="textarea")] = Field("", max_length=LONG)
    scope: Annotated[str, Ask(N_("Scope"), widget="textarea")] = Field("", max_length=LONG)
    specific_field: Annotated[str, Ask(N_("Specific field"), widget="textarea")] = Field("", max_length=LONG)
    duties: Annotated[tuple[DutyRow, ...], Ask(N_("Division of duties"), rows=4)] = Field((), max_length=80)
    stages: Annotated[tuple[StageRow, ...], Ask(N_("Steps"))] = Field((), max_length=40)
    mode: Annotated[str, Ask(N_("Mode of joint enforcement"), widget="textarea")] = Field("", max_length=LONG)
    people: Annotated[str, Ask(N_("Safeguards: people"), widget="textarea", group=SAFEGUARDS)] = Field(
        "", max_length=LONG
    )
    vehicles: Annotated[str, Ask(N_("Safeguards: vehicles"), widget="textarea", group=SAFEGUARDS)] = Field(
        "", max_length=LONG
    )
    equipment: Annotated[
        str,
        Ask(
            N_("Safeguards: equipment"),
            widget="textarea",
            hint=N_("One kind a line, with its owner and number."),
            group=SAFEGUARDS,
        ),
    ] = Field("", max_length=LONG)
    discipline: Annotated[str, Ask(N_("Safeguards: discipline"), widget="textarea", group=SAFEGUARDS)] = Field(
        "", max_length=LONG
    )
    safety: Annotated[str, Ask(N_("Safeguards: safety"), widget="textarea", group=SAFEGUARDS)] = Field(
        "", max_length=LONG
    )
    funds: Annotated[str, Ask(N_("Safeguards: funds"), widget="textarea", group=SAFEGUARDS)] = Field(
        "", max_length=LONG
    )
    notice_days: Annotated[
        int,
        Ask(N_("Situation notices every so many days"), hint=N_("How often agencies notify each other (SN-2).")),
    ] = Field(30, ge=1, le=366)
    attachments: Annotated[str, Ask(N_("Attachments of the plan"), hint=N_("One a line."), widget="textarea")] = (
        Field("", max_length=2000)
    )

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """Stages follow each other in time."""
        days = [row.day for row in self.stages]
        if days != sorted(days):
            raise ValueError(N_("The stages are not in the order of their days."))
        return self
