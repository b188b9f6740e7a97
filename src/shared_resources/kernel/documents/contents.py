"""A letter as the templates take it: plain data, Chinese words, nothing left to decide. Pure.

What is made here is stored with the letter, so that the same bytes can be set again at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared_resources.kernel.letters import Block, Fields, Grid, Layout, LetterDraft, Paragraph, Signs, day_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from shared_resources.kernel.fonts import Faces

FORMAT = 1
"""Of the stored data; templates that need other data count on."""
LONGEST_HALF = 17
"""Characters of a value that still fit half a line of a form."""
LONGEST_LABEL = 9
SMALL, SMALL_ON_FORMS = 12, 10.5
"""Points of the text in tables."""
UNPRINTED = frozenset({"faces", "faces_digest", "kind", "layout", "symbol", "type"})
UNNUMBERED = "（未编号）"


@dataclass(frozen=True)
class Issuer:
    """The agency that issues, as it is called and numbered on this day."""

    name: str
    code: str


def number_text(code: str, word: str, year: int, serial: int) -> str:
    """发文字号: 渝应急函〔2026〕12号; the year whole, the serial without leading zeros."""
    return f"{code}{word}〔{year}〕{serial}号"


def contents(
    draft: LetterDraft,
    issuer: Issuer,
    *,
    number: str,
    day: date,
    signer: str,
    countersigners: Sequence[str],
    faces: Faces,
    foot: str = "",
    is_draft: bool = False,
    is_sealed: bool = True,
    symbol: str = "",
) -> dict[str, Any]:
    """All that a template needs besides the back."""
    is_form = draft.layout is Layout.FORM
    return {
        "format": FORMAT,
        "layout": draft.layout.value,
        "kind": draft.kind,
        "title": one_line(draft.title),
        "issuer": issuer.name,
        "mark": mark(draft.layout, issuer.name),
        "number": number or UNNUMBERED,
        "date": day_text(day),
        "to": [one_line(name) for name in draft.to],
        "blocks": [one for block in draft.blocks for one in block_data(block)],
        "annexes": [one_line(name) for name in draft.annexes],
        "cc": [one_line(name) for name in draft.cc],
        "contact": one_line(draft.contact),
        "urgency": draft.urgency.value,
        "signer": signer if draft.upward else "",
        "countersigners": list(countersigners),
        "lists": [[label, list(names)] for label, names in draft.lists],
        "small": SMALL_ON_FORMS if is_form else SMALL,
        "is_draft": is_draft,
        "is_sealed": is_sealed,
        "symbol": symbol,
        "foot": foot,
        "faces": {part: list(stack) for part, stack in faces.stacks.items()},
        "bold": faces.bold,
        "faces_digest": faces.digest,
    }


def mark(layout: Layout, issuer: str) -> str:
    """发文机关标志: letters bear the name alone (GB/T 9704-2012, 10.1)."""
    return issuer + {Layout.DOCUMENT: "文件", Layout.MINUTES: "会议纪要"}.get(layout, "")


def block_data(block: Block) -> Iterator[dict[str, Any]]:
    """One block as data; a paragraph with line breaks is several."""
    match block:
        case Paragraph():
            for line in block.text.splitlines():
                if line.strip():
                    yield {"type": "paragraph", "text": line.strip(), "level": block.level}
        case Grid():
            yield {
                "type": "grid",
                "columns": list(block.columns),
                "rows": [padded(row, len(block.columns)) for row in block.rows],
                "caption": block.caption,
                "widths": list(block.widths),
            }
        case Fields():
            yield {"type": "fields", "rows": list(two_a_line(block.pairs)), "caption": block.caption}
        case Signs():
            yield {"type": "signs", "labels": list(block.labels)}


def padded(row: Sequence[str], columns: int) -> list[str]:
    """A row with a cell for each column.

    Raises:
        ValueError: more cells than columns.
    """
    if len(row) > columns:
        raise ValueError(f"a row of {len(row)} cells in a table of {columns} columns")
    return [*row, *[""] * (columns - len(row))]


def two_a_line(pairs: Sequence[tuple[str, str]]) -> Iterator[list[list[str]]]:
    """The pairs of a form in lines: two where both are short, else one over the whole width."""
    waiting: list[str] | None = None
    for label, value in pairs:
        pair = [label, value]
        if len(value) > LONGEST_HALF or "\n" in value or len(label) > LONGEST_LABEL:
            if waiting:
                yield [waiting]
            waiting = None
            yield [pair]
        elif waiting:
            yield [waiting, pair]
            waiting = None
        else:
            waiting = pair
    if waiting:
        yield [waiting]


def one_line(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split()) if any(one in text for one in "\r\n\t") else text.strip()


def texts(data: Any) -> Iterator[str]:
    """Every text that is printed, for the search for characters that no face draws."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for name, value in data.items():
            if name not in UNPRINTED:
                yield from texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from texts(value)


def with_back(data: Mapping[str, Any], back: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The whole letter: front and back."""
    return {**data, "back": list(back)}
