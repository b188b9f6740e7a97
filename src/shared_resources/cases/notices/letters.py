"""The situation notice (情况通报, form 11) as a letter. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from shared_resources.cases.notices.rules import NOTIFIED, NOTIFYING, SITUATION_NOTICE
from shared_resources.kernel.letter_words import DECREE, day
from shared_resources.kernel.letters import Element, Grid, Layout, LetterDraft, Paragraph
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

FIGURES = (
    ("应完成任务", "tasks", "项"),
    ("已完成任务", "tasks_done", "项"),
    ("检查场所", "sites", "家（处）"),
    ("出动执法人员", "people", "人次"),
    ("出动车辆（船舶）", "vehicles", "台（艘）次"),
    ("发现问题", "problems", "个"),
    ("立案", "cases", "件"),
    ("罚款", "fines", "元"),
    ("移送案件", "transfers", "件"),
)


def situation_notice(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """The notice of a period, to everybody who is to be notified."""
    opening, situation = facts.last(SITUATION_NOTICE.opening), facts.last("draft")
    sender, signed = facts.agency(NOTIFYING), facts.all("sign")
    began, ended = date.fromisoformat(opening["period_from"]), date.fromisoformat(opening["period_to"])
    return LetterDraft(
        kind="situation_notice",
        word="通报",
        title=f"{sender.name_zh}关于{opening['subject']}的情况通报",
        layout=Layout.DOCUMENT,
        blocks=(*_text(facts, opening, situation, began, ended), _table(situation)),
        to=facts.names(NOTIFIED),
        addressees=facts.parties.all(NOTIFIED),
        elements=_elements(situation, bool(signed)),
    )


def _text(
    facts: Facts, opening: Mapping[str, Any], situation: Mapping[str, Any], began: date, ended: date
) -> tuple[Paragraph, ...]:
    about = [link for link in facts.links if link.outward and link.kind in ("part_of", "about")]
    plan = f"（{about[0].title}，编号{about[0].number}）" if about else ""
    share = f"应完成任务{situation['tasks']}项，已完成{situation['tasks_done']}项"
    return (
        Paragraph(
            f"根据{DECREE}关于执法情况通报的规定，现将"
            f"{day(began)}至{day(ended)}{opening['subject']}{plan}有关情况通报如下。"
        ),
        Paragraph("一、任务完成情况", 1),
        Paragraph(f"本期{share}。{situation['progress']}"),
        Paragraph("二、执法检查和案件查办情况", 1),
        Paragraph(
            f"本期检查场所{situation['sites']}家（处），出动执法人员{situation['people']}人次、车辆（船舶）"
            f"{situation['vehicles']}台（艘）次；发现问题{situation['problems']}个，立案{situation['cases']}件，"
            f"罚款{situation['fines']:,}元，移送案件{situation['transfers']}件。"
        ),
        Paragraph("三、装备使用情况", 1),
        Paragraph(situation["equipment"]),
        Paragraph("四、存在的困难", 1),
        Paragraph(situation["difficulties"]),
        Paragraph("五、下一步工作", 1),
        Paragraph(situation["next_steps"]),
    )


def _table(situation: Mapping[str, Any]) -> Grid:
    return Grid(
        columns=("项目", "数量", "单位"),
        rows=tuple((label, f"{situation[name]:,}", unit) for label, name, unit in FIGURES),
        caption="联合执法情况统计表",
        widths=(4.0, 2.0, 2.0),
    )


def _elements(situation: Mapping[str, Any], is_signed: bool) -> tuple[Element, ...]:
    has = situation.get
    return (
        Element(N_("Period"), True),
        Element(N_("Tasks and progress"), bool(has("progress"))),
        Element(N_("Sites, officers and vehicles"), has("sites") is not None),
        Element(N_("Problems, cases, fines and transfers"), has("problems") is not None),
        Element(N_("Equipment used"), bool(has("equipment"))),
        Element(N_("Difficulties"), bool(has("difficulties"))),
        Element(N_("Next steps"), bool(has("next_steps"))),
        Element(N_("The leader's signature"), is_signed),
    )
