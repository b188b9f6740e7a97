"""The two forms of equipment as letters: 设备借用单 (form 12) and 交接单 (form 13). Pure.

Forms bear the number of the loan and are printed as often as needed; they take no letter number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from shared_resources.equipment.schemas.booking import Ground, Mode
from shared_resources.equipment.schemas.handover import Condition, Direction
from shared_resources.kernel.clock import LOCAL_ZONE
from shared_resources.kernel.language import CHINESE, language_of
from shared_resources.kernel.letters import Element, Fields, Grid, Layout, LetterDraft, Paragraph, Signs, Urgency
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.equipment.schemas.counter import FormLine, LoanFormFacts, OfficerLine
    from shared_resources.equipment.schemas.loans import HandoverStateView, HandoverView, LineView, LoanPage

GROUNDS = {
    Ground.LAW: "依法应当协助",
    Ground.CAMPAIGN: "上级部署专项行动",
    Ground.EMERGENCY: "突发事件联合处置",
    Ground.OTHER: "其他需要",
}
MODES = {Mode.LOAN: "借用", Mode.SHARED_USE: "共同使用"}
DIRECTIONS = {Direction.OUT: "出借", Direction.BACK: "归还", Direction.MOVE: "转交"}
CONDITIONS = {Condition.GOOD: "完好", Condition.WORN: "有磨损，可用", Condition.DAMAGED: "损坏"}
CLAUSES = (
    "一、数据：借用方应导出所采集数据，归还前从存储介质中清除，不得提供给无权知悉的人员；不得录入国家秘密和工作秘密。",
    "二、风险：自交付至归还，设备由借用方保管。发生损坏、灭失应立即报告；正常损耗不予追偿，使用不当造成的由借用方"
    "修复或者更换，可以约定合理补偿。",
    "三、归还：按时、完整归还；确需延期的，应在到期前提出。",
)
BASIS = "依据：重庆市人民政府令第197号。一式两份，双方各执一份，出借单位另存档案联。"
BY_HAND = "　"
"""A cell that is filled in by hand: not struck out."""


def loan_paper(loan: LoanPage, facts: LoanFormFacts, lines: Sequence[LineView], lapsing: set[str]) -> LetterDraft:
    """设备借用单. ``lapsing``: codes of items whose readings may not stand as evidence (IN-1a)."""
    return LetterDraft(
        kind="loan_form",
        word="借",
        title="设备借用单",
        layout=Layout.FORM,
        blocks=tuple(_loan_blocks(loan, facts, lines, lapsing)),
        urgency=Urgency.URGENT if loan.emergency else Urgency.NONE,
        elements=(
            Element(N_("Officers"), bool(facts.asked_by.name)),
            Element(N_("Purpose"), bool(loan.purpose)),
            Element(N_("Items"), bool(lines)),
        ),
    )


def _loan_blocks(
    loan: LoanPage, facts: LoanFormFacts, lines: Sequence[LineView], lapsing: set[str]
) -> Iterator[Fields | Grid | Paragraph | Signs]:
    yield Fields(
        (
            ("借用单位", loan.borrower.name_zh),
            ("出借单位", loan.owner.name_zh),
            ("申请人", officer(facts.asked_by)),
            ("领用人", officer(facts.taker)),
            ("用途", loan.purpose),
            ("行动或案件编号", loan.case_no or ""),
            ("事由", GROUNDS[loan.ground]),
            ("方式", MODES[loan.mode]),
            ("起", instant(loan.starts_at)),
            ("止", instant(loan.ends_at)),
            ("使用地点", loan.place or ""),
            ("用于取证", f"{box(loan.evidential)}是 {box(not loan.evidential)}否"),
            ("领取地点", "；".join(" ".join(filter(None, depot)) for depot in facts.depots)),
        )
    )
    yield Grid(
        ("序号", "名称、型号", "编码", "资产编号", "出厂编号", "附件", "检定证书及有效期"),
        tuple(_item_row(place, line, facts.lines.get(line.item), lapsing) for place, line in enumerate(lines, 1)),
        "设备",
        (1, 4, 2.9, 2.5, 2.5, 2.8, 3.3),
    )
    extra = tuple(row for line in lines for row in _extra(line, facts.lines.get(line.item)))
    if extra:
        yield Grid(("编码", "需另行填写", "填写"), extra, "", (2, 5, 5))
    for clause in CLAUSES:
        yield Paragraph(clause)
    if loan.emergency:
        yield Fields(
            (
                ("应急放行人", facts.released_by or ""),
                ("放行时间", instant(facts.released_at)),
                ("值班岗位", facts.desk or ""),
                ("补办手续", instant(loan.papers_filed_at)),
            ),
            "应急出借",
        )
    yield Signs(("借用方申请人", "借用方负责人（盖章）", "出借方保管人", "出借方批准人（盖章）"))
    yield Paragraph(BASIS)


def _item_row(place: int, line: LineView, about: FormLine | None, lapsing: set[str]) -> tuple[str, ...]:
    proof = ""
    if line.certificate:
        until = f"至 {line.certificate_until.isoformat()}" if line.certificate_until else ""
        proof = "\n".join(filter(None, (line.certificate, until, about.issuer if about else "")))
    elif line.code not in lapsing:
        proof = "无需"
    if line.code in lapsing:
        proof = f"{proof}\n不得用于取证".strip()
    name = f"{about.category_zh} {line.model_name_zh}" if about else line.model_name_zh
    return (
        str(place),
        name,
        grouped(line.code),
        line.asset_no or "",
        line.serial or "",
        "、".join(line.accessories),
        proof,
    )


def _extra(line: LineView, about: FormLine | None) -> Iterator[tuple[str, str, str]]:
    """What the law asks for with radios and drones, to be filled in by hand."""
    if line.resource == "radio":
        yield grouped(line.code), "电台执照、通话组", BY_HAND
    elif about and ("drone" in about.category or "uav" in about.category):
        yield grouped(line.code), "登记标志、操控员、空域批准文号", BY_HAND


def handover_paper(
    act: HandoverView, loan: LoanPage, lines: Mapping[str, LineView], before: Mapping[str, HandoverStateView]
) -> LetterDraft:
    """交接单. ``before``: how each item was when it last changed hands."""
    directions = " ".join(f"{box(act.direction == one)}{name}" for one, name in DIRECTIONS.items())
    state = {"proposed": "待对方确认", "declined": "已拒绝", "withdrawn": "已撤回"}.get(act.state, "")
    fields = Fields(
        (
            ("借用单编号", loan.number),
            ("方向", directions),
            ("移交人", act.giver.name),
            ("接收人", act.taker.name),
            ("提出时间", instant(act.proposed_at)),
            ("双方确认时间", instant(act.confirmed_at) if act.state == "confirmed" else state),
            ("地点", act.place or ""),
            ("备注", language_of(CHINESE)(act.note or "")),
        )
    )
    rows = tuple(
        _state_row(place, one, lines.get(one.code), before.get(one.code), act)
        for place, one in enumerate(act.items, 1)
    )
    heads = ("序号", "设备", "状况", "自检、检查项", "附件清点", "电量、存储、时钟偏差、封号", "缺陷及差异")
    return LetterDraft(
        kind="handover_form",
        word="交",
        title="设备交接单",
        layout=Layout.FORM,
        blocks=(
            fields,
            Grid(heads, rows, "设备及状况", (1, 3.6, 2, 3, 2.6, 4, 3)),
            Signs(("移交方（一）", "移交方（二）", "接收方（一）", "接收方（二）")),
            Paragraph(f"对方确认之前，原持有人继续负责。{BASIS}"),
        ),
        elements=(Element(N_("Place"), bool(act.place), required=False), Element(N_("Items"), bool(rows))),
    )


def _state_row(
    place: int, one: HandoverStateView, line: LineView | None, then: HandoverStateView | None, act: HandoverView
) -> tuple[str, ...]:
    video = line is not None and line.resource == "video"
    storage = BY_HAND
    if video and act.direction == Direction.BACK:
        storage = f"{box(one.wiped)}数据已清除" + (f"（{act.giver.name}）" if one.wiped else "")
    elif video:
        storage = "☐存储为空"
    return (
        str(place),
        "\n".join(filter(None, (one.model_name_zh, grouped(one.code), one.asset_no))),
        CONDITIONS[one.condition] + ("\n附照片" if one.photo else ""),
        "\n".join(f"{'☑' if right else '☒'}{point}" for point, right in one.checklist.items()),
        "\n".join(f"{name}×{count}" for name, count in one.accessories.items()),
        storage,
        "\n".join(_differences(one, then)),
    )


def _differences(one: HandoverStateView, then: HandoverStateView | None) -> Iterator[str]:
    if one.note:
        yield one.note
    if then and then.condition != one.condition:
        yield f"此前：{CONDITIONS[then.condition]}"
    for name, count in one.accessories.items():
        if then and then.accessories.get(name, count) != count:
            yield f"{name}：{then.accessories[name]}→{count}"


def officer(person: OfficerLine) -> str:
    """A person with unit and law-enforcement permit."""
    permit = f"执法证号 {person.permit_no}" if person.permit_no else ""
    return "，".join(filter(None, (person.name, person.unit, permit)))


def instant(at: datetime | None) -> str:
    """An instant in Chongqing's time, to the minute."""
    return at.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if at else ""


def box(is_ticked: bool) -> str:
    """A box, ticked or not."""
    return "☑" if is_ticked else "☐"


def grouped(code: str) -> str:
    """A code in two groups, as labels show it."""
    return f"{code[:4]}-{code[4:]}"
