"""Operations, tasks, meetings, resolved items, situation notices and inspection plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from shared_resources.cases.inspections.schemas import (
    InspectionResult,
    JointAnswer,
    JointProposal,
    SeparateReason,
)
from shared_resources.cases.notices.schemas import Acknowledgement, Approval, NoticeOpening, Situation
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor
from shared_resources.kernel.schemas.asked import BookingLink
from tests.cases.inspections import story as inspecting
from tests.cases.joint_operations import operating
from tests.cases.joint_operations.test_operation_machine import bring_to
from tests.cases.joint_operations.test_task_machine import AFTER, OVER
from tests.cases.joint_operations.test_task_machine import PATHS as TASK_PATHS
from tests.cases.meetings import convening
from tests.cases.notices.story import SITUATION
from tests.proofs.walks import BY_KIND, MORNING, take, teams_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.asks import Asked
    from tests.people import Cast, Offices, Team

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 5)


class Operations:
    """Owner leads, borrower and second cooperate; owner lends borrower what ``loan`` names."""

    kind = "joint_operation"

    def __init__(self, story: operating.Operating, loan: str) -> None:
        self.story, self.teams = story, teams_of(story.cast, story.offices, second=story.second)
        self.loan = loan

    async def reach(self, state: str) -> str:
        await bring_to(self.story, state)
        if state == "plan_final":
            await self.story.name_liaisons()
        return self.story.number

    def usual(self, step: str) -> Actor:
        return self.story.actor(step)

    def form(self, step: str) -> Asked | None:
        if step == "link_booking":
            return BookingLink(number=self.loan)
        return self.story.forms().get(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING


class Tasks:
    """A task of the borrower under the owner's operation."""

    kind = "task"

    def __init__(self, story: operating.Operating) -> None:
        self.story, self.teams = story, teams_of(story.cast, story.offices, second=story.second)

    async def reach(self, state: str) -> str:
        if not self.story.number:
            await self.story.in_force()
        number = await self.story.assign()
        with clock.at(self.at(state, "")):
            await self.story.do(*TASK_PATHS[state])
        return number

    def usual(self, step: str) -> Actor:
        return SYSTEM_ACTOR if step in operating.BY_CLOCK else self.story.doer(step)

    def form(self, step: str) -> Asked | None:
        if step == "designate":
            agency = self.story.cast.third.agency
            return operating.task_words.Designation(agency=agency, mandate="指定办理。")
        return operating.TASK_FORMS.get(step)

    def at(self, state: str, step: str) -> datetime:
        return AFTER if state in OVER or step == "not_made_out" else MORNING


class Meetings:
    """Owner convenes, borrower and a county attend."""

    kind = "meeting"

    def __init__(self, story: convening.Convening) -> None:
        self.story, self.teams = story, teams_of(story.cast, story.offices, county=story.county)

    async def reach(self, state: str) -> str:
        await self.story.to(state)
        return self.story.number

    def usual(self, step: str) -> Actor:
        return self.story.actor(step)

    def form(self, step: str) -> Asked | None:
        return self.story.form(step)

    def at(self, state: str, step: str) -> datetime:
        early = state in ("planning", "noticed", "confirmed") and step not in convening.HELD
        return MORNING if early else convening.ENDS + timedelta(hours=1)


ITEM_PATHS: dict[str, tuple[str, ...]] = {
    "open": (),
    "overdue": ("expire",),
    "reported": ("report_done",),
    "done": ("report_done", "accept"),
    "withdrawn": ("withdraw",),
}


