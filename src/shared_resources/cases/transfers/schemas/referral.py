"""What the forms of a referral of a suspected crime ask (TR-5; State Council Decree 310, FORMS 6)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared_resources.cases.transfers.schemas.common import Line, Server, Text
from shared_resources.cases.transfers.schemas.inventory import DocumentRow, GoodsRow
from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import Officer
from shared_resources.kernel.words import N_


class Suspicion(Asked):
    """A crime is suspected: two officers at least are told off to verify it (Decree 310, art. 5)."""

    case_name: Annotated[Line, Ask(N_("Name of the case"))]
    police: Annotated[UUID, Ask(N_("Public security agency of the same level"))]
    crime: Annotated[Line, Ask(N_("Suspected crime"))]
    provision: Annotated[
        str,
        Field(min_length=4, max_length=200),
        Ask(N_("Provision"), hint=N_("Law and article, such as 刑法 第一百四十条.")),
    ]
    found_on: Annotated[date, Ask(N_("Found on"))]
    party: Annotated[Line, Ask(N_("Party"), sensitive=True)]
    summary: Annotated[Text, Ask(N_("Case summary"), widget="textarea", sensitive=True)]
    officers: Annotated[
        tuple[Officer, ...],
        Ask(N_("Officers who verify"), hint=N_("Two at least."), widget="rows", rows=2),
        Field(min_length=2, max_length=10),
    ]

    @model_validator(mode="after")
    def _different(self) -> Self:
        if len({officer.permit_no for officer in self.officers}) < len(self.officers):
            raise ValueError(N_("Two different officers are needed."))
        return self


class Report(Asked):
    """The officers' report to the head: the three days begin when it is in."""

    verified: Annotated[Text, Ask(N_("What was verified"), widget="textarea", sensitive=True)]
    proposal: Annotated[Text, Ask(N_("Proposal"), widget="textarea")]


class Annexes(Asked):
    """The five things that go with the referral (Decree 310, art. 6), and who serves them."""

    report_name: Annotated[Line, Ask(N_("Investigation report"))]
    report_pages: Annotated[int, Ask(N_("Pages of the report"))] = Field(ge=1, le=9999)
    goods: Annotated[tuple[GoodsRow, ...], Ask(N_("Goods"), widget="rows"), Field(max_length=200)] = ()
    no_goods: Annotated[bool, Ask(N_("There are no goods in this case"))] = False
    appraisals: Annotated[
        tuple[DocumentRow, ...], Ask(N_("Inspection reports and appraisals"), widget="rows"), Field(max_length=50)
    ] = ()
    no_appraisals: Annotated[bool, Ask(N_("Nothing had to be inspected or appraised"))] = False
    others: Annotated[
        tuple[DocumentRow, ...],
        Ask(N_("Other material on the suspected crime"), widget="rows"),
        Field(min_length=1, max_length=200),
    ]
    place: Annotated[Line, Ask(N_("Place of service"))]
    servers: Annotated[
        tuple[Server, ...],
        Ask(N_("Served by"), hint=N_("Two people."), widget="rows", rows=2),
        Field(min_length=2, max_length=4),
    ]

    @model_validator(mode="after")
    def _accounted_for(self) -> Self:
        if bool(self.goods) == self.no_goods:
            raise ValueError(N_("List the goods, or say that there are none."))
        if bool(self.appraisals) == self.no_appraisals:
            raise ValueError(N_("List the appraisals, or say that there was nothing to appraise."))
        return self


class PoliceDecision(Asked):
    """The police file a criminal case."""

    decision_no: Annotated[Line, Ask(N_("Number of the decision"))]
    decided_on: Annotated[date, Ask(N_("Decided on"), default_today=True)]


class PoliceRefusal(Asked):
    """The police do not file: reasons in writing, papers back (art. 8)."""

    decision_no: Annotated[Line, Ask(N_("Number of the decision"))]
    reasons: Annotated[Text, Ask(N_("Reasons"), widget="textarea")]
    papers_returned: Annotated[bool, Ask(N_("The case material is returned"))] = False


class Request(Asked):
    """A request that looks at a refusal again: to the police (art. 9), or a note to the procuratorate."""

    reasons: Annotated[Text, Ask(N_("Reasons"), widget="textarea")]


class ProcuratorateNote(Request):
    """The suggestion of supervision of filing: to which procuratorate it went, and when."""

    procuratorate: Annotated[Line, Ask(N_("Procuratorate"))]
    sent_on: Annotated[date, Ask(N_("Sent on"), default_today=True)]


class HandedOver(Asked):
    """Goods and papers went to the police after they filed (art. 12)."""

    handed_over_on: Annotated[date, Ask(N_("Handed over on"), default_today=True)]
    handed_by: Annotated[Line, Ask(N_("Handed over by"))]
    taken_by: Annotated[Line, Ask(N_("Taken by"))]
    remark: Annotated[str | None, Ask(N_("Remark"))] = Field(default=None, max_length=400)
