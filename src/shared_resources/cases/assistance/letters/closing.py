"""协助情况通报 and 结果通报: what both sides tell at the end (SN-3). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.assistance.letters.wording import (
    contact_of,
    their_letter,
    voice_of,
)
from shared_resources.cases.assistance.rules import ASSISTING, REQUESTING, request_of
from shared_resources.kernel.letter_words import full_stop
from shared_resources.kernel.letters import Element, Fields, Layout, LetterDraft, Paragraph
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor


def assistance_report(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """协助情况通报: what help was given, told by the assisting agency (SN-3a)."""
    asked, report, voice = request_of(facts), facts.last(step), voice_of(facts, ASSISTING)
    return LetterDraft(
        kind="assistance_report",
        word="函",
        title=f"{facts.agency(ASSISTING).name_zh}关于协助办理{asked['case_name']}情况的通报",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"根据{voice.you}{their_letter(facts)}，{voice.we}协助办理了{asked['case_name']}，现将情况通报如下："
            ),
            Paragraph("一、协助执法情况", 1),
            Paragraph(report["summary"]),
            Fields((("出动人员", f"{report['persons']}人次"), ("出动车辆", f"{report['vehicles']}台次"))),
            Paragraph("二、移交的材料", 1),
            Paragraph(report.get("handed_over") or "无。"),
            Paragraph("三、存在的困难", 1),
            Paragraph(report.get("problems") or "无。"),
            Paragraph("特此通报。"),
        ),
        to=facts.names(REQUESTING),
        addressees=facts.parties.all(REQUESTING),
        elements=(Element(N_("Assistance given"), bool(report.get("summary"))),),
    )


def result_notice(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """结果通报: what came of the case in which help was given, told by the requesting agency (SN-3b)."""
    asked, told, voice = request_of(facts), facts.last(step), voice_of(facts, REQUESTING)
    number = f"（文号：{told['decision_no']}）" if told.get("decision_no") else ""
    report = facts.letter("assistance_report")
    known = f"{voice.you}《{report.title}》（{report.number}）收悉。" if report else ""
    return LetterDraft(
        kind="result_notice",
        word="函",
        title=f"{facts.agency(REQUESTING).name_zh}关于{asked['case_name']}执法结果的通报",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(f"{known}现将{asked['case_name']}的执法结果通报如下："),
            Paragraph("一、执法结果", 1),
            Paragraph(f"{full_stop(told['result'])}{number}"),
            Paragraph("二、协助所起的作用", 1),
            Paragraph(told["use"]),
            Paragraph(f"感谢{voice.you}的支持。特此通报。"),
        ),
        to=facts.names(ASSISTING),
        addressees=facts.parties.all(ASSISTING),
        contact=contact_of(asked["officers"]),
        elements=(
            Element(N_("Enforcement result"), bool(told.get("result"))),
            Element(N_("How the assistance contributed"), bool(told.get("use"))),
        ),
    )
