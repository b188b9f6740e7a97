"""The same letter as .docx, for offices that must edit: clearly a copy, never the original."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

COPY = "可编辑副本，非正式文件；正式文件以同编号 PDF 为准。"
BODY, HEI, KAI, SONG, TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
"""What Word on an office's machine calls the faces; it has them, we do not need to."""
LEVELS = (BODY, HEI, KAI)
RED = RGBColor(0xE6, 0x00, 0x12)
CENTRE, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
LINE_PITCH = Pt(28.95)
MOST_COLUMNS = 4


def editable(data: Mapping[str, Any]) -> bytes:
    """The letter ``data`` (see ``contents``) as a Word file."""
    docx = Document()
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    docx.core_properties.title, docx.core_properties.author = data["title"], data["issuer"]
    section.header.paragraphs[0].text = COPY
    _head(docx, data)
    for block in data["blocks"]:
        _block(docx, block)
    _foot(docx, data)
    file = io.BytesIO()
    docx.save(file)
    return file.getvalue()


def _head(docx: Docx, data: Mapping[str, Any]) -> None:
    _line(docx, data["mark"], TITLE, 30, CENTRE, colour=None if data["layout"] == "form" else RED)
    above = "　".join(one for one in (data["urgency"], data["number"]) if one)
    if data["signer"]:
        above = f"{above}　　签发人：{data['signer']}"
    _line(docx, above, BODY, 16, RIGHT if data["layout"] == "letter" else CENTRE)
    _line(docx, data["title"], TITLE, 22, CENTRE)
    if data["to"]:
        _line(docx, "、".join(data["to"]) + "：", BODY, 16, LEFT)


def _block(docx: Docx, block: Mapping[str, Any]) -> None:
    match block["type"]:
        case "paragraph":
            _indented(docx, block["text"], LEVELS[block["level"]])
        case "grid":
            _caption(docx, block["caption"])
            _table(docx, [block["columns"], *block["rows"]], heads=True)
        case "fields":
            _caption(docx, block["caption"])
            _fields(docx, block["rows"])
        case _:
            for label in block["labels"]:
                _line(docx, f"{label}：＿＿＿＿＿＿＿＿　　　　年　　月　　日　　时　　分", BODY, 12, LEFT)


def _foot(docx: Docx, data: Mapping[str, Any]) -> None:
    many = len(data["annexes"]) > 1
    for place, name in enumerate(data["annexes"]):
        number = f"{place + 1}." if many else ""
        _line(docx, f"{'　　附件：' if place == 0 else '　　　　　'}{number}{name}", BODY, 16, LEFT)
    for label, names in data["lists"]:
        _line(docx, f"　　{label}：{'、'.join(names) or '无'}", BODY, 16, LEFT)
    if data["layout"] != "minutes":
        _line(docx, data["issuer"], BODY, 16, RIGHT)
        _line(docx, data["date"], BODY, 16, RIGHT)
    if data["countersigners"]:
        _line(docx, "会签：" + "、".join(data["countersigners"]), BODY, 14, LEFT)
    if data["contact"]:
        _indented(docx, f"（{data['contact']}）", BODY)
    if data["cc"]:
        _line(docx, f"抄送：{'，'.join(data['cc'])}。", BODY, 14, LEFT)
    if data["layout"] in ("document", "minutes"):
        _line(docx, f"{data['issuer']}　{data['date']}印发", BODY, 14, LEFT)


def _line(
    docx: Docx, text: str, face: str, size: int, align: WD_ALIGN_PARAGRAPH, *, colour: RGBColor | None = None
) -> Paragraph:
    line = docx.add_paragraph()
    line.alignment = align
    _written(line, text, face, size, colour)
    return line


def _indented(docx: Docx, text: str, face: str) -> None:
    line = _line(docx, text, face, 16, WD_ALIGN_PARAGRAPH.JUSTIFY)
    line.paragraph_format.first_line_indent = Pt(32)


def _caption(docx: Docx, text: str) -> None:
    if text:
        _line(docx, text, HEI, 12, LEFT)


def _table(docx: Docx, rows: Sequence[Sequence[str]], *, heads: bool) -> None:
    table = docx.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for place, row in enumerate(rows):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _written(cell.paragraphs[0], text or "／", HEI if heads and place == 0 else BODY, 12)


def _fields(docx: Docx, rows: Sequence[Sequence[Sequence[str]]]) -> None:
    table = docx.add_table(rows=0, cols=MOST_COLUMNS, style="Table Grid")
    for row in rows:
        cells = table.add_row().cells
        if len(row) == 1:
            cells[1].merge(cells[3])
        for place, (label, value) in enumerate(row):
            _written(cells[2 * place].paragraphs[0], label, HEI, 12)
            _written(cells[2 * place + 1].paragraphs[0], value or "／", BODY, 12)


def _written(line: Paragraph, text: str, face: str, size: int, colour: RGBColor | None = None) -> None:
    """A run in ``face``: Word asks for the face of Chinese characters by a name of its own."""
    run = line.add_run(text)
    run.font.size, run.font.name = Pt(size), "Times New Roman"
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    if colour is not None:
        run.font.color.rgb = colour
    line.paragraph_format.line_spacing = LINE_PITCH if size == 16 else None
