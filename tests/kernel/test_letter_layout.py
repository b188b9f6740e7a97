"""The measures of GB/T 9704-2012, taken from the PDF itself."""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import mean
from typing import TYPE_CHECKING, Any

import pdfplumber
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernel.letter_story import HAN, MINUTES, PLAN, PROOF, full_page

from shared_resources.kernel import fonts
from shared_resources.kernel.documents.contents import Issuer, contents, two_a_line, with_back
from shared_resources.kernel.documents.typesetting import seal_places_in, typeset
from shared_resources.kernel.letters import Fields, Grid, Layout, Paragraph, Signs

if TYPE_CHECKING:
    from shared_resources.kernel.letters import LetterDraft

AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MM = 72 / 25.4
ODD = "#[]${}\\/*_`<>@~='\"-+.:;%&^|()0aA 重庆市〔〕“”—…·、，\n\t\u3000"
"""What means something to the typesetter, and what stands in letters."""
PITCH, LEAD = 156 * MM / 28, 225 * MM / 22


def data_of(draft: LetterDraft, issuer: str = "重庆市应急管理局", back: Any = ()) -> dict[str, Any]:
    made = contents(
        draft,
        Issuer(issuer, "渝应急"),
        number="渝应急函〔2026〕12号",
        day=date(2026, 11, 24),
        signer="周局",
        countersigners=(),
        faces=fonts.faces(),
        foot="渝应急函〔2026〕12号",
    )
    return with_back(made, back)


def pages_of(draft: LetterDraft, **more: Any) -> list[Any]:
    return pdfplumber.open(io.BytesIO(typeset(data_of(draft, **more), AT))).pages


def lines_of(page: Any) -> list[list[Any]]:
    """The body's characters by line, from the top."""
    lines: dict[int, list[Any]] = defaultdict(list)
    for one in page.chars:
        if abs(one["size"] - 16) < 0.1 and one["text"].strip():
            lines[round(one["top"])].append(one)
    return [sorted(lines[top], key=lambda one: one["x0"]) for top in sorted(lines)]


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    lines = lines_of(pages_of(full_page())[1])
    assert len(lines) == 22
    assert {len(line) for line in lines} == {28}
    for line in lines:
        assert mean(b["x0"] - a["x0"] for a, b in pairwise(line)) == pytest.approx(PITCH, abs=0.02)
    drops = [b[0]["top"] - a[0]["top"] for a, b in pairwise(lines)]
    assert mean(drops) == pytest.approx(LEAD, abs=0.02)


def test_the_text_stands_between_28_and_184_millimetres() -> None:
    line = lines_of(pages_of(full_page())[1])[5]
    assert line[0]["x0"] / MM == pytest.approx(28, abs=0.1)
    assert (line[0]["x0"] + 28 * PITCH) / MM == pytest.approx(184, abs=0.1)
    assert line[-1]["x1"] / MM <= 184.2


def test_no_line_begins_with_a_comma() -> None:
    for line in lines_of(pages_of(full_page("协助，检查。函告；"))[1]):
        assert line[0]["text"] not in "，。；"


def test_a_letter_has_red_rules_170_wide_and_no_number_on_its_first_page() -> None:
    first, second = pages_of(full_page())[:2]
    rules = sorted(
        one["top"] / MM for one in first.lines + first.rects if one["width"] / MM == pytest.approx(170, abs=1)
    )
    assert len(rules) == 4
    assert rules[-1] == pytest.approx(297 - 20, abs=1.5)
    head = [one for one in first.chars if one["size"] > 25]
    assert min(one["top"] for one in head) / MM == pytest.approx(30, abs=3)
    assert "— 1 —" not in first.extract_text()
    assert "— 2 —" in second.extract_text()


def test_a_document_has_its_head_number_signer_and_imprint() -> None:
    pages = pages_of(PLAN)
    first = pages[0].extract_text()
    assert "重庆市应急管理局文件" in first
    assert "签发人：周局" in first
    assert "2026年11月24日印发" in pages[-1].extract_text()


