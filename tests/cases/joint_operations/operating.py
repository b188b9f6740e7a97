"""A joint operation and its tasks taken through their steps: who acts, with which form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from shared_resources.cases.families import FAMILIES
from shared_resources.cases.joint_operations.schemas import operation as words
from shared_resources.cases.joint_operations.schemas import task as task_words
from shared_resources.cases.joint_operations.schemas.plan import DutyRow, PlanDraft, StageRow
from shared_resources.kernel.casework.acts import move, open_case, take_step
from shared_resources.kernel.casework.family import Family, family_of
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.schemas.asked import BookingLink, Officer, ScopeGround, StatutoryGround, Subfield
from tests.people import make_cast, make_offices, make_team

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast, Offices, Team

OPERATION, TASK = (
    next(family for family in FAMILIES if family.kind == kind) for kind in ("joint_operation", "task")
)
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""Tuesday, 9 in the morning in Chongqing."""
LATER = date(2026, 12, 11)
FIGURES: dict[str, Any] = {
    "sites": 31,
    "persons": 120,
    "vehicles": 18,
    "problems": 9,
    "cases": 3,
    "fines": 125000,
    "transfers": 1,
    "equipment": "无人机2架",
    "difficulties": "夜间取证照明不足。",
    "next_steps": "下月复查。",
}
OPINION = words.LegalOpinion(opinion="事项符合联合执法的条件，职责清楚。")
EXCUSE = task_words.TaskExcuse(
    ground=StatutoryGround.FORCE_MAJEURE,
    provision="《行政强制法》第三十九条",
    facts="连续暴雨，道路中断，人员无法到达现场。",
    evidence="气象预警和道路中断公告",
    remedy="道路恢复后三日内补查。",
)
DONE = task_words.CompletionReport(is_done=True, result="全部检查完毕。", **FIGURES)
REPORT = words.OperationReport(
    to=words.Superior.GOVERNMENT,
    period_from=date(2026, 11, 1),
    period_to=date(2026, 11, 24),
    results="各项任务全部完成，问题已整改。",
    **FIGURES,
)
TASK_FORMS: dict[str, Asked] = {
    "report": DONE,
    "return": task_words.TaskReturn(reason="缺少检查清单"),
    "excuse": EXCUSE,
    "agree": task_words.ExcuseAgreed(),
    "not_made_out": task_words.NotMadeOut(finding="道路在期限届满前五日已恢复通行。", proposal="责成其完成任务。"),
    "set_deadline": task_words.NewDeadline(deadline=date(2026, 12, 25), reason="天气原因"),
    "decide": task_words.TaskDecision(decision="由该单位在十日内完成。"),
}
BY_LEADER = ("submit", "register", "circulate", "issue", "amend", "suspend", "resume", "file_report", "withdraw")
BY_CLOCK = ("run", "assign_task", "expire", "report_overdue")


