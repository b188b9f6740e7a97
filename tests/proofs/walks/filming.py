"""Requests for footage, their preservation notices, footage from joint use: the owner holds, others ask."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor
from shared_resources.kernel.shared_use import footage_owed
from shared_resources.video.families import PRESERVATIONS, REQUESTS, SHARED
from shared_resources.video.schemas import preservations, shared
from shared_resources.video.schemas.requests import Terms
from tests.cases.joint_operations.operating import clock_takes
from tests.proofs.walks import MORNING, teams_of
from tests.video import asking
from tests.video.kept import kept

if TYPE_CHECKING:
    from shared_resources.kernel.asks import Asked
    from tests.people import Cast, Offices

URGENT = {"urgent": True, "urgent_reason": "嫌疑车辆正在逃离。", "urgent_leader": "陈局长"}
ASKED = ("submit", "approve", "send")
TWO = {"first": "王执法", "second": "李执法"}


class FootageRequests:
    """The borrower asks the owner."""

    kind = "footage_request"

    def __init__(self, cast: Cast, offices: Offices) -> None:
        self.cast, self.teams = cast, teams_of(cast, offices)

    async def reach(self, state: str) -> str:
        if state in ("granted", "delivered", "in_use", "share_ended", "returned", "closed"):
            return await self._supplied(state)
        more = URGENT if state in ("submitted", "oral") else {}
        moved = await asking.drafted(self.cast, **more)
        ways = {
            "draft": (),
            "submitted": ("submit",),
            "approved": ("submit", "approve"),
            "oral": ("submit", "call"),
            "received": ASKED,
            "refused": (*ASKED, "refuse"),
            "nonexistent": (*ASKED, "does_not_exist"),
            "disputed": (*ASKED, "refuse", "dispute"),
            "withdrawn": ("withdraw",),
        }
        for name in ways[state]:
            await asking.step(self.usual(name), moved, name)
        return moved.number

    async def _supplied(self, state: str) -> str:
        moved, _ = await asking.granted(self.cast)
        if state == "granted":
            return moved.number
        await asking.step(self.usual("deliver"), moved, "deliver")
        await asking.compare(self.cast, moved)
        ways = {
            "delivered": (),
            "in_use": ("sign",),
            "share_ended": ("sign", "revoke"),
            "returned": ("sign", "purpose_done"),
            "closed": ("sign", "purpose_done", "close"),
        }
        for name in ways[state]:
            await asking.step(self.usual(name), moved, name)
        return moved.number

    def usual(self, step: str) -> Actor:
        if REQUESTS.procedure.permission_of(step) is None:
            return SYSTEM_ACTOR
        if step in ("narrow", "grant", "grant_in_part", "refuse", "does_not_exist", "extend_share", "revoke"):
            return self.cast.owner.head
        if step in ("deliver", "take_back", "close"):
            return self.cast.owner.officer
        leading = ("approve", "send_back", "file_papers", "accept_answer", "dispute", "resume", "close_disputed")
        return self.cast.borrower.head if step in leading else self.cast.borrower.officer

    def form(self, step: str) -> Asked | None:
        if step == "amend":
            return Terms.model_validate(asking.request_form(self.cast).model_dump(exclude={"holder"}))
        return asking.FORMS[step]() if step in asking.FORMS else None

    def at(self, state: str, step: str) -> datetime:
        return MORNING


class Preservations:
    """The notice that leaves with the borrower's request."""

    kind = "preservation"

    def __init__(self, cast: Cast, offices: Offices) -> None:
        self.cast, self.teams = cast, teams_of(cast, offices)

    async def reach(self, state: str) -> str:
        moved = await asking.drafted(self.cast)
        await asking.step(self.cast.borrower.officer, moved, "submit")
        notice = await asking.preservation_of(moved.id)
        for step in {"asked": (), "preserved": ("confirm",), "impossible": ("cannot",)}.get(state, ()):
            await take_step(self.usual(step), PRESERVATIONS, notice.number, step, self.form(step))
        if state == "withdrawn":
            await take_step(self.usual("withdraw"), PRESERVATIONS, notice.number, "withdraw", note="理由如此。")
        if state == "ended":
            await clock_takes(PRESERVATIONS, notice.number, "end")
        return notice.number

    def usual(self, step: str) -> Actor:
        if PRESERVATIONS.procedure.permission_of(step) is None:
            return SYSTEM_ACTOR
        return self.cast.borrower.officer if step == "withdraw" else self.cast.owner.officer

    def form(self, step: str) -> Asked | None:
        if step == "confirm":
            return preservations.Preserved(how="已导出封存", preserved_by="张管理", until=date(2030, 1, 1))
        if step == "cannot":
            return preservations.CannotPreserve(why="该录像机硬盘已损坏。", stated_by="张管理")
        return None

    def at(self, state: str, step: str) -> datetime:
        return MORNING


class SharedFootage:
    """The owner recorded; borrower and a third agency took part."""

    kind = "shared_footage"

    def __init__(self, cast: Cast, offices: Offices) -> None:
        self.cast, self.teams = cast, teams_of(cast, offices)

    async def reach(self, state: str) -> str:
        about, now = await kept(self.cast.owner.officer), clock.now()
        async with transaction():
            others = [self.cast.borrower.agency]
            begun = now - timedelta(hours=5)
            await footage_owed(about.id, "夜市联合检查", self.cast.owner.agency, others, begun, now)
        async with reading() as db:
            number = str(
                await db.fetchval("SELECT number FROM record WHERE kind = 'shared_footage' ORDER BY id DESC")
            )
        await kept(self.cast.owner.officer, shared_use=number)
        ways = {
            "owed": (),
            "shared": ("share",),
            "nothing": ("nothing_recorded",),
            "closed": ("share", "confirm"),
            "withdrawn": ("withdraw",),
        }
        for step in ways[state]:
            note = "理由如此。" if step == "withdraw" else None
            await take_step(self.usual(step), SHARED, number, step, self.form(step), note=note)
        return number

    def usual(self, step: str) -> Actor:
        if SHARED.procedure.permission_of(step) is None:
            return SYSTEM_ACTOR
        if step == "confirm":
            return self.cast.borrower.officer
        return self.cast.owner.officer if step == "share" else self.cast.owner.head

    def form(self, step: str) -> Asked | None:
        forms: dict[str, Asked] = {
            "share": shared.Sharing.model_validate(TWO),
            "nothing_recorded": shared.NothingRecorded(why="当日未开启录像。", stated_by="王执法"),
            "confirm": shared.Confirmed(remarks=None),
        }
        return forms.get(step)

    def at(self, state: str, step: str) -> datetime:
        return MORNING
