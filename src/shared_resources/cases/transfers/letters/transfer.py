"""移送案件函 with 案件移送清单 and 送达回证 (FORMS 3 to 5). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.cases.transfers.letters.words import documents_table, goods_table, measures_table, people
from shared_resources.cases.transfers.rules.transfer import SENDER
from shared_resources.cases.transfers.schemas.common import Source
from shared_resources.cases.transfers.schemas.transfer import Channel
from shared_resources.kernel.letter_words import DECREE_NO, STRUCK, day, full_stop, minute, short
from shared_resources.kernel.letters import Element, Fields, Grid, Layout, LetterDraft, Paragraph, Signs
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

SOURCES: Mapping[str, str] = {
    Source.COMPLAINT: "接到投诉",
    Source.TIP_OFF: "接到举报",
    Source.OWN_FINDING: "在执法检查中发现",
    Source.TRANSFERRED: "接到其他行政机关移送",
}
MANNERS: Mapping[str, str] = {
    Channel.DIRECT: "直接送达",
    Channel.POST: "邮寄送达",
    Channel.ELECTRONIC: "电子送达",
}

BY_HAND = Signs(("受送达人签名或者盖章", "代收人及与受送达人关系"))
PLEASE = Paragraph("受移送有管辖权的行政机关不得拒绝接受；签收后请将本回证退回移送机关。")
"""What the receiver fills in on the slip that goes with the letter, and what it is asked to do with it."""


def receiver_of(facts: Facts) -> UUID:
    """The agency that the case goes to; before it is sent, the form alone names it."""
    return UUID(facts.last("find")["receiver"])


def transfer_letter(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """移送案件函 (TR-1a): why we have no jurisdiction, what was done, what goes with it."""
    found, inventory = facts.last("find"), facts.last("prepare")
    sender, receiver = facts.agency(SENDER).name_zh, receiver_of(facts)
    we, you = f"我{short(sender)}", f"贵{short(facts.agencies[receiver].name_zh)}"
    first = inventory.get("officers", [{}])[0]
    return LetterDraft(
        kind="transfer_letter",
        word="移",
        title=f"{sender}关于移送{found['case_name']}的函",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"{day(found['found_on'])}，{we}{SOURCES[found['source']]}{found['case_name']}，"
                f"当事人为{found['party']}。经初步调查：{full_stop(found['summary'])}"
            ),
            Paragraph(
                f"经审查，{full_stop(found['why'])}根据{found['provision']}的规定，{we}对该案无管辖权，"
                f"并已于{day(found['determined_on'])}作出认定。"
            ),
            Paragraph(
                f"根据{DECREE_NO}第四条第（二）项关于健全行政违法案件移送制度的规定，现将该案及案卷材料移送{you}，"
                f"请依法查处。{_binding(facts)}"
            ),
            *_measures(inventory, we),
            Paragraph(
                f"请在所附送达回证上签收后退回{we}，并按照前述决定的规定将查处结果通过电话或者书面方式告诉{we}。"
            ),
            Paragraph(f"承办执法人员：{people(inventory.get('officers', ()))}。"),
        ),
        to=(facts.agencies[receiver].name_zh,),
        addressees=(receiver,),
        annexes=("案件移送清单", "送达回证"),
        contact=f"{first.get('name', '')}，电话：{first.get('phone', '')}",
        elements=_letter_elements(found, inventory),
    )


def _binding(facts: Facts) -> str:
    """The decision of the legal office that named the receiver, where there is one."""
    named = facts.last("bind")
    if not named:
        return ""
    return f"本案已由市政府法制机构以{named['decision_no']}指定办理。"


def _measures(inventory: Mapping[str, Any], we: str) -> tuple[Paragraph | Grid, ...]:
    rows = inventory.get("measures", ())
    if not rows:
        return (Paragraph(f"移送前，{we}未采取查封、扣押、先行登记保存等措施。"),)
    said = Paragraph(f"移送前，{we}已采取下列措施，请注意到期日期，并依法及时作出处理：")
    return (said, measures_table(rows))


def _letter_elements(found: Mapping[str, Any], inventory: Mapping[str, Any]) -> tuple[Element, ...]:
    return (
        Element(N_("Receiving agency"), bool(found.get("receiver"))),
        Element(N_("Source and time found"), bool(found.get("source") and found.get("found_on"))),
        Element(N_("Party"), bool(found.get("party"))),
        Element(N_("Case summary"), bool(found.get("summary"))),
        Element(N_("Why there is no jurisdiction, with the provision"), bool(found.get("provision"))),
        Element(N_("Measures already taken, with their expiry"), "measures" in inventory),
        Element(N_("Determined on"), bool(found.get("determined_on"))),
        Element(N_("Inventory"), bool(inventory.get("documents"))),
        Element(N_("Two officers with permits and phones"), len(inventory.get("officers", ())) >= 2),
    )


def transfer_inventory(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """案件移送清单, or the one of what comes after (TR-1a)."""
    supplement = step == "supplement"
    rows, receiver = facts.last("supplement" if supplement else "prepare"), receiver_of(facts)
    case = facts.last("find")["case_name"]
    mark = "补充移送清单" if supplement else "案件移送清单"
    documents, goods = rows.get("documents", ()), rows.get("goods", ())
    return LetterDraft(
        kind="transfer_inventory",
        word="移清",
        title=f"{case}{mark}",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("移送机关", facts.agency(SENDER).name_zh),
                    ("受移送机关", facts.agencies[receiver].name_zh),
                    ("案件名称", case),
                    ("移送记录编号", facts.number),
                )
            ),
            documents_table(documents),
            goods_table(goods),
            Signs(("移交人（一）", "移交人（二）", "接收人")),
        ),
        to=(facts.agencies[receiver].name_zh,),
        addressees=(receiver,),
        elements=(
            Element(N_("Documents"), bool(documents)),
            Element(N_("Goods"), "goods" in rows),
            Element(N_("Totals"), True),
        ),
        countersigned_by=(receiver,),
    )


def proof_of_service(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """送达回证: the slip that goes with the letter, and the same one as the receiver has signed it."""
    sent, signed = facts.last("send"), facts.last("accept") if step == "accept" else {}
    receiver, letter = receiver_of(facts), facts.letter("transfer_letter")
    sender = facts.parties[SENDER]
    return LetterDraft(
        kind="proof_of_service",
        word="回证",
        title="送达回证" if step != "accept" else "送达回证（签收联）",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("送达文书名称", letter.title if letter else ""),
                    ("送达文书文号", letter.number if letter else ""),
                    ("受送达人", facts.agencies[receiver].name_zh),
                    ("送达地点", signed.get("place") or sent.get("place", "")),
                    ("送达方式", MANNERS.get(sent.get("channel", ""), "")),
                    ("邮寄凭证", _posted(sent)),
                    ("送达人", people(sent.get("servers", ()))),
                    *_receipt(signed),
                )
            ),
            *(() if signed else (BY_HAND, PLEASE)),
        ),
        to=(facts.name(sender if step == "accept" else receiver),),
        addressees=(sender if step == "accept" else receiver,),
        elements=_slip_elements(sent, signed, letter is not None),
        countersigned_by=() if step == "accept" else (receiver,),
    )


def _receipt(signed: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    if not signed:
        return ()
    return (
        ("收到时间", minute(signed["received_at"])),
        ("签收人", signed["signer"]),
        ("代收人与受送达人关系", signed.get("relation") or STRUCK),
        ("拒收事由", STRUCK),
        ("见证人", signed.get("witness") or STRUCK),
    )


def _posted(sent: Mapping[str, Any]) -> str:
    if sent.get("channel") != Channel.POST:
        return STRUCK
    return f"{sent['carrier']} {sent['tracking_no']}，{day(sent['sent_on'])}交寄"


def _slip_elements(sent: Mapping[str, Any], signed: Mapping[str, Any], has_letter: bool) -> tuple[Element, ...]:
    return (
        Element(N_("Name and number of the document"), has_letter),
        Element(N_("Place of service"), bool(sent.get("place"))),
        Element(N_("Manner of service"), bool(sent.get("channel"))),
        Element(N_("Two people who serve"), len(sent.get("servers", ())) >= 2),
        Element(N_("Time to the minute"), bool(signed.get("received_at")), required=bool(signed)),
        Element(N_("Signature"), bool(signed.get("signer")), required=bool(signed)),
    )
