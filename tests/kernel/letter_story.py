"""Letters of the tests: one of each head, and a record to issue them on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.kernel import documents, records
from shared_resources.kernel.database.transaction import verb
from shared_resources.kernel.letters import (
    Element,
    Fields,
    Grid,
    Layout,
    LetterDraft,
    Paragraph,
    Signs,
    Urgency,
)
from shared_resources.kernel.permissions import Relation

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tests.people import Cast, Team

    from shared_resources.kernel.documents import Issued

HAN = LetterDraft(
    kind="assistance_letter",
    word="函",
    title="市应急管理局关于提请协助开展危险废物现场检测的函",
    layout=Layout.LETTER,
    to=("市市场监督管理局",),
    urgency=Urgency.URGENT,
    blocks=(
        Paragraph("一、提请协助的事项", 1),
        Paragraph("（一）派员协助", 2),
        Paragraph("请派出两名以上执法人员，于2026年12月1日9时到现场采样。"),
        Grid(("序号", "材料", "份数"), (("1", "现场检查记录", "1"), ("2", "询问笔录", "")), "随函材料", (1, 6, 1)),
    ),
    annexes=("现场检查记录", "平面图"),
    cc=("市司法局",),
    contact="联系人：张三，联系电话：023-63000001",
    elements=(Element("Numbered matters", present=True), Element("Annexes", present=False, required=False)),
)
PLAN = replace(
    HAN,
    kind="plan",
    word="发",
    title="市应急管理局关于印发联合执法方案的通知",
    layout=Layout.DOCUMENT,
    upward=True,
)
MINUTES = replace(
    HAN,
    kind="minutes",
    word="纪要",
    title="联合执法第二次联席会议纪要",
    layout=Layout.MINUTES,
    lists=(("出席", ("张三", "李四")), ("请假", ())),
)
PROOF = LetterDraft(
    kind="proof_of_service",
    word="送",
    title="送达回证",
    layout=Layout.FORM,
    blocks=(
        Fields((("送达文书名称", "移送案件函"), ("拒收理由", ""), ("送达方式", "☑直接送达　☐邮寄送达"))),
        Signs(("受送达人", "送达人")),
    ),
)
EVERY = (HAN, PLAN, MINUTES, PROOF)


def full_page(text: str = "开展联合检查", characters: int = 28 * 60) -> LetterDraft:
    """A letter whose second page is full of Chinese characters from edge to edge."""
    return replace(HAN, blocks=(Paragraph((text * characters)[:characters]),), annexes=())


@verb
async def open_loan(cast: Cast) -> UUID:
    """A record of the two agencies."""
    parties: dict[Relation, Any] = {Relation.OWNER: cast.owner.agency, Relation.BORROWER: cast.borrower.agency}
    return (await records.open_record(LOAN, cast.borrower.officer, parties, "联合检查")).id


@verb
async def issue_from(draft: LetterDraft, record: UUID, team: Team, at: datetime | None = None) -> Issued:
    """One letter in a verb of its own."""
    return await documents.issue(draft, record=record, step="send", issuer=team.agency, actor=team.head, at=at)


@verb
async def issue_and_fail(draft: LetterDraft, record: UUID, team: Team) -> Issued:
    """A verb that comes to grief after its letter was numbered."""
    await documents.issue(draft, record=record, step="send", issuer=team.agency, actor=team.head)
    raise ZeroDivisionError
