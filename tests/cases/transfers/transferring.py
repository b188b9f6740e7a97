"""A case taken through transfer, receipt or referral: who acts, with which form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.cases.families import FAMILIES
from shared_resources.cases.transfers.schemas import common, inventory, receipt, referral, transfer
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.jobs import take_lapsed_steps
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.kernel.schemas.asked import Claim, Officer
from tests.people import make_cast, make_offices, make_team

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.journal import Moved
    from tests.people import Cast, Offices, Team

BY_KIND = {family.kind: family for family in FAMILIES}
TRANSFERS, RECEIPTS, REFERRALS = BY_KIND["transfer"], BY_KIND["receipt"], BY_KIND["referral"]
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""Tuesday, 9 in the morning in Chongqing."""
TODAY = date(2026, 11, 24)
OFFICERS = (
    Officer(name="张三", permit_no="渝0001", phone="023-1"),
    Officer(name="李四", permit_no="渝0002", phone="023-2"),
)
SERVERS = (common.Server(name="张三", permit_no="渝0001"), common.Server(name="李四", permit_no="渝0002"))
PAPER = inventory.DocumentRow(name="现场检查笔录", doc_no="渝应急检〔2026〕8号", copies=2, pages=3)
BARREL = inventory.GoodsRow(
    name="不明液体", quantity="2.5", unit="桶", state="密封", place="一号仓库", seal_no="F-001", measure="扣押"
)
SEIZED = inventory.MeasureRow(
    measure=inventory.Measure.SEIZURE,
    subject="不明液体",
    taken_on=date(2026, 11, 20),
    expires_on=date(2026, 12, 19),
)
WHY = "该违法行为属于产品质量监督管理的范围。"
LAW = "《产品质量法》第八条"
RESULT: dict[str, Any] = {
    "ending": common.Ending.PENALTY,
    "text": "罚款三万元，当事人已缴纳。",
    "paper_no": "渝市监罚〔2026〕9号",
}
KEPT: dict[str, Any] = {
    "decision_no": "渝司协〔2026〕3号",
    "provision": "《行政处罚法》第二十五条",
    "reasons": "行为发生地在其辖区。",
}


def finding(receiver: UUID, **more: Any) -> transfer.Finding:
    """A finding of no jurisdiction, made today unless said otherwise."""
    usual: dict[str, Any] = {
        "case_name": "某公司销售不合格灭火器案",
        "receiver": receiver,
        "source": common.Source.OWN_FINDING,
        "found_on": date(2024, 1, 2),
        "party": "某消防器材公司",
        "summary": "检查中发现其销售的灭火器未经检验。",
        "why": WHY,
        "provision": LAW,
        "determined_on": clock.today(),
    }
    return transfer.Finding(**{**usual, **more})


def sending(**more: Any) -> transfer.Sending:
    """Handed over directly, unless said otherwise."""
    usual: dict[str, Any] = {"channel": transfer.Channel.DIRECT, "place": "收发室", "servers": SERVERS}
    return transfer.Sending(**{**usual, **more})


def passing_on(receiver: UUID) -> transfer.PassingOn:
    """No jurisdiction here either."""
    return transfer.PassingOn(receiver=receiver, why=WHY, provision=LAW, determined_on=clock.today())


def naming(agency: UUID) -> transfer.Naming:
    """The legal office names ``agency``."""
    return transfer.Naming(agency=agency, **KEPT)


def signing(**more: Any) -> common.Service:
    """Signed for now."""
    usual: dict[str, Any] = {"received_at": clock.now(), "place": "收发室", "signer": "赵六"}
    return common.Service(**{**usual, **more})


