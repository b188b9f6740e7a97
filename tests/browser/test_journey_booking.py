"""Booking in the calendar: drag, ask, approve at the other agency, move and extend by keyboard."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from shared_resources.kernel import clock
from tests.browser.house import zh

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from tests.browser.house import House

DAYS = 14
PURPOSE = "储罐联合检查（浏览器）"
PENDING = zh("%(from)s – %(to)s. Enter confirms, Escape takes it back.").split("%(to)s")[1]
MOVED = zh("Moved to %(from)s – %(to)s.").split("%(from)s")[0]


def monday(weeks: int) -> str:
    """A Monday far enough ahead that the demo has booked nothing there."""
    today = clock.today()
    return (today + timedelta(days=7 * weeks - today.weekday())).isoformat()


def open_calendar(page: Page, weeks: int) -> None:
    """The drones of the emergency bureau, two weeks from a Monday on."""
    page.goto(f"/calendar?start={monday(weeks)}&days={DAYS}&q=M3T&agency=cq-em")
    expect(page.locator("shared-timeline[data-ready]")).to_be_visible()


def drag(page: Page, row: Locator, first: int, last: int) -> None:
    """Press in one day of the row, let go in another."""
    box = row.locator(".tl-t").bounding_box()
    assert box
    day, middle = box["width"] / DAYS, box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + day * (first + 0.2), middle)
    page.mouse.down()
    page.mouse.move(box["x"] + day * (first + 0.9), middle, steps=3)
    page.mouse.move(box["x"] + day * (last + 0.8), middle, steps=3)
    page.mouse.up()


def ask_by_dragging(page: Page, weeks: int) -> str:
    """Two days of the first row, asked for through the dialog; returns the loan's number."""
    open_calendar(page, weeks)
    drag(page, page.locator(".tl-r[data-row]").first, 1, 2)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=zh("Request equipment"))).to_be_visible()
    tuesday = (date.fromisoformat(monday(weeks)) + timedelta(days=1)).isoformat()
    expect(dialog.locator("#starts_at")).to_have_value(re.compile(f"^{tuesday}T"))
    dialog.get_by_label(zh("Purpose")).fill(PURPOSE)
    dialog.get_by_role("button", name=zh("Request"), exact=True).click()
    page.wait_for_url(re.compile(r"/loans/L\d"))
    return page.url.rsplit("/", 1)[1]


def place_of(bar: Locator) -> tuple[float, float]:
    """Where a bar begins and how long it is, as the server drew it."""
    return float(bar.get_attribute("data-s") or 0), float(bar.get_attribute("data-n") or 0)


def by_keyboard(page: Page, bar: Locator, keys: str) -> None:
    """Move or extend the bar that has the focus, confirm, and wait for the row that the server draws anew."""
    expect(bar).to_be_focused()
    bar.evaluate("bar => { bar.dataset.drawnBefore = '' }")
    page.keyboard.press(keys)
    page.keyboard.press("Enter")
    expect(bar).not_to_have_attribute("data-drawn-before", "")
    expect(bar).to_be_focused()


def states(page: Page) -> Locator:
    """The badges in the head of a page."""
    return page.locator("main .badge")


def test_book_by_dragging_then_the_other_agency_approves(house: House) -> None:
    officer = house.signed_in("officer")
    number = ask_by_dragging(officer, 6)
    expect(officer.get_by_role("heading", level=1)).to_contain_text(PURPOSE)
    expect(states(officer).first).to_have_text(zh("Requested"))

    open_calendar(officer, 6)
    bar = officer.locator(f".tl-e[data-number='{number}']")
    expect(bar).to_be_visible()
    expect(bar).to_have_attribute("data-state", "requested")
    expect(bar).to_have_accessible_name(re.compile(PURPOSE))

    head = house.signed_in("head")
    head.goto("/")
    head.get_by_role("link", name=PURPOSE).first.click()
    expect(head.get_by_role("heading", level=1)).to_contain_text(PURPOSE)
    head.get_by_role("button", name=zh("Approve"), exact=True).click()
    expect(head.locator("[data-flashes] .flash")).to_have_attribute("data-tone", "good")
    expect(states(head).first).to_have_text(zh("Approved"))

    officer.goto(f"/loans/{number}")
    expect(states(officer).first).to_have_text(zh("Approved"))
    expect(officer.locator("#journal")).to_contain_text("罗建平")
    officer.goto("/notices")
    expect(officer.locator("main")).to_contain_text(number)


def test_move_and_extend_by_keyboard(house: House) -> None:
    officer = house.signed_in("officer")
    number = ask_by_dragging(officer, 9)
    open_calendar(officer, 9)
    bar = officer.locator(f".tl-e[data-number='{number}']")
    expect(bar).to_be_visible()
    before, version = place_of(bar), bar.get_attribute("data-version") or ""

    bar.focus()
    officer.keyboard.press("Alt+ArrowRight")
    expect(officer.locator("[data-tl-status]")).to_contain_text(PENDING)
    officer.keyboard.press("Escape")
    expect(officer.locator("[data-tl-status]")).to_have_text(zh("Taken back."))
    expect(bar).to_have_attribute("data-version", version)

    by_keyboard(officer, bar, "Alt+ArrowRight")
    expect(officer.locator("[data-flashes]")).to_contain_text(MOVED)
    moved = place_of(bar)
    assert moved[0] > before[0]
    assert moved[1] == before[1]

    by_keyboard(officer, bar, "Alt+Shift+ArrowRight")
    assert place_of(bar)[0] == moved[0]
    assert place_of(bar)[1] > moved[1]
    officer.keyboard.press("Enter")
    expect(officer.get_by_role("heading", level=1)).to_contain_text(PURPOSE)
    expect(officer.locator("#journal")).to_contain_text(zh("Move"))


def test_the_calendar_by_keyboard_alone(house: House) -> None:
    officer = house.signed_in("officer")
    open_calendar(officer, 12)
    rows = officer.locator(".tl-r[data-row]")
    rows.first.locator(".tl-t").focus()
    officer.keyboard.press("ArrowDown")
    expect(rows.nth(1).locator(".tl-t")).to_be_focused()
    officer.keyboard.press("ArrowLeft")
    expect(rows.nth(1).get_by_role("link")).to_be_focused()
    officer.keyboard.press("ArrowRight")
    officer.keyboard.press("n")
    dialog = officer.get_by_role("dialog")
    expect(dialog).to_be_visible()
    officer.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
