"""A scope as a list that people keep in spreadsheets, headings in Chinese or English. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel.sheets import cell, places_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shared_resources.lab.schemas.views import ScopeView

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "field": ("领域", "类别", "field"),
    "item": ("检测项目", "项目", "参数", "test item", "item"),
    "matrix": ("检测对象", "基质", "样品类别", "matrix"),
    "method": ("检测方法", "方法", "标准", "依据标准", "method", "method or standard"),
    "limits": ("检出限", "限制范围", "limits"),
    "unit": ("单位", "unit"),
    "days": ("工作日", "检测周期", "working days", "days"),
    "price_fen": ("价格（分）", "价格", "price in fen"),
}
"""Our name of a column and the headings under which it comes; the first one heads what we write."""
REQUIRED = ("field", "item", "matrix", "method")


def read_scope(lines: Sequence[tuple[int, list[str]]]) -> list[tuple[int, dict[str, Any]]]:
    """Line number and values of every row.

    Raises:
        Invalid: a column that is needed is missing.
    """
    places = places_of(lines[0][1], COLUMNS, REQUIRED)
    return [(line, {name: cell(cells, place) for name, place in places.items()}) for line, cells in lines[1:]]


def scope_lines(rows: Iterable[ScopeView], *, chinese: bool) -> list[list[object]]:
    """The rows as a list that ``read_scope`` reads, with the certificate beside them."""
    place = 0 if chinese else -1
    heads: list[object] = [headings[place] for headings in COLUMNS.values()]
    lines: list[list[object]] = [
        [*heads, "证书编号" if chinese else "certificate", "有效期至" if chinese else "valid to"]
    ]
    lines += [
        [*(getattr(row, name) for name in COLUMNS), row.certificate_no, row.valid_to.isoformat()] for row in rows
    ]
    return lines
