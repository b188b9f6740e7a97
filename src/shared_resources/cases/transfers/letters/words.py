"""Words that the letters of transfers share: officers with their permits, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shared_resources.cases.transfers.schemas.inventory import Measure, Medium, Original
from shared_resources.kernel.letter_words import STRUCK, day
from shared_resources.kernel.letters import Grid

if TYPE_CHECKING:
    pass

MEASURES: Mapping[str, str] = {
    Measure.SEALING: "查封",
    Measure.SEIZURE: "扣押",
    Measure.REGISTRATION: "先行登记保存",
    Measure.SAMPLING: "抽样取证",
    Measure.OTHER: "其他措施",
}
MEDIA: Mapping[str, str] = {
    Medium.PAPER: "纸质",
    Medium.DISC: "光盘（存储卡）",
    Medium.FILE: "电子文件",
    Medium.OTHER: "其他",
}
ORIGINALS: Mapping[str, str] = {Original.ORIGINAL: "原件", Original.COPY: "复印件"}


def in_eights(digest: str | None) -> str:
    """A digest in groups of eight, so that it breaks within its column; struck out when there is none."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8)) if digest else STRUCK


def people(rows: Sequence[Mapping[str, Any]]) -> str:
    """Two officers with their permits."""
    return "、".join(f"{row['name']}（执法证号：{row['permit_no']}）" for row in rows)


def documents_table(rows: Sequence[Mapping[str, Any]], caption: str = "一、案卷材料") -> Grid:
    """The papers of an inventory, with their totals."""
    lines = [
        (
            str(number),
            row["name"],
            row.get("doc_no") or STRUCK,
            str(row["copies"]),
            str(row["pages"]),
            ORIGINALS[row["original"]],
            MEDIA[row["medium"]],
            in_eights(row.get("sha256")),
            row.get("remark") or STRUCK,
        )
        for number, row in enumerate(rows, 1)
    ]
    copies, pages = sum(row["copies"] for row in rows), sum(row["copies"] * row["pages"] for row in rows)
    lines.append(("合计", f"{len(rows)}项", STRUCK, str(copies), str(pages), STRUCK, STRUCK, STRUCK, STRUCK))
    return Grid(
        columns=("序号", "材料名称", "文号", "份数", "页数", "原件/复印件", "载体", "SHA-256", "备注"),
        rows=tuple(lines),
        caption=caption,
        widths=(1.2, 4.0, 2.4, 1.2, 1.2, 1.8, 1.8, 3.0, 1.6),
    )


def goods_table(rows: Sequence[Mapping[str, Any]], caption: str = "二、涉案物品") -> Grid:
    """The goods of an inventory, with their total; one struck line where there are none."""
    lines = [
        (
            str(number),
            row["name"],
            row.get("spec") or STRUCK,
            f"{row['quantity']}{row['unit']}",
            row["state"],
            row["place"],
            row.get("seal_no") or STRUCK,
            row.get("measure") or STRUCK,
            day(row.get("expires_on"), none=STRUCK),
        )
        for number, row in enumerate(rows, 1)
    ]
    lines.append(("合计", f"{len(rows)}项" if rows else "无", *(STRUCK,) * 7))
    return Grid(
        columns=("序号", "物品名称", "规格型号", "数量", "状态", "存放地点", "封条号", "措施", "措施到期日"),
        rows=tuple(lines),
        caption=caption,
        widths=(1.2, 2.6, 2.0, 1.6, 1.8, 2.4, 1.8, 1.8, 2.2),
    )


def measures_table(rows: Sequence[Mapping[str, Any]]) -> Grid:
    """Measures already taken with the day on which each expires."""
    return Grid(
        columns=("措施", "对象", "文书文号", "采取日期", "到期日期"),
        rows=tuple(
            (
                MEASURES[row["measure"]],
                row["subject"],
                row.get("doc_no") or STRUCK,
                day(row["taken_on"]),
                day(row.get("expires_on"), none=STRUCK),
            )
            for row in rows
        ),
        caption="已采取的行政措施",
        widths=(2.0, 3.0, 2.4, 2.2, 2.2),
    )
