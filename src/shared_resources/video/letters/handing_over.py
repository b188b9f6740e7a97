"""调取视频资料清单 and 资料移交清单 (FORMS 15): every copy with its values, signed by two persons a side. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.letter_words import STRUCK
from shared_resources.kernel.letters import Element, Fields, Grid, Layout, LetterDraft, Paragraph, Signs
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.video.schemas.copies import Piece

KINDS = {
    "extract": "复制件（原码流）",
    "viewing": "查看件（重新编码）",
    "masked": "遮挡件（重新编码）",
    "original": "原件",
}


def footage_list(facts: Facts, pieces: Sequence[Piece], given_by: UUID, to: UUID, case: str) -> LetterDraft:
    """调取视频资料清单: what identifies each file, where its original stays, how it was made."""
    said = facts.last("deliver") or facts.last("share")
    return LetterDraft(
        kind="footage_list",
        word="调清",
        title=f"{case}视频资料清单",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("提供单位", facts.name(given_by)),
                    ("调取单位", facts.name(to)),
                    ("记录编号", facts.number),
                    ("件数", f"{len(pieces)} 件"),
                )
            ),
            _table(pieces),
            *(Paragraph(f"{piece.number}　SHA-256：{piece.sha256}　SM3：{piece.sm3}") for piece in pieces),
            Fields(
                (
                    ("原件存放处", said.get("original_at") or STRUCK),
                    ("制作说明", said.get("made_how") or STRUCK),
                )
            ),
            Signs(("提供人（一）", "提供人（二）", "调取人（一）", "调取人（二）")),
        ),
        to=(facts.name(to),),
        addressees=(to,),
        elements=(
            Element(N_("Files"), bool(pieces)),
            Element(N_("Values of every file"), all(piece.sha256 and piece.sm3 for piece in pieces)),
        ),
    )


def handover_list(
    facts: Facts, pieces: Sequence[Piece], given_by: UUID, to: Sequence[UUID], case: str
) -> LetterDraft:
    """资料移交清单: which files go from whom to whom, with both signatures."""
    said = facts.last("deliver") or facts.last("share")
    rows = tuple(
        (str(number), piece.file_name, KINDS[piece.kind], size_text(piece.size))
        for number, piece in enumerate(pieces, 1)
    )
    return LetterDraft(
        kind="handover_list",
        word="移清",
        title=f"{case}资料移交清单",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("移交单位", facts.name(given_by)),
                    ("接收单位", "、".join(facts.name(each) for each in to)),
                    ("移交人", "、".join(filter(None, (said.get("first"), said.get("second")))) or STRUCK),
                    ("记录编号", facts.number),
                )
            ),
            Grid(("序号", "文件名称", "类别", "大小"), rows, "", (1.0, 5.0, 3.0, 2.0)),
            Paragraph("接收单位应当在接收后重新计算校验值；不一致的，不得签收。"),
            Signs(("移交人（一）", "移交人（二）", "接收人（一）", "接收人（二）")),
        ),
        to=tuple(facts.name(each) for each in to),
        addressees=tuple(to),
        elements=(Element(N_("Files"), bool(pieces)),),
    )


def size_text(size: int) -> str:
    """A size as papers write it: 12.3 MB."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1_000:.1f} KB"


def _table(pieces: Sequence[Piece]) -> Grid:
    rows = tuple(
        (
            piece.number,
            piece.device,
            f"{piece.begins:%Y-%m-%d %H:%M:%S}",
            f"{piece.ends:%Y-%m-%d %H:%M:%S}",
            f"{piece.offset_ms / 1000:+.1f} 秒",
            KINDS[piece.kind],
        )
        for piece in pieces
    )
    return Grid(
        ("编号", "设备", "录像起（设备时间）", "录像止（设备时间）", "时钟误差", "类别"),
        rows,
        "",
        (2.6, 3.0, 3.0, 3.0, 1.6, 2.4),
    )
