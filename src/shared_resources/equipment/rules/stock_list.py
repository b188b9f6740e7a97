"""Reading a stock list: CSV or text copied from a spreadsheet, headings in Chinese or English. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from shared_resources.equipment.schemas.handover import Condition
from shared_resources.equipment.schemas.register import RowFault
from shared_resources.kernel.sheets import cell, cells_of, places_of
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Word = TypeVar("Word")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "asset_no": ("资产编号", "资产号", "编号", "asset no", "asset number"),
    "serial": ("序列号", "出厂编号", "serial", "serial number"),
    "model": ("型号", "设备型号", "名称", "model"),
    "depot": ("装备库", "仓库", "存放地点", "depot"),
    "keeper": ("装备管理员", "保管人", "责任人", "keeper"),
    "condition": ("状况", "完好程度", "condition"),
    "certificate_kind": ("证书种类", "certificate kind"),
    "certificate_no": ("证书编号", "certificate no", "certificate number"),
    "issuer": ("检定机构", "发证机构", "issuer"),
    "valid_from": ("检定日期", "有效期起", "valid from"),
    "valid_to": ("有效期至", "有效期止", "valid to"),
}
"""Our name of a column and the headings under which it comes; the first one heads the template."""

REQUIRED = ("asset_no", "model", "depot")
CERTIFICATE = ("certificate_no", "issuer", "valid_from", "valid_to")
LENGTHS = {"asset_no": 60, "serial": 80, "certificate_no": 80, "issuer": 120}
CONDITIONS = {
    "良好": Condition.GOOD,
    "完好": Condition.GOOD,
    "磨损": Condition.WORN,
    "磨损可用": Condition.WORN,
    "有磨损": Condition.WORN,
    "损坏": Condition.DAMAGED,
} | {str(condition): condition for condition in Condition}
CERTIFICATE_KINDS = {
    "检定": "verification",
    "校准": "calibration",
    "verification": "verification",
    "calibration": "calibration",
}
EXAMPLES = {
    "zh_CN": ("YJ-2026-0142", "GX4-8812093", "GX-4 四合一气体检测仪", "江北嘴应急装备库", "", "良好", "检定",
              "JJG693-2026-00871", "市计量质量检测研究院", "2026-03-01", "2027-02-28"),
    "en": ("YJ-2026-0142", "GX4-8812093", "GX-4 gas detector", "Jiangbeizui emergency depot", "", "good",
           "verification", "JJG693-2026-00871", "Metrology institute", "2026-03-01", "2027-02-28"),
}  # fmt: skip

_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")


@dataclass(frozen=True)
class CertificateCells:
    """The certificate in a row."""

    kind: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class StockRow:
    """One row as read; ``model``, ``depot`` and ``keeper`` are still names."""

    line: int
    asset_no: str
    serial: str | None
    model: str
    depot: str
    keeper: str | None
    condition: Condition
    certificate: CertificateCells | None


def read_stock_list(text: str) -> tuple[list[StockRow], list[RowFault]]:
    """The rows of a list and every fault that the list alone shows.

    Raises:
        Invalid: no list at all: empty, too long, or without the columns that are needed.
    """
    lines = cells_of(text)
    places = places_of(lines[0][1], COLUMNS, REQUIRED)
    rows: list[StockRow] = []
    faults: list[RowFault] = []
    seen: dict[str, int] = {}
    for line, cells in lines[1:]:
        values = {name: cell(cells, place) for name, place in places.items()}
        found = _Row(line, values)
        row = found.read()
        faults += found.faults
        number = values["asset_no"]
        if number and seen.setdefault(number, line) != line:
            faults.append(fault(line, "asset_no", N_("This asset number stands in line %(other)s already."),
                                other=str(seen[number])))  # fmt: skip
        if row is not None:
            rows.append(row)
    return rows, faults


def fault(line: int, column: str | None, msgid: str, **params: str) -> RowFault:
    """What is wrong with one cell."""
    return RowFault(line=line, column=column, msgid=msgid, params=params)


def template(locale: str) -> list[Sequence[str]]:
    """Headings and one example row for a new list."""
    chosen = locale if locale in EXAMPLES else "en"
    position = 0 if chosen == "zh_CN" else -1
    return [[headings[position] for headings in COLUMNS.values()], EXAMPLES[chosen]]


class _Row:
    """Reads one row and collects everything that is wrong with it."""

    def __init__(self, line: int, values: Mapping[str, str]) -> None:
        self.line = line
        self.values = values
        self.faults: list[RowFault] = []

    def read(self) -> StockRow | None:
        """The row; None with faults."""
        for name in REQUIRED:
            if not self.values[name]:
                self._wrong(name, N_("This cell must not be empty."))
        for name, length in LENGTHS.items():
            if len(self._of(name)) > length:
                self._wrong(name, N_("At most %(length)s characters fit here."), length=str(length))
        condition = self._word("condition", CONDITIONS, Condition.GOOD)
        certificate = self._certificate()
        if self.faults:
            return None
        return StockRow(
            line=self.line,
            asset_no=self.values["asset_no"],
            serial=self._of("serial") or None,
            model=self.values["model"],
            depot=self.values["depot"],
            keeper=self._of("keeper") or None,
            condition=condition,
            certificate=certificate,
        )

    def _certificate(self) -> CertificateCells | None:
        kind = self._word("certificate_kind", CERTIFICATE_KINDS, "verification")
        given = [name for name in CERTIFICATE if self._of(name)]
        if not given:
            return None
        for name in CERTIFICATE:
            if name not in given:
                self._wrong(name, N_("A certificate needs number, issuer, first and last day."))
        first, last = self._day("valid_from"), self._day("valid_to")
        if first is None or last is None:
            return None
        if last < first:
            self._wrong("valid_to", N_("The certificate ends before it begins."))
        return CertificateCells(kind, self._of("certificate_no"), self._of("issuer"), first, last)

    def _day(self, name: str) -> date | None:
        text = self._of(name)
        if not text:
            return None
        match = _DAY.match(text)
        try:
            if match:
                return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            pass
        self._wrong(name, N_("“%(value)s” is no day; write it like 2026-11-24."), value=text[:40])
        return None

    def _word(self, name: str, words: Mapping[str, Word], otherwise: Word) -> Word:
        text = self._of(name)
        if not text:
            return otherwise
        found = words.get(text.lower())
        if found is None:
            self._wrong(name, N_("“%(value)s” is not one of: %(words)s."), value=text[:40], words="、".join(words))
        return otherwise if found is None else found

    def _of(self, name: str) -> str:
        return self.values.get(name, "")

    def _wrong(self, column: str, msgid: str, **params: str) -> None:
        self.faults.append(fault(self.line, column, msgid, **params))
