"""What the client tells the party: 期间告知书, 结果告知书 (FORMS 22), 不予重新鉴定通知书. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel.letter_words import day, full_stop, minute, short
from shared_resources.kernel.letters import Element, Layout, LetterDraft, Paragraph, Signs
from shared_resources.kernel.words import N_
from shared_resources.lab.rules.delegation import REQUESTING, terms_of
from shared_resources.lab.schemas.delegations import Channel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

CHANNELS: Mapping[str, str] = {
    Channel.SERVED: "书面送达",
    Channel.MAIL: "邮寄",
    Channel.PHONE: "电话",
    Channel.PERSON: "当面",
}
SIGNED = Signs(("当事人签收（注明日期）", "送达人"))


def lab_period_notice(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """检验检测鉴定期间告知书: from when to when; not counted towards the time limit of the case."""
    said, accepted = facts.last("tell_period"), facts.last("accept")
    blocks = (
        Paragraph(
            f"我{_we(facts)}办理的{terms_of(facts)['case_name']}，已依法委托检验检测机构进行检验检测、鉴定，"
            f"约定于{day(accepted['agreed_due'])}前出具报告。检验检测、鉴定期间不计入案件办理期限。特此告知。"
        ),
        SIGNED,
    )
    return _told(facts, "lab_period_notice", "期", "检验检测、鉴定期间告知书", said["party"], blocks)


def lab_result_notice(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """检验检测鉴定结果告知书: the conclusion, and until when one may object."""
    said, report = facts.last("tell_party"), facts.last("draft_report")
    issued = facts.letter("lab_report")
    number = f"（{issued.number}）" if issued else ""
    blocks = (
        Paragraph(
            f"我{_we(facts)}办理的{terms_of(facts)['case_name']}，检验检测、鉴定结果{number}如下："
            f"{full_stop(report['conclusion'])}"
        ),
        Paragraph(
            f"对上述结果有异议的，可以在{day(said['objection_by'])}前向我{_we(facts)}书面提出，并可以申请重新检验检测、鉴定。"
        ),
        Paragraph(
            f"告知方式：{CHANNELS[said['channel']]}；告知时间：{minute(said['told_at'])}；告知人：{said['told_by']}。"
        ),
        SIGNED,
    )
    return _told(facts, "lab_result_notice", "果", "检验检测、鉴定结果告知书", said["party"], blocks)


def lab_retest_refusal(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """不予重新鉴定通知书: why it is not tested again."""
    said, objection = facts.last("refuse_retest"), facts.last("object")
    blocks = (
        Paragraph(
            f"你（单位）于{day(objection['objected_on'])}对{terms_of(facts)['case_name']}的检验检测、鉴定结果提出异议。"
            "经审查，不予重新检验检测、鉴定。理由如下："
        ),
        Paragraph(full_stop(said["reason"])),
        SIGNED,
    )
    return _told(facts, "lab_retest_refusal", "不重", "不予重新检验检测、鉴定通知书", said["party"], blocks)


def _we(facts: Facts) -> str:
    return short(facts.agency(REQUESTING).name_zh)


def _told(facts: Facts, kind: str, word: str, name: str, party: str, blocks: tuple[Any, ...]) -> LetterDraft:
    return LetterDraft(
        kind=kind,
        word=word,
        title=f"{facts.agency(REQUESTING).name_zh}{name}",
        layout=Layout.LETTER,
        blocks=blocks,
        to=(party,),
        elements=(Element(N_("Party"), bool(party)),),
    )
