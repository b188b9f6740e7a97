"""What is said of footage that joint use recorded: the use, the sharing, or that there is none (VI-1b)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Instant, TwoPersons
from shared_resources.kernel.words import N_


class JointUse(Asked):
    """The use in which it was recorded."""

    title: Annotated[str, Ask(N_("Joint use"))] = Field(min_length=1, max_length=120)
    begins: Annotated[Instant, Ask(N_("From"))]
    ends: Annotated[Instant, Ask(N_("To"))]


class Sharing(TwoPersons):
    """Sharing what was recorded, signed by two."""

    remarks: Annotated[str | None, Ask(N_("Remarks"), widget="textarea")] = Field(None, max_length=2000)


class NothingRecorded(Asked):
    """A signed statement that the use recorded nothing."""

    why: Annotated[str, Ask(N_("Why there is none"), widget="textarea")] = Field(min_length=4, max_length=2000)
    stated_by: Annotated[str, Ask(N_("Stated by"))] = Field(min_length=1, max_length=40)


class Confirmed(Asked):
    """A co-user has what it is owed, or takes note that there is nothing."""

    remarks: Annotated[str | None, Ask(N_("Remarks"), widget="textarea")] = Field(None, max_length=2000)