class ResolvedItems:
    """An item of the borrower out of the owner's minutes."""

    kind = "resolved_item"

    def __init__(self, story: convening.Convening) -> None:
        self.story, self.teams = story, teams_of(story.cast, story.offices, county=story.county)

    async def reach(self, state: str) -> str:
        await self.story.to("issued")
        number = (await self.story.items())[0]
        for step in ITEM_PATHS[state]:
            await self.story.do(number, step)
        return number

    def usual(self, step: str) -> Actor:
        if step == "expire":
            return SYSTEM_ACTOR
        judges = step in ("accept", "give_back", "withdraw")
        return self.story.cast.owner.head if judges else self.story.cast.borrower.officer

    def form(self, step: str) -> Asked | None:
        forms: dict[str, Asked] = {
            "report_progress": convening.item_forms.Progress(text="已检查车辆三十台"),
            "report_done": convening.item_forms.Report(result="已完成全部检查"),
            "give_back": convening.item_forms.Returned(missing="缺少统计表"),
        }
        return forms.get(step)

    def at(self, state: str, step: str) -> datetime:
        return convening.ENDS + timedelta(hours=1)


NOTICE_PATHS: dict[str, tuple[str, ...]] = {
    "due": (),
    "drafted": ("draft",),
    "signed": ("draft", "sign"),
    "sent": ("draft", "sign", "send"),
    "acknowledged": ("draft", "sign", "send", "acknowledge"),
    "missed": ("miss",),
    "withdrawn": ("withdraw",),
}


@dataclass
class Notices:
    """Owner notifies borrower."""

    cast: Cast
    offices: Offices
    kind: str = "situation_notice"

    @property
    def teams(self) -> Mapping[str, Team]:
        return teams_of(self.cast, self.offices)

    async def reach(self, state: str) -> str:
        entries = NoticeOpening(
            subject="长江段联合执法",
            period_from=date(2026, 10, 1),
            period_to=date(2026, 10, 31),
            to=(self.cast.borrower.agency,),
            due_on=date(2026, 11, 30),
        )
        family = BY_KIND[self.kind]
        number = (await open_case(self.cast.owner.officer, family, entries)).number
        for step in NOTICE_PATHS[state]:
            await take(self, number, step)
        return number

    def usual(self, step: str) -> Actor:
        if step in ("miss", "complete"):
            return SYSTEM_ACTOR
        if step == "acknowledge":
            return self.cast.borrower.officer
        return self.cast.owner.head if step == "sign" else self.cast.owner.officer

    def form(self, step: str) -> Asked | None:
        forms: dict[str, Asked] = {
            "draft": Situation(**SITUATION),
            "sign": Approval(),
            "acknowledge": Acknowledgement(remark="已阅"),
        }
        return forms.get(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING


@dataclass
class Inspections:
    """Owner's plan; borrower plans the same party in the same days."""

    cast: Cast
    offices: Offices
    kind: str = "inspection"

    @property
    def teams(self) -> Mapping[str, Team]:
        return teams_of(self.cast, self.offices)

    async def reach(self, state: str) -> str:
        party = await inspecting.make_party(self.cast.owner.officer)
        own = await inspecting.plan(self.cast.owner.officer, party, FIRST, LAST)
        other = None
        if state in ("overlap", "proposed", "merged", "justified", "absorbed"):
            other = await inspecting.plan(self.cast.borrower.officer, party, FIRST, LAST)
        for step in {
            "proposed": ("propose_join",),
            "merged": ("propose_join", "accept_join"),
            "absorbed": ("propose_join", "accept_join"),
            "justified": ("separate",),
            "done": ("done",),
            "withdrawn": ("withdraw",),
        }.get(state, ()):
            await take(self, own.number, step)
        return other.number if other is not None and state == "absorbed" else own.number

    def usual(self, step: str) -> Actor:
        if BY_KIND[self.kind].procedure.permission_of(step) is None:
            return SYSTEM_ACTOR
        if step in ("accept_join", "decline_join"):
            return self.cast.borrower.head
        return self.cast.owner.head if step == "separate" else self.cast.owner.officer

    def form(self, step: str) -> Asked | None:
        forms: dict[str, Asked] = {
            "propose_join": JointProposal(
                agency=self.cast.borrower.agency, first=FIRST, last=LAST, proposal="一起检查"
            ),
            "accept_join": JointAnswer(),
            "separate": SeparateReason(reason="两家检查事项不同且时间无法衔接"),
            "done": InspectionResult(done_on=clock.today(), result="未发现问题"),
        }
        return forms.get(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING if step != "done" else datetime(2026, 12, 2, 1, tzinfo=UTC)
