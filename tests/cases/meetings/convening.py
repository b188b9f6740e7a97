"""A joint meeting taken through its steps: who acts, with which form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.cases.meetings.family import MEETINGS, RESOLVED_ITEMS
from shared_resources.cases.meetings.schemas import item as item_forms
from shared_resources.cases.meetings.schemas import meeting as forms
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.schemas.asked import ScopeGround
from tests.people import make_cast, make_offices, make_team

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast, Offices, Team

MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""Tuesday, 9 in the morning in Chongqing."""
BEGINS = datetime(2026, 12, 3, 1, 30, tzinfo=UTC)
"""Thursday 9:30: notice by 26 November, replies by 1 December."""
ENDS = BEGINS + timedelta(hours=2)
DEADLINE = date(2026, 12, 31)
HELD = frozenset({"hold", "draft_minutes", "consent", "object", "issue", "file_copy", "close", "all_consented"})


def programme(**more: Any) -> dict[str, Any]:
    """A programme with everything that its notice needs, with ``more`` in place of the usual."""
    usual: dict[str, Any] = {
        "subject": "危险化学品道路运输联合执法",
        "scope": ScopeGround.LAW,
        "type": forms.MeetingType.OPERATION,
        "role": forms.ConveningRole.LEAD,
        "tasks": (forms.MeetingTask.ARRANGE, forms.MeetingTask.UNIFY),
        "starts_at": BEGINS,
        "ends_at": ENDS,
        "place": "市应急管理局三楼会议室",
        "persons": "分管负责人和业务处室负责人",
        "agenda": (forms.AgendaItem(topic="通报前期检查情况", speaker="市应急管理局"),),
        "preparation": "请准备本单位前期执法情况材料",
        "contact": "张三",
        "contact_phone": "023-12350",
    }
    return {**usual, **more}


def slip(**more: Any) -> forms.Slip:
    """A slip that says who comes."""
    usual = {
        "attendance": forms.Attendance.ATTEND,
        "delegates": (forms.Delegate(name="李四", post="副局长", phone="023-1"),),
        "matters": "建议明确路面检查分工",
    }
    return forms.Slip(**{**usual, **more})


