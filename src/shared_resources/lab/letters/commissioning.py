"""鉴定委托书 (FORMS 16), 受理回执, 不予受理通知书, 补充材料通知书. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel.letter_words import DECREE_NO, STRUCK, day, full_stop, short
from shared_resources.kernel.letters import Element, Fields, Grid, Layout, LetterDraft, Paragraph
from shared_resources.kernel.words import N_
from shared_resources.lab.rules.delegation import LABORATORY, REQUESTING, terms_of
from shared_resources.lab.schemas.delegations import DeclineGround, Payer, Wish

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

WISHES: Mapping[str, str] = {Wish.RETURN: "退还", Wish.DESTROY: "销毁", Wish.KEEP: "依法留存"}
PAYERS: Mapping[str, str] = {
    Payer.NOBODY: "不收取费用",
    Payer.CLIENT: "由委托机关承担",
    Payer.PARTY: "依法由当事人承担",
}
GROUNDS: Mapping[str, str] = {
    DeclineGround.SCOPE: "委托事项超出本机构资质认定范围或者技术能力",
    DeclineGround.MATERIAL: "送检材料不具备检验检测、鉴定条件",
    DeclineGround.CAPACITY: "不能在要求的期限内完成",
    DeclineGround.CONFLICT: "本机构或者有关人员依法应当回避",
    DeclineGround.PROCEDURE: "委托不符合法定程序",
}


def lab_delegation_letter(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """鉴定委托书: matter, question, materials, method, agreed day, avoidance."""
    asked = terms_of(facts)
    client, owner = facts.agency(REQUESTING).name_zh, facts.parties[LABORATORY]
    number = f"（案号：{asked['case_no']}）" if asked.get("case_no") else ""
    return LetterDraft(
        kind="lab_delegation_letter",
        word="委",
        title=f"{client}关于{asked['case_name']}的鉴定委托书",
        layout=Layout.LETTER,
        blocks=(
            Paragraph(
                f"我{short(client)}办理的{asked['case_name']}{number}，需要进行技术鉴定。根据{DECREE_NO}第四条第（一）项的规定，"
                "现委托你单位所属检验检测机构进行检验检测、鉴定。"
            ),
            Fields(
                (
                    ("委托鉴定事项", asked["question"]),
                    ("是否重新鉴定", "是" if _retested(facts) else "否"),
                    ("鉴定用途", asked["use"]),
                    ("要求完成时间", day(asked["needed_by"])),
                    ("鉴定费用", PAYERS[asked["payer"]]),
                    ("送达方式和份数", f"{asked['delivery']}，{asked['copies']}份"),
                    ("现场检测地点", asked.get("site") or ""),
                    ("破坏性检验", "同意" if asked.get("destructive") else "不同意"),
                )
            ),
            Paragraph("基本案情", level=1),
            Paragraph(full_stop(asked["outline"])),
            materials_table(asked["materials"]),
            tests_table(asked["tests"]),
            *_declared(asked),
        ),
        to=(facts.name(owner),),
        addressees=(owner,),
        contact=f"联系人：{asked['contact']}；联系电话：{asked['phone']}",
        elements=(
            Element(N_("Question to be answered"), bool(asked.get("question"))),
            Element(N_("Materials"), bool(asked.get("materials"))),
            Element(N_("Tests"), bool(asked.get("tests"))),
            Element(N_("Report needed by"), bool(asked.get("needed_by"))),
            Element(N_("Contact"), bool(asked.get("contact"))),
        ),
    )


def lab_acceptance(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """受理回执: accepted, the day agreed on, conditions."""
    said, asked = facts.last("accept"), terms_of(facts)
    blocks = (
        Paragraph(
            f"你{short(facts.agency(REQUESTING).name_zh)}关于{asked['case_name']}的鉴定委托书（{_letter_no(facts)}）收悉。"
            f"经审查，委托事项符合受理条件，予以受理，约定于{day(said['agreed_due'])}前出具报告。"
            "需要补充材料的，补充材料所需时间不计入约定期限。"
        ),
        *((Paragraph(f"受理条件：{full_stop(said['conditions'])}"),) if said.get("conditions") else ()),
        tests_table(asked["tests"]),
    )
    elements = (Element(N_("Report by"), bool(said.get("agreed_due"))),)
    contact = f"受理人：{said['accepted_by']}"
    return answer(facts, "lab_acceptance", "受", "鉴定委托受理回执", blocks, elements, contact)


def lab_refusal(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """不予受理通知书: the ground and the reason in writing."""
    said, asked = facts.last("decline"), terms_of(facts)
    blocks = (
        Paragraph(
            f"你{short(facts.agency(REQUESTING).name_zh)}关于{asked['case_name']}的鉴定委托书（{_letter_no(facts)}）收悉。"
            f"经审查，{GROUNDS[said['ground']]}，不予受理。理由如下："
        ),
        Paragraph(full_stop(said["reason"])),
    )
    elements = (Element(N_("Reason"), bool(said.get("reason"))),)
    return answer(facts, "lab_refusal", "不受", "鉴定委托不予受理通知书", blocks, elements)


def lab_more_needed(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """补充材料通知书: what is needed; the agreed term stands still."""
    said = facts.last("need_more")
    blocks = (
        Paragraph(
            f"在办理{terms_of(facts)['case_name']}的鉴定委托过程中，需要补充下列材料：{full_stop(said['what'])}"
        ),
        Paragraph("自本通知发出之日起至材料补充齐全之日止的时间，不计入约定期限。"),
    )
    elements = (Element(N_("What is needed"), bool(said.get("what"))),)
    return answer(facts, "lab_more_needed", "补", "补充鉴定材料通知书", blocks, elements)


def answer(
    facts: Facts,
    kind: str,
    word: str,
    name: str,
    blocks: tuple[Any, ...],
    elements: tuple[Element, ...],
    contact: str = "",
) -> LetterDraft:
    """A letter of the laboratory's agency to the client."""
    owner, client = facts.agency(LABORATORY).name_zh, facts.agency(REQUESTING)
    return LetterDraft(
        kind=kind,
        word=word,
        title=f"{owner}{name}",
        layout=Layout.LETTER,
        blocks=blocks,
        to=(client.name_zh,),
        addressees=(client.id,),
        contact=contact,
        elements=elements,
    )


