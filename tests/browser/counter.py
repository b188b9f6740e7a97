"""What people do at the counter, step by step, in the browser."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import Page, expect

from shared_resources.kernel import clock
from shared_resources.kernel.clock import LOCAL_ZONE
from tests.browser.house import PHONE, zh

if TYPE_CHECKING:
    from tests.browser.house import House

INPUT = "%Y-%m-%dT%H:%M"
SCAN = """text => {
  for (const key of [...text, 'Enter'])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
}"""
"""A scanner that is a keyboard: keys faster than any person, whatever the machine is doing beside."""


@dataclass(frozen=True)
class Lent:
    """A loan of the emergency bureau's detectors to the market regulator."""

    number: str
    codes: tuple[str, ...]


def free_codes(house: House, words: str, count: int) -> tuple[str, ...]:
    """Codes of items of the emergency bureau that nobody has booked in the next weeks."""
    page = house.signed_in("officer")
    page.goto(f"/calendar?q={words}&agency=cq-em&days=31&scale=days")
    expect(page.locator("shared-timeline[data-ready]")).to_be_visible()
    free = page.locator(".tl-r[data-row]:not([data-closed]):not(:has(.tl-e))")
    return tuple(str(row.get_attribute("data-row")) for row in free.all()[:count])


def asked_and_released(house: House, words: str, count: int, purpose: str) -> Lent:
    """Asked for now by the officer, released at once by the duty desk."""
    officer = house.signed_in("officer")
    codes = free_codes(house, words, count)
    assert len(codes) == count
    now = clock.now().astimezone(LOCAL_ZONE)
    officer.goto("/loans/new")
    officer.locator("#codes").fill(" ".join(codes))
    officer.locator("#starts_at").fill(now.strftime(INPUT))
    officer.locator("#ends_at").fill((now + timedelta(hours=6)).strftime(INPUT))
    officer.get_by_label(zh("Purpose")).fill(purpose)
    officer.get_by_label(zh("Emergency: release at once")).check()
    officer.get_by_role("button", name=zh("Request"), exact=True).click()
    officer.wait_for_url(re.compile(r"/loans/L\d"))
    number = officer.url.rsplit("/", 1)[1]

    duty = house.signed_in("duty")
    duty.goto(f"/loans/{number}")
    duty.get_by_role("button", name=zh("Release at once")).click()
    expect(duty.locator("main .badge").first).to_have_text(zh("Approved"))
    return Lent(number, codes)


def propose(page: Page, lent: Lent, direction: str, other: str) -> None:
    """Whatever is ticked goes to, or comes from, the other side, who has to confirm."""
    person = page.locator("#other")
    person.select_option(label=person.locator("option", has_text=other).inner_text())
    page.locator(".thumbs button[type=submit]").first.click()
    page.wait_for_url(re.compile("/handovers/"))
    expect(page.locator("main .badge").first).to_have_text(zh("Waits for confirmation"))


def counter(page: Page, lent: Lent, direction: str) -> None:
    """The page on which items change hands."""
    page.goto(f"/loans/{lent.number}/hand-over?direction={direction}")
    expect(page.locator("shared-scanner[data-ready]")).to_be_attached()


def scan(page: Page, text: str) -> None:
    """Read a label with the scanner at the counter."""
    page.evaluate(SCAN, text)


def confirm_on_the_phone(house: House, user: str, lent: Lent, act: str) -> Page:
    """The other side finds the hand-over on the first page and confirms it."""
    phone = house.signed_in(user, PHONE)
    phone.goto("/")
    waiting = phone.locator("main li").filter(has_text=lent.number)
    waiting.get_by_role("link", name=zh("Confirm or decline")).click()
    expect(phone.locator("main .badge").first).to_have_text(zh("Waits for confirmation"))
    phone.get_by_role("button", name=zh(act)).click()
    expect(phone.locator("main .badge").first).to_have_text(zh("Confirmed by both"))
    return phone


def photo() -> dict[str, object]:
    """A small picture, as an upload."""
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (180, 90, 40)).save(buffer, "JPEG")
    return {"name": "damage.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
