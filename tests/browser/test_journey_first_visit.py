"""Somebody comes for the first time, on a phone; and somebody comes without scripts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from shared_resources.kernel import clock
from tests.browser.house import PHONE, sign_in, zh

if TYPE_CHECKING:
    from tests.browser.house import House


def test_a_first_visit_on_a_phone(house: House) -> None:
    page = house.visitor(PHONE)
    page.goto("/loans")
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    sign_in(page, "eco")
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    bell = page.get_by_role("link", name=zh("Notices")).first
    expect(bell.locator(".count")).to_have_text(re.compile(r"\d"))
    bell.click()
    expect(page.get_by_role("heading", level=1, name=zh("Notices"))).to_be_visible()
    page.get_by_role("button", name=zh("Mark all as read")).click()
    expect(bell.locator(".count")).to_have_count(0)

    page.locator(".tabbar").get_by_text(zh("More")).click()
    page.locator(".tabbar").get_by_role("searchbox").fill("检测仪")
    page.keyboard.press("Enter")
    found = page.locator("main")
    expect(found).to_contain_text("气体检测仪")
    expect(found).to_contain_text("VOC 检测仪")


def test_asking_and_approving_without_script(house: House) -> None:
    day = clock.today() + timedelta(days=40)
    day += timedelta(days=(7 - day.weekday()) % 7)  # a Monday
    officer = house.signed_in("officer", java_script_enabled=False)
    officer.goto("/free")
    officer.locator("#from").fill(f"{day}T09:00")
    officer.locator("#to").fill(f"{day}T16:00")
    officer.get_by_label(zh("Words")).fill("测厚仪")
    officer.get_by_role("button", name=zh("Apply")).click()
    officer.locator("#choose .count-field").fill("1")
    officer.locator("#choose button[type=submit]").click()
    officer.get_by_label(zh("Purpose")).fill("无脚本申请")
    officer.get_by_role("button", name=zh("Request"), exact=True).click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text("无脚本申请")
    number = officer.url.rsplit("/", 1)[1]

    head = house.signed_in("head", java_script_enabled=False)
    head.goto(f"/loans/{number}")
    head.get_by_role("button", name=zh("Approve"), exact=True).click()
    expect(head.locator("main .badge").first).to_have_text(zh("Approved"))

    officer.goto(f"/calendar?start={day}&q=测厚仪")
    expect(officer.locator(".tl")).to_be_hidden()
    rows = officer.locator(".tl-list").get_by_role("row")
    expect(rows.filter(has_text=number).or_(rows.filter(has_text="无脚本申请"))).to_contain_text(zh("Approved"))