@dataclass
class Operating:
    """One operation: owner leads, borrower and second cooperate, third looks on from outside."""

    cast: Cast
    offices: Offices
    second: Team
    number: str = ""
    id: UUID | None = None
    tasks: list[str] = field(default_factory=list)

    @property
    def lead(self) -> Team:
        """The lead agency."""
        return self.cast.owner

    @property
    def cooperating(self) -> tuple[Team, Team]:
        """The cooperating agencies."""
        return self.cast.borrower, self.second

    def proposal(self, basis: words.StartBasis = words.StartBasis.MUNICIPAL, **more: Any) -> words.Proposal:
        """An opening form."""
        entries: dict[str, Any] = {
            "title": "危险化学品道路运输联合整治",
            "start_basis": basis,
            "doc_no": "" if basis is words.StartBasis.LEGAL_OFFICE else "渝府办〔2026〕8号",
            "scope_ground": ScopeGround.CAMPAIGN,
            "ground_citation": "渝府办〔2026〕8号第二条",
            "subfields": (Subfield.CHEMICALS, Subfield.ROAD_TRAFFIC),
            "cooperating": tuple(team.agency for team in self.cooperating),
            "reason_type": words.ReasonType.PROMINENT,
            "reason": "近期危险化学品运输车辆违法行为较为突出。",
        }
        return words.Proposal(**(entries | more))

    async def open(self, basis: words.StartBasis = words.StartBasis.MUNICIPAL) -> Moved:
        """Propose the operation."""
        moved = await open_case(self.lead.officer, OPERATION, self.proposal(basis))
        self.number, self.id, self.tasks = moved.number, moved.id, []
        return moved

    def plan(self, **more: Any) -> PlanDraft:
        """A plan with all eight elements."""
        entries: dict[str, Any] = {
            "legal_basis": "《安全生产法》第六十五条",
            "goal": "消除危险化学品道路运输重大隐患。",
            "scope": "全市高速公路和国省干线。",
            "specific_field": "危险化学品道路运输。",
            "duties": tuple(
                DutyRow(agency=team.agency, duty="依法检查运输车辆") for team in (self.lead, *self.cooperating)
            ),
            "stages": (StageRow(stage="集中检查", day=LATER), StageRow(stage="总结", day=date(2026, 12, 31))),
            "mode": "设卡联合检查。",
            "people": "每组四人。",
            "vehicles": "执法车六辆。",
            "equipment": "多气体检测仪四台",
            "discipline": "不得重复检查。",
            "safety": "穿戴防护装备。",
            "funds": "各单位自行保障。",
        }
        return PlanDraft(**(entries | more))

    def appointment(self, post: words.PostKind, **more: Any) -> words.Appointment:
        """Naming a liaison."""
        rank = words.Rank.LEADER if post is words.PostKind.GENERAL else words.Rank.UNIT_HEAD
        entries = {"name": "赵六", "rank": rank, "position": "副局长", "phone": "13800000000"}
        return words.Appointment(post=post, since=date(2026, 11, 24), **(entries | more))

    def order(self, team: Team | None = None, **more: Any) -> task_words.TaskOrder:
        """A task for a cooperating agency."""
        entries: dict[str, Any] = {
            "agency": (team or self.cast.borrower).agency,
            "matter": "果园港设卡检查",
            "details": "检查进出港危险化学品运输车辆。",
            "deadline": LATER,
            "crew": (Officer(name="张三", permit_no="渝0001", phone="023-1"),),
            "equipment": "多气体检测仪",
        }
        return task_words.TaskOrder(**(entries | more))

    def forms(self) -> dict[str, Asked]:
        """A form that would do for each step of an operation."""
        lead, first = self.lead.agency, self.cast.borrower.agency
        return {
            "approve": OPINION,
            "reject": OPINION,
            "draft": self.plan(),
            "circulate": words.Circulation(),
            "comment": words.PlanComment(text="无不同意见。"),
            "answer": words.CommentAnswer(agency=first, adoption=words.Adoption.ADOPTED),
            "appoint_liaison": self.appointment(words.PostKind.GENERAL),
            "record_agreement": words.Agreement(agency=first, reference="合作协议", agreed_on=date(2026, 1, 5)),
            "instruct": words.Instruction(text="明日八时集合。"),
            "confirm_instructions": words.InstructionReceipt(),
            "link_booking": BookingLink(number="L2026-00001"),
            "note_study": words.StudyNote(provisions="危险化学品安全管理条例", result="适用。"),
            "note_progress": words.ProgressNote(progress="已检查过半。"),
            "coordinate": words.CoordinationNote(
                issue="检查点",
                positions=(words.Position(agency=lead, view="设在收费站"),),
                outcome="一致。",
            ),
            "log_contact": words.ContactNote(day=date(2026, 11, 24), people="赵六与钱七", content="商定时间。"),
            "report_progress": REPORT,
            "file_report": REPORT,
        }

    def actor(self, step: str) -> Actor:
        """Somebody who may take ``step`` of an operation."""
        if step in BY_CLOCK:
            return SYSTEM_ACTOR
        if step in ("approve", "reject"):
            return self.offices.legal.head
        if step in ("comment", "confirm_instructions"):
            return self.cast.borrower.officer
        if step in BY_LEADER or step in ("appoint_liaison", "report_progress"):
            return self.lead.head
        return self.lead.officer

    async def take(self, *steps: str, by: Actor | None = None, entries: Asked | None = None) -> Moved:
        """Take steps of the operation one after the other, each with a form that does."""
        moved: Moved | None = None
        for step in steps:
            form = entries or self.forms().get(step)
            actor = by or self.actor(step)
            moved = await take_step(actor, OPERATION, self.number, step, form, note="理由如此。")
        assert moved is not None
        return moved

    async def agree_on_plan(self) -> None:
        """From a registered operation to a plan that could be issued."""
        await self.take("draft", "circulate")
        for team in self.cooperating:
            await self.take("comment", by=team.officer)
        for team in self.cooperating:
            answer = words.CommentAnswer(agency=team.agency, adoption=words.Adoption.ADOPTED)
            await self.take("answer", entries=answer)
        await self.take("close_comments")

    async def name_liaisons(self) -> None:
        """The posts that the decree asks for."""
        await self.take("appoint_liaison", entries=self.appointment(words.PostKind.GENERAL))
        for team in self.cooperating:
            await self.take("appoint_liaison", by=team.head, entries=self.appointment(words.PostKind.DAILY))

    async def in_force(self) -> None:
        """A new operation with its plan in force."""
        await self.open()
        await self.take("register")
        await self.agree_on_plan()
        await self.name_liaisons()
        await self.take("issue")

    async def assign(self, team: Team | None = None, **more: Any) -> str:
        """Assign a task; its number."""
        moved = await open_case(self.lead.officer, TASK, self.order(team, **more), about=self.number)
        self.tasks.append(moved.number)
        return moved.number

    def doer(self, step: str) -> Actor:
        """Somebody who may take ``step`` of a task of the first cooperating agency."""
        if step in ("acknowledge", "start", "report"):
            return self.cast.borrower.officer
        if step == "excuse":
            return self.cast.borrower.head
        if step in ("designate", "decide"):
            return self.offices.government.head
        return self.lead.head

    async def do(self, *steps: str, by: Actor | None = None, entries: Asked | None = None) -> None:
        """Take steps of the newest task, those of the clock as the clock."""
        for step in steps:
            if step in BY_CLOCK:
                await clock_takes(TASK, self.tasks[-1], step)
                continue
            form = entries or TASK_FORMS.get(step)
            if step == "designate" and form is None:
                form = task_words.Designation(agency=self.cast.third.agency, mandate="指定办理。")
            await take_step(by or self.doer(step), TASK, self.tasks[-1], step, form, note="理由如此。")


