"""What the holder answers: 不予提供通知书, 部分提供, 不存在说明. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.letter_words import day, full_stop
from shared_resources.kernel.letters import Element, Layout, LetterDraft, Paragraph
from shared_resources.kernel.schemas.asked import StatutoryGround
from shared_resources.kernel.words import N_
from shared_resources.video.letters.words import spans_table, we_of, you_of
from shared_resources.video.rules.request import HOLDER, REQUESTING, terms_of
from shared_resources.video.schemas.requests import PartGround

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.letters import Block
    from shared_resources.kernel.permissions import Actor

GROUNDS: Mapping[str, str] = {
    StatutoryGround.OUTSIDE_POWERS: "超出{we}法定职权范围",
    StatutoryGround.LAW_FORBIDS: "法律、法规禁止提供",
    StatutoryGround.SECRET: "涉及国家秘密或者工作秘密，应当通过机要渠道办理",
    StatutoryGround.OWN_EMERGENCY: "{we}正在依法处置突发事件",
    StatutoryGround.FORCE_MAJEURE: "因不可抗力不能提供",
    StatutoryGround.OBJECT_GONE: "所调取的资料已不存在",
    StatutoryGround.PROCEDURE: "调取不符合法定程序",
    StatutoryGround.OTHER: "具有法律、法规规定的其他情形",
}
PARTS: Mapping[str, str] = {
    PartGround.LEAST_RANGE: "超出办理该案所必需的最小范围",
    PartGround.NOT_HELD: "其余资料不存在",
    PartGround.PROVISION: "依照法律、法规规定不予提供",
}
OBJECTION = "贵方对上述答复有异议的，可以与{we}协商；协商不成的，可以提请市政府法制机构协调。"


def footage_refusal(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """不予提供视频影像资料通知书: ground, provision, facts (VI-1d)."""
    said, holder = facts.last("refuse"), facts.agency(HOLDER).name_zh
    we = we_of(holder)
    blocks = (
        Paragraph(
            f"{_received(facts)}经审查，{GROUNDS[said['ground']].format(we=we)}。根据{said['provision']}的规定，"
            "对所调取的视频影像资料不予提供。事实和理由如下："
        ),
        Paragraph(full_stop(said["facts"])),
        Paragraph(OBJECTION.format(we=we)),
    )
    elements = (
        Element(N_("Statutory ground"), bool(said.get("ground"))),
        Element(N_("Provision"), bool(said.get("provision"))),
        Element(N_("Facts of the matter"), bool(said.get("facts"))),
    )
    return _answer(facts, "footage_refusal", "不予提供视频影像资料通知书", blocks, elements)


def footage_part_grant(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """部分提供: what is supplied, what is not, and on what ground (least range, 条例 20)."""
    said, holder = facts.last("grant_in_part"), facts.agency(HOLDER).name_zh
    provision = f"（依据：{said['provision']}）" if said.get("provision") else ""
    blocks: tuple[Block, ...] = (
        Paragraph(f"{_received(facts)}经审查，{we_of(holder)}对下列视频影像资料予以提供："),
        spans_table(said["spans"]),
        Paragraph(f"下列部分不予提供：{full_stop(said['left_out'])}理由：{PARTS[said['ground']]}{provision}。"),
        Paragraph(OBJECTION.format(we=we_of(holder))),
    )
    elements = (
        Element(N_("Footage supplied"), bool(said.get("spans"))),
        Element(N_("Ground"), bool(said["ground"])),
    )
    return _answer(facts, "footage_part_grant", "部分提供视频影像资料答复书", blocks, elements)


def footage_nonexistence(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """不存在说明: where it was looked for, why there is none, who states it."""
    said = facts.last("does_not_exist")
    blocks = (
        Paragraph(f"{_received(facts)}经查找，所调取的视频影像资料不存在。"),
        Paragraph(f"查找情况：{full_stop(said['searched'])}"),
        Paragraph(f"不存在的原因：{full_stop(said['why'])}"),
        Paragraph(f"以上情况属实，说明人：{said['stated_by']}。"),
    )
    elements = (Element(N_("Stated by"), bool(said.get("stated_by"))),)
    return _answer(facts, "footage_nonexistence", "视频影像资料不存在的说明", blocks, elements)


def _received(facts: Facts) -> str:
    letter, asker = facts.letter("footage_request_letter"), facts.agency(REQUESTING).name_zh
    if letter is None:
        return f"{you_of(asker)}以电话方式提出的调取要求收悉。"
    return f"{you_of(asker)}{day(letter.issued_at.date())}《{letter.title}》（{letter.number}）收悉。"


def _answer(
    facts: Facts, kind: str, name: str, blocks: tuple[Block, ...], elements: tuple[Element, ...]
) -> LetterDraft:
    holder, asker = facts.agency(HOLDER).name_zh, facts.parties[REQUESTING]
    return LetterDraft(
        kind=kind,
        word="调复",
        title=f"{holder}关于{terms_of(facts)['case_name']}的{name}",
        layout=Layout.LETTER,
        blocks=blocks,
        to=(facts.name(asker),),
        addressees=(asker,),
        elements=elements,
    )
