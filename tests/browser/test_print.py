"""What comes out of the printer: the loan form, the hand-over form, sheets of labels."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.counter import free_codes
from tests.browser.house import zh

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.house import House

A4 = (595, 842)
LABELS_ON_A_SHEET = 24


def pages_of(pdf: bytes) -> list[tuple[int, int]]:
    """The size in points of every page."""
    streams = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            streams.append(zlib.decompress(packed))
        except zlib.error:
            continue
    boxes = [box for text in streams for box in re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", text)]
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def printed(page: Page) -> list[tuple[int, int]]:
    """The pages on paper, in the format that the style sheet asks for."""
    return pages_of(page.pdf(prefer_css_page_size=True))


def shown_on_paper(page: Page, selector: str) -> bool:
    """Whether a part of the page is printed."""
    page.emulate_media(media="print")
    visible = page.locator(selector).first.is_visible()
    page.emulate_media(media="null")
    return visible


def test_the_forms_fit_on_a_sheet(house: House) -> None:
    keeper = house.signed_in("keeper")
    keeper.goto("/loans?side=lend&ended=1&state=closed")
    keeper.locator("#loans tbody a[href^='/loans/']").first.click()
    number = keeper.url.rsplit("/", 1)[1]
    handover = keeper.locator("#handovers a[href^='/handovers/']").first.get_attribute("href")

    keeper.goto(f"/loans/{number}/form")
    expect(keeper.get_by_role("heading", level=1)).to_contain_text(zh("Equipment loan form"))
    expect(keeper.locator(".paper")).to_contain_text(number)
    expect(keeper.locator(".paper")).to_contain_text("市应急管理局")
    assert not shown_on_paper(keeper, ".paper-tools")
    assert printed(keeper) == [A4]

    keeper.goto(f"{handover}/form")
    expect(keeper.get_by_role("heading", level=1)).to_contain_text(zh("Hand-over form"))
    expect(keeper.locator(".paper")).to_contain_text(number)
    expect(keeper.locator(".paper-signatures")).to_contain_text("周明远")
    assert printed(keeper) == [A4]


def test_labels_fill_one_sheet_after_the_other(house: House) -> None:
    keeper = house.signed_in("keeper")
    codes = free_codes(house, "", LABELS_ON_A_SHEET + 1)
    count = min(len(codes), LABELS_ON_A_SHEET + 1)
    keeper.goto("/labels")
    keeper.get_by_label(zh("Codes")).fill("\n".join(codes))
    keeper.get_by_role("button", name=zh("Show the sheets")).click()
    expect(keeper.locator(".label:not(.label-empty)")).to_have_count(count)
    assert not shown_on_paper(keeper, ".top")
    assert not shown_on_paper(keeper, "h1")
    sheets = keeper.locator(".sheet").count()
    assert sheets == -(-count // LABELS_ON_A_SHEET)
    assert printed(keeper) == [A4] * sheets


def test_any_page_prints_without_its_frame(house: House) -> None:
    officer = house.signed_in("officer")
    officer.goto("/loans")
    for frame in (".top", ".tabbar", ".filters", ".foot"):
        assert not shown_on_paper(officer, frame), frame
    assert shown_on_paper(officer, "#loans table")
    assert shown_on_paper(officer, "h1")
