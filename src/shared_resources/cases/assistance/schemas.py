"""What requests for assistance ask for: the letter's elements, the answers, the notices at the end (AS, SN-3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import (
    GROUND_LABELS,
    SCOPE_LABELS,
    SUBFIELD_LABELS,
    Instant,
    Officer,
    OnStatutoryGround,
    ScopeGround,
    StatutoryGround,
    Subfield,
    with_article,
)
from shared_resources.kernel.words import N_

LEGAL_BASIS = "重庆市人民政府令第197号第三条第（三）项、《中华人民共和国行政处罚法》第二十六条"


class AssistGround(StrEnum):
    """Why one agency alone does not get there (AS-2)."""

    ALONE_FAILS = "acting_alone_fails"
    MATERIAL = "cannot_get_case_material"
    INFORMATION = "hard_to_get_information"
    OTHER = "other_need"


ASSIST_LABELS: Mapping[AssistGround, str] = {
    AssistGround.ALONE_FAILS: N_("Acting alone does not reach the aim"),
    AssistGround.MATERIAL: N_("Our own investigation cannot get the case material"),
    AssistGround.INFORMATION: N_("Enforcement information is hard to get alone"),
    AssistGround.OTHER: N_("Another need for assistance"),
}


class Mode(StrEnum):
    """What the help consists of (FORMS 1)."""

    OFFICERS = "send_officers"
    INFORMATION = "information"
    TECHNIQUE = "technique"
    EQUIPMENT = "equipment"
    PLACE = "place"


MODE_LABELS: Mapping[Mode, str] = {
    Mode.OFFICERS: N_("Send officers"),
    Mode.INFORMATION: N_("Information"),
    Mode.TECHNIQUE: N_("Technique"),
    Mode.EQUIPMENT: N_("Equipment"),
    Mode.PLACE: N_("Place"),
}


class Matter(Asked):
    """One numbered matter in which help is asked."""

    text: Annotated[str, Ask(N_("Matter"))] = Field(min_length=4, max_length=400)
    place: Annotated[str | None, Ask(N_("Place"))] = Field(None, max_length=120)


URGENT = N_("If it is urgent")
FURTHER = N_("Further details of the letter")


class Terms(Asked):
    """All that a request says besides whom it asks; what may follow later is checked when the letter is issued."""

    scope: Annotated[ScopeGround, Ask(N_("Scope ground"), labels=SCOPE_LABELS)]
    subfield: Annotated[Subfield, Ask(N_("Field"), labels=SUBFIELD_LABELS)]
    ground: Annotated[AssistGround, Ask(N_("Ground for assistance"), labels=ASSIST_LABELS)]
    power_ref: Annotated[
        str,
        Ask(
            N_("Power of the assisting agency"), hint=N_("The provision that puts the matters within its powers.")
        ),
    ] = Field(min_length=4, max_length=200)
    legal_basis: Annotated[str, Ask(N_("Legal basis"), widget="textarea")] = Field(
        "重庆市人民政府令第197号第三条第(三)项、《中华人民共和国行政处罚法》第二十六条",
        min_length=4,
        max_length=300,
    )
    case_no: Annotated[str | None, Ask(N_("Case number"), group=N_("Case"))] = Field(None, max_length=80)
    case_name: Annotated[str, Ask(N_("Case name"), group=N_("Case"))] = Field(min_length=2, max_length=120)
    party: Annotated[
        str | None, Ask(N_("Party"), hint=N_("Only if it is needed."), sensitive=True, group=N_("Case"))
    ] = Field(None, max_length=120)
    matters: Annotated[tuple[Matter, ...], Ask(N_("Matters"))] = Field(min_length=1, max_length=20)
    modes: Annotated[tuple[Mode, ...], Ask(N_("Mode of assistance"), labels=MODE_LABELS)] = Field(min_length=1)
    wanted_start: Annotated[date, Ask(N_("Wanted start"), default_today=True)]
    wanted_finish: Annotated[date, Ask(N_("Wanted finish"))]
    urgent: Annotated[
        bool, Ask(N_("Urgent"), hint=N_("Help is given at once, papers follow."), group=URGENT, folded=True)
    ] = False
    urgent_reason: Annotated[str | None, Ask(N_("Reason for the urgency"), widget="textarea", group=URGENT)] = (
        Field(None, max_length=1000)
    )
    urgent_leader: Annotated[str | None, Ask(N_("Leader who found it urgent"), group=URGENT)] = Field(
        None, max_length=40
    )
    officers: Annotated[tuple[Officer, ...], Ask(N_("Officers"), hint=N_("At least two, with their permits."))] = (
        Field(min_length=2, max_length=20)
    )
    information: Annotated[
        str | None, Ask(N_("Information supplied"), widget="textarea", group=FURTHER, folded=True)
    ] = Field(None, max_length=4000)
    confidentiality: Annotated[str | None, Ask(N_("Confidentiality duties"), group=FURTHER)] = Field(
        None, max_length=400
    )
    return_address: Annotated[str | None, Ask(N_("Address for the results"), group=FURTHER)] = Field(
        None, max_length=200
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.wanted_finish < self.wanted_start:
            raise ValueError(N_("The finish lies before the start."))
        if self.urgent and not (self.urgent_reason and self.urgent_leader):
            raise ValueError(N_("An urgent request needs its reason and the leader who found it urgent."))
        if len({officer.permit_no for officer in self.officers}) < 2:
            raise ValueError(N_("Name two different officers with their permits."))
        return self


class Request(Terms):
    """The request as it is opened: whom it asks, and its terms."""

    assisting: Annotated[UUID, Ask(N_("Assisting agency"), first=True)]


class OralRequest(Asked):
    """A request by phone or word of mouth, in special circumstances only (AS-3b)."""

    reason: Annotated[str, Ask(N_("Special circumstances"), widget="textarea")] = Field(
        min_length=4, max_length=1000
    )
    caller: Annotated[str, Ask(N_("Caller"))] = Field(min_length=1, max_length=40)
    callee: Annotated[str, Ask(N_("Callee"))] = Field(min_length=1, max_length=40)
    phone: Annotated[str, Ask(N_("Phone"), sensitive=True)] = Field(min_length=3, max_length=40)
    called_at: Annotated[Instant, Ask(N_("Time of the call"))]


class SupplementAsked(Asked):
    """What is missing before help can be given (AS-3c)."""

    missing: Annotated[str, Ask(N_("What is missing"), widget="textarea")] = Field(min_length=4, max_length=2000)


class Supplement(Asked):
    """What was missing."""

    text: Annotated[str, Ask(N_("Supplement"), widget="textarea")] = Field(min_length=2, max_length=4000)


class Consent(Asked):
    """Agreeing to help: who comes, until when, whom to call (AS-4b, FORMS 2)."""

    officers: Annotated[tuple[Officer, ...], Ask(N_("Officers assigned"))] = Field((), max_length=20)
    expected_finish: Annotated[date, Ask(N_("Expected finish"))]
    contact: Annotated[str, Ask(N_("Contact"), sensitive=True)] = Field(min_length=2, max_length=80)
    remarks: Annotated[str | None, Ask(N_("Remarks"), widget="textarea")] = Field(None, max_length=2000)


class PartConsent(Consent):
    """Agreeing in part: the rest is refused, so it needs its statutory ground as well (AS-6b, AS-8a)."""

    agreed: Annotated[str, Ask(N_("Agreed matters"), widget="textarea")] = Field(min_length=2, max_length=2000)
    left_out: Annotated[str, Ask(N_("Matters that we cannot help with"), widget="textarea")] = Field(
        min_length=2, max_length=2000
    )
    ground: Annotated[StatutoryGround, Ask(N_("Statutory ground"), labels=GROUND_LABELS)]
    provision: Annotated[str, AfterValidator(with_article), Ask(N_("Provision"))] = Field(
        min_length=4, max_length=200
    )
    facts: Annotated[str, Ask(N_("Facts of the matter"), widget="textarea")] = Field(
        min_length=10, max_length=4000
    )


class CannotHelp(OnStatutoryGround):
    """Why help cannot be given, and who can (AS-8, AS-3a)."""

    provision: Annotated[
        str,
        AfterValidator(with_article),
        Ask(N_("Provision"), hint=N_("Law and article, such as 行政处罚法 第二十六条.")),
    ] = Field(min_length=4, max_length=200)
    who_can: Annotated[UUID | None, Ask(N_("Agency that can help"))] = None
    who_can_name: Annotated[str | None, Ask(N_("Or another body that can help"))] = Field(None, max_length=80)
    contact: Annotated[str, Ask(N_("Contact"), sensitive=True)] = Field(min_length=2, max_length=80)

    @model_validator(mode="after")
    def _names_who_can(self) -> Self:
        if self.ground is StatutoryGround.OUTSIDE_POWERS and not (self.who_can or self.who_can_name):
            raise ValueError(N_("Whoever says “not ours” names the agency that can help."))
        return self


class Start(Asked):
    """When the help began, if not just now (AS-7)."""

    started_at: Annotated[Instant | None, Ask(N_("Started"), hint=N_("Empty: just now."))] = None


class HelpLog(Asked):
    """One piece of help (AS-4a, AS-4c)."""

    done: Annotated[str, Ask(N_("What was done"), widget="textarea")] = Field(min_length=2, max_length=4000)
    officers: Annotated[str | None, Ask(N_("Officers"))] = Field(None, max_length=200)
    items: Annotated[str | None, Ask(N_("Information handed over"), widget="textarea")] = Field(
        None, max_length=4000
    )


class Extension(Asked):
    """Notice, before it passes, that the finish moves."""

    until: Annotated[date, Ask(N_("New finish"))]
    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field(min_length=4, max_length=1000)


class HelpReport(Asked):
    """What the assisting agency tells at the end (SN-3a)."""

    summary: Annotated[str, Ask(N_("Assistance given"), widget="textarea")] = Field(min_length=10, max_length=6000)
    persons: Annotated[int, Ask(N_("Persons deployed"))] = Field(0, ge=0, le=10_000)
    vehicles: Annotated[int, Ask(N_("Vehicles deployed"))] = Field(0, ge=0, le=10_000)
    handed_over: Annotated[str | None, Ask(N_("Material handed over"), widget="textarea")] = Field(
        None, max_length=4000
    )
    problems: Annotated[str | None, Ask(N_("Difficulties"), widget="textarea")] = Field(None, max_length=4000)


class Confirmation(Asked):
    """The requesting agency has what it asked for, and says when its own result is to be expected."""

    result_expected: Annotated[date | None, Ask(N_("Our result is expected on"))] = None
    remarks: Annotated[str | None, Ask(N_("Remarks"), widget="textarea")] = Field(None, max_length=2000)


class ResultNotice(Asked):
    """What came of the case in which help was given (SN-3b)."""

    result: Annotated[str, Ask(N_("Enforcement result"), widget="textarea")] = Field(
        min_length=10, max_length=6000
    )
    decision_no: Annotated[str | None, Ask(N_("Decision number"))] = Field(None, max_length=80)
    use: Annotated[str, Ask(N_("How the assistance contributed"), widget="textarea")] = Field(
        min_length=4, max_length=2000
    )
