"""From the counter to the journal: handed out twice over, returned with damage, provable afterwards."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from shared_resources.demo.agencies import PASSWORD
from shared_resources.kernel.codes import grouped
from tests.browser.counter import (
    asked_and_released,
    confirm_on_the_phone,
    counter,
    photo,
    propose,
    scan,
)
from tests.browser.house import zh

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.counter import Lent
    from tests.browser.house import House

TICKED = zh("%(label)s: ticked, %(count)s of %(all)s.")
PURPOSE = "泄漏处置（浏览器）"
FINDING = "外壳开裂，传感器无读数"


def test_handed_out_returned_with_damage_and_proved(house: House) -> None:
    lent = asked_and_released(house, "GX-4", 2, PURPOSE)
    keeper = house.signed_in("keeper")
    hand_out_by_scanner(house, keeper, lent)
    hand_out_on_one_device(keeper, lent)
    take_back_damaged(house, keeper, lent)
    number = inspect_and_report(keeper, lent)
    gone_from_the_pool(house, keeper, lent)
    found_in_the_journal(keeper, lent, number)
    found_in_the_custody_log(keeper, lent)


def hand_out_by_scanner(house: House, keeper: Page, lent: Lent) -> None:
    """The first item: read by the scanner at the counter, confirmed on the officer's phone."""
    counter(keeper, lent, "out")
    scan(keeper, "HTTPS://OTHER.EXAMPLE/T/7Q2MK4V0")
    expect(keeper.locator("[data-scan-said]")).not_to_have_attribute("data-tone", "good")
    scan(keeper, f"{house.address}/T/{lent.codes[0]}".upper())
    expect(keeper.locator("[data-scan-said]")).to_contain_text(
        TICKED % {"label": "GX-4 四合一气体检测仪", "count": 1, "all": 2}
    )
    scan(keeper, lent.codes[0])
    expect(keeper.locator("[data-scan-said]")).to_have_attribute("data-tone", "warning")
    first = keeper.locator(f"li[data-code='{lent.codes[0]}']")
    first.get_by_role("button", name=zh("Everything in order")).click()
    propose(keeper, lent, "out", "陈晓燕")
    expect(keeper.locator("main svg[role=img], main .qr").first).to_be_visible()

    phone = confirm_on_the_phone(house, "officer", lent, "Confirm: I take it all over")
    expect(phone.locator("main")).to_contain_text(grouped(lent.codes[0]))
    expect(keeper.locator("main .badge").first).to_have_text(zh("Confirmed by both"))  # goes on by itself
    phone.goto("/")
    expect(phone.locator("#holding")).to_contain_text(grouped(lent.codes[0]))


def hand_out_on_one_device(keeper: Page, lent: Lent) -> None:
    """The second item: the officer has no phone and signs in for this one act on the keeper's device."""
    keeper.get_by_role("link", name=zh("The rest: %(num)d item", many="The rest: %(num)d items", count=1)).click()
    keeper.locator(f"li[data-code='{lent.codes[1]}'] .scan-tick input").check()
    propose(keeper, lent, "out", "陈晓燕")
    keeper.locator("#here > summary").click()
    keeper.get_by_label(zh("Sign-in name")).fill("officer")
    keeper.locator("#password").fill("not the password")
    keeper.get_by_role("button", name=zh("Confirm as the other side")).click()
    expect(keeper.get_by_role("alert")).to_be_visible()
    keeper.get_by_label(zh("Sign-in name")).fill("officer")
    keeper.locator("#password").fill(PASSWORD)
    keeper.get_by_role("button", name=zh("Confirm as the other side")).click()
    expect(keeper.locator("main .badge").first).to_have_text(zh("Confirmed by both"))
    expect(keeper.locator(".person-name")).to_have_text("周明远")
    keeper.goto(f"/loans/{lent.number}")
    expect(keeper.locator("main .badge").first).to_have_text(zh("Out"))


def take_back_damaged(house: House, keeper: Page, lent: Lent) -> None:
    """Both come back; one is broken, with a photo and a word about it."""
    counter(keeper, lent, "back")
    for code in lent.codes:
        scan(keeper, code)
    broken = keeper.locator(f"li[data-code='{lent.codes[0]}']")
    broken.get_by_label(zh("Damaged"), exact=True).check()
    broken.locator("input[type=file]").set_input_files(photo())  # type: ignore[arg-type]
    expect(broken.locator(".photo-list img")).to_be_visible()
    broken.get_by_label(zh("Defects or remarks")).fill("跌落")
    propose(keeper, lent, "back", "陈晓燕")
    phone = confirm_on_the_phone(house, "officer", lent, "Confirm: I hand it all over")
    expect(phone.locator(".states")).to_contain_text(zh("Damaged"))
    expect(phone.locator(".states img").last).to_be_visible()
    expect(keeper.get_by_role("link", name=zh("Inspect the items"))).to_be_visible()


