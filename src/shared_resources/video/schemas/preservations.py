"""What a preservation notice says, and what the holder answers: preserved is not released (VI-1c)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.words import N_
from shared_resources.video.schemas.requests import Span


class PreservedSpan(Span):
    """A span to be preserved, and the day on which its source would overwrite it."""

    overwritten_on: Annotated[date | None, Ask(N_("Overwritten on"))] = None


class PreservationAsked(Asked):
    """What is to be preserved. Not for what: the request itself comes when it is approved."""

    spans: Annotated[tuple[PreservedSpan, ...], Ask(N_("Footage to be preserved"))] = Field(
        min_length=1, max_length=20
    )
    urgent: Annotated[bool, Ask(N_("Urgent"))] = False


class Preserved(Asked):
    """The holder has preserved it."""

    how: Annotated[str, Ask(N_("How it is preserved"), widget="textarea")] = Field(min_length=2, max_length=1000)
    preserved_by: Annotated[str, Ask(N_("Preserved by"))] = Field(min_length=1, max_length=40)
    until: Annotated[date, Ask(N_("Preserved until"))]
    missing: Annotated[str | None, Ask(N_("What could not be preserved, and why"), widget="textarea")] = Field(
        None, max_length=1000
    )


class CannotPreserve(Asked):
    """Nothing could be preserved, and why."""

    why: Annotated[str, Ask(N_("Why"), widget="textarea")] = Field(min_length=4, max_length=2000)
    stated_by: Annotated[str, Ask(N_("Stated by"))] = Field(min_length=1, max_length=40)