def test_minutes_list_who_was_there() -> None:
    text = "".join(page.extract_text() for page in pages_of(MINUTES))
    for wanted in ("重庆市应急管理局会议纪要", "出席：张三、李四", "请假：无"):
        assert wanted in text


def test_a_form_strikes_out_what_is_empty_and_counts_its_pages() -> None:
    text = pages_of(PROOF)[0].extract_text()
    assert "／" in text
    assert "共 1 页" in text


def test_the_longest_name_still_fits_the_head() -> None:
    name = "重庆市万州区生态环境保护综合行政执法支队直属第一大队"
    page = pages_of(HAN, issuer=name)[0]
    head = [one for one in page.chars if one["top"] < 40 * MM]
    assert "".join(one["text"] for one in head) == name
    assert len({round(one["top"]) for one in head}) == 1
    assert max(one["x1"] for one in head) / MM < 195


def test_a_signature_never_stands_alone_after_a_short_last_paragraph() -> None:
    for count in range(10, 22):
        blocks = (*[Paragraph("开展联合检查" * 9)] * count, Paragraph("特此函告。"))
        last = pages_of(replace(HAN, blocks=blocks, annexes=(), cc=()))[-1]
        assert "特此函告" in last.extract_text()


def test_there_is_room_for_the_seal_above_the_signature() -> None:
    page = pages_of(HAN)[-1]
    tops = {text: page.search(text)[-1]["top"] for text in ("平面图", "重庆市应急管理局", "2026年11月24日")}
    above, name, day = tops.values()
    assert day - name == pytest.approx(LEAD, abs=1)
    assert name - above > 2 * LEAD


def test_many_countersigners_go_over_to_the_next_page() -> None:
    data = data_of(HAN) | {"countersigners": [f"第{number}区应急管理局" for number in range(1, 14)]}
    places = seal_places_in(data)
    assert [place.index for place in places] == list(range(14))
    assert all(35 * MM < place.y < 297 * MM for place in places)
    assert places[-1].page > places[1].page


def test_the_back_is_a_page_of_its_own() -> None:
    back = [
        {
            "label": "答复",
            "basis": "AS-3",
            "due": "2026-11-27",
            "marks": "暂定",
            "days": ["2026-11-25 计入：工作日"],
        }
    ]
    pages = pages_of(HAN, back=back)
    text = pages[-1].extract_text()
    for wanted in ("办理期限及计算说明", "暂定", "2026-11-25 计入：工作日", "背页"):
        assert wanted in text, wanted
    assert len(pages) == len(pages_of(HAN)) + 1


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.sampled_from(ODD), max_size=60))
def test_no_text_breaks_the_typesetting(text: str) -> None:
    draft = replace(
        HAN,
        title=text,
        to=(text,),
        blocks=(Paragraph(text), Grid((text,), ((text,),), text), Fields(((text, text),)), Signs((text,))),
        annexes=(text,),
        cc=(text,),
        contact=text,
        lists=((text, (text,)),),
    )
    for layout in Layout:
        assert typeset(data_of(replace(draft, layout=layout)), AT).startswith(b"%PDF")


@pytest.mark.parametrize("layout", list(Layout))
def test_equal_data_give_equal_bytes(layout: Layout) -> None:
    draft = {Layout.LETTER: HAN, Layout.DOCUMENT: PLAN, Layout.MINUTES: MINUTES, Layout.FORM: PROOF}[layout]
    assert typeset(data_of(draft), AT) == typeset(data_of(draft), AT)


def test_the_fonts_are_inside_and_it_says_pdf_a() -> None:
    pdf = typeset(data_of(HAN), AT)
    assert b"pdfaid:part" in pdf or b"pdfaid" in pdf
    assert {char["fontname"].partition("+")[2] != "" for char in pdfplumber.open(io.BytesIO(pdf)).chars} == {True}


def test_pairs_stand_two_a_line_where_both_are_short() -> None:
    rows = list(two_a_line((("甲", "1"), ("乙", "2"), ("丙", "长" * 30), ("丁", "3"))))
    assert rows == [[["甲", "1"], ["乙", "2"]], [["丙", "长" * 30]], [["丁", "3"]]]
