"""涉嫌犯罪案件移送书 with its five annexes and the return slip (TR-5; Decree 310, art. 6 and 7; FORMS 6). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.cases.transfers.letters.words import documents_table, goods_table, people
from shared_resources.cases.transfers.rules.referral import SENDER
from shared_resources.kernel.letter_words import STRUCK, day, full_stop, minute, short
from shared_resources.kernel.letters import Element, Fields, Grid, Layout, LetterDraft, Paragraph
from shared_resources.kernel.schemas.asked import local_day
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.facts import AgencyFacts, Facts
    from shared_resources.kernel.permissions import Actor

RULES = "《行政执法机关移送涉嫌犯罪案件的规定》（国务院令第310号）"


def police_of(facts: Facts) -> AgencyFacts:
    """The public security agency; before the case is sent, the form alone names it."""
    return facts.agencies[UUID(facts.last("suspect")["police"])]


def crime_referral(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """涉嫌犯罪案件移送书 to the public security agency of the same level."""
    suspected, annexes = facts.last("suspect"), facts.last("send")
    approved = facts.all("approve")
    sender, police = facts.agency(SENDER), police_of(facts)
    we = f"我{short(sender.name_zh)}"
    decided = f"经{we}正职负责人（主持工作的负责人）于{day(local_day(approved[-1].at))}批准，" if approved else ""
    return LetterDraft(
        kind="crime_referral",
        word="刑移",
        title=f"{sender.name_zh}涉嫌犯罪案件移送书",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"{we}于{day(suspected['found_on'])}在查处{suspected['case_name']}中发现，当事人{suspected['party']}的行为"
                f"涉嫌构成{suspected['crime']}。主要事实如下：{full_stop(suspected['summary'])}"
            ),
            Paragraph(
                f"经{we}执法人员{people(suspected['officers'])}组成专案组核实：{full_stop(facts.last('report')['verified'])}"
            ),
            Paragraph(
                f"根据{suspected['provision']}和{RULES}的规定，{decided}现将该案移送{police.name_zh}。请在送达回证上签字，"
                "自接受案件之日起3日内依法作出立案或者不予立案的决定，并书面通知"
                f"{we}；不予立案的，请说明理由并退回案卷材料。"
            ),
            *_annexed(annexes),
        ),
        to=(police.name_zh,),
        addressees=(police.id,),
        annexes=(
            "涉嫌犯罪案件情况的调查报告",
            "涉案物品清单",
            "有关检验报告或者鉴定结论",
            "其他有关涉嫌犯罪的材料",
            "送达回证",
        ),
        contact=f"{suspected['officers'][0]['name']}，电话：{suspected['officers'][0]['phone']}",
        elements=_elements(suspected, annexes, bool(approved)),
    )


def _annexed(annexes: Mapping[str, Any]) -> tuple[Paragraph | Grid, ...]:
    found: list[Paragraph | Grid] = [
        Paragraph(f"一、调查报告：{annexes['report_name']}，共{annexes['report_pages']}页。"),
        goods_table(annexes["goods"], "二、涉案物品清单"),
    ]
    if annexes["appraisals"]:
        found.append(documents_table(annexes["appraisals"], "三、检验报告、鉴定结论"))
    else:
        found.append(Paragraph("三、检验报告、鉴定结论：本案无需检验、鉴定。"))
    return (*found, documents_table(annexes["others"], "四、其他有关涉嫌犯罪的材料"))


def _elements(suspected: Mapping[str, Any], annexes: Mapping[str, Any], approved: bool) -> tuple[Element, ...]:
    return (
        Element(N_("Suspected crime, with the provision"), bool(suspected.get("provision"))),
        Element(N_("Two officers with permits and phones"), len(suspected.get("officers", ())) >= 2),
        Element(N_("Approval by the head"), approved),
        Element(N_("Investigation report"), bool(annexes.get("report_name"))),
        Element(N_("List of goods, or that there are none"), "goods" in annexes),
        Element(
            N_("Inspection reports and appraisals, or that there are none"),
            bool(annexes.get("appraisals") or annexes.get("no_appraisals")),
        ),
        Element(N_("Other material on the suspected crime"), bool(annexes.get("others"))),
    )


def return_slip(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """送达回证 of the referral, as the police have signed it (art. 7)."""
    sent, signed, letter = facts.last("send"), facts.last("sign"), facts.letter("crime_referral")
    sender, police = facts.agency(SENDER), police_of(facts)
    return LetterDraft(
        kind="proof_of_service",
        word="回证",
        title="涉嫌犯罪案件移送书送达回证",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("送达文书名称", letter.title if letter else ""),
                    ("送达文书文号", letter.number if letter else ""),
                    ("移送机关", sender.name_zh),
                    ("受移送机关", police.name_zh),
                    ("送达地点", signed["place"]),
                    ("送达方式", "直接送达"),
                    ("送达人", people(sent["servers"])),
                    ("收到时间", minute(signed["received_at"])),
                    ("签收人", signed["signer"]),
                    ("代收人与受送达人关系", signed.get("relation") or STRUCK),
                    ("见证人", signed.get("witness") or STRUCK),
                )
            ),
        ),
        to=(sender.name_zh,),
        addressees=(sender.id,),
        elements=(
            Element(N_("Name and number of the document"), letter is not None),
            Element(N_("Two people who serve"), len(sent["servers"]) >= 2),
            Element(N_("Time to the minute"), bool(signed.get("received_at"))),
            Element(N_("Signature"), bool(signed.get("signer"))),
        ),
    )
