"""A dispute taken through its steps: who acts, with which form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from shared_resources.cases.assistance.schemas import AssistGround, Matter, Mode, Request
from shared_resources.cases.disputes import schemas
from shared_resources.cases.families import FAMILIES
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.schemas.asked import Officer, ScopeGround, Subfield
from tests.people import make_cast, make_offices

if TYPE_CHECKING:
    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast, Offices

BY_KIND = {family.kind: family for family in FAMILIES}
FAMILY, ASSISTANCE = BY_KIND["dispute"], BY_KIND["assistance"]
MORNING = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""Tuesday, 9 in the morning in Chongqing."""

CLAIM = {
    "duty": "危险化学品运输车辆罐体检验",
    "facts": "双方对罐体检验由谁负责各执一词，车辆仍在路上行驶。",
    "own_law": "《特种设备安全法》第五十七条",
    "other_law": "《道路运输条例》第七十条",
    "request": "请明确由谁负责检验。",
    "risk": "超期罐体可能泄漏。",
}
RULING = {
    "law": "《特种设备安全法》第五条",
    "bearer": schemas.Bearer.RESPONDENT,
    "text": "由市市场监督管理局负责罐体检验，并出具检验报告。",
    "execute_by": date(2026, 12, 31),
}
FORMS: dict[str, Asked] = {
    "negotiate": schemas.Negotiation(
        held_on=date(2026, 11, 24),
        manner=schemas.Manner.MEETING,
        people="张三、王五",
        applicant_position="应由对方检验",
        respondent_position="应由申请方检验",
        outcome="未达成一致",
    ),
    "state_position": schemas.Position(view="罐体属于车辆", law="《道路运输条例》第七十条"),
    "propose": schemas.Settlement(bearer=schemas.Bearer.BOTH, text="各自检验一半车辆"),
    "to_legal": schemas.Failed(reason="双方对法律适用理解不同"),
    "accept": schemas.Acceptance(handler="周七", phone="023-5"),
    "hear": schemas.Hearing(held_on=date(2026, 11, 24), people="张三、王五", summary="双方均到场陈述"),
    "opine": schemas.Opinion(findings="罐体属于移动式压力容器，须定期检验。", **RULING),
    "opinion_executed": schemas.Execution(text="检验已全部完成"),
    "to_government": schemas.Failure(reason="双方均不接受协调意见，争议未决。", proposal="建议由市场监管局负责"),
    "decide": schemas.Decision(**RULING),
    "close": schemas.Execution(text="检验已全部完成"),
}
APPLICANT = ("negotiate", "propose", "to_legal", "withdraw")
RESPONDENT = ("state_position", "settle")
GOVERNMENT = ("decide",)


def request(assisting: Any) -> Request:
    """A request for assistance that a dispute can be about."""
    two = (
        Officer(name="张三", permit_no="渝0001", phone="023-1"),
        Officer(name="李四", permit_no="渝0002", phone="023-2"),
    )
    return Request(
        assisting=assisting,
        scope=ScopeGround.LAW,
        subfield=Subfield.CHEMICALS,
        ground=AssistGround.ALONE_FAILS,
        power_ref="《特种设备安全法》第五条",
        case_name="某公司非法运输危险化学品案",
        matters=(Matter(text="检查运输车辆罐体"),),
        modes=(Mode.INFORMATION,),
        wanted_start=date(2026, 11, 25),
        wanted_finish=date(2026, 12, 10),
        information="车辆清单",
        officers=two,
        confidentiality="当事人信息不得外传",
        return_address="执法总队",
    )


@dataclass
class Disputing:
    """One dispute with the two sides and the offices."""

    cast: Cast
    offices: Offices
    number: str = ""
    about: str = ""

    async def request(self) -> Moved:
        """A request for assistance of the owner to the borrower, received there."""
        owner, borrower = self.cast.owner, self.cast.borrower
        moved = await open_case(owner.officer, ASSISTANCE, request(borrower.agency))
        await take_step(owner.head, ASSISTANCE, moved.number, "issue")
        self.about = moved.number
        return await take_step(borrower.officer, ASSISTANCE, moved.number, "receive")

    async def open(self, about: str | None = None) -> Moved:
        """The owner raises a dispute with the borrower."""
        entries = schemas.Raise(respondent=self.cast.borrower.agency, **CLAIM)
        moved = await open_case(self.cast.owner.head, FAMILY, entries, about=about)
        self.number = moved.number
        return moved

    def actor(self, step: str) -> Actor:
        """Who takes ``step``."""
        if step in APPLICANT:
            return self.cast.owner.head
        if step in RESPONDENT:
            return self.cast.borrower.head
        return self.offices.government.head if step in GOVERNMENT else self.offices.legal.head

    async def take(self, *steps: str) -> None:
        """Take ``steps`` with their usual forms."""
        for step in steps:
            note = "不再需要" if step == "withdraw" else None
            await take_step(self.actor(step), FAMILY, self.number, step, FORMS.get(step), note=note)


async def make_disputing() -> Disputing:
    """Both sides and the offices of the municipality; nothing is open yet."""
    return Disputing(await make_cast(), await make_offices())


async def one(query: str, *values: Any) -> Any:
    """One value out of the database."""
    async with reading() as db:
        return await db.fetchval(query, *values)


async def state_of(number: str) -> str:
    """The state of a record."""
    return str(await one("SELECT state FROM record WHERE number = $1", number))


async def traces(number: str) -> tuple[int, ...]:
    """How much all records have left behind: lines, filings, letters, clocks, notices, parties."""
    tables = ("journal_line", "filing", "document", "deadline", "notice", "letter_serial", "hold", "party")
    counts = [await one(f"SELECT count(*) FROM {table}") for table in tables]
    return (*counts, await one("SELECT version FROM record WHERE number = $1", number))


async def due_of(number: str, term: str) -> Any:
    """The newest clock of a term on a record."""
    async with reading() as db:
        return await db.fetchrow(
            "SELECT d.* FROM deadline d JOIN record r ON r.id = d.record WHERE r.number = $1 AND d.term = $2"
            " ORDER BY d.id DESC LIMIT 1",
            number,
            term,
        )
