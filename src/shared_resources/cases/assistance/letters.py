"""The five letters of enforcement assistance (FORMS 1, 2, 21; SN-3): texts as offices write them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from shared_resources.cases.assistance.rules import ASSISTING, REQUESTING, ZONE, local_day, request_of
from shared_resources.cases.assistance.schemas import AssistGround, Mode
from shared_resources.cases.schemas import StatutoryGround
from shared_resources.kernel.letters import Element, Fields, Grid, Layout, LetterDraft, Paragraph, Urgency
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.roles import Relation

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


class Voice(NamedTuple):
    """How the writer of a letter speaks of itself and of the addressee: 我局, 贵委."""

    we: str
    you: str


def voice_of(facts: Facts, writer: Relation) -> Voice:
    """The voice of the agency that plays ``writer`` towards the other side."""
    reader = ASSISTING if writer is REQUESTING else REQUESTING
    return Voice(f"我{_short(facts, writer)}", f"贵{_short(facts, reader)}")


def _short(facts: Facts, part: Relation) -> str:
    name = facts.agency(part).name_zh
    return "委" if name.endswith("委员会") else name[-1] if name.endswith(("局", "委", "厅")) else "单位"


def assistance_letter(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """协助执法函: asks for help in numbered matters (AS-6a, FORMS 1)."""
    asked, oral = request_of(facts), facts.last("oral_request")
    requesting, voice = facts.agency(REQUESTING), voice_of(facts, REQUESTING)
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
        to=facts.names(ASSISTING),
        addressees=facts.parties.all(ASSISTING),
        contact=_contact(asked["officers"]),
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
                f"情况紧急：{asked['urgent_reason']}。经{voice.we}负责人{asked['urgent_leader']}确认，"
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
            f"协助方式：{modes}。希望自{_day(asked['wanted_start'])}开始协助，"
            f"于{_day(asked['wanted_finish'])}前完成。"
        ),
    )


def _supplied(asked: Mapping[str, Any], oral: Mapping[str, Any], voice: Voice) -> tuple[Paragraph | Grid, ...]:
    found: list[Paragraph | Grid] = [
        Paragraph("三、随函提供的执法信息", 1),
        Paragraph(asked.get("information") or ""),
        Paragraph("四、保密要求和结果反馈", 1),
        Paragraph(
            f"{_stop(asked.get('confidentiality') or '')}协助结果请送：{_stop(asked.get('return_address') or '')}"
        ),
        Paragraph(f"五、{voice.we}承办执法人员", 1),
        _officers(asked["officers"]),
    ]
    if oral:
        found += [
            Paragraph("六、口头提请记录", 1),
            Paragraph(
                f"因{oral['reason'].rstrip('。')}，{voice.we}{oral['caller']}已于{_minute(oral['called_at'])}"
                f"以电话或者口头方式向{voice.you}{oral['callee']}（电话：{oral['phone']}）提请协助，现补送本函。"
            ),
        ]
    return tuple(found)


def _letter_elements(asked: Mapping[str, Any], facts: Facts) -> tuple[Element, ...]:
    has = asked.get
    return (
        Element(N_("Main addressee"), bool(facts.names(ASSISTING))),
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


def assistance_reply(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """协助执法复函: agrees, in part or in full, or confirms afterwards what began at once (AS-6b, AS-7)."""
    asked, reply = request_of(facts), facts.last(step)
    assisting = facts.agency(ASSISTING)
    needs_officers = Mode.OFFICERS in asked["modes"]
    officers = reply["officers"]
    voice = voice_of(facts, ASSISTING)
    heading = _received(facts, voice)
    return LetterDraft(
        kind="assistance_reply",
        word="函",
        title=f"{assisting.name_zh}关于协助办理{asked['case_name']}的复函",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(f"{heading}。经研究，{DECISIONS[step].format(we=voice.we)}。现函复如下："),
            *_decision(facts, step, reply, voice),
            *((Paragraph(f"{voice.we}指派以下执法人员协助："), _officers(officers)) if officers else ()),
            *((Paragraph(reply["remarks"]),) if reply.get("remarks") else ()),
            Paragraph("此复。"),
        ),
        to=facts.names(REQUESTING),
        addressees=facts.parties.all(REQUESTING),
        contact=reply["contact"],
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
    finish = f"预计于{_day(reply['expected_finish'])}前完成"
    if step == "file_reply":
        begun = facts.all("act_at_once")[-1]
        at = begun.body.get("started_at") or begun.at.isoformat()
        return (Paragraph(f"{voice.we}已于{_minute(at)}立即开始协助执法，{finish}。"),)
    start = f"自{_written(facts.today)}（本复函之日）起开始协助执法，{finish}。"
    if step == "agree":
        return (Paragraph(start),)
    return (
        Paragraph(f"同意协助的事项：{_stop(reply['agreed'])}{start}"),
        Paragraph(
            f"不能协助的事项：{_stop(reply['left_out'])}理由：{REFUSALS[reply['ground']].format(we=voice.we)}"
            f"（依据：{reply['provision']}）。事实：{_stop(reply['facts'])}"
        ),
    )


def assistance_refusal(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """不予协助通知: on a statutory ground with provision and facts, naming who can (AS-8, FORMS 2 and 21)."""
    asked, refusal = request_of(facts), facts.last(step)
    who = facts.name(refusal["who_can"]) if refusal.get("who_can") else refusal.get("who_can_name")
    outside = refusal["ground"] == StatutoryGround.OUTSIDE_POWERS
    voice = voice_of(facts, ASSISTING)
    heading = _received(facts, voice)
    return LetterDraft(
        kind="assistance_refusal",
        word="函",
        title=f"{facts.agency(ASSISTING).name_zh}关于不能协助办理{asked['case_name']}的通知",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(f"{heading}。经研究，{voice.we}因法定事由不能协助执法，现通知如下："),
            Paragraph("一、法定事由和依据", 1),
            Paragraph(f"{REFUSALS[refusal['ground']].format(we=voice.we)}。依据：{_stop(refusal['provision'])}"),
            Paragraph("二、事实", 1),
            Paragraph(refusal["facts"]),
            Paragraph("三、其他可以协助的机关", 1),
            Paragraph(f"建议{voice.you}向{who}提请协助。" if who else "未发现其他可以协助的机关。"),
            Paragraph(f"如有异议，可以与{voice.we}协商，也可以依法提请市政府法制机构调处。"),
            Paragraph("特此通知。"),
        ),
        to=facts.names(REQUESTING),
        addressees=facts.parties.all(REQUESTING),
        contact=refusal["contact"],
        elements=(
            Element(N_("Their letter's number and date"), bool(heading)),
            Element(N_("Statutory ground"), bool(refusal.get("ground"))),
            Element(N_("Provision"), bool(refusal.get("provision"))),
            Element(N_("Facts"), bool(refusal.get("facts"))),
            Element(N_("Agency that can help"), bool(who), required=outside),
            Element(N_("Contact"), bool(refusal.get("contact"))),
        ),
    )


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
                f"根据{voice.you}{_their_letter(facts)}，{voice.we}协助办理了{asked['case_name']}，现将情况通报如下："
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
            Paragraph(f"{_stop(told['result'])}{number}"),
            Paragraph("二、协助所起的作用", 1),
            Paragraph(told["use"]),
            Paragraph(f"感谢{voice.you}的支持。特此通报。"),
        ),
        to=facts.names(ASSISTING),
        addressees=facts.parties.all(ASSISTING),
        contact=_contact(asked["officers"]),
        elements=(
            Element(N_("Enforcement result"), bool(told.get("result"))),
            Element(N_("How the assistance contributed"), bool(told.get("use"))),
        ),
    )


def _their_letter(facts: Facts) -> str:
    letter = facts.letter("assistance_letter")
    if letter is not None:
        return f"《{letter.title}》（{letter.number}）"
    oral = facts.last("oral_request")
    return f"{_minute(oral['called_at'])}的口头提请" if oral else ""


def _received(facts: Facts, voice: Voice) -> str:
    letter = facts.letter("assistance_letter")
    if letter is None:
        return f"{voice.you}{_their_letter(facts)}收悉"
    return f"{voice.you}{_written(local_day(letter.issued_at))}来函{_their_letter(facts)}收悉"


def _officers(officers: Sequence[Mapping[str, Any]]) -> Grid:
    rows = tuple((each["name"], each["permit_no"], each["phone"]) for each in officers)
    return Grid(("姓名", "执法证号", "联系电话"), rows, widths=(2.0, 3.0, 3.0))


def _contact(officers: Sequence[Mapping[str, Any]]) -> str:
    return f"{officers[0]['name']}，{officers[0]['phone']}" if officers else ""


def _day(text: str) -> str:
    return _written(date.fromisoformat(text))


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _minute(text: str) -> str:
    at = datetime.fromisoformat(text)
    day = local_day(at)
    return f"{_written(day)}{at.astimezone(ZONE):%H时%M分}"


def _stop(text: str) -> str:
    return text if not text or text.endswith(("。", "！", "；")) else f"{text}。"
