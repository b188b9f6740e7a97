"""Labels: printed at 300 dpi, read again by an independent reader, damaged ones too; sheets to the millimetre."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

import shared_resources
from shared_resources.equipment.rules.labels import (
    PRESETS,
    label_of,
    pages_of,
    preset_named,
    symbol,
)
from shared_resources.kernel import clock
from shared_resources.kernel.codes import code_of, label_origin, parse_code
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid
from tests.equipment.counter import english
from tests.makers import MONDAY, make_item
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from shared_resources.equipment.schemas.register import Label, Preset

CODE = code_of([7, 23, 2, 20, 19, 4, 27])
HOST = "https://zfld.cq.gov.cn"
ITEM = {
    "code": CODE,
    "asset_no": "YJ-2026-0142",
    "owner_name_zh": "市应急管理局",
    "owner_name_en": "Emergency Bureau",
    "model_name_zh": "气体检测仪",
    "model_name_en": "Gas detector",
}
LABEL = label_of(HOST, ITEM)
RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\d+z")
STYLES = Path(shared_resources.__file__).parent / "site" / "styles" / "labels.css"


def printed(label: Label, preset: Preset, dpi: int = 300) -> Image.Image:
    """The symbol as a printer would put it on paper, read from its path alone."""
    side = round(preset.symbol_mm / 25.4 * dpi)
    scale = side / label.modules
    image = Image.new("L", (side, side), 255)
    draw = ImageDraw.Draw(image)
    for x, y, length in RUN.findall(label.path):
        left, top = int(x) * scale, int(y) * scale
        draw.rectangle((left, top, left + int(length) * scale - 1, top + scale - 1), fill=0)
    return image


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_every_paper_is_read_again(preset: Preset) -> None:
    texts = read(printed(LABEL, preset))
    assert texts == [f"HTTPS://ZFLD.CQ.GOV.CN/T/{CODE}"]
    assert parse_code(texts[0]) == CODE


def test_the_smallest_module_is_wider_than_half_a_millimetre() -> None:
    assert min(preset.symbol_mm for preset in PRESETS) / LABEL.modules > 0.5


def test_a_smeared_a_scratched_and_a_dirty_label_are_read() -> None:
    roll = printed(LABEL, preset_named("roll"))
    smeared = roll.filter(ImageFilter.GaussianBlur(3))
    scratched = roll.copy()
    draw = ImageDraw.Draw(scratched)
    for offset in (90, 150, 210):
        draw.line((0, offset, roll.width, offset + 40), fill=255, width=3)
    torn = roll.copy()
    ImageDraw.Draw(torn).line((140, roll.height, roll.width, 120), fill=255, width=8)
    dirty = roll.copy()
    ImageDraw.Draw(dirty).ellipse((150, 130, 205, 185), fill=0)
    tilted = roll.rotate(17, expand=True, fillcolor=255)
    for image in (smeared, scratched, torn, dirty, tilted):
        assert read(image) == [LABEL.address]


def test_the_reader_would_notice_another_code() -> None:
    other = label_of(HOST, {**ITEM, "code": code_of([1, 2, 3, 4, 5, 6, 7])})
    assert read(printed(other, preset_named("roll"))) != [LABEL.address]


def test_the_quiet_zone_is_part_of_the_symbol() -> None:
    modules, path = symbol(LABEL.address)
    runs = [tuple(map(int, run)) for run in RUN.findall(path)]
    assert min(x for x, _, _ in runs) == min(y for _, y, _ in runs) == 4
    assert max(x + length for x, _, length in runs) == modules - 4


def test_a_label_may_print_a_shorter_host() -> None:
    assert label_origin("https://long.example.gov.cn", "q.gov.cn") == "https://q.gov.cn"
    assert label_origin("http://127.0.0.1:8000", None) == "http://127.0.0.1:8000"


def test_a_used_sheet_goes_on_at_its_first_free_place() -> None:
    sheet = preset_named("a4-3x8")
    pages = pages_of([LABEL] * 30, sheet, start=20)
    assert [len(page) for page in pages] == [24, 24, 1]
    assert [place for place, label in enumerate(pages[0]) if label is None] == list(range(19))


@pytest.mark.parametrize("start", [0, 25])
def test_a_place_that_is_not_on_the_sheet_is_refused(start: int) -> None:
    with pytest.raises(Invalid, match="places 1 to 24"):
        pages_of([LABEL], preset_named("a4-3x8"), start)


def test_styles_know_every_paper_and_fit_the_sheet() -> None:
    styles = STYLES.read_text()
    for preset in PRESETS:
        rule = re.search(rf'data-preset="{preset.name}"\] \.sheet {{([^}}]*)}}', styles)
        assert rule, preset.name
        height = re.search(r"grid-template: (?:repeat\(\d+, )?([\d.]+)mm", rule[1])
        assert height
        assert preset.symbol_mm <= float(height[1])
        assert float(height[1]) * preset.rows <= 297


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_a_keeper_prints_labels_and_the_journal_knows(cast: Cast) -> None:
    with clock.at(MONDAY):
        items = [await make_item(keeper=cast.owner.custodian) for _ in range(3)]
        async with english(cast.owner.custodian) as browser:
            codes = ",".join(item.code for item in items)
            form = await browser.page(f"/labels?codes={codes}")
            assert all(f"{item.code[:4]}-{item.code[4:]}" in form.text for item in items)
            sent = await browser.send("/labels", codes=codes, preset="a4-3x8", start="3", act_id="print-1")
            assert sent.status_code == 303, sent.text
            sheet = await browser.page(sent.headers["location"])
    assert sheet.status_code == 200
    assert sheet.text.count("label-empty") == 2
    assert sheet.text.count('class="label-code"') == 3
    assert 'width="32mm" height="32mm"' in sheet.text
    async with reading() as db:
        lines = await db.fetchval("SELECT count(*) FROM journal_line WHERE step = 'print_label'")
    assert lines == 3


async def test_all_items_of_a_filter_get_their_labels(cast: Cast) -> None:
    keeper = cast.owner.custodian
    kept, retired = await make_item(keeper=keeper), await make_item(keeper=keeper, state="retired")
    foreign = await make_item(keeper=cast.third.custodian)
    async with english(keeper) as browser:
        form = await browser.page("/labels?all=1")
    assert kept.code[4:] in form.text
    assert retired.code[4:] not in form.text
    assert foreign.code[4:] not in form.text


async def test_bad_wishes_for_labels_have_their_sentences(cast: Cast) -> None:
    own, foreign = await make_item(keeper=cast.owner.custodian), await make_item(keeper=cast.third.custodian)
    async with english(cast.owner.custodian) as browser:
        for fields, sentence in (
            ({"codes": "", "preset": "roll"}, "No item was chosen."),
            ({"codes": "12345", "preset": "roll"}, "This is not a code of ours."),
            ({"codes": own.code, "preset": "poster"}, "There is no such label paper."),
            ({"codes": own.code, "preset": "a4-2x7", "start": "15"}, "This sheet has places 1 to 14."),
            ({"codes": own.code, "preset": "a4-2x7", "start": "x"}, "This is not a whole number."),
        ):
            answer = await browser.send("/labels", **fields)
            assert answer.status_code == 422
            assert sentence in answer.text
        unknown = await browser.send("/labels", codes=code_of([9] * 7), preset="roll")
        others = await browser.send("/labels", codes=foreign.code, preset="roll")
        assert unknown.status_code == others.status_code == 404
    async with english(cast.owner.officer) as browser:
        assert (await browser.page(f"/labels?codes={own.code}")).status_code == 403
