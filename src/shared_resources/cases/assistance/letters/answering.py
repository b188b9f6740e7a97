"""协助执法复函 and 不予协助通知: the letters that answer (AS-6b, AS-8, FORMS 2 and 21). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared_resources.cases.assistance.letters.wording import Voice, officers_table, received, voice_of
from shared_resources.cases.assistance.rules import ASSISTING, REQUESTING, request_of
from shared_resources.cases.assistance.schemas import Mode
from shared_resources.kernel.letter_words import day, full_stop, minute
from shared_resources.kernel.letters import Element, Layout, LetterDraft, Paragraph
from shared_resources.kernel.schemas.asked import StatutoryGround
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

REFUSALS: Mapping[str, str] = {
    StatutoryGround.OUTSIDE_POWERS: "所提事项不属于{we}法定职权范围",
    StatutoryGround.LAW_FORBIDS: "法律禁止披露有关信息或者实施有关行为",
    StatutoryGround.SECRET: "所提事项依法不得通过非涉密系统办理，须经纸质渠道另行办理",
    StatutoryGround.OWN_EMERGENCY: "{we}正在依法处置突发事件",
    StatutoryGround.FORCE_MAJEURE: "因不可抗力无法协助",
    StatutoryGround.OBJECT_GONE: "所提事项的标的已不存在",
    StatutoryGround.PROCEDURE: "来函不符合规定程序",
    StatutoryGround.OTHER: "有法律、法规、规章规定的其他不能协助的情形",
}


def assistance_reply(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """协助执法复函: agrees, in part or in full, or confirms afterwards what began at once (AS-6b, AS-7)."""
    asked, reply = request_of(facts), facts.last(step)
    assisting = facts.agency(ASSISTING)
    needs_officers = Mode.OFFICERS in asked["modes"]
    officers = reply["officers"]
    voice = voice_of(facts, ASSISTING)
    heading = received(facts, voice)
    return LetterDraft(
        kind="assistance_reply",
        word="函",
        title=f"{assisting.name_zh}关于协助办理{asked['case_name']}的复函",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(f"{heading}。经研究，{DECISIONS[step].format(we=voice.we)}。现函复如下："),
            *_decision(facts, step, reply, voice),
            *((Paragraph(f"{voice.we}指派以下执法人员协助："), officers_table(officers)) if officers else ()),
            *((Paragraph(reply["remarks"]),) if reply.get("remarks") else ()),
            Paragraph("此复。"),
        ),
        to=facts.names(REQUESTING),
        addressees=facts.parties.all(REQUESTING),
        contact=f"联系人：{reply['contact']}",
        elements=(
            Element(N_("Their letter's number and date"), bool(heading)),
            Element(N_("Decision"), step in DECISIONS),
            Element(N_("Start date"), True),
            Element(N_("Officers assigned"), bool(officers), required=needs_officers),
            Element(N_("Expected finish"), bool(reply.get("expected_finish"))),
            Element(N_("Statutory ground"), bool(reply.get("provision")), required=step == "agree_in_part"),
            Element(N_("Contact"), bool(reply.get("contact"))),
        ),
    )


DECISIONS: Mapping[str, str] = {
    "agree": "同意协助",
    "agree_in_part": "同意部分协助",
    "file_reply": "{we}已立即实施协助",
}


def _decision(facts: Facts, step: str, reply: Mapping[str, Any], voice: Voice) -> tuple[Paragraph, ...]:
    finish = f"预计于{day(reply['expected_finish'])}前完成"
    if step == "file_reply":
        begun = facts.all("act_at_once")[-1]
        at = begun.body.get("started_at") or begun.at.isoformat()
        return (Paragraph(f"{voice.we}已于{minute(at)}立即开始协助执法，{finish}。"),)
    start = f"自{day(facts.today)}（本复函之日）起开始协助执法，{finish}。"
    if step == "agree":
        return (Paragraph(start),)
    return (
        Paragraph(f"同意协助的事项：{full_stop(reply['agreed'])}{start}"),
        Paragraph(
            f"不能协助的事项：{full_stop(reply['left_out'])}理由：{REFUSALS[reply['ground']].format(we=voice.we)}"
            f"（依据：{reply['provision']}）。事实：{full_stop(reply['facts'])}"
        ),
    )


def assistance_refusal(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """不予协助通知: on a statutory ground with provision and facts, naming who can (AS-8, FORMS 2 and 21)."""
    asked, refusal = request_of(facts), facts.last(step)
    who = facts.name(refusal["who_can"]) if refusal.get("who_can") else refusal.get("who_can_name")
    outside = refusal["ground"] == StatutoryGround.OUTSIDE_POWERS
    voice = voice_of(facts, ASSISTING)
    heading = received(facts, voice)
    return LetterDraft(
        kind="assistance_refusal",
        word="函",
        title=f"{facts.agency(ASSISTING).name_zh}关于不能协助办理{asked['case_name']}的通知",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(f"{heading}。经研究，{voice.we}因法定事由不能协助执法，现通知如下："),
            Paragraph("一、法定事由和依据", 1),
            Paragraph(
                f"{REFUSALS[refusal['ground']].format(we=voice.we)}。依据：{full_stop(refusal['provision'])}"
            ),
            Paragraph("二、事实", 1),
            Paragraph(refusal["facts"]),
            Paragraph("三、其他可以协助的机关", 1),
            Paragraph(f"建议{voice.you}向{who}提请协助。" if who else "未发现其他可以协助的机关。"),
            Paragraph(f"如有异议，可以与{voice.we}协商，也可以依法提请市政府法制机构调处。"),
            Paragraph("特此通知。"),
        ),
        to=facts.names(REQUESTING),
        addressees=facts.parties.all(REQUESTING),
        contact=f"联系人：{refusal['contact']}",
        elements=(
            Element(N_("Their letter's number and date"), bool(heading)),
            Element(N_("Statutory ground"), bool(refusal.get("ground"))),
            Element(N_("Provision"), bool(refusal.get("provision"))),
            Element(N_("Facts of the matter"), bool(refusal.get("facts"))),
            Element(N_("Agency that can help"), bool(who), required=outside),
            Element(N_("Contact"), bool(refusal.get("contact"))),
        ),
    )
