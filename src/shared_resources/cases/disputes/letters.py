"""The letters of a dispute: application, opinion, report, decision (FORMS 18, DS-1). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from shared_resources.cases.disputes.rules import APPLICANT, GOVERNMENT, LEGAL, RESPONDENT, is_proven, meetings_of
from shared_resources.cases.disputes.schemas import Bearer, Manner
from shared_resources.kernel.letter_words import day
from shared_resources.kernel.letters import Element, Grid, Layout, LetterDraft, Paragraph
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

MANNERS: Mapping[str, str] = {
    Manner.MEETING: "会议协商",
    Manner.TALK: "当面协商",
    Manner.LETTERS: "书面协商",
    Manner.PHONE: "电话协商",
}


def dispute_application(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """争议协调申请: the applicant asks the legal office to coordinate (DS-1b, AS-3d, FORMS 18)."""
    claim, failed = facts.last("raise"), facts.last("to_legal")
    return LetterDraft(
        kind="dispute_application",
        word="函",
        title=f"{_name(facts, APPLICANT)}关于提请协调与{_name(facts, RESPONDENT)}执法争议的申请",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"我单位与{_name(facts, RESPONDENT)}就“{claim['duty']}”的法定职责发生争议，经协商未能达成一致，"
                "根据重庆市人民政府令第197号关于执法争议调处的规定，现提请你单位协调。"
            ),
            Paragraph("一、争议事项和事实", 1),
            Paragraph(claim["facts"]),
            *_matter(facts),
            Paragraph("二、各方的法律依据", 1),
            *_laws(facts, claim),
            Paragraph("三、协商情况", 1),
            *_negotiations(facts),
            Paragraph(f"协商未能达成一致的原因：{failed.get('reason', '')}"),
            Paragraph("四、请求", 1),
            Paragraph(claim["request"]),
            Paragraph("五、不及时处理可能造成的后果", 1),
            Paragraph(claim["risk"]),
            Paragraph("妥否，请予协调。"),
        ),
        to=facts.names(LEGAL),
        addressees=facts.parties.all(LEGAL),
        cc=facts.names(RESPONDENT),
        elements=(
            Element(N_("Applicant and other side"), bool(facts.names(APPLICANT) and facts.names(RESPONDENT))),
            Element(N_("Disputed duty"), bool(claim.get("duty"))),
            Element(N_("Facts of the matter"), bool(claim.get("facts"))),
            Element(N_("Laws each side relies on"), bool(claim.get("own_law"))),
            Element(N_("Negotiation record"), is_proven(facts)),
            Element(N_("What is asked for"), bool(claim.get("request"))),
            Element(N_("What is at risk if nobody acts"), bool(claim.get("risk"))),
        ),
    )


def _matter(facts: Facts) -> tuple[Paragraph, ...]:
    about = facts.points_to("about")
    return tuple(Paragraph(f"争议涉及的事项：{link.title}（编号：{link.number}）。") for link in about)


def _laws(facts: Facts, claim: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    found = [Paragraph(f"{_name(facts, APPLICANT)}：{claim['own_law']}")]
    stated = facts.all("state_position", facts.parties[RESPONDENT])
    other = stated[-1].body["law"] if stated else claim.get("other_law")
    found.append(Paragraph(f"{_name(facts, RESPONDENT)}：{other or '协商中未提出。'}"))
    return tuple(found)


def _negotiations(facts: Facts) -> tuple[Paragraph | Grid, ...]:
    held = [filed.body for filed in facts.all("negotiate")]
    meetings = [f"联席会议“{link.title}”（编号：{link.number}）" for link in meetings_of(facts)]
    found: list[Paragraph | Grid] = [Paragraph(f"已召开{'、'.join(meetings)}。")] if meetings else []
    if held:
        rows = tuple(
            (day(each["held_on"]), MANNERS[each["manner"]], each["people"], each["outcome"]) for each in held
        )
        found.append(Grid(("日期", "方式", "参加人员", "结果"), rows, caption="协商记录", widths=(2, 2, 3, 5)))
    return tuple(found)


def coordination_ruling(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """协调意见书: the written opinion of the legal office, with the time to carry it out (DS-1b)."""
    claim, opinion = facts.last("raise"), facts.last("opine")
    return LetterDraft(
        kind="coordination_ruling",
        word="协调",
        title=f"{_name(facts, LEGAL)}关于{_sides(facts)}执法争议的协调意见书",
        layout=Layout.DOCUMENT,
        blocks=(
            Paragraph(
                f"{_sides(facts)}因“{claim['duty']}”发生的执法争议，我单位已依法受理并听取双方意见，"
                "经协调，现提出如下意见："
            ),
            Paragraph("一、查明的事实", 1),
            Paragraph(opinion["findings"]),
            Paragraph("二、法律依据", 1),
            Paragraph(opinion["law"]),
            Paragraph("三、协调意见", 1),
            Paragraph(f"{_bearer(facts, opinion['bearer'])}{opinion['text']}"),
            Paragraph("四、执行时间", 1),
            Paragraph(f"请于{day(opinion['execute_by'])}前执行本意见，并将执行情况书面告知我单位。"),
        ),
        to=(*facts.names(APPLICANT), *facts.names(RESPONDENT)),
        addressees=(*facts.parties.all(APPLICANT), *facts.parties.all(RESPONDENT)),
        elements=(
            Element(N_("Facts found"), bool(opinion.get("findings"))),
            Element(N_("Law applied"), bool(opinion.get("law"))),
            Element(N_("Opinion"), bool(opinion.get("text"))),
            Element(N_("Time to carry it out"), bool(opinion.get("execute_by"))),
        ),
    )


def dispute_report(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """报告: the legal office reports a dispute that coordination did not settle (DS-1c)."""
    claim, failure = facts.last("raise"), facts.last("to_government")
    opinion = facts.letter("coordination_ruling")
    given = f"我单位已印发协调意见书（{opinion.number}）。" if opinion else ""
    return LetterDraft(
        kind="dispute_report",
        word="文",
        title=f"{_name(facts, LEGAL)}关于{_sides(facts)}执法争议协调情况的报告",
        layout=Layout.DOCUMENT,
        blocks=(
            Paragraph(f"{_sides(facts)}因“{claim['duty']}”发生执法争议，经我单位协调未能解决，现报告如下："),
            Paragraph("一、争议的基本情况", 1),
            Paragraph(claim["facts"]),
            Paragraph("二、各方的法律依据", 1),
            *_laws(facts, claim),
            Paragraph("三、协调情况", 1),
            Paragraph(f"{given}{failure['reason']}"),
            Paragraph("四、处理建议", 1),
            Paragraph(failure["proposal"]),
            Paragraph("以上报告，请予决定。"),
        ),
        to=facts.names(GOVERNMENT),
        addressees=facts.parties.all(GOVERNMENT),
        elements=(
            Element(N_("Facts of the matter"), bool(claim.get("facts"))),
            Element(N_("Why the coordination failed"), bool(failure.get("reason"))),
            Element(N_("Proposal"), bool(failure.get("proposal"))),
        ),
        upward=True,
    )


def dispute_decision(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """决定: the municipal government decides the dispute by law (DS-1c)."""
    claim, decision = facts.last("raise"), facts.last("decide")
    return LetterDraft(
        kind="dispute_decision",
        word="决",
        title=f"{_name(facts, GOVERNMENT)}关于{_sides(facts)}执法争议的决定",
        layout=Layout.DOCUMENT,
        blocks=(
            Paragraph(
                f"{_sides(facts)}因“{claim['duty']}”发生执法争议，协商、协调未能解决。"
                f"根据{decision['law'].rstrip('。')}，现决定如下："
            ),
            Paragraph(f"{_bearer(facts, decision['bearer'])}{decision['text']}"),
            Paragraph(f"请于{day(decision['execute_by'])}前执行，并将执行情况书面报告。"),
        ),
        to=(*facts.names(APPLICANT), *facts.names(RESPONDENT)),
        addressees=(*facts.parties.all(APPLICANT), *facts.parties.all(RESPONDENT)),
        cc=facts.names(LEGAL),
        elements=(
            Element(N_("Law applied"), bool(decision.get("law"))),
            Element(N_("Decision"), bool(decision.get("text"))),
            Element(N_("Time to carry it out"), bool(decision.get("execute_by"))),
        ),
    )


def _name(facts: Facts, part: Any) -> str:
    return facts.agency(part).name_zh


def _sides(facts: Facts) -> str:
    return f"{_name(facts, APPLICANT)}与{_name(facts, RESPONDENT)}"


def _bearer(facts: Facts, bearer: str) -> str:
    who = {
        Bearer.APPLICANT: f"该项职责由{_name(facts, APPLICANT)}承担。",
        Bearer.RESPONDENT: f"该项职责由{_name(facts, RESPONDENT)}承担。",
        Bearer.BOTH: f"{_sides(facts)}按照各自法定职责分别承担。",
        Bearer.OTHER: "该项职责由其他机关承担。",
    }
    return who[Bearer(bearer)]
