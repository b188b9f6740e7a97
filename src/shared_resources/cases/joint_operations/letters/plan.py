"""联合执法方案 (form 10): eight elements, liaisons, what became of the comments, the rhythm of notices. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared_resources.cases.joint_operations.letters.words import ADOPTIONS, POSTS, STARTS, plan_name
from shared_resources.cases.joint_operations.rules.plan import (
    ELEMENTS,
    active_liaisons,
    comments,
    is_filled,
    plan_of,
    silent,
    unanswered,
    vacant,
)
from shared_resources.cases.joint_operations.schemas.operation import StartBasis
from shared_resources.kernel.letter_words import DECREE_NO, day
from shared_resources.kernel.letters import Block, Element, Grid, Layout, LetterDraft, Paragraph
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

LEAD, COOPERATING = Relation.LEAD, Relation.COOPERATING
NUMERALS = "一二三四五六七八九十"
SAFEGUARDS: Mapping[str, str] = {
    "people": "人员保障",
    "vehicles": "车辆保障",
    "equipment": "装备保障（装备清单）",
    "discipline": "纪律要求",
    "safety": "安全要求",
    "funds": "经费保障",
}


def operation_plan(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """The plan as it is issued, with its version."""
    plan, lead = plan_of(facts), facts.agency(LEAD)
    version = version_of(facts)
    start = StartBasis(facts.last("propose")["start_basis"])
    number = facts.last("propose").get("doc_no")
    return LetterDraft(
        kind="operation_plan",
        word="发",
        title=f"{lead.name_zh}关于印发《{plan_name(facts.title)}》的通知",
        layout=Layout.DOCUMENT,
        blocks=(
            Paragraph(
                f"根据{STARTS[start]}{f'（{number}）' if number else ''}和{DECREE_NO}第三条第（二）项的规定，"
                f"经征求配合行政机关意见，制定本方案（第{version}版）。各单位按照方案确定的职责，以本单位名义依法实施。"
            ),
            *plan_sections(facts, plan),
            Paragraph("九、情况通报", 1),
            Paragraph(f"牵头行政机关与配合行政机关每{plan['notice_days']}日互相书面通报一次执法情况。"),
            Paragraph("十、联络人", 1),
            _liaison_grid(facts),
            Paragraph("十一、征求意见及采纳情况", 1),
            *_comment_summary(facts),
        ),
        to=facts.names(COOPERATING),
        addressees=facts.parties.all(COOPERATING),
        annexes=tuple(line.strip() for line in plan.get("attachments", "").splitlines() if line.strip()),
        elements=(
            *(Element(label, is_filled(plan.get(name))) for _, fields in ELEMENTS for name, label in fields),
            Element(N_("Liaison table"), not vacant(facts)),
            Element(N_("Comment summary"), facts.has("circulate") and not unanswered(facts)),
            Element(N_("Rhythm of situation notices"), bool(plan.get("notice_days"))),
        ),
    )


def version_of(facts: Facts) -> int:
    """The number of the version that is issued next."""
    return sum(letter.kind == "operation_plan" for letter in facts.letters) + 1


def plan_sections(facts: Facts, plan: Mapping[str, Any]) -> tuple[Block, ...]:
    """The eight elements, each under its heading; what is still empty is said."""
    found: list[Block] = []
    for numeral, (heading, fields) in zip(NUMERALS, ELEMENTS, strict=False):
        found.append(Paragraph(f"{numeral}、{heading}", 1))
        for name, _ in fields:
            found += _section(facts, name, plan.get(name))
    return tuple(found)


def _section(facts: Facts, name: str, value: Any) -> tuple[Block, ...]:
    if not is_filled(value):
        return (Paragraph(f"{SAFEGUARDS.get(name, '')}（待补充）"),)
    if name == "duties":
        rows = tuple((facts.name(row["agency"]), row["duty"]) for row in value)
        return (Grid(("行政机关", "职责"), rows, caption="职责分工表", widths=(1.0, 2.5)),)
    if name == "stages":
        stages = tuple((str(n), row["stage"], day(row["day"])) for n, row in enumerate(value, 1))
        return (Grid(("序号", "阶段", "完成时间"), stages, caption="实施步骤表", widths=(0.5, 3.0, 1.3)),)
    if name in SAFEGUARDS:
        return (Paragraph(f"{SAFEGUARDS[name]}：{value}"),)
    return (Paragraph(value),)


def _liaison_grid(facts: Facts) -> Grid:
    return Grid(
        columns=("行政机关", "联络人类别", "姓名", "职务", "电话"),
        rows=tuple(
            (facts.name(one.agency), POSTS[one.post], one.name, one.position, one.phone)
            for one in active_liaisons(facts)
        ),
        caption="联络人名单",
        widths=(2.0, 1.2, 1.0, 1.6, 1.4),
    )


def _comment_summary(facts: Facts) -> tuple[Block, ...]:
    rows = [
        (
            facts.name(one.agency),
            f"{'（有异议）' if one.objects else ''}{one.text}",
            ADOPTIONS.get(one.adoption, "未答复"),
            one.reason,
        )
        for one in comments(facts)
    ]
    rows += [(facts.name(agency), "未收到意见（不视为同意）", "", "") for agency in silent(facts)]
    return (
        Grid(
            columns=("行政机关", "意见", "采纳情况", "理由"),
            rows=tuple(rows),
            caption="意见汇总表",
            widths=(1.5, 2.6, 0.9, 2.0),
        ),
    )
