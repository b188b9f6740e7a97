"""One letter after the other on one processor: our typesetter against WeasyPrint with the same words."""

from __future__ import annotations

import functools
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks.report import Figure
from shared_resources.kernel import fonts
from shared_resources.kernel.documents.contents import Issuer, contents, number_text, with_back
from shared_resources.kernel.documents.typesetting import typeset
from shared_resources.kernel.letters import Grid, Layout, LetterDraft, Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable

AIM = 5.0
LETTERS, OTHERS = 100, 12
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TEXT = (
    "根据《重庆市行政执法协作办法》第三条第三项和《中华人民共和国行政处罚法》第二十六条的规定，我局在办理“某化工有限公司"
    "涉嫌未按规定处置危险废物案”过程中，因缺乏必要的检测技术手段，依法提请贵局予以协助。"
)
DRAFT = LetterDraft(
    kind="assistance_letter",
    word="函",
    title="市应急管理局关于提请协助开展危险废物现场检测的函",
    layout=Layout.LETTER,
    blocks=(
        *(part for head in "一二三四五六" for part in (Paragraph(f"{head}、提请协助的事项", 1), Paragraph(TEXT))),
        Grid(("序号", "材料", "份数"), tuple((str(n), "现场检查记录", "1") for n in range(1, 6)), "随函材料"),
    ),
    to=("市生态环境局",),
    annexes=("现场检查记录", "平面图"),
    cc=("市司法局",),
    contact="联系人：张三，联系电话：023-63000001",
)
STYLE = """
@font-face { font-family: Song; src: url("%s") }
@page { size: A4; margin: 37mm 26mm 35mm 28mm; @bottom-center { content: "— " counter(page) " —" } }
body { font: 16pt/28.95pt Song; text-align: justify } p { margin: 0; text-indent: 2em }
h1 { font-size: 22pt; text-align: center } h2 { color: red; text-align: center; border-bottom: 2pt solid red }
table { width: 100%%; border-collapse: collapse } td, th { border: 1px solid; font-size: 12pt }
.right { text-align: right }
"""


def measure() -> list[Figure]:
    """Milliseconds a letter; WeasyPrint's share is measured in the same run, or a line says why not."""
    ours = milliseconds(set_ours, LETTERS)
    figures = [
        Figure("letters: time to set one (2 pages, PDF/A-2b, every letter another)", f"{ours:.1f} ms"),
        Figure("letters: set on one processor", f"{1000 / ours:,.0f} /s"),
    ]
    try:
        theirs = milliseconds(set_theirs, OTHERS)
    except (ImportError, OSError) as error:
        return [*figures, Figure("letters: WeasyPrint is not here", str(error).partition("\n")[0][:40])]
    ratio = theirs / ours
    return [
        *figures,
        Figure("letters: WeasyPrint, the same words", f"{theirs:.1f} ms"),
        Figure("letters: how many times as fast as WeasyPrint", f"{ratio:.1f} ×", f"≥ {AIM:g} ×", ratio >= AIM),
    ]


def milliseconds(set_one: Callable[[int], bytes], count: int) -> float:
    """Time for one of ``count`` letters, the first one (faces are read) not counted."""
    assert set_one(0).startswith(b"%PDF")
    began = time.perf_counter()
    for number in range(1, count + 1):
        set_one(number)
    return (time.perf_counter() - began) / count * 1000


def set_ours(serial: int) -> bytes:
    """A letter as ``documents.issue`` sets it, paragraphs included that no letter before had."""
    return typeset(data(serial), AT)


def set_theirs(serial: int) -> bytes:
    """The same words as HTML through WeasyPrint."""
    import weasyprint  # noqa: PLC0415 may be missing, or its native libraries

    page = data(serial)
    blocks = "".join(
        f"<p>{block['text']}</p>" if block["type"] == "paragraph" else table(block) for block in page["blocks"]
    )
    html = (
        f"<h2>{page['mark']}</h2><p class=right>{page['number']}</p><h1>{page['title']}</h1>"
        f"<p>{page['to'][0]}：</p>"
        f"{blocks}<p>附件：{'、'.join(page['annexes'])}</p>"
        f"<p class=right>{page['issuer']}</p><p class=right>{page['date']}</p>"
        f"<p>（{page['contact']}）</p><p>抄送：{page['cc'][0]}。</p>"
    )
    style, faces = style_of_theirs()
    made: bytes = weasyprint.HTML(string=html).write_pdf(stylesheets=[style], font_config=faces)
    return made


@functools.cache
def style_of_theirs() -> tuple[Any, Any]:
    """Style and face of WeasyPrint, read once as ours are."""
    from weasyprint import CSS  # noqa: PLC0415 see set_theirs
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    faces = FontConfiguration()
    face = (fonts.BROUGHT / "NotoSerifSC-Regular.otf").as_uri()
    return CSS(string=STYLE % face, font_config=faces), faces


def table(block: dict[str, Any]) -> str:
    """A table in HTML."""
    heads = "".join(f"<th>{name}</th>" for name in block["columns"])
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in block["rows"])
    return f"<table><tr>{heads}</tr>{rows}</table>"


def data(serial: int) -> dict[str, Any]:
    """The letter with this serial; each paragraph names it."""
    blocks = tuple(
        replace(block, text=f"{block.text}（{serial}）") if isinstance(block, Paragraph) else block
        for block in DRAFT.blocks
    )
    page = contents(
        replace(DRAFT, blocks=blocks),
        Issuer("重庆市应急管理局", "渝应急"),
        number=number_text("渝应急", "函", 2026, serial),
        day=AT.date(),
        signer="",
        countersigners=(),
        faces=fonts.faces(),
    )
    return with_back(page, ())
