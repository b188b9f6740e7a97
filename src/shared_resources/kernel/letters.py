"""Official letters as values: what stands in them, before paper, number and seal (GB/T 9704-2012, FORMS.md). Pure.

Departments build a ``LetterDraft`` from the facts of a record; ``documents`` numbers, sets, stores and seals it.
The texts are Chinese: a letter is an act of the agency, not a page in the reader's language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from datetime import date


class Layout(StrEnum):
    """The three heads of the standard, and the plain form that a keeper signs."""

    LETTER = "letter"  # 信函式: 函, 复函, 移送函
    DOCUMENT = "document"  # 文件式: 方案, 通知, 通报, 报告
    MINUTES = "minutes"  # 纪要式
    FORM = "form"  # 表格: 清单, 回证, 借用单, 交接单


class Urgency(StrEnum):
    """How urgent; printed at the head."""

    NONE = ""
    URGENT = "加急"
    MOST_URGENT = "特急"


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. level 1: 一、(黑体), 2: （一）(楷体), 0: body."""

    text: str
    level: int = 0


@dataclass(frozen=True)
class Grid:
    """A ruled table: caption, heads, rows of texts; ``widths`` are relative."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Fields:
    """Label and value pairs as a ruled form, two pairs a line where they fit; empty values are struck out (／)."""

    pairs: tuple[tuple[str, str], ...]
    caption: str = ""


@dataclass(frozen=True)
class Signs:
    """Places for signatures by hand: one line each (移交人、接收人、见证人)."""

    labels: tuple[str, ...]


Block = Paragraph | Grid | Fields | Signs


@dataclass(frozen=True)
class Element:
    """One element that FORMS.md demands, as a msgid, and whether the draft has it."""

    label: str
    present: bool
    required: bool = True


@dataclass(frozen=True)
class LetterDraft:
    """A letter without number, date, signature and seal: those come with issuing.

    Args:
        kind: the glossary's code (assistance_letter, transfer_letter …).
        word: the series in the number, 函 in 渝应急函〔2026〕12号.
        title: 发文机关+事由+文种, without line breaks.
        to: 主送机关, names as they are printed.
        addressees: the same as agencies of the house.
        elements: what FORMS.md demands, for the list of missing ones.
        countersigned_by: agencies that sign after the issuer (送达回证, 会签).
        upward: 上行文, names the 签发人.
    """

    kind: str
    word: str
    title: str
    layout: Layout
    blocks: tuple[Block, ...]
    to: tuple[str, ...] = ()
    addressees: tuple[UUID, ...] = ()
    annexes: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    contact: str = ""
    urgency: Urgency = Urgency.NONE
    elements: tuple[Element, ...] = ()
    countersigned_by: tuple[UUID, ...] = ()
    upward: bool = False
    lists: tuple[tuple[str, tuple[str, ...]], ...] = field(default=())
    """Of minutes: (出席, names), (请假, names), (列席, names)."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of required elements that are not there yet."""
        return tuple(element.label for element in self.elements if element.required and not element.present)


def day_text(day: date) -> str:
    """成文日期 and any other day in a letter: 2026年3月5日, without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"