def transfer_forms(third: UUID) -> dict[str, Asked]:
    """The form of every step of a transfer."""
    tomorrow = clock.today() + timedelta(days=1)
    return {
        "prepare": inventory.Inventory(documents=(PAPER,), goods=(BARREL,), measures=(SEIZED,), officers=OFFICERS),
        "approve": common.Opinion(opinion="同意移送"),
        "send": sending(),
        "bounce": transfer.Bounce(reason="地址有误，邮件退回", noticed_on=clock.today()),
        "supplement": inventory.MoreDocuments(documents=(PAPER,)),
        "accept": signing(),
        "incomplete": transfer.Gaps(missing="缺少扣押清单"),
        "file": transfer.CaseFiled(case_no="渝市监案〔2026〕5号", filed_on=clock.today(), officers=OFFICERS),
        "progress": transfer.Progress(text="已询问当事人"),
        "conclude": common.Result(concluded_on=clock.today(), **RESULT),
        "tell_by_letter": common.Telling(told_to="市应急管理局", contact="赵六", phone="023-6"),
        "tell_by_phone": call(),
        "pass_on": passing_on(third),
        "ask_naming": transfer.NamingAsked(why=WHY, provision=LAW),
        "dispute": Claim(
            duty="灭火器质量监管",
            facts="双方对由谁查处各执一词，产品仍在销售。",
            own_law=LAW,
            other_law=None,
            request="请明确由谁查处。",
            risk="不合格产品流入市场。",
        ),
        "name_receiver": transfer.Kept(**KEPT),
        "name_agency": naming(third),
        "urge": transfer.Urging(
            problem="长期未办理",
            demand="立即调查并作出处理",
            deadline=tomorrow,
            report_format="书面形式",
            contact="周七",
            phone="023-7",
        ),
        "answer_urging": transfer.UrgingAnswered(report="已安排专人办理。"),
        "explain_delay": transfer.UrgingAnswered(report="因材料整理延误，即日移送。"),
    }


def call() -> common.PhoneRecord:
    """The result told by phone a moment ago."""
    return common.PhoneRecord(
        told_to="张三", number_called="023-1", told_at=clock.now(), told_by="赵六", text="告知已罚款三万元。"
    )


SENDER_HEAD = ("approve", "withdraw")
SENDER_CLERK = ("prepare", "send", "bounce", "supplement", "explain_delay")
RECEIVER_HEAD = ("pass_on", "ask_naming", "dispute", "resume")
LEGAL_HEAD = ("name_receiver", "name_agency", "urge")


@dataclass
class Transferring:
    """A transfer between owner (sender) and borrower (receiver), with a third agency and the offices."""

    cast: Cast
    offices: Offices
    number: str = ""
    moved: Moved | None = field(default=None)
    sender: Team | None = None
    receiver: Team | None = None

    async def open(self, **more: Any) -> Moved:
        """The owner's head finds no jurisdiction; the borrower has it."""
        self.sender, self.receiver = self.cast.owner, self.cast.borrower
        self.moved = await open_case(
            self.sender.head, TRANSFERS, finding(more.pop("receiver", self.receiver.agency), **more)
        )
        self.number = self.moved.number
        return self.moved

    def actor(self, step: str) -> Actor:
        """Who takes ``step``."""
        assert self.sender is not None
        assert self.receiver is not None
        if step in SENDER_HEAD:
            return self.sender.head
        if step in SENDER_CLERK:
            return self.sender.clerk
        if step in LEGAL_HEAD:
            return self.offices.legal.head
        return self.receiver.head if step in RECEIVER_HEAD else self.receiver.clerk

    async def take(self, *steps: str) -> None:
        """Take these steps, each by the one whose part it is; ``overdue`` lets the clock take its step."""
        for step in steps:
            form = transfer_forms(self.cast.third.agency).get(step)
            note = "理由充分" if step in ("withdraw", "resume") else None
            await take_step(self.actor(step), TRANSFERS, self.number, step, form, note=note)

    async def follow(self, sender: Team, receiver: Team) -> str:
        """Go on with the transfer that follows from this one; its number."""
        self.number = await one(
            "SELECT r.number FROM record_link l JOIN record r ON r.id = l.source JOIN record t ON t.id = l.target"
            " WHERE t.number = $1 AND l.kind = 'follows' ORDER BY l.at DESC LIMIT 1",
            self.number,
        )
        self.sender, self.receiver = sender, receiver
        return self.number


async def make_transferring() -> Transferring:
    """The cast and the offices, nothing sent yet."""
    return Transferring(await make_cast(), await make_offices())


async def lapse(at: datetime) -> int:
    """What the clock does at ``at``."""
    with clock.at(at):
        return await take_lapsed_steps()


async def one(query: str, *values: Any) -> Any:
    """One value of the database."""
    async with reading() as db:
        return await db.fetchval(query, *values)


async def state_of(number: str) -> str:
    """Where a record stands."""
    return str(await one("SELECT state FROM record WHERE number = $1", number))


async def traces() -> tuple[Any, ...]:
    """Everything an act could leave behind, over all records."""
    tables = (
        "record",
        "party",
        "journal_line",
        "filing",
        "document",
        "deadline",
        "deadline_entry",
        "record_link",
        "notice",
    )
    found = [await one(f"SELECT count(*) FROM {table}") for table in tables]
    return (*found, await one("SELECT sum(version) FROM record"), await one("SELECT sum(last) FROM letter_serial"))


