"""A letter gets its seals: sealed, sent, countersigned, checked by anybody; one byte changed is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from shared_resources.kernel import clock
from tests.browser.casework import (
    AMR,
    INVENTORY,
    SERVERS,
    error_beside,
    fetched,
    fill,
    open_record,
    send,
    state_of,
    take,
    text_of,
)
from tests.browser.house import zh

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.house import House

CASE = "销售不合格灭火器案（浏览器）"
ELECTRONIC = {"channel": "electronic", "place": "执法资源共享平台", "servers": SERVERS}
NOT_SEALED = "A letter without a valid electronic signature counts as not sent."
VALID = "Every electronic seal in this file is valid, and nothing was changed since."
ALTERED = "This file does not count as signed: it was changed after it was sealed."


def test_a_letter_is_sealed_countersigned_and_checked(house: House) -> None:
    head, duty = house.signed_in("head"), house.signed_in("duty")
    transfer = prepared(head, duty)
    duty.goto(f"{transfer}/send")
    fill(duty, **ELECTRONIC)
    send(duty)
    expect(error_beside(duty, "channel")).to_contain_text(zh(NOT_SEALED))

    letters = documents_of(duty, transfer)
    assert len(letters) == 2
    duty.goto(letters[0])
    expect(duty.locator("#seals .button-off .hint").first).not_to_be_empty()
    for address in letters:
        seal(head, address)
        expect(seal_button(head)).to_have_count(0)
    take(duty, transfer, "send", **ELECTRONIC)
    expect(state_of(duty)).to_have_text(zh("Sent, to be signed for"))

    other = house.signed_in("amrhead")
    inventory = next(address for address in letters if waits_for_seal(other, address))
    seal(other, inventory)
    expect(other.locator("#seals li .badge[data-tone=good]")).to_have_count(2)
    pdf = fetched(other, link_of(other, "/seals/letters/"))
    assert "废矿物油" in text_of(pdf)
    checked(house, pdf)


def prepared(head: Page, officer: Page) -> str:
    """A transfer whose letter and inventory are issued; its address."""
    transfer = open_record(
        head,
        "/transfers",
        case_name=CASE,
        receiver=AMR,
        source="complaint",
        found_on=clock.today() - timedelta(days=1),
        party="重庆某消防器材经营部",
        summary="群众举报其销售的灭火器未经检验。",
        why="该违法行为属于产品质量监督管理的范围。",
        provision="《中华人民共和国产品质量法》第八条",
        determined_on=clock.today(),
    )
    take(officer, transfer, "prepare", **INVENTORY)
    take(head, transfer, "approve", opinion="同意移送")
    return transfer


def documents_of(page: Page, record: str) -> list[str]:
    """The addresses of the letters of a record."""
    page.goto(record)
    links = page.locator("#letters li a[href^='/documents/']:not(.button)")
    return [str(link.get_attribute("href")) for link in links.all()]


def seal_button(page: Page) -> Locator:
    """The button that puts the seal of one's agency under the letter."""
    return page.locator("#seals form[data-confirm] button[type=submit]")


def waits_for_seal(page: Page, address: str) -> bool:
    """Whether the reader may seal this letter now."""
    page.goto(address)
    return seal_button(page).count() > 0


def seal(page: Page, address: str) -> None:
    """Seal a letter: asked first, for it cannot be taken back."""
    page.goto(address)
    seal_button(page).click()
    page.locator("dialog.ask button[value=yes]").click()
    expect(page.locator("[data-flashes] .flash")).to_have_attribute("data-tone", "good")


def link_of(page: Page, start: str) -> str:
    """The first button of a page that leads where ``start`` says."""
    return str(page.locator(f"main a.button[href^='{start}']").first.get_attribute("href"))


def checked(house: House, pdf: bytes) -> None:
    """Anybody may check it: as it is, with one byte changed, and what is no letter at all."""
    visitor = house.visitor()
    assert_verdict(visitor, pdf, VALID, "good")
    expect(visitor.locator("main .card .badge[data-tone=good]")).to_have_count(2)
    place = pdf.index(b"endstream") - 20
    altered = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]
    assert_verdict(visitor, altered, ALTERED, "bad")
    upload(visitor, b"not a letter")
    expect(visitor.locator("#file-error")).to_be_visible()


def assert_verdict(visitor: Page, pdf: bytes, sentence: str, tone: str) -> None:
    """Upload a file and read what the page says of it."""
    upload(visitor, pdf)
    expect(visitor.locator(f".note[data-tone={tone}]").first).to_contain_text(zh(sentence))


def upload(visitor: Page, body: bytes) -> None:
    """Choose a file and have it checked."""
    visitor.goto("/check")
    visitor.locator("#file").set_input_files({"name": "送达.pdf", "mimeType": "application/pdf", "buffer": body})
    visitor.locator("form:has(#file) button[type=submit]").click()
