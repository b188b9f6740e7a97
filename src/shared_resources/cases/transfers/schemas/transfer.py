"""What the forms of a case transfer ask (FORMS 3, 5, 19)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared_resources.cases.transfers.schemas.common import (
    SOURCE_LABELS,
    Line,
    Provision,
    Server,
    Source,
    Text,
)
from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Officer
from shared_resources.kernel.words import N_


class Finding(Asked):
    """A unit head's recorded finding of no jurisdiction; the two working days run from its day."""

    case_name: Annotated[Line, Ask(N_("Name of the case"))]
    receiver: Annotated[UUID, Ask(N_("Agency with jurisdiction"))]
    source: Annotated[Source, Ask(N_("Source of the case"), labels=SOURCE_LABELS)]
    found_on: Annotated[date, Ask(N_("Found on"))]
    party: Annotated[Line, Ask(N_("Party"), sensitive=True)]
    summary: Annotated[Text, Ask(N_("Case summary"), widget="textarea", sensitive=True)]
    why: Annotated[Text, Ask(N_("Why there is no jurisdiction"), widget="textarea")]
    provision: Provision
    determined_on: Annotated[
        date,
        Ask(
            N_("Determined on"),
            hint=N_("The two working days of TR-1 are counted from this day."),
            default_today=True,
        ),
    ]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.determined_on < self.found_on:
            raise ValueError(N_("Nothing is determined before it was found."))
        return self


class PassingOn(Asked):
    """The receiver lacks jurisdiction as well: the one onward hop, to the agency that has it (FR-3a)."""

    receiver: Annotated[UUID, Ask(N_("Agency with jurisdiction"))]
    why: Annotated[Text, Ask(N_("Why there is no jurisdiction"), widget="textarea")]
    provision: Provision
    determined_on: Annotated[date, Ask(N_("Determined on"), default_today=True)]


class Channel(StrEnum):
    """How the papers travel (TR-3)."""

    DIRECT = "direct"
    POST = "post"
    ELECTRONIC = "electronic"


CHANNEL_LABELS: Mapping[Channel, str] = {
    Channel.DIRECT: N_("Handed over directly"),
    Channel.POST: N_("By post"),
    Channel.ELECTRONIC: N_("Electronic document"),
}


class Sending(Asked):
    """How the case leaves; the electronic way needs the receiver's consent (TR-4a)."""

    channel: Annotated[Channel, Ask(N_("Channel"), labels=CHANNEL_LABELS)]
    place: Annotated[Line, Ask(N_("Place of service"), hint=N_("Address, or the name of the system."))]
    carrier: Annotated[str | None, Ask(N_("Carrier"))] = Field(default=None, max_length=60)
    tracking_no: Annotated[str | None, Ask(N_("Tracking number"))] = Field(default=None, max_length=60)
    sent_on: Annotated[date | None, Ask(N_("Posted on"))] = None
    consent_by: Annotated[
        str | None,
        Ask(N_("Consent given by"), hint=N_("Only where the receiver has no standing consent on record.")),
    ] = Field(default=None, max_length=60)
    consent_on: Annotated[date | None, Ask(N_("Consent given on"))] = None
    servers: Annotated[
        tuple[Server, ...],
        Ask(N_("Served by"), hint=N_("Two people."), widget="rows", rows=2),
        Field(min_length=2, max_length=4),
    ]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.channel is Channel.POST and not (self.carrier and self.tracking_no and self.sent_on):
            raise ValueError(N_("By post: name the carrier, the tracking number and the day of posting."))
        if bool(self.consent_by) != bool(self.consent_on):
            raise ValueError(N_("A consent needs its day and the name of who gave it."))
        return self


class Bounce(Asked):
    """The papers came back or never arrived."""

    reason: Annotated[Text, Ask(N_("What went wrong"), widget="textarea")]
    noticed_on: Annotated[date, Ask(N_("Noticed on"), default_today=True)]


class Gaps(Asked):
    """What is missing; acceptance is not withheld for it (TR-1b)."""

    missing: Annotated[Text, Ask(N_("What is missing"), widget="textarea")]


class CaseFiled(Asked):
    """The receiver takes the case up (FR-2a)."""

    case_no: Annotated[Line, Ask(N_("Case number"))]
    filed_on: Annotated[date, Ask(N_("Filed on"), default_today=True)]
    officers: Annotated[
        tuple[Officer, ...],
        Ask(N_("Officers"), hint=N_("Two at least."), widget="rows", rows=2),
        Field(min_length=2, max_length=10),
    ]


class Progress(Asked):
    """What was done since the last report."""

    text: Annotated[Text, Ask(N_("Progress"), widget="textarea")]


class NamingAsked(Asked):
    """Why the receiver thinks that another agency has jurisdiction, once the case was passed on already."""

    why: Annotated[Text, Ask(N_("Why there is no jurisdiction"), widget="textarea")]
    provision: Provision
    proposed: Annotated[UUID | None, Ask(N_("Agency that we think has jurisdiction"))] = None


class Kept(Asked):
    """The legal office leaves the case where it is; that binds."""

    decision_no: Annotated[Line, Ask(N_("Number of the decision"))]
    provision: Provision
    reasons: Annotated[Text, Ask(N_("Reasons"), widget="textarea")]


class Naming(Kept):
    """The legal office names the agency that handles the case; that binds."""

    agency: Annotated[UUID, Ask(N_("Agency that handles the case"))]


class Urging(Asked):
    """A formal follow-up with a time limit (TR-2, FORMS 19)."""

    problem: Annotated[Text, Ask(N_("Problem"), widget="textarea")]
    demand: Annotated[Text, Ask(N_("What is to be done"), widget="textarea")]
    deadline: Annotated[date, Ask(N_("Deadline"))]
    report_format: Annotated[Line, Ask(N_("Form of the report"))]
    contact: Annotated[Line, Ask(N_("Contact person"))]
    phone: Annotated[Line, Ask(N_("Phone"))]


class UrgingAnswered(Asked):
    """The written report that an urging asks for."""

    report: Annotated[Text, Ask(N_("Written report"), widget="textarea")]
