"""What a delegation asks for (FORMS 16), the laboratory's answers, what follows the report (IN-1b)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Instant
from shared_resources.kernel.words import N_

FURTHER = N_("Further details")
AVOIDANCE = N_("Avoidance and scope")
ON_SITE = N_("If the work is done on site")


class Wish(StrEnum):
    """What becomes of a sample afterwards."""

    RETURN = "return"
    DESTROY = "destroy"
    KEEP = "keep"


WISH_LABELS: Mapping[Wish, str] = {
    Wish.RETURN: N_("Return it"),
    Wish.DESTROY: N_("Destroy it"),
    Wish.KEEP: N_("Keep it as the law says"),
}


class Payer(StrEnum):
    """Who bears the costs."""

    NOBODY = "nobody"
    CLIENT = "client"
    PARTY = "party"


PAYER_LABELS: Mapping[Payer, str] = {
    Payer.NOBODY: N_("Nothing is charged"),
    Payer.CLIENT: N_("The client pays"),
    Payer.PARTY: N_("The law lets the party pay"),
}


class Material(Asked):
    """One thing that is handed over for appraisal."""

    name: Annotated[str, Ask(N_("Name"))] = Field(min_length=1, max_length=80)
    quantity: Annotated[str, Ask(N_("Quantity"))] = Field(min_length=1, max_length=40)
    state: Annotated[str, Ask(N_("State"))] = Field(min_length=1, max_length=80)
    mark: Annotated[str | None, Ask(N_("Unique mark"))] = Field(None, max_length=80)
    wish: Annotated[Wish, Ask(N_("Afterwards"), labels=WISH_LABELS)] = Wish.KEEP


class TestAsked(Asked):
    """One item to be tested by a method; the limit it is judged against."""

    __test__ = False  # a form, whatever pytest makes of its name

    item: Annotated[str, Ask(N_("Test item"))] = Field(min_length=1, max_length=80)
    method: Annotated[str, Ask(N_("Method or standard"))] = Field(min_length=2, max_length=120)
    standard_limit: Annotated[str | None, Ask(N_("Limit it is judged by"))] = Field(None, max_length=80)


class Terms(Asked):
    """All that a delegation says besides the laboratory."""

    case_name: Annotated[str, Ask(N_("Case name"))] = Field(min_length=2, max_length=120)
    case_no: Annotated[str | None, Ask(N_("Case number"))] = Field(None, max_length=80)
    outline: Annotated[str, Ask(N_("Outline of the case"), widget="textarea")] = Field(
        min_length=4, max_length=2000
    )
    question: Annotated[
        str, Ask(N_("Question to be answered"), hint=N_("One clear question, as you want it answered."))
    ] = Field(min_length=4, max_length=500)
    use: Annotated[str, Ask(N_("Used for"))] = Field("行政处罚案件证据", min_length=2, max_length=120)
    materials: Annotated[tuple[Material, ...], Ask(N_("Materials"), rows=1)] = Field(min_length=1, max_length=40)
    tests: Annotated[tuple[TestAsked, ...], Ask(N_("Tests"), rows=1)] = Field(min_length=1, max_length=40)
    destructive: Annotated[bool, Ask(N_("The test may use up or damage the material, and we consent to it"))] = (
        False
    )
    needed_by: Annotated[date, Ask(N_("Report needed by"))]
    payer: Annotated[Payer, Ask(N_("Costs"), labels=PAYER_LABELS)] = Payer.NOBODY
    delivery: Annotated[str, Ask(N_("How the report is delivered"))] = Field(
        "系统送达，另送纸质报告", min_length=2, max_length=120
    )
    copies: Annotated[int, Ask(N_("Copies"))] = Field(2, ge=1, le=20)
    contact: Annotated[str, Ask(N_("Contact"))] = Field(min_length=1, max_length=40)
    phone: Annotated[str, Ask(N_("Phone"), sensitive=True)] = Field(min_length=3, max_length=40)
    conflict: Annotated[
        bool,
        Ask(
            N_("The laboratory or one of its people has an interest in the case"),
            hint=N_("Also when the laboratory belongs to your own agency."),
            group=AVOIDANCE,
            folded=True,
        ),
    ] = False
    conflict_reason: Annotated[
        str | None, Ask(N_("Why it is commissioned all the same"), widget="textarea", group=AVOIDANCE)
    ] = Field(None, max_length=1000)
    scope_reason: Annotated[
        str | None,
        Ask(
            N_("Why a test outside the accredited scope is commissioned"),
            hint=N_("The report will bear no CMA mark."),
            widget="textarea",
            group=AVOIDANCE,
        ),
    ] = Field(None, max_length=1000)
    on_site: Annotated[
        bool, Ask(N_("The laboratory works on site"), hint=N_("No sample is sent."), group=ON_SITE, folded=True)
    ] = False
    site: Annotated[str | None, Ask(N_("Place"), group=ON_SITE)] = Field(None, max_length=120)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.conflict and not self.conflict_reason:
            raise ValueError(N_("Say why it is commissioned although there is an interest, or choose another."))
        if self.on_site and not self.site:
            raise ValueError(N_("Work on site needs its place."))
        return self


class Delegation(Terms):
    """The delegation as it is opened: to which laboratory, and its terms."""

    laboratory: Annotated[
        str, Ask(N_("Number of the laboratory"), hint=N_("From the directory, such as LB2026-00012."), first=True)
    ] = Field(min_length=4, max_length=40)


class Acceptance(Asked):
    """The laboratory accepts with a day (受理回执)."""

    agreed_due: Annotated[date, Ask(N_("Report by"))]
    conditions: Annotated[str | None, Ask(N_("Conditions"), widget="textarea")] = Field(None, max_length=2000)
    accepted_by: Annotated[str, Ask(N_("Accepted by"))] = Field(min_length=1, max_length=40)


class DeclineGround(StrEnum):
    """Why a laboratory declines."""

    SCOPE = "outside_scope"
    MATERIAL = "material"
    CAPACITY = "capacity"
    CONFLICT = "conflict"
    PROCEDURE = "procedure"


DECLINE_LABELS: Mapping[DeclineGround, str] = {
    DeclineGround.SCOPE: N_("Outside our scope or ability"),
    DeclineGround.MATERIAL: N_("The material is not fit for it"),
    DeclineGround.CAPACITY: N_("It cannot be done in time"),
    DeclineGround.CONFLICT: N_("We have to avoid the case"),
    DeclineGround.PROCEDURE: N_("The delegation breaks the prescribed procedure"),
}


class Declining(Asked):
    """The laboratory declines with a written reason."""

    ground: Annotated[DeclineGround, Ask(N_("Ground"), labels=DECLINE_LABELS)]
    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field(min_length=4, max_length=2000)


class MoreNeeded(Asked):
    """What else the laboratory needs; the agreed term stands still until it is there."""

    what: Annotated[str, Ask(N_("What is needed"), widget="textarea")] = Field(min_length=4, max_length=2000)


class Supplied(Asked):
    """What was supplied."""

    what: Annotated[str, Ask(N_("What was supplied"), widget="textarea")] = Field(min_length=2, max_length=2000)


class Later(Asked):
    """A later day for the report, on which both sides must agree."""

    until: Annotated[date, Ask(N_("Report by"))]
    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field(min_length=4, max_length=1000)


class LaterAgreed(Asked):
    """The client agrees to the later day."""

    agreed_by: Annotated[str, Ask(N_("Agreed by"))] = Field(min_length=1, max_length=40)


class ReportKind(StrEnum):
    """What the laboratory issues (FORMS 17)."""

    REPORT = "report"
    OPINION = "opinion"


REPORT_LABELS: Mapping[ReportKind, str] = {
    ReportKind.REPORT: N_("Test report"),
    ReportKind.OPINION: N_("Appraisal opinion"),
}


class ReportDraft(Asked):
    """What the report says besides its results."""

    kind: Annotated[ReportKind, Ask(N_("Kind"), labels=REPORT_LABELS)] = ReportKind.REPORT
    basis: Annotated[str, Ask(N_("Basis"), widget="textarea")] = Field(min_length=4, max_length=2000)
    process: Annotated[str | None, Ask(N_("Process and analysis"), widget="textarea")] = Field(
        None, max_length=6000
    )
    conclusion: Annotated[
        str, Ask(N_("Conclusion"), hint=N_("Clear: it answers the question of the delegation."), widget="textarea")
    ] = Field(min_length=4, max_length=2000)
    dissent: Annotated[str | None, Ask(N_("Dissenting opinion"), widget="textarea")] = Field(None, max_length=2000)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind is ReportKind.OPINION and not self.process:
            raise ValueError(N_("An opinion tells its process and analysis."))
        return self


class Amendment(Asked):
    """Why an issued report is replaced by a new version."""

    reason: Annotated[str, Ask(N_("What is amended, and why"), widget="textarea")] = Field(
        min_length=4, max_length=2000
    )


class ReportReceived(Asked):
    """The client has the report."""

    received_by: Annotated[str, Ask(N_("Received by"))] = Field(min_length=1, max_length=40)


class Channel(StrEnum):
    """How a party was told."""

    SERVED = "served"
    MAIL = "mail"
    PHONE = "phone"
    PERSON = "person"


CHANNEL_LABELS: Mapping[Channel, str] = {
    Channel.SERVED: N_("Served in writing"),
    Channel.MAIL: N_("By mail"),
    Channel.PHONE: N_("By phone"),
    Channel.PERSON: N_("In person"),
}


class PartyTold(Asked):
    """The result is told to the party (FORMS 22)."""

    party: Annotated[str, Ask(N_("Party"), sensitive=True)] = Field(min_length=1, max_length=120)
    told_at: Annotated[Instant, Ask(N_("Time"))]
    channel: Annotated[Channel, Ask(N_("How"), labels=CHANNEL_LABELS)]
    told_by: Annotated[str, Ask(N_("Told by"))] = Field(min_length=1, max_length=40)
    objection_by: Annotated[date, Ask(N_("Objections until"))]


class PeriodTold(Asked):
    """The time of the appraisal is told to the party: it does not count towards the time limit of the case."""

    party: Annotated[str, Ask(N_("Party"), sensitive=True)] = Field(min_length=1, max_length=120)


class Objection(Asked):
    """A party objects to the result."""

    party: Annotated[str, Ask(N_("Party"), sensitive=True)] = Field(min_length=1, max_length=120)
    objected_on: Annotated[date, Ask(N_("Objected on"), default_today=True)]
    grounds: Annotated[str, Ask(N_("Grounds"), widget="textarea")] = Field(min_length=4, max_length=2000)


class Retest(Asked):
    """It is tested again: by another laboratory, or by the same with another signatory."""

    laboratory: Annotated[
        str,
        Ask(N_("Number of the laboratory"), hint=N_("The same one tests again with another signatory.")),
    ] = Field(min_length=4, max_length=40)
    needed_by: Annotated[date, Ask(N_("Report needed by"))]
    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field(min_length=4, max_length=1000)


class RetestRefused(Asked):
    """Why it is not tested again."""

    party: Annotated[str, Ask(N_("Party"), sensitive=True)] = Field(min_length=1, max_length=120)
    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field(min_length=4, max_length=2000)
