"""Papers that go with samples: 样品流转单 (sampling, custody, end) and 送样清单. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.letter_words import STRUCK, day, minute
from shared_resources.kernel.letters import Fields, Grid, Layout, LetterDraft, Paragraph, Signs
from shared_resources.lab.schemas.samples import Disposition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shared_resources.lab.schemas.samples import CustodyView, SampleLine, ShipmentView

KINDS: Mapping[str, str] = {"receive": "接收", "move": "移交", "return": "取回", "correct": "终止"}
ENDS: Mapping[str, str] = {
    "returned": "已退还委托方",
    "destroyed": "已销毁",
    "consumed": "检验用尽",
    "divided": "已全部分样",
    "retained": "留样保存",
}
FOUND: Mapping[Disposition, str] = {
    Disposition.ARRIVED: "完好到达",
    Disposition.DAMAGED: "有损坏，接收",
    Disposition.REJECTED: "拒收",
    Disposition.MISSING: "缺失",
    Disposition.UNEXPECTED: "不在单上",
}
NOBODY = "（无）"


def sample_slip(line: SampleLine, custody: Sequence[CustodyView]) -> LetterDraft:
    """What was taken, under which seal, who had it when, and how it ended; both sides sign."""
    degrees = [f"{value:g}℃" for value in (line.lowest_c, line.highest_c) if value is not None]
    seal = {None: "", True: "（收样时完好）", False: "（收样时破损）"}[line.seal_intact]
    return LetterDraft(
        kind="sample_slip",
        word="样",
        title="样品流转单",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("标签编码", line.code),
                    ("检材名称", line.material),
                    ("数量", f"{line.amount.normalize():f}{line.unit}"),
                    ("剩余", f"{line.remaining.normalize():f}{line.unit}"),
                    ("封条号", f"{line.seal_no or STRUCK}{seal}"),
                    ("保存温度", "至".join(degrees)),
                    ("取样时间", _minute(line.taken_at)),
                    ("取样地点", line.taken_where),
                    ("取样人", f"{line.taken_by}、{line.second_taker}"),
                    ("取样时性状", line.condition),
                    ("收样时性状", line.received_condition or ""),
                    ("处置", ENDS.get(line.state, "") + (f"至{day(line.keep_until)}" if line.keep_until else "")),
                )
            ),
            Grid(
                ("时间", "事项", "持有人", "交", "接", "备注"),
                tuple(
                    (
                        _minute(hand.at),
                        KINDS.get(hand.kind, STRUCK) if hand.giver else "取样",
                        hand.holder or NOBODY,
                        hand.giver or STRUCK,
                        hand.taker or STRUCK,
                        hand.note or STRUCK,
                    )
                    for hand in custody
                ),
                "流转记录",
                (3.0, 1.2, 2.0, 1.6, 1.6, 2.6),
            ),
            Signs(("被抽样单位签字（注明日期）", "退还或者销毁经办人", "委托方或者监销人")),
        ),
    )


def manifest(shipment: ShipmentView) -> LetterDraft:
    """What is in the box; it goes along, and the receiving side signs it."""
    return LetterDraft(
        kind="sample_manifest",
        word="送",
        title="送样清单",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("送样机关", shipment.client_zh),
                    ("检验检测机构", shipment.laboratory_zh),
                    ("收样地址", shipment.address),
                    ("运送人", shipment.carrier),
                    ("运单号", shipment.waybill or ""),
                    ("运输条件", shipment.conditions or ""),
                    ("送样人", shipment.sent_by),
                    ("送样时间", _minute(shipment.sent_at)),
                )
            ),
            Grid(
                ("序号", "标签编码", "检材", "数量", "封条号", "到达情况"),
                tuple(
                    (
                        str(number),
                        line.label,
                        line.material,
                        f"{line.amount.normalize():f}{line.unit}" if line.amount else STRUCK,
                        line.seal_no or STRUCK,
                        FOUND[line.disposition] if line.disposition else "　",
                    )
                    for number, line in enumerate(shipment.lines, 1)
                ),
                "样品",
                (1.0, 2.0, 3.0, 1.6, 2.4, 2.4),
            ),
            Paragraph("样品在检验检测机构扫描签收前，由送样人负责。"),
            Signs(("送样人", "运送人", "收样人（注明日期）")),
        ),
    )


def _minute(at: datetime) -> str:
    return minute(at.isoformat())