async def letters_of(number: str) -> list[str]:
    """The kinds of letters on a record, in the order of issue."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT d.kind FROM document d JOIN record r ON r.id = d.record WHERE r.number = $1"
            " ORDER BY d.issued_at, d.id",
            number,
        )
    return [row["kind"] for row in rows]


def registration(**more: Any) -> receipt.Registration:
    """A complaint, received now."""
    usual: dict[str, Any] = {
        "case_name": "群众投诉某店售假案",
        "source": common.Source.COMPLAINT,
        "informant": "王某，023-8",
        "received_at": clock.now(),
        "party": "某百货店",
        "summary": "投诉称其销售假冒商品。",
    }
    return receipt.Registration(**{**usual, **more})


def receipt_forms(receiver: UUID) -> dict[str, Asked]:
    """The form of every step of a receipt."""
    return {
        "judge_own": receipt.OwnJurisdiction(provision=LAW, case_no="渝应急案〔2026〕1号"),
        "judge_not_own": passing_on(receiver),
        "handle": common.Result(concluded_on=clock.today(), **RESULT),
        "inform_by_letter": common.Telling(told_to="王某", contact="张三", phone="023-1"),
        "inform_by_phone": call(),
    }


def suspicion(police: UUID, **more: Any) -> referral.Suspicion:
    """A suspected crime, found today."""
    usual: dict[str, Any] = {
        "case_name": "某公司非法储存危险物质案",
        "police": police,
        "crime": "危险物品肇事罪",
        "provision": "《刑法》第一百三十六条",
        "found_on": clock.today(),
        "party": "某化工公司",
        "summary": "非法储存危险化学品并造成事故。",
        "officers": OFFICERS,
    }
    return referral.Suspicion(**{**usual, **more})


def referral_forms() -> dict[str, Asked]:
    """The form of every step of a referral."""
    decided = referral.PoliceDecision(decision_no="渝公立〔2026〕1号", decided_on=clock.today())
    no = referral.PoliceRefusal(decision_no="渝公不立〔2026〕1号", reasons="没有犯罪事实。", papers_returned=True)
    return {
        "report": referral.Report(verified="核实储存数量为五吨。", proposal="建议移送公安机关。"),
        "approve": common.Opinion(opinion="批准移送"),
        "decline": common.Opinion(opinion="情节显著轻微，不予移送"),
        "send": referral.Annexes(
            report_name="调查报告",
            report_pages=12,
            goods=(BARREL,),
            no_appraisals=True,
            others=(PAPER,),
            place="市公安局收发室",
            servers=SERVERS,
        ),
        "sign": signing(),
        "file_case": decided,
        "refuse": no,
        "reconsider": referral.Request(reasons="事实清楚，证据充分。"),
        "uphold": no,
        "note_procuratorate": referral.ProcuratorateNote(
            reasons="建议立案监督。", procuratorate="市人民检察院", sent_on=clock.today()
        ),
        "hand_over": referral.HandedOver(
            handed_over_on=clock.today(), handed_by="张三", taken_by="钱八", remark=None
        ),
    }


@dataclass
class Referring:
    """A suspected crime between owner and the police; the owner's leader decides."""

    cast: Cast
    offices: Offices
    police: Team
    leader: Actor
    number: str = ""

    async def open(self, **more: Any) -> Moved:
        """The owner's officer records the suspicion."""
        police = more.pop("police", self.police.agency)
        moved = await open_case(self.cast.owner.officer, REFERRALS, suspicion(police, **more))
        self.number = moved.number
        return moved

    def actor(self, step: str) -> Actor:
        """Who takes ``step``."""
        if step in ("report", "send", "hand_over"):
            return self.cast.owner.officer
        if step == "sign":
            return self.police.clerk
        return self.police.head if step in ("file_case", "refuse", "uphold") else self.leader

    async def take(self, *steps: str) -> None:
        """Take these steps, each by the one whose part it is."""
        for step in steps:
            note = "理由充分" if step in ("keep", "withdraw") else None
            await take_step(self.actor(step), REFERRALS, self.number, step, referral_forms().get(step), note=note)


async def make_referring() -> Referring:
    """The cast, the offices, the police."""
    cast, offices = await make_cast(), await make_offices()
    police = await make_team("police", "市公安局")
    leader = Actor(
        cast.owner.second_officer.person, cast.owner.agency, "owner.leader", roles=frozenset({Role.LEADER})
    )
    return Referring(cast, offices, police, leader)