def materials_table(materials: Sequence[Mapping[str, Any]]) -> Grid:
    """What is handed over: name, quantity, state, mark, and what becomes of it."""
    rows = tuple(
        (str(number), one["name"], one["quantity"], one["state"], one.get("mark") or STRUCK, WISHES[one["wish"]])
        for number, one in enumerate(materials, 1)
    )
    heads = ("序号", "检材（样品）名称", "数量", "性状", "唯一性标识", "检后处理")
    return Grid(heads, rows, "送检材料", (1.0, 3.4, 1.6, 2.4, 2.4, 1.8))


def tests_table(tests: Sequence[Mapping[str, Any]]) -> Grid:
    """What is to be tested, by which method, judged by what."""
    rows = tuple(
        (str(number), one["item"], one["method"], one.get("standard_limit") or STRUCK)
        for number, one in enumerate(tests, 1)
    )
    return Grid(("序号", "检验检测项目", "方法或者标准", "判定限值"), rows, "检验检测项目", (1.0, 3.4, 4.4, 2.4))


def _declared(asked: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    """Avoidance, and why a test outside the scope is commissioned."""
    avoided = "经核查，未发现受托机构及其人员与本案有利害关系。"
    if asked.get("conflict_reason"):
        avoided = f"受托机构与本案存在利害关系或者隶属关系，仍予委托的理由：{full_stop(asked['conflict_reason'])}"
    said = [Paragraph(f"回避审查：{avoided}")]
    if asked.get("scope_reason"):
        said.append(Paragraph(f"部分项目不在资质认定范围内，仍予委托的理由：{full_stop(asked['scope_reason'])}"))
    return tuple(said)


def _retested(facts: Facts) -> bool:
    return bool(facts.points_to("follows"))


def _letter_no(facts: Facts) -> str:
    found = facts.letter("lab_delegation_letter")
    return found.number if found else facts.number
