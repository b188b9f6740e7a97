"""协助执法函: the letter that asks for help (AS-6a, FORMS 1). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared_resources.cases.assistance.letters.wording import Voice, contact_of, officers_table, voice_of
from shared_resources.cases.assistance.rules import REQUESTING, assisting_of, request_of
from shared_resources.cases.assistance.schemas import AssistGround, Mode
from shared_resources.kernel.letter_words import day, full_stop, minute
from shared_resources.kernel.letters import Element, Grid, Layout, LetterDraft, Paragraph, Urgency
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

GROUNDS: Mapping[str, str] = {
    AssistGround.ALONE_FAILS: "{we}单独执法难以达到目的",
    AssistGround.MATERIAL: "{we}单独调查不能获取案件材料",
    AssistGround.INFORMATION: "{we}单独收集难以获得执法信息",
    AssistGround.OTHER: "确需{you}协助执法",
}
MODES: Mapping[str, str] = {
    Mode.OFFICERS: "派员协助",
    Mode.INFORMATION: "提供信息资料",
    Mode.TECHNIQUE: "技术支持",
    Mode.EQUIPMENT: "装备支持",
    Mode.PLACE: "提供场所",
}


def assistance_letter(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """协助执法函: asks for help in numbered matters (AS-6a, FORMS 1)."""
    asked, oral = request_of(facts), facts.last("oral_request")
    requesting, voice = facts.agency(REQUESTING), voice_of(facts, REQUESTING)
    assisting = assisting_of(facts)
    return LetterDraft(
        kind="assistance_letter",
        word="函",
        title=f"{requesting.name_zh}关于提请协助办理{asked['case_name']}的函",
        layout=Layout.LETTER,
        blocks=(
            *_reason(asked, voice),
            *_matters(asked),
            *_manner(asked),
            *_supplied(asked, oral, voice),
            Paragraph("特此函达，请予支持，并及时复函。"),
        ),
        to=(facts.name(assisting),),
        addressees=(assisting,),
        contact=contact_of(asked["officers"]),
        urgency=Urgency.MOST_URGENT if asked.get("urgent") else Urgency.NONE,
        elements=_letter_elements(asked, facts),
    )


def _reason(asked: Mapping[str, Any], voice: Voice) -> tuple[Paragraph, ...]:
    ground = GROUNDS[asked["ground"]].format(we=voice.we, you=voice.you)
    number = f"（案号：{asked['case_no']}）" if asked.get("case_no") else ""
    party = f"，当事人为{asked['party']}" if asked.get("party") else ""
    found = [
        Paragraph(
            f"{voice.we}正在办理{asked['case_name']}{number}{party}。因{ground}，"
            f"根据{asked['legal_basis']}的规定，现提请{voice.you}协助执法。有关事项属于{voice.you}法定职权范围"
            f"（依据：{asked['power_ref']}）。"
        )
    ]
    if asked.get("urgent"):
        found.append(
            Paragraph(
                f"情况紧急：{full_stop(asked['urgent_reason'])}经{voice.we}负责人{asked['urgent_leader']}确认，"
                f"请{voice.you}立即实施协助执法，复函可予后补。"
            )
        )
    return tuple(found)


def _matters(asked: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    rows = [
        Paragraph(f"{number}．{matter['text']}" + (f"（地点：{matter['place']}）" if matter.get("place") else ""))
        for number, matter in enumerate(asked["matters"], 1)
    ]
    return (Paragraph("一、提请协助事项", 1), *rows)


def _manner(asked: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    modes = "、".join(MODES[mode] for mode in asked["modes"])
    return (
        Paragraph("二、协助方式和时间", 1),
        Paragraph(
            f"协助方式：{modes}。希望自{day(asked['wanted_start'])}开始协助，"
            f"于{day(asked['wanted_finish'])}前完成。"
        ),
    )


def _supplied(asked: Mapping[str, Any], oral: Mapping[str, Any], voice: Voice) -> tuple[Paragraph | Grid, ...]:
    found: list[Paragraph | Grid] = [
        Paragraph("三、随函提供的执法信息", 1),
        Paragraph(full_stop(asked.get("information") or "")),
        Paragraph("四、保密要求和结果反馈", 1),
        Paragraph(
            f"{full_stop(asked.get('confidentiality') or '')}"
            f"协助结果请送：{full_stop(asked.get('return_address') or '')}"
        ),
        Paragraph(f"五、{voice.we}承办执法人员", 1),
        officers_table(asked["officers"]),
    ]
    if oral:
        found += [
            Paragraph("六、口头提请记录", 1),
            Paragraph(
                f"因{oral['reason'].rstrip('。')}，{voice.we}{oral['caller']}已于{minute(oral['called_at'])}"
                f"以电话或者口头方式向{voice.you}{oral['callee']}（电话：{oral['phone']}）提请协助，现补送本函。"
            ),
        ]
    return tuple(found)


def _letter_elements(asked: Mapping[str, Any], facts: Facts) -> tuple[Element, ...]:
    has = asked.get
    return (
        Element(N_("Main addressee"), True),
        Element(N_("Case name or number"), bool(has("case_name") or has("case_no"))),
        Element(N_("Party"), bool(has("party")), required=False),
        Element(N_("Ground for assistance"), bool(has("ground"))),
        Element(N_("Legal basis"), bool(has("legal_basis"))),
        Element(N_("Numbered matters"), bool(has("matters"))),
        Element(N_("Mode of assistance"), bool(has("modes"))),
        Element(N_("Wanted start and finish"), bool(has("wanted_start") and has("wanted_finish"))),
        Element(N_("Reason for the urgency"), bool(has("urgent_reason")), required=bool(has("urgent"))),
        Element(N_("Information supplied"), bool(has("information"))),
        Element(N_("Confidentiality duties"), bool(has("confidentiality"))),
        Element(N_("Address for the results"), bool(has("return_address"))),
        Element(N_("Two officers with permits and phones"), len(has("officers") or ()) >= 2),
        Element(N_("Oral request record"), facts.has("oral_request"), required=False),
    )
