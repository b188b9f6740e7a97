"""检验检测报告 and 鉴定意见书 (FORMS 17; RB/T 214). Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.letter_words import STRUCK, day, full_stop, minute
from shared_resources.kernel.letters import Element, Fields, Grid, Layout, LetterDraft, Paragraph
from shared_resources.kernel.words import N_
from shared_resources.lab.rules.delegation import LABORATORY, REQUESTING, terms_of
from shared_resources.lab.schemas.delegations import ReportKind
from shared_resources.lab.schemas.results import Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.letters import Block
    from shared_resources.lab.schemas.results import ReportContent, ResultView

NAMES: Mapping[str, str] = {ReportKind.REPORT: "检验检测报告", ReportKind.OPINION: "鉴定意见书"}
JUDGEMENTS: Mapping[Judgement, str] = {
    Judgement.CONFORMS: "符合",
    Judgement.FAILS: "不符合",
    Judgement.NONE: STRUCK,
}
SEALS: Mapping[bool | None, str] = {None: "", True: "（完好）", False: "（破损）"}
ONLY = "本报告仅对收到的样品负责；未经本机构书面批准，不得部分复制。对本报告有异议的，应当在告知的期限内书面提出。"


def lab_report(facts: Facts, content: ReportContent) -> LetterDraft:
    """The report as it is signed: samples, results, conclusion, who tested, reviewed and approved."""
    said, asked, client = facts.last("draft_report"), terms_of(facts), facts.agency(REQUESTING)
    return LetterDraft(
        kind="lab_report",
        word="检" if said["kind"] == ReportKind.REPORT else "鉴",
        title=f"{content.laboratory_zh}{NAMES[said['kind']]}",
        layout=Layout.LETTER,
        blocks=(
            *_amends(content),
            Fields(_head(facts, asked, content)),
            *((samples_table(content),) if content.samples else ()),
            Paragraph("检验检测依据和方法", level=1),
            Paragraph(full_stop(said["basis"])),
            *_process(said),
            results_table(content.results),
            equipment_table(content.results),
            Paragraph("结论", level=1),
            Paragraph(full_stop(said["conclusion"])),
            *((Paragraph(f"不同意见：{full_stop(said['dissent'])}"),) if said.get("dissent") else ()),
            signatures_table(content),
            Paragraph(ONLY),
        ),
        to=(client.name_zh,),
        addressees=(client.id,),
        contact=f"检验检测机构：{content.laboratory_zh}；地址：{content.address}；电话：{content.phone}",
        elements=(
            Element(N_("Conclusion"), bool(said.get("conclusion"))),
            Element(N_("Basis"), bool(said.get("basis"))),
            Element(N_("Results"), bool(content.results)),
        ),
    )


def _amends(content: ReportContent) -> tuple[Block, ...]:
    if content.amends is None:
        return ()
    old, why = content.amends
    replaced = f"本报告为第{content.version}版，代替{old}，原报告同时作废。"
    return (Paragraph(f"{replaced}修改内容和原因：{full_stop(why)}"),)


def _head(facts: Facts, asked: Mapping[str, Any], content: ReportContent) -> tuple[tuple[str, str], ...]:
    mark = content.cma_no or "部分项目不在资质认定范围内，本报告不使用资质认定标志"
    if not content.cma_no and not content.outside:
        mark = STRUCK
    measured = sorted(one.measured_at for one in content.results)
    spent = f"{_minute(measured[0])}至{_minute(measured[-1])}" if measured else ""
    return (
        ("资质认定标志（CMA）", mark),
        ("委托机关", facts.agency(REQUESTING).name_zh),
        ("委托事项", asked["question"]),
        ("案件", asked["case_name"]),
        ("委托编号", facts.number),
        ("检验检测地点", "、".join(dict.fromkeys(one.place for one in content.results))),
        ("检验检测时间", spent),
        ("所属机关", facts.agency(LABORATORY).name_zh),
        *((("范围外项目", "、".join(content.outside)),) if content.outside else ()),
    )


def samples_table(content: ReportContent) -> Grid:
    """What was received, in which state, under which seal."""
    rows = tuple(
        (
            one.code,
            one.material,
            f"{one.amount.normalize():f}{one.unit}",
            one.condition,
            f"{one.seal_no or STRUCK}{SEALS[one.seal_intact]}",
            _minute(one.received_at),
        )
        for one in content.samples
    )
    return Grid(
        ("样品编号", "名称", "数量", "性状", "封条", "收到时间"),
        rows,
        "收到的样品",
        (2.0, 2.6, 1.4, 2.0, 2.2, 2.6),
    )


def results_table(results: Sequence[ResultView]) -> Grid:
    """Results with units, limits and what they say."""
    rows = tuple(
        (
            one.sample_code,
            one.item,
            one.method,
            f"{one.value}{f'（U={one.uncertainty}）' if one.uncertainty else ''}",
            one.unit or STRUCK,
            one.standard_limit or one.limits or STRUCK,
            JUDGEMENTS[one.judgement],
        )
        for one in results
    )
    heads = ("样品编号", "项目", "方法", "结果", "单位", "限值", "判定")
    return Grid(heads, rows, "检验检测结果", (2.0, 1.8, 2.8, 1.8, 1.2, 1.6, 1.2))


def equipment_table(results: Sequence[ResultView]) -> Grid:
    """Instruments with the certificate that was valid at that minute."""
    used = {
        (
            one.instrument_name or "",
            one.certificate_no or "",
            day(one.certificate_to),
        )
        for one in results
        if one.instrument_number
    }
    rows = tuple(sorted(used)) or ((STRUCK, STRUCK, STRUCK),)
    return Grid(("仪器设备", "检定、校准证书编号", "有效期至"), rows, "主要仪器设备", (3.4, 3.4, 2.0))


def signatures_table(content: ReportContent) -> Grid:
    """Who tested, who reviewed, who approved, and when: each signature says what it means."""
    tested = {(one.analyst_name, _minute(one.recorded_at)) for one in content.results}
    reviewed = {(one.reviewer_name or "", _minute(one.reviewed_at)) for one in content.results}
    rows = (
        *(("检验检测", name, at) for name, at in sorted(tested)),
        *(("审核", name, at) for name, at in sorted(reviewed)),
        ("批准（授权签字人）", content.signatory, _minute(content.signed_at)),
    )
    return Grid(("签署含义", "姓名", "时间"), rows, "签署", (3.0, 2.0, 3.0))


def _process(said: Mapping[str, Any]) -> tuple[Block, ...]:
    if not said.get("process"):
        return ()
    return (Paragraph("过程和分析", level=1), Paragraph(full_stop(said["process"])))


def _minute(at: datetime | None) -> str:
    return minute(at.isoformat()) if at else STRUCK