def inspect_and_report(keeper: Page, lent: Lent) -> str:
    """One is fit, one is not; the report of the damage follows at once. Returns the incident's number."""
    keeper.get_by_role("link", name=zh("Inspect the items")).click()
    keeper.locator(f"input[name='fit-{lent.codes[0]}'][value=no]").check()
    keeper.locator(f"[name='note-{lent.codes[0]}']").fill(FINDING)
    keeper.locator(f"input[name='fit-{lent.codes[1]}'][value=yes]").check()
    keeper.get_by_role("button", name=zh("Enter the findings")).click()
    expect(keeper.get_by_role("heading", level=1, name=zh("Report damage or loss"))).to_be_visible()
    expect(keeper.locator("#description")).to_have_value(re.compile(FINDING))
    keeper.locator("input[name=kind][value=damage]").check()
    keeper.get_by_role("button", name=zh("Report it")).click()
    keeper.goto("/incidents")
    row = keeper.get_by_role("row").filter(has_text=lent.number)
    expect(row).to_contain_text(grouped(lent.codes[0]))
    number = row.get_by_role("link").first.inner_text()
    row.get_by_role("link").first.click()
    expect(keeper.locator("main")).to_contain_text(FINDING)
    keeper.goto(f"/loans/{lent.number}")
    expect(keeper.locator("main .badge").first).to_have_text(zh("Incident open"))
    return number


def gone_from_the_pool(house: House, keeper: Page, lent: Lent) -> None:
    """Nobody can book the broken one any more; the other one can be booked again."""
    officer = house.signed_in("officer")
    officer.goto(f"/loans/new?item={lent.codes[0]}")
    officer.get_by_label(zh("Purpose")).fill("还能借吗")
    officer.get_by_role("button", name=zh("Request"), exact=True).click()
    expect(officer.get_by_role("alert")).to_be_visible()
    expect(officer.locator("#wishes")).to_contain_text(grouped(lent.codes[0]))
    keeper.goto(f"/items/{lent.codes[0]}")
    expect(keeper.locator("main .badge").first).to_have_attribute("data-tone", "bad")
    keeper.goto(f"/items/{lent.codes[1]}")
    expect(keeper.locator("main .badge").first).to_have_attribute("data-tone", "good")


def found_in_the_journal(keeper: Page, lent: Lent, incident: str) -> None:
    """The loan's page tells who did what."""
    keeper.goto(f"/loans/{lent.number}")
    journal = keeper.locator("#journal")
    for name in ("陈晓燕", "何静", "周明远"):
        expect(journal).to_contain_text(name)
    expect(keeper.locator("#handovers li")).to_have_count(3)
    keeper.locator("#incidents").get_by_role("link").first.click()
    expect(keeper).to_have_url(re.compile(re.escape(incident)))


def found_in_the_custody_log(keeper: Page, lent: Lent) -> None:
    """Who held it when: as a page, as a table, as a proof."""
    keeper.goto(f"/loans/{lent.number}/custody")
    expect(keeper.get_by_role("heading", level=1, name=zh("Who held it when"))).to_be_visible()
    expect(keeper.locator("table")).to_have_count(2)
    expect(keeper.locator("table").first).to_contain_text("陈晓燕")

    keeper.goto(f"/items/{lent.codes[0]}/custody")
    expect(keeper.get_by_role("row").filter(has_text=lent.number)).to_have_count(2)
    hashes = [code.get_attribute("title") for code in keeper.locator("code.hash").all()]
    with keeper.expect_download() as table:
        keeper.get_by_role("link", name=zh("Table (CSV)")).click()
    text = table.value.path().read_text(encoding="utf-8-sig")
    assert text.count(lent.number) == 2
    assert "陈晓燕" in text
    with keeper.expect_download() as proof:
        keeper.get_by_role("link", name=zh("Proof (JSON)")).click()
    written = json.loads(proof.value.path().read_text(encoding="utf-8"))
    assert all(one in json.dumps(written) for one in hashes if one)
