"""督办通知书 (FORMS 19) and 查处结果告知函 (FORMS 22). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from shared_resources.cases.transfers.rules.transfer import RECEIVER, SENDER, idle_days
from shared_resources.cases.transfers.schemas.common import Ending
from shared_resources.kernel.letter_words import DECREE_NO, STRUCK, day, full_stop, short
from shared_resources.kernel.letters import Element, Layout, LetterDraft, Paragraph
from shared_resources.kernel.schemas.asked import local_day
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

ENDINGS: Mapping[str, str] = {
    Ending.PENALTY: "已依法作出行政处罚",
    Ending.CORRECTED: "已责令改正，当事人已改正",
    Ending.NO_PENALTY: "依法不予行政处罚",
    Ending.UNFOUNDED: "违法事实不能成立",
    Ending.CRIME: "涉嫌犯罪，已移送公安机关",
    Ending.OTHER: "已作其他处理",
}


def urging_notice(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """督办通知书 (TR-2): to whoever lets the case lie, the sender that withholds it or the receiver."""
    urged = facts.last("urge")
    part = SENDER if facts.state == "overdue" else RECEIVER
    agency, idle = facts.agency(part), idle_days(facts)
    waited = f"至今已{idle}日没有新的办理记录，" if idle else ""
    return LetterDraft(
        kind="urging_notice",
        word="督",
        title=f"{actor_name(facts, actor)}关于{facts.title}的督办通知书",
        layout=Layout.DOCUMENT,
        blocks=(
            Paragraph(f"你单位办理的{facts.title}（移送记录{facts.number}），{waited}现予督办。"),
            Paragraph("一、存在的问题", 1),
            Paragraph(full_stop(urged["problem"])),
            Paragraph("二、督办依据", 1),
            Paragraph(
                f"{DECREE_NO}第四条第（二）项规定，接受移送的行政机关接受案件后不认真履行职责致使群众反映的问题长期"
                "得不到解决的，由市政府或市政府指定的机关依法督办并查处；对案件无管辖权的行政机关不得拖延时间或"
                "压案不送。"
            ),
            Paragraph("三、办理要求", 1),
            Paragraph(
                f"{full_stop(urged['demand'])}请于{day(urged['deadline'])}前办结，并以{urged['report_format']}报告办理情况。"
            ),
            Paragraph("四、逾期责任", 1),
            Paragraph("逾期不办理又不说明正当理由的，将依照《重庆市行政执法监督条例》等规定追究过错责任。"),
        ),
        to=(agency.name_zh,),
        addressees=(agency.id,),
        contact=f"{urged['contact']}，电话：{urged['phone']}",
        elements=(
            Element(N_("Addressee"), True),
            Element(N_("Matter and source"), bool(facts.title)),
            Element(N_("Problem"), bool(urged.get("problem"))),
            Element(N_("What is to be done"), bool(urged.get("demand"))),
            Element(N_("Deadline"), bool(urged.get("deadline"))),
            Element(N_("Form of the report"), bool(urged.get("report_format"))),
            Element(N_("Contact"), bool(urged.get("contact"))),
        ),
    )


def actor_name(facts: Facts, actor: Actor) -> str:
    """The Chinese name of the agency that the actor acts for."""
    assert actor.agency is not None
    return facts.agencies[actor.agency].name_zh


def result_of_transfer(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """查处结果告知函 to the agency that transferred the case (FR-2b)."""
    sender, letter = facts.agency(SENDER), facts.letter("transfer_letter")
    came = f"{letter.title}（{letter.number}，{day(local_day(letter.issued_at))}）" if letter else facts.title
    lead = f"贵{short(sender.name_zh)}《{came}》及所移送的案卷材料收悉。"
    return _result(facts, actor, lead, "conclude", step, sender.name_zh, sender.id)


def result_of_receipt(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """查处结果告知函 to whoever brought the case, an agency or a person (FR-2b)."""
    came = facts.last("register")
    sender = facts.agency(SENDER) if SENDER in facts.parties else None
    to = sender.name_zh if sender else facts.last(step)["told_to"]
    lead = f"关于{came['case_name']}，我单位已登记受理（登记编号{facts.number}）。"
    return _result(facts, actor, lead, "handle", step, to, sender.id if sender else None)


def _result(
    facts: Facts, actor: Actor, lead: str, concluding: str, step: str, to: str, agency: UUID | None
) -> LetterDraft:
    result, told = facts.last(concluding), facts.last(step)
    us = actor_name(facts, actor)
    case_no = (facts.last("file") or facts.last("judge_own")).get("case_no") or STRUCK
    return LetterDraft(
        kind="result_notice_transfer",
        word="告",
        title=f"{us}关于{facts.title}查处结果的告知函",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(lead),
            Paragraph(
                f"该案（案号：{case_no}）我{short(us)}已于{day(result['concluded_on'])}办结，查处结果为："
                f"{ENDINGS[result['ending']]}（决定文书文号：{result.get('paper_no') or STRUCK}）。"
                f"{full_stop(result['text'])}"
            ),
            Paragraph("特此告知。"),
        ),
        to=(to,),
        addressees=(agency,) if agency else (),
        contact=f"{told['contact']}，电话：{told['phone']}",
        elements=(
            Element(N_("Case"), bool(facts.title)),
            Element(N_("Handling result"), bool(result.get("text"))),
            Element(N_("Concluded on"), bool(result.get("concluded_on"))),
            Element(N_("Told to"), bool(told.get("told_to"))),
            Element(N_("Contact"), bool(told.get("contact"))),
        ),
    )
