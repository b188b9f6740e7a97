"""Forms of situation notices: the duty, the situation (form 11), the leader's word, the acknowledgement."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.words import N_


class NoticeOpening(Asked):
    """A notice that is to be written: on what, for which time, to whom, by when."""

    subject: Annotated[str, Ask(N_("Subject"))] = Field(min_length=2, max_length=120)
    period_from: Annotated[date, Ask(N_("Period from"))]
    period_to: Annotated[date, Ask(N_("Period to"))]
    to: Annotated[tuple[UUID, ...], Ask(N_("Agencies to be notified"))] = Field(min_length=1, max_length=60)
    due_on: Annotated[date | None, Ask(N_("To be sent by"), hint=N_("Leave it empty when there is no date."))] = (
        None
    )

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.period_to < self.period_from:
            raise ValueError(N_("The period ends before it begins."))
        return self


class Situation(Asked):
    """The situation of the period: everything that form 11 asks for; none is 0."""

    tasks: Annotated[int, Ask(N_("Tasks of the period"))] = Field(ge=0, le=100_000)
    tasks_done: Annotated[int, Ask(N_("Tasks done"))] = Field(ge=0, le=100_000)
    progress: Annotated[str, Ask(N_("Tasks and progress"), widget="textarea")] = Field(
        min_length=2, max_length=4000
    )
    sites: Annotated[int, Ask(N_("Sites checked"))] = Field(ge=0, le=1_000_000)
    people: Annotated[int, Ask(N_("Officers deployed"))] = Field(ge=0, le=1_000_000)
    vehicles: Annotated[int, Ask(N_("Vehicles and vessels deployed"))] = Field(ge=0, le=1_000_000)
    problems: Annotated[int, Ask(N_("Problems found"))] = Field(ge=0, le=1_000_000)
    cases: Annotated[int, Ask(N_("Cases filed"))] = Field(ge=0, le=1_000_000)
    fines: Annotated[int, Ask(N_("Fines (yuan)"))] = Field(ge=0, le=10_000_000_000)
    transfers: Annotated[int, Ask(N_("Cases transferred"))] = Field(ge=0, le=1_000_000)
    equipment: Annotated[str, Ask(N_("Equipment used"), hint=N_("Write 无 when there was none."))] = Field(
        min_length=1, max_length=1000
    )
    difficulties: Annotated[str, Ask(N_("Difficulties"), widget="textarea")] = Field(min_length=1, max_length=4000)
    next_steps: Annotated[str, Ask(N_("Next steps"), widget="textarea")] = Field(min_length=1, max_length=4000)

    @model_validator(mode="after")
    def _no_more_done_than_asked(self) -> Self:
        if self.tasks_done > self.tasks:
            raise ValueError(N_("More tasks are done than there are."))
        return self


class Approval(Asked):
    """The leader's word on the draft."""

    remark: Annotated[str, Ask(N_("Remark"))] = Field(default="", max_length=400)


class Acknowledgement(Asked):
    """A notified agency has read it."""

    remark: Annotated[str, Ask(N_("Remark"))] = Field(default="", max_length=1000)
