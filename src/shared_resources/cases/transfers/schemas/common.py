"""Words that transfer, receipt and referral share: where a case came from, its result, who was told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Instant
from shared_resources.kernel.words import N_

Line = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=2, max_length=4000)]
Provision = Annotated[
    str,
    Field(min_length=4, max_length=200),
    Ask(N_("Provision"), hint=N_("Law and article, such as 行政处罚法 第二十六条.")),
]


class Source(StrEnum):
    """Where a case came from."""

    COMPLAINT = "complaint"
    TIP_OFF = "tip_off"
    OWN_FINDING = "own_finding"
    TRANSFERRED = "transferred_in"


SOURCE_LABELS: Mapping[Source, str] = {
    Source.COMPLAINT: N_("Complaint"),
    Source.TIP_OFF: N_("Report (tip-off)"),
    Source.OWN_FINDING: N_("Own finding"),
    Source.TRANSFERRED: N_("Transferred in"),
}


class Ending(StrEnum):
    """How a case ended."""

    PENALTY = "penalty"
    CORRECTED = "corrected"
    NO_PENALTY = "no_penalty"
    UNFOUNDED = "unfounded"
    CRIME = "crime_referred"
    OTHER = "other"


ENDING_LABELS: Mapping[Ending, str] = {
    Ending.PENALTY: N_("Administrative penalty imposed"),
    Ending.CORRECTED: N_("Ordered to correct, and corrected"),
    Ending.NO_PENALTY: N_("No penalty by law"),
    Ending.UNFOUNDED: N_("Violation not made out"),
    Ending.CRIME: N_("Referred to the police"),
    Ending.OTHER: N_("Another result"),
}


class Result(Asked):
    """The handling result of a case (FR-2b, FORMS 22)."""

    ending: Annotated[Ending, Ask(N_("Handling result"), labels=ENDING_LABELS)]
    text: Annotated[Text, Ask(N_("Result in words"), widget="textarea", sensitive=True)]
    concluded_on: Annotated[date, Ask(N_("Concluded on"), default_today=True)]
    paper_no: Annotated[str | None, Ask(N_("Number of the decision"))] = Field(default=None, max_length=60)


class Telling(Asked):
    """The result goes out in writing: to whom (who reported a case is known to its parties only), who answers."""

    told_to: Annotated[Line, Ask(N_("Told to"), sensitive=True)]
    contact: Annotated[Line, Ask(N_("Contact person"))]
    phone: Annotated[Line, Ask(N_("Phone"))]


class PhoneRecord(Asked):
    """The result was told by phone: 电话记录 (FORMS 22)."""

    told_to: Annotated[Line, Ask(N_("Told to"), sensitive=True)]
    number_called: Annotated[Line, Ask(N_("Number called"), sensitive=True)]
    told_at: Annotated[Instant, Ask(N_("Time"))]
    told_by: Annotated[Line, Ask(N_("Told by"))]
    text: Annotated[Text, Ask(N_("What was said"), widget="textarea", sensitive=True)]


class Opinion(Asked):
    """A decision with its opinion, as it stands on the sheet of approval."""

    opinion: Annotated[Text, Ask(N_("Opinion"), widget="textarea")]


class Server(Asked):
    """One of the two who serve a document."""

    name: Annotated[str, Ask(N_("Full name"))] = Field(max_length=40)
    permit_no: Annotated[str, Ask(N_("Permit number"))] = Field(max_length=40)


class Service(Asked):
    """Proof of service: signed by whom, where, when to the minute (FORMS 5)."""

    received_at: Annotated[Instant, Ask(N_("Received at"), hint=N_("To the minute."))]
    place: Annotated[Line, Ask(N_("Place of service"))]
    signer: Annotated[Line, Ask(N_("Received and signed by"))]
    relation: Annotated[str | None, Ask(N_("Relation to the addressee, if signed by a substitute"))] = Field(
        default=None, max_length=100
    )
    witness: Annotated[str | None, Ask(N_("Witness"))] = Field(default=None, max_length=40)
