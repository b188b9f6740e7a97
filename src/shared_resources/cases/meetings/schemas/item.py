"""What the duty of a resolved item asks for (MT-4a)."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.words import N_


class Duty(Asked):
    """A resolved item as the minutes have it."""

    matter: Annotated[str, Ask(N_("Matter"))] = Field(max_length=300)
    agency: Annotated[UUID, Ask(N_("Agency"))]
    deadline: Annotated[date, Ask(N_("Agreed deadline"))]
    progress: Annotated[str, Ask(N_("Progress demand"))] = Field(max_length=300)
    measure: Annotated[str, Ask(N_("Enforcement measures"))] = Field(max_length=300)


class Progress(Asked):
    """How it goes."""

    text: Annotated[str, Ask(N_("Progress"), widget="textarea")] = Field(min_length=2, max_length=4000)


class Report(Asked):
    """It is done."""

    result: Annotated[str, Ask(N_("Result"), widget="textarea")] = Field(min_length=4, max_length=4000)


class Returned(Asked):
    """It is not done yet."""

    missing: Annotated[str, Ask(N_("What is missing"), widget="textarea")] = Field(min_length=4, max_length=2000)
    deadline: Annotated[date | None, Ask(N_("New deadline"), hint=N_("Empty: the agreed deadline stands."))] = None
