"""What the forms of a first receipt ask (FR-1 to FR-3)."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared_resources.cases.transfers.schemas.common import SOURCE_LABELS, Line, Provision, Source, Text
from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Instant
from shared_resources.kernel.words import N_


class Registration(Asked):
    """Whoever takes a case registers it and is its first receiver from then on (FR-1)."""

    case_name: Annotated[Line, Ask(N_("Name of the case"))]
    source: Annotated[Source, Ask(N_("Source of the case"), labels=SOURCE_LABELS)]
    from_agency: Annotated[UUID | None, Ask(N_("Transferred by"))] = None
    informant: Annotated[
        str | None,
        Ask(N_("Who told us, and how to reach them"), hint=N_("Shown to your agency only."), sensitive=True),
    ] = Field(default=None, max_length=200)
    received_at: Annotated[Instant, Ask(N_("Received at"))]
    party: Annotated[Line, Ask(N_("Party"), sensitive=True)]
    summary: Annotated[Text, Ask(N_("Case summary"), widget="textarea", sensitive=True)]

    @model_validator(mode="after")
    def _sourced(self) -> Self:
        if (self.source is Source.TRANSFERRED) != (self.from_agency is not None):
            raise ValueError(N_("Name the transferring agency for a case that was transferred in, and only then."))
        if self.informant and self.source not in (Source.COMPLAINT, Source.TIP_OFF):
            raise ValueError(N_("Only a complaint or a report has somebody who told us."))
        return self


class OwnJurisdiction(Asked):
    """The unit head finds that the agency has jurisdiction (FR-2a)."""

    provision: Provision
    case_no: Annotated[str | None, Ask(N_("Case number"))] = Field(default=None, max_length=60)
