"""Letters around a joint operation: application, comment round, reports upwards (JE-2c, JE-3, JE-5f). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared_resources.cases.joint_operations.letters.plan import plan_sections
from shared_resources.cases.joint_operations.letters.words import REASONS, SCOPES, STARTS, fields_text, plan_name
from shared_resources.cases.joint_operations.rules.offices import office_of
from shared_resources.cases.joint_operations.rules.operation import tasks
from shared_resources.cases.joint_operations.rules.plan import plan_of
from shared_resources.cases.joint_operations.schemas.operation import ReasonType, StartBasis, Superior
from shared_resources.kernel.letter_words import DECREE_NO, day
from shared_resources.kernel.letters import Block, Element, Fields, Grid, Layout, LetterDraft, Paragraph
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.schemas.asked import ScopeGround
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

LEAD, COOPERATING = Relation.LEAD, Relation.COOPERATING


def application(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """联合执法申请: a proposal for the legal office to examine."""
    proposal, lead = facts.last("propose"), facts.agency(LEAD)
    office = office_of(facts, Relation.LEGAL_OFFICE)
    return LetterDraft(
        kind="operation_application",
        word="函",
        title=f"{lead.name_zh}关于开展{proposal['title']}的申请",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"我单位在日常执法中发现，{REASONS[ReasonType(proposal['reason_type'])]}，需要开展联合执法。"
                f"根据{DECREE_NO}第三条第（二）项的规定，现申请开展{proposal['title']}，请予审定。"
            ),
            Paragraph("一、申请理由", 1),
            Paragraph(proposal["reason"]),
            Paragraph("二、适用情形和依据", 1),
            Paragraph(f"{SCOPES[ScopeGround(proposal['scope_ground'])]}（{proposal['ground_citation']}）。"),
            Paragraph("三、执法领域", 1),
            Paragraph(f"{fields_text(proposal['subfields'])}。"),
            Paragraph("四、牵头和配合行政机关", 1),
            Paragraph(f"牵头行政机关：{lead.name_zh}。配合行政机关：{'、'.join(facts.names(COOPERATING))}。"),
        ),
        to=(office.name_zh,) if office else (),
        addressees=(office.id,) if office else (),
        elements=(
            Element(N_("Main addressee"), office is not None),
            Element(N_("Reason"), bool(proposal["reason"])),
            Element(N_("Ground for acting together"), bool(proposal["ground_citation"])),
            Element(N_("Fields"), bool(proposal["subfields"])),
            Element(N_("Cooperating agencies"), bool(facts.names(COOPERATING))),
        ),
    )


def comment_letter(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """征求意见函: the draft of the plan, with the day by which comments are wanted."""
    asked, lead = facts.last("circulate"), facts.agency(LEAD)
    until = f"请于{day(asked['until'])}前" if asked.get("until") else "请于收到本函之日起5个工作日内"
    matters = f"重点就以下事项提出意见：{asked['matters']}" if asked.get("matters") else ""
    return LetterDraft(
        kind="comment_letter",
        word="函",
        title=f"{lead.name_zh}关于征求《{plan_name(facts.title)}（征求意见稿）》意见的函",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"根据{DECREE_NO}第三条第（二）项的规定，我单位起草了《{plan_name(facts.title)}（征求意见稿）》，"
                f"现征求你单位意见。{until}反馈书面意见；逾期未反馈的，按未收到意见如实记录，不视为同意。"
            ),
            *((Paragraph(matters),) if matters else ()),
            Paragraph(f"附：{plan_name(facts.title)}（征求意见稿）"),
            *plan_sections(facts, plan_of(facts)),
        ),
        to=facts.names(COOPERATING),
        addressees=facts.parties.all(COOPERATING),
        elements=(
            Element(N_("Main addressee"), bool(facts.names(COOPERATING))),
            Element(N_("Draft of the plan"), bool(plan_of(facts))),
        ),
    )


def operation_report(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """联合执法情况报告: upwards, under way or at the end (JE-5f)."""
    report, lead = facts.last(step), facts.agency(LEAD)
    government = office_of(facts, Relation.GOVERNMENT)
    to_government = report["to"] == Superior.GOVERNMENT
    return LetterDraft(
        kind="operation_report",
        word="文",
        title=f"{lead.name_zh}关于{facts.title}{'' if step == 'file_report' else '进展'}情况的报告",
        layout=Layout.DOCUMENT,
        blocks=_report_blocks(facts, report),
        to=("重庆市人民政府",) if to_government else (report["superior_name"],),
        addressees=(government.id,) if to_government and government else (),
        cc=facts.names(COOPERATING),
        elements=(
            Element(N_("Period"), bool(report["period_from"] and report["period_to"])),
            Element(N_("Tasks and results"), bool(report["results"])),
            Element(N_("Equipment used"), bool(report["equipment"])),
            Element(N_("Difficulties"), bool(report["difficulties"])),
            Element(N_("Next steps"), bool(report["next_steps"])),
        ),
        upward=True,
    )


def _report_blocks(facts: Facts, report: Mapping[str, Any]) -> tuple[Block, ...]:
    start = StartBasis(facts.last("propose")["start_basis"])
    number = facts.last("propose").get("doc_no")
    basis = f"{STARTS[start]}{f'（{number}）' if number else ''}"
    done = sum(task.state == "accepted" for task in tasks(facts))
    return (
        Paragraph(
            f"根据{basis}，我单位牵头，{'、'.join(facts.names(COOPERATING))}配合，开展了{facts.title}。"
            f"现将{day(report['period_from'])}至{day(report['period_to'])}有关情况报告如下。"
        ),
        Paragraph("一、任务完成情况", 1),
        Paragraph(f"共分解执法任务{len(tasks(facts))}项，已完成{done}项。{report['results']}"),
        figures_grid(report),
        Paragraph("二、装备使用情况", 1),
        Paragraph(report["equipment"]),
        Paragraph("三、存在的困难", 1),
        Paragraph(report["difficulties"]),
        Paragraph("四、下一步工作", 1),
        Paragraph(report["next_steps"]),
        Fields((("联合执法编号", facts.number), ("签发依据", basis))),
    )


FIGURES = (
    ("检查场所（处）", "sites"),
    ("出动执法人员（人次）", "persons"),
    ("出动车辆、船舶（台、艘次）", "vehicles"),
    ("发现问题（个）", "problems"),
    ("立案（件）", "cases"),
    ("罚款（元）", "fines"),
    ("移送案件（件）", "transfers"),
)


def figures_grid(report: Mapping[str, Any]) -> Grid:
    """The figures of a report as a table."""
    return Grid(
        columns=("项目", "数量"),
        rows=tuple((label, f"{report[name]:,}") for label, name in FIGURES),
        caption="执法情况统计表",
        widths=(3.0, 1.0),
    )
