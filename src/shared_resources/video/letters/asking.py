"""调取证据（视频资料）通知书 and 保全通知 (FORMS 14). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.letter_words import DECREE_NO, STRUCK, day, full_stop, minute
from shared_resources.kernel.letters import Element, Grid, Layout, LetterDraft, Paragraph, Signs, Urgency
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.words import N_
from shared_resources.video.letters.words import officers_table, spans_table, we_of, you_of
from shared_resources.video.rules.request import REQUESTING, holder_of, terms_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor


def footage_request_letter(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """调取通知书: which footage, for which case, on what law, by when, by whom (VI-1c)."""
    asked, holder = terms_of(facts), holder_of(facts)
    asker = facts.agency(REQUESTING).name_zh
    we, you = we_of(asker), you_of(facts.name(holder))
    number = f"（案号：{asked['case_no']}）" if asked.get("case_no") else ""
    return LetterDraft(
        kind="footage_request_letter",
        word="调",
        title=f"{asker}关于调取{asked['case_name']}有关视频影像资料的通知书",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"{we}正在办理{asked['case_name']}{number}。{full_stop(asked['purpose'])}根据{DECREE_NO}"
                f"第四条第（一）项和{asked['legal_basis']}的规定，现向{you}调取下列视频影像资料，请如实提供："
            ),
            spans_table(asked["spans"]),
            *_sought(asked),
            Paragraph(
                f"请于{day(asked['supply_by'])}前提供原件或者完整、未经剪辑的复制件，并附校验值、设备时钟误差和制作说明。"
            ),
            *_called(facts, you),
            officers_table(asked["officers"]),
            Paragraph(
                f"有关单位和个人应当如实提供证据，不得伪造、隐匿、毁灭。{we}对所调取的资料仅用于上述目的，"
                f"依法保密，使用至{day(asked['use_until'])}。{full_stop(asked.get('confidentiality') or '')}"
            ),
            Signs(("持有单位签收（注明日期）",)),
        ),
        to=(facts.name(holder),),
        addressees=(holder,),
        contact=f"联系人：{asked['officers'][0]['name']}；联系电话：{asked['officers'][0]['phone']}",
        urgency=Urgency.MOST_URGENT if asked.get("urgent") else Urgency.NONE,
        elements=_elements(asked, facts),
    )


def _sought(asked: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    return (Paragraph(f"查找对象：{full_stop(asked['sought'])}"),) if asked.get("sought") else ()


def _called(facts: Facts, you: str) -> tuple[Paragraph, ...]:
    """An urgent request by telephone is told again on paper."""
    call = facts.last("call")
    if not call:
        return ()
    return (
        Paragraph(
            f"因情况紧急，{call['caller']}已于{minute(call['called_at'])}以电话方式向{you}{call['callee']}提出调取，"
            f"现补送本通知书。紧急事由：{full_stop(terms_of(facts).get('urgent_reason') or '')}"
        ),
    )


def _elements(asked: Mapping[str, Any], facts: Facts) -> tuple[Element, ...]:
    return (
        Element(N_("Footage holder"), bool(facts.last("draft").get("holder"))),
        Element(N_("Case name"), bool(asked.get("case_name"))),
        Element(N_("Legal basis"), bool(asked.get("legal_basis"))),
        Element(N_("Footage asked for"), bool(asked.get("spans"))),
        Element(N_("Purpose"), bool(asked.get("purpose"))),
        Element(N_("Supply by"), bool(asked.get("supply_by"))),
        Element(N_("Two officers with permits and phones"), len(asked.get("officers", ())) >= 2),
    )


def preservation_notice(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """保全通知: what must not be overwritten, and when it would be."""
    asked = facts.last("ask")
    asker, holder = facts.agency(Relation.REQUESTING).name_zh, facts.parties[Relation.HOLDER]
    rows = tuple(
        (
            str(number),
            span["camera"],
            minute(span["begins"]),
            minute(span["ends"]),
            day(span.get("overwritten_on"), none=STRUCK),
        )
        for number, span in enumerate(asked["spans"], 1)
    )
    return LetterDraft(
        kind="preservation_notice",
        word="保全",
        title=f"{asker}关于保全视频影像资料的通知",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"因办理案件需要，{we_of(asker)}拟依照法定程序调取下列视频影像资料。为防止被覆盖，根据{DECREE_NO}第四条"
                f"第（一）项的规定，请{you_of(facts.name(holder))}立即予以保全，并书面确认；不能保全的，请说明理由："
            ),
            Grid(("序号", "摄像机或者地点", "起", "止", "将被覆盖之日"), rows, "", (1.0, 4.0, 3.2, 3.2, 2.6)),
            Paragraph("本通知仅要求保全，不要求提供；正式调取通知书另行送达。"),
        ),
        to=(facts.name(holder),),
        addressees=(holder,),
        urgency=Urgency.MOST_URGENT if asked.get("urgent") else Urgency.NONE,
        elements=(Element(N_("Footage to be preserved"), bool(asked.get("spans"))),),
    )