@dataclass
class Convening:
    """One meeting: the owner convenes, the borrower and a county attend."""

    cast: Cast
    offices: Offices
    county: Team
    number: str = ""
    record: UUID = field(default_factory=lambda: UUID(int=0))

    @property
    def invited(self) -> tuple[UUID, UUID]:
        """The agencies that are to attend."""
        return (self.cast.borrower.agency, self.county.agency)

    async def plan(self, **more: Any) -> None:
        """Open the meeting."""
        invitees = more.pop("invitees", self.invited)
        entries = forms.Convocation(invitees=invitees, **programme(**more))
        moved = await open_case(self.cast.owner.officer, MEETINGS, entries)
        self.number, self.record = moved.number, moved.id

    def form(self, step: str) -> Asked | None:
        """The usual form of a step."""
        return {
            "amend": lambda: forms.Amendment(**programme(place="四楼会议室")),
            "send_notice": forms.Sending,
            "reply": slip,
            "change_reply": lambda: slip(
                attendance=forms.Attendance.LEAVE, delegates=(), leave_reason="有紧急任务"
            ),
            "calendar_answer": lambda: self.claim(),
            "confirm": lambda: forms.Calls(calls="电话答复：将参加"),
            "postpone": lambda: self.later(),
            "cancel": lambda: forms.Cancellation(reason="市政府另有安排"),
            "hold": lambda: self.attendance(),
            "draft_minutes": lambda: self.draft(),
            "consent": forms.Assent,
            "object": lambda: forms.Objection(text="完成期限过短"),
            "issue": lambda: forms.Issue(signed_by="王五", filed_with=forms.FilingOffice.LEGAL),
            "file_copy": lambda: forms.Filing(filed_with=forms.FilingOffice.GOVERNMENT),
        }.get(step, lambda: None)()

    def claim(self) -> forms.CalendarClaim:
        """What a calendar program answered."""
        return forms.CalendarClaim(
            agency=self.cast.borrower.agency,
            person="borrower.clerk",
            email="borrower.clerk@example.test",
            answer="accepted",
            sequence=0,
            stamped_at=MORNING,
        )

    def later(self, begins: datetime = BEGINS + timedelta(days=7), **more: Any) -> forms.Postponement:
        """A week later."""
        usual = {"place": "四楼会议室", "reason": "会场冲突"}
        return forms.Postponement(starts_at=begins, ends_at=begins + timedelta(hours=2), **{**usual, **more})

    def attendance(self, **more: Any) -> forms.Record:
        """Everybody came but the county."""
        rows = (
            forms.Attended(agency=self.invited[0], presence=forms.Presence.PRESENT, persons="李四"),
            forms.Attended(agency=self.invited[1], presence=forms.Presence.LEAVE),
        )
        usual = {"chair": "王五", "own_persons": "王五、张三", "attended": rows, "sitting_in": "市消防总队 赵六"}
        return forms.Record(**{**usual, **more})

    def draft(self, *agencies: UUID | None, **more: Any) -> forms.Draft:
        """Minutes with one item for each of ``agencies``; both invited ones unless told."""
        items = tuple(
            forms.Resolution(
                matter=f"开展第{number}轮路面检查",
                agency=agency,
                deadline=DEADLINE,
                progress="每周五报送进展",
                measure="联合设卡检查",
            )
            for number, agency in enumerate(agencies or self.invited, 1)
        )
        usual = {"summary": "会议听取了前期检查情况，研究了分工。", "items": items, "dissent": "无"}
        return forms.Draft(**{**usual, **more})

    def actor(self, step: str) -> Actor:
        """Who usually takes ``step``."""
        permission = MEETINGS.procedure.permission_of(step)
        if permission is None:
            return SYSTEM_ACTOR
        part = str(permission).rpartition(":")[2]
        owner, borrower = self.cast.owner, self.cast.borrower
        by_part = {
            "convene": owner.officer,
            "sign": owner.head,
            "reply": borrower.officer,
            "consent": borrower.head,
        }
        return by_part[part]

    async def take(self, *steps: str, actor: Actor | None = None, entries: Asked | None = None) -> None:
        """Take ``steps`` with their usual forms; ``actor`` and ``entries`` are those of the last one."""
        for step in steps:
            last = step == steps[-1]
            by = actor if last and actor else self.actor(step)
            form = entries if last and entries else self.form(step)
            note = "情况有变" if step == "withdraw" else None
            if step in HELD and clock.now() < ENDS:
                with during():
                    await take_step(by, MEETINGS, self.number, step, form, note=note)
            else:
                await take_step(by, MEETINGS, self.number, step, form, note=note)

    async def replied(self) -> None:
        """Both invited agencies reply."""
        await self.take("reply")
        await self.take("reply", actor=self.county.officer)

    async def consented(self) -> None:
        """Both invited agencies consent."""
        await self.take("consent")
        await self.take("consent", actor=self.county.head)

    async def to(self, state: str) -> None:
        """Bring a new meeting to ``state`` by its plain way."""
        ways = ("planning", "noticed", "confirmed", "minuting", "consulting", "consented", "issued", "closed")
        acts = (
            lambda: self.take("send_notice"),
            self.replied,
            lambda: self.take("hold"),
            lambda: self.take("draft_minutes"),
            self.consented,
            lambda: self.take("issue"),
            self.items_done,
        )
        await self.plan()
        if state in ("cancelled", "withdrawn"):
            await self.take("send_notice", {"cancelled": "cancel", "withdrawn": "withdraw"}[state])
            return
        for act in acts[: ways.index(state)]:
            await act()

    async def items(self) -> list[str]:
        """The numbers of the resolved items."""
        facts = await self.facts()
        return [link.number for link in facts.linked("resolved_item")]

    async def items_done(self) -> None:
        """Every resolved item is done and accepted."""
        for number in await self.items():
            await self.do(number, "report_done")
            await self.do(number, "accept")

    async def do(self, number: str, step: str, **more: Any) -> None:
        """Take a step of a resolved item: by the agency that owes it, or by the convening one."""
        usual: dict[str, Asked] = {
            "report_progress": item_forms.Progress(text="已检查车辆三十台"),
            "report_done": item_forms.Report(result="已完成全部检查"),
            "give_back": item_forms.Returned(missing="缺少统计表", **more),
        }
        note = "不再需要" if step == "withdraw" else None
        with during():
            await take_step(
                await self.item_actor(number, step), RESOLVED_ITEMS, number, step, usual.get(step), note=note
            )

    async def item_actor(self, number: str, step: str) -> Actor:
        """Who takes a step of a resolved item."""
        permission = RESOLVED_ITEMS.procedure.permission_of(step)
        if permission is None:
            return SYSTEM_ACTOR
        if str(permission).endswith("judge"):
            return self.cast.owner.head
        agency = await one(
            "SELECT p.agency FROM party p JOIN record r ON r.id = p.record WHERE r.number = $1"
            " AND p.part = 'attending_agency'",
            number,
        )
        teams = (self.cast.owner, self.cast.borrower, self.county)
        return next(team.officer for team in teams if team.agency == agency)

    async def facts(self) -> Facts:
        """The meeting as it stands."""
        return await facts_of(self.record)

    async def state(self) -> str:
        """The state of the meeting."""
        return await state_of(self.number)


def during() -> AbstractContextManager[Any]:
    """The hour after the meeting."""
    return clock.at(ENDS + timedelta(hours=1))


async def make_convening() -> Convening:
    """Everybody concerned; nothing is open yet. The county's agency has its county."""
    county = await make_team("yubei", "渝北区应急管理局")
    async with transaction() as db:
        await db.execute("UPDATE agency SET level = 'county', county = '500112' WHERE id = $1", county.agency)
    return Convening(await make_cast(), await make_offices(), county)


async def one(query: str, *values: Any) -> Any:
    """One value out of the database."""
    async with reading() as db:
        return await db.fetchval(query, *values)


async def rows(query: str, *values: Any) -> list[Any]:
    """Rows out of the database."""
    async with reading() as db:
        return list(await db.fetch(query, *values))


async def state_of(number: str) -> str:
    """The state of a record."""
    return str(await one("SELECT state FROM record WHERE number = $1", number))


async def traces() -> tuple[int, ...]:
    """How much has been left behind: lines, filings, letters, clocks, notices, records, parties."""
    tables = (
        "journal_line",
        "filing",
        "document",
        "deadline",
        "deadline_entry",
        "notice",
        "outbox",
        "record",
        "party",
    )
    return tuple([await one(f"SELECT count(*) FROM {table}") for table in tables])


async def due_of(number: str, term: str) -> list[Any]:
    """The clocks of a term on a record, in the order of their beginning."""
    return await rows(
        "SELECT d.* FROM deadline d JOIN record r ON r.id = d.record WHERE r.number = $1 AND d.term = $2"
        " ORDER BY d.id",
        number,
        term,
    )