async def clock_takes(family: Family, number: str, step: str) -> None:
    """A step that only the clock takes."""
    async with transaction() as db:
        record = await db.fetchval("SELECT id FROM record WHERE number = $1", number)
        await move(family, record, step, SYSTEM_ACTOR)


async def make_operating() -> Operating:
    """The cast of an operation, nothing opened yet."""
    assert family_of("joint_operation") is OPERATION
    return Operating(await make_cast(), await make_offices(), await make_team("second", "市公安局"))


async def one(statement: str, *values: Any) -> Any:
    """One value out of the database."""
    async with reading() as db:
        return await db.fetchval(statement, *values)


async def state_of(number: str) -> str:
    """Where a record stands."""
    return str(await one("SELECT state FROM record WHERE number = $1", number))


async def traces(number: str) -> tuple[int, ...]:
    """How much has been left behind: lines, filings, letters, clocks, notices, records, links, parties."""
    tables = (
        "journal_line",
        "filing",
        "document",
        "deadline",
        "deadline_entry",
        "notice",
        "letter_serial",
        "record",
        "record_link",
        "party",
        "file",
    )
    counts = [await one(f"SELECT count(*) FROM {table}") for table in tables]
    return (*counts, await one("SELECT version FROM record WHERE number = $1", number))


async def due_of(number: str, term: str) -> Any:
    """The newest clock of a term on a record."""
    async with reading() as db:
        return await db.fetchrow(
            "SELECT d.* FROM deadline d JOIN record r ON r.id = d.record WHERE r.number = $1 AND d.term = $2"
            " ORDER BY d.started_on DESC, d.id DESC LIMIT 1",
            number,
            term,
        )
