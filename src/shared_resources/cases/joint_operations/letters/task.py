"""Letters of a task: notice, completion report, explanation, report to the government (JE-5c to JE-10). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.joint_operations.letters.operation import figures_grid
from shared_resources.cases.joint_operations.letters.words import GROUNDS
from shared_resources.cases.joint_operations.rules.offices import office_of
from shared_resources.cases.joint_operations.rules.task import deadline_of
from shared_resources.kernel.letter_words import DECREE_NO, day, full_stop
from shared_resources.kernel.letters import Block, Element, Fields, Grid, Layout, LetterDraft, Paragraph
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.schemas.asked import StatutoryGround
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

LEAD, COOPERATING = Relation.LEAD, Relation.COOPERATING


def task_notice(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """任务分工表 with the notice of action: what, until when, with whom and with what."""
    order, lead, cooperating = facts.last("assign"), facts.agency(LEAD), facts.agency(COOPERATING)
    return LetterDraft(
        kind="task_notice",
        word="任务",
        title=f"{lead.name_zh}关于{order['matter']}的行动通知",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("任务编号", facts.number),
                    ("联合执法编号", operation_text(facts)),
                    ("执法任务", order["matter"]),
                    ("配合行政机关", cooperating.name_zh),
                    *_count_pairs(facts),
                ),
                caption="任务分工表",
            ),
            Fields((("任务内容", order["details"]), ("所需装备", order["equipment"]))),
            _crew(facts),
            Paragraph("请按照联合执法方案确定的职责，以本单位名义依法实施，按时、合法、高效完成任务。"),
            *_je_8(facts),
        ),
        to=(cooperating.name_zh,),
        addressees=(cooperating.id,),
        elements=(
            Element(N_("Task"), bool(order["matter"])),
            Element(N_("What is to be done"), bool(order["details"])),
            Element(N_("Operation"), bool(operation_text(facts))),
        ),
    )


def _crew(facts: Facts) -> Grid:
    crew = facts.last("assign")["crew"]
    return Grid(
        columns=("牵头行政机关参加人员", "执法证号", "电话"),
        rows=tuple((one["name"], one["permit_no"], one["phone"]) for one in crew) or (("／", "／", "／"),),
    )


def operation_text(facts: Facts) -> str:
    """Number and title of the operation that the task belongs to."""
    found = facts.linked("joint_operation", "part_of")
    return f"{found[0].number} {found[0].title}" if found else ""


def _count_pairs(facts: Facts) -> tuple[tuple[str, str], ...]:
    """The deadline and the days that follow from it, both ways of counting where they differ (WD-41, WD-42)."""
    counted = facts.last("counted")
    if deadline_of(facts) is None or not counted:
        return (("完成期限", "未明确完成期限"),)
    provisional = "（暂定）" if counted["provisional"] else ""
    pairs = [
        ("完成期限", day(counted["deadline"])),
        ("期限届满日", day(counted["effective_expiry"])),
        ("报告应报日", day(counted["report_due"]) + provisional),
    ]
    if counted["other_due"]:
        pairs.append(("不顺延应报日", day(counted["other_due"])))
    return tuple(pairs)


def _je_8(facts: Facts) -> tuple[Block, ...]:
    if deadline_of(facts) is None:
        return ()
    return (Paragraph(f"期限届满后5个工作日内，请将完成情况书面报送我单位（{DECREE_NO}第三条第（二）项）。"),)


def completion_report(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """任务完成情况报告 (form 11), with the dates of JE-8."""
    report, lead, cooperating = facts.last("report"), facts.agency(LEAD), facts.agency(COOPERATING)
    undone = () if report["is_done"] else (Paragraph("二、未完成事项及原因", 1), Paragraph(report["undone"]))
    return LetterDraft(
        kind="completion_report",
        word="报",
        title=f"{cooperating.name_zh}关于{facts.title}任务完成情况的报告",
        layout=Layout.DOCUMENT,
        blocks=(
            Paragraph(f"按照{operation_text(facts)}联合执法方案和任务安排，现将任务完成情况报告如下。"),
            Fields(
                (
                    ("任务编号", facts.number),
                    ("完成情况", "已完成" if report["is_done"] else "未完成"),
                    *_count_pairs(facts),
                )
            ),
            Paragraph("一、任务完成情况", 1),
            Paragraph(report["result"]),
            figures_grid(report),
            *undone,
            Paragraph(f"{'二' if report['is_done'] else '三'}、装备使用情况", 1),
            Paragraph(report["equipment"]),
            Paragraph(f"{'三' if report['is_done'] else '四'}、存在的困难", 1),
            Paragraph(report["difficulties"]),
            Paragraph(f"{'四' if report['is_done'] else '五'}、下一步工作", 1),
            Paragraph(report["next_steps"]),
        ),
        to=(lead.name_zh,),
        addressees=(lead.id,),
        elements=(
            Element(N_("Result"), bool(report["result"])),
            Element(N_("What is not completed, and why"), bool(report["is_done"] or report["undone"])),
            Element(N_("Dates of the report"), deadline_of(facts) is None or facts.has("counted")),
            Element(N_("Equipment used"), bool(report["equipment"])),
            Element(N_("Difficulties"), bool(report["difficulties"])),
            Element(N_("Next steps"), bool(report["next_steps"])),
        ),
    )


def written_explanation(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """书面说明 (form 21): a statutory ground, its provision, facts, evidence and remedy (JE-9)."""
    excuse, lead, cooperating = facts.last("excuse"), facts.agency(LEAD), facts.agency(COOPERATING)
    return LetterDraft(
        kind="written_explanation",
        word="函",
        title=f"{cooperating.name_zh}关于不能完成{facts.title}任务的书面说明",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"你单位下达的{facts.title}任务（编号{facts.number}），我单位因法定事由不能完成，"
                f"现根据{DECREE_NO}第三条第（二）项的规定书面说明如下。"
            ),
            *excuse_sections(facts),
        ),
        to=(lead.name_zh,),
        addressees=(lead.id,),
        elements=(
            Element(N_("Statutory ground"), bool(excuse["ground"])),
            Element(N_("Provision"), bool(excuse["provision"])),
            Element(N_("Facts of the matter"), bool(excuse["facts"])),
            Element(N_("Evidence"), bool(excuse["evidence"])),
            Element(N_("Remedy"), bool(excuse["remedy"])),
        ),
    )


def excuse_sections(facts: Facts) -> tuple[Block, ...]:
    """The explanation in four headings."""
    excuse = facts.last("excuse")
    return (
        Paragraph("一、法定事由及依据", 1),
        Paragraph(f"{GROUNDS[StatutoryGround(excuse['ground'])]}。依据：{full_stop(excuse['provision'])}"),
        Paragraph("二、事实", 1),
        Paragraph(excuse["facts"]),
        Paragraph("三、证据", 1),
        Paragraph(excuse["evidence"]),
        Paragraph("四、补救措施", 1),
        Paragraph(excuse["remedy"]),
    )


def excuse_report(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """报告 to the municipal government: the ground is not made out (JE-10)."""
    finding, excuse = facts.last("not_made_out"), facts.last("excuse")
    lead, cooperating = facts.agency(LEAD), facts.agency(COOPERATING)
    government = office_of(facts, Relation.GOVERNMENT)
    return LetterDraft(
        kind="excuse_report",
        word="文",
        title=f"{lead.name_zh}关于{cooperating.name_zh}未完成{facts.title}任务有关情况的报告",
        layout=Layout.DOCUMENT,
        blocks=(
            Paragraph(
                f"{operation_text(facts)}中，{cooperating.name_zh}承担的{facts.title}任务（编号{facts.number}）"
                f"完成期限为{day(deadline_of(facts))}，期限届满未完成。该单位提出法定事由，经审查，法定事由不成立。"
                f"根据{DECREE_NO}第三条第（二）项的规定，现报告如下。"
            ),
            Paragraph("一、该单位说明的事由", 1),
            Paragraph(f"{GROUNDS[StatutoryGround(excuse['ground'])]}（{excuse['provision']}）。{excuse['facts']}"),
            Paragraph("二、事由不成立的理由", 1),
            Paragraph(finding["finding"]),
            Paragraph("三、建议", 1),
            Paragraph(finding["proposal"]),
            Paragraph("请市政府决定处理或者指定行政机关处理。"),
        ),
        to=("重庆市人民政府",),
        addressees=(government.id,) if government else (),
        elements=(
            Element(N_("Main addressee"), government is not None),
            Element(N_("Completion deadline"), deadline_of(facts) is not None),
            Element(N_("Statutory ground"), bool(excuse.get("ground"))),
            Element(N_("Why the ground is not made out"), bool(finding["finding"])),
            Element(N_("What we propose"), bool(finding["proposal"])),
        ),
        upward=True,
    )
