"""A label held before the camera of a phone opens the item with the one right act."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import qrcode
from PIL import Image
from playwright.sync_api import expect

from shared_resources.kernel.codes import grouped
from tests.browser.counter import free_codes
from tests.browser.house import PHONE, QUIET, browser_path, zh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright

    from tests.browser.house import House

FRAMES = 12
SIZE = (640, 480)


def film(text: str, path: Path) -> Path:
    """What a camera sees that is held over a label: frames of JPEG one after the other."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_Q, box_size=8, border=4)
    code.add_data(text)
    label = code.make_image().get_image().convert("RGB")
    frame = Image.new("RGB", SIZE, (150, 150, 145))
    frame.paste(label, ((SIZE[0] - label.width) // 2, (SIZE[1] - label.height) // 2))
    buffer = io.BytesIO()
    frame.save(buffer, "JPEG", quality=85)
    path.write_bytes(buffer.getvalue() * FRAMES)
    return path


@contextmanager
def with_camera(driver: Playwright, seen: Path) -> Iterator[Browser]:
    """A browser whose camera shows a film."""
    camera = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    args = [*QUIET, *camera, f"--use-file-for-fake-video-capture={seen}"]
    browser = driver.chromium.launch(executable_path=browser_path(), args=args)
    try:
        yield browser
    finally:
        browser.close()


def test_the_camera_opens_the_item(house: House, driver: Playwright, tmp_path: Path) -> None:
    code = free_codes(house, "T640", 1)[0]
    seen = film(f"{house.address}/T/{code}".upper(), tmp_path / "label.mjpeg")
    cookies = house.cookies_of("officer")
    with with_camera(driver, seen) as browser:
        phone = house.welcome(browser, PHONE, storage_state=cookies, permissions=["camera"])
        phone.goto("/")
        phone.locator(".tabbar").get_by_role("link", name=zh("Scan")).click()
        phone.wait_for_url(re.compile(f"/t/{code}$"), timeout=20_000)
        expect(phone.get_by_role("heading", level=1)).to_contain_text(grouped(code))
        expect(phone.locator("main")).to_contain_text("T640 热成像仪")
        expect(phone.locator("main")).to_contain_text(zh("You can ask its owner to lend this item."))
        phone.get_by_role("link", name=zh("Borrow it")).click()
        expect(phone.locator("#wishes")).to_contain_text(grouped(code))
        assert house.tidy_up() == []


def test_without_a_camera_the_code_is_typed(house: House) -> None:
    keeper = house.signed_in("keeper", PHONE)
    code = free_codes(house, "T640", 1)[0]
    keeper.goto("/scan")
    expect(keeper.locator("shared-scanner[data-ready]")).to_be_attached()
    keeper.get_by_label(zh("Code on the label")).fill(grouped(code).lower())
    keeper.get_by_role("button", name=zh("Open the item")).click()
    expect(keeper.get_by_role("heading", level=1)).to_contain_text(grouped(code))
    expect(keeper.locator("main")).to_contain_text(zh("This item belongs to your agency."))


def test_a_label_read_by_a_stranger_tells_nothing(house: House) -> None:
    code = free_codes(house, "T640", 1)[0]
    phone = house.visitor(PHONE)
    phone.goto(f"/t/{code}")
    expect(phone.get_by_role("heading", level=1, name=zh("Sign in to continue"))).to_be_visible()
    expect(phone.locator("main")).not_to_contain_text("热成像仪")
    phone.locator("main").get_by_role("link", name=zh("Sign in")).click()
    expect(phone.locator("main input[name=next]").first).to_have_value(f"/t/{code}")
