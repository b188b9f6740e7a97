"""What requests for footage ask for: the request, its answers, the hand-over, the end of use (VI-1c, VI-1d)."""

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
    Instant,
    Officer,
    OnStatutoryGround,
    StatutoryGround,
    TwoPersons,
    with_article,
)
from shared_resources.kernel.words import N_

MOST_HOURS = 24
"""One line asks for at most so many hours: a camera and minutes, not “all day” (EXPECTATIONS 10)."""


class Span(Asked):
    """One source and the time for which its footage is asked, by true time."""

    source: Annotated[str | None, Ask(N_("Source number"), hint=N_("From the register, if it is there."))] = Field(
        None, max_length=40
    )
    camera: Annotated[str, Ask(N_("Camera or place"))] = Field(min_length=2, max_length=120)
    begins: Annotated[Instant, Ask(N_("From"))]
    ends: Annotated[Instant, Ask(N_("To"))]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.ends <= self.begins:
            raise ValueError(N_("A span ends after it begins."))
        if (self.ends - self.begins).total_seconds() > MOST_HOURS * 3600:
            raise ValueError(N_("Ask for the hours that matter, at most one day for each line."))
        return self


URGENT = N_("If it is urgent")
FURTHER = N_("Further details")


class Terms(Asked):
    """All that a request says besides whom it asks (FORMS 14)."""

    spans: Annotated[tuple[Span, ...], Ask(N_("Footage asked for"))] = Field(min_length=1, max_length=20)
    purpose: Annotated[str, Ask(N_("Purpose"), widget="textarea")] = Field(min_length=4, max_length=1000)
    legal_basis: Annotated[
        str, AfterValidator(with_article), Ask(N_("Legal basis"), hint=N_("Law and article."), widget="textarea")
    ] = Field(
        "重庆市人民政府令第197号第四条第（一）项、《公共安全视频图像信息系统管理条例》第二十条",
        min_length=4,
        max_length=300,
    )
    case_no: Annotated[str | None, Ask(N_("Case number"))] = Field(None, max_length=80)
    case_name: Annotated[str, Ask(N_("Case name"))] = Field(min_length=2, max_length=120)
    sought: Annotated[str | None, Ask(N_("Persons or vehicles sought"), widget="textarea", sensitive=True)] = (
        Field(None, max_length=1000)
    )
    officers: Annotated[
        tuple[Officer, ...],
        Ask(N_("Officers"), hint=N_("At least two, with their permits. Only they will be able to open it.")),
    ] = Field(min_length=2, max_length=10)
    supply_by: Annotated[date, Ask(N_("Supply by"))]
    use_until: Annotated[date, Ask(N_("Needed until"), hint=N_("The share ends on this day."))]
    urgent: Annotated[
        bool, Ask(N_("Urgent"), hint=N_("By telephone, papers follow."), group=URGENT, folded=True)
    ] = False
    urgent_reason: Annotated[str | None, Ask(N_("Reason for the urgency"), widget="textarea", group=URGENT)] = (
        Field(None, max_length=1000)
    )
    urgent_leader: Annotated[str | None, Ask(N_("Leader who found it urgent"), group=URGENT)] = Field(
        None, max_length=40
    )
    archived: Annotated[
        bool,
        Ask(
            N_("It is archive information"),
            hint=N_("Asked through the archive query: five working days by the decree."),
            group=FURTHER,
            folded=True,
        ),
    ] = False
    minors: Annotated[
        bool,
        Ask(N_("It shows minors or victims"), hint=N_("A leader in charge approves it."), group=FURTHER),
    ] = False
    confidentiality: Annotated[str | None, Ask(N_("Confidentiality duties"), group=FURTHER)] = Field(
        None, max_length=400
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.use_until < self.supply_by:
            raise ValueError(N_("The use ends after the supply."))
        if self.urgent and not (self.urgent_reason and self.urgent_leader):
            raise ValueError(N_("An urgent request needs its reason and the leader who found it urgent."))
        if len({officer.permit_no for officer in self.officers}) < 2:
            raise ValueError(N_("Name two different officers with their permits."))
        return self


class Request(Terms):
    """The request as it is opened: whom it asks, and its terms."""

    holder: Annotated[UUID, Ask(N_("Footage holder"), first=True)]


class PhoneCall(Asked):
    """An urgent request by telephone: who spoke to whom, when, under which number."""

    caller: Annotated[str, Ask(N_("Caller"))] = Field(min_length=1, max_length=40)
    callee: Annotated[str, Ask(N_("Callee"))] = Field(min_length=1, max_length=40)
    phone: Annotated[str, Ask(N_("Phone"), sensitive=True)] = Field(min_length=3, max_length=40)
    called_at: Annotated[Instant, Ask(N_("Time of the call"))]


class Narrowing(Asked):
    """What the holder thinks suffices (least range, 条例 20)."""

    proposal: Annotated[str, Ask(N_("Narrower range"), widget="textarea")] = Field(min_length=4, max_length=2000)


class Grant(Asked):
    """All of it is supplied."""

    ready_by: Annotated[date, Ask(N_("Ready by"))]
    remarks: Annotated[str | None, Ask(N_("Remarks"), widget="textarea")] = Field(None, max_length=2000)


class PartGround(StrEnum):
    """Why less than asked is supplied."""

    LEAST_RANGE = "least_range"
    NOT_HELD = "not_held"
    PROVISION = "provision"


PART_LABELS: Mapping[PartGround, str] = {
    PartGround.LEAST_RANGE: N_("More than the purpose needs"),
    PartGround.NOT_HELD: N_("The rest does not exist"),
    PartGround.PROVISION: N_("A provision of law"),
}


class PartGrant(Grant):
    """Some of it is supplied: which spans, what is left out and on what ground."""

    spans: Annotated[tuple[Span, ...], Ask(N_("Footage supplied"), first=True)] = Field(
        min_length=1, max_length=20
    )
    left_out: Annotated[str, Ask(N_("What is left out"), widget="textarea")] = Field(min_length=2, max_length=2000)
    ground: Annotated[PartGround, Ask(N_("Ground"), labels=PART_LABELS)]
    provision: Annotated[
        str | None, Ask(N_("Provision"), hint=N_("Law and article, such as 行政处罚法 第二十六条."))
    ] = Field(None, max_length=200)

    @model_validator(mode="after")
    def _on_a_ground(self) -> Self:
        if self.ground is PartGround.PROVISION:
            with_article(self.provision or "")
        return self


class CannotSupply(OnStatutoryGround):
    """Why footage is not supplied: a ground from the list, its article, the facts."""

    ground: Annotated[StatutoryGround, Ask(N_("Statutory ground"), labels=GROUND_LABELS)]
    provision: Annotated[
        str,
        AfterValidator(with_article),
        Ask(N_("Provision"), hint=N_("Law and article, such as 行政处罚法 第二十六条.")),
    ] = Field(min_length=4, max_length=200)


class Nonexistent(Asked):
    """A signed statement that there is no such footage, and why."""

    searched: Annotated[str, Ask(N_("Where it was looked for"), widget="textarea")] = Field(
        min_length=4, max_length=2000
    )
    why: Annotated[str, Ask(N_("Why there is none"), widget="textarea")] = Field(min_length=4, max_length=2000)
    stated_by: Annotated[str, Ask(N_("Stated by"))] = Field(min_length=1, max_length=40)


class Delivery(TwoPersons):
    """The hand-over by the holder (FORMS 15)."""

    made_how: Annotated[str, Ask(N_("How the copies were made"), widget="textarea")] = Field(
        "从原始存储介质导出，原件未作改动", min_length=4, max_length=1000
    )
    original_at: Annotated[str, Ask(N_("Where the original stays"))] = Field(min_length=2, max_length=200)


class Receiving(TwoPersons):
    """The receipt by those who asked."""

    remarks: Annotated[str | None, Ask(N_("Remarks"), widget="textarea")] = Field(None, max_length=2000)


class Extension(Asked):
    """The share lasts longer than agreed."""

    until: Annotated[date, Ask(N_("Needed until"))]
    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field(min_length=4, max_length=1000)


class EndOfUse(StrEnum):
    """What became of the copies when the purpose was met."""

    DESTROYED = "destroyed"
    RETURNED = "returned"
    FILED = "filed_as_evidence"


END_LABELS: Mapping[EndOfUse, str] = {
    EndOfUse.DESTROYED: N_("Destroyed"),
    EndOfUse.RETURNED: N_("Returned"),
    EndOfUse.FILED: N_("Filed with the case as evidence"),
}


class PurposeDone(TwoPersons):
    """The purpose is met: what became of the copies, before whose eyes."""

    outcome: Annotated[EndOfUse, Ask(N_("What became of the copies"), labels=END_LABELS, first=True)]
    how: Annotated[str, Ask(N_("How"), widget="textarea")] = Field(min_length=2, max_length=1000)
