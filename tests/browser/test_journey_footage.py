"""From the camera in the register to playing what it recorded: preserved, granted, cut, compared, signed for."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from shared_resources.demo.people import hash_of
from shared_resources.kernel import clock
from shared_resources.video.schemas.copies import KIND_LABELS
from tests.browser.casework import FORM, PSB, fill, send, state_of, take
from tests.browser.house import PHONE, zh

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.house import House

CASE = "解放碑步行街流动摊点案（浏览器）"
CAMERA = "解放碑步行街 03"
PERMIT = f"渝{abs(hash_of('officer')) % 10**8:08d}"
CREW = (
    {"name": "陈晓燕", "permit_no": PERMIT, "phone": "023-60000001"},
    {"name": "刘思远", "permit_no": "渝20260002", "phone": "023-60000002"},
)
LOCAL = "%Y-%m-%dT%H:%M"


def test_from_the_register_to_playing_what_was_granted(house: House, tmp_path: Path) -> None:
    officer, head = house.signed_in("officer"), house.signed_in("amrhead")
    holder, deciding = house.signed_in("psb"), house.signed_in("psbhead")
    begins = recorded_at(holder)
    record = asked(officer, begins)
    take(officer, record, "submit")
    holder.goto("/preservations")
    expect(holder.locator("main")).to_contain_text(CAMERA)
    assert holder.goto(record).status == 404, "preserved is not released"  # type: ignore[union-attr]

    take(head, record, "approve")
    take(officer, record, "send")
    take(deciding, record, "grant", ready_by=f"{clock.today() + timedelta(days=5):%Y-%m-%d}")
    copy = cut(holder, record.rsplit("/", 1)[1])
    take(holder, record, "deliver", first="郭俊杰", second="马文博", original_at="指挥中心机房")

    take_form(officer, record, "sign", first="陈晓燕", second="刘思远")
    expect(officer.locator("main")).to_contain_text(copy)  # it was not compared yet
    compared(officer, copy, tmp_path)
    take(officer, record, "sign", first="陈晓燕", second="刘思远")
    expect(state_of(officer)).to_have_text(zh("In use"))
    played(officer, copy)
    seen_by_the_holder(deciding, copy)


def recorded_at(holder: Page) -> datetime:
    """When the demo's recording of this camera began."""
    holder.goto("/footage")
    holder.locator(f"main a:text-is('{CAMERA}')").first.click()
    shown = holder.locator("#facts time").first.get_attribute("datetime")
    assert shown
    return datetime.fromisoformat(shown).astimezone(clock.LOCAL_ZONE)


def asked(officer: Page, begins: datetime) -> str:
    """From the source's page to a draft."""
    officer.goto("/footage-sources?q=解放碑")
    officer.locator(f"main a:text-is('{CAMERA}')").first.click()
    officer.get_by_role("link", name=zh("Ask for its footage")).click()
    expect(officer.locator(f"{FORM} [name='spans.0.camera']")).to_have_value(CAMERA)
    fill(
        officer,
        spans=(
            {
                "begins": f"{begins - timedelta(minutes=2):{LOCAL}}",
                "ends": f"{begins + timedelta(minutes=5):{LOCAL}}",
            },
        ),
        purpose="查明占道经营当事人。",
        case_name=CASE,
        officers=CREW,
        supply_by=f"{clock.today() + timedelta(days=8):%Y-%m-%d}",
        use_until=f"{clock.today() + timedelta(days=60):%Y-%m-%d}",
    )
    assert officer.locator(f"{FORM} [name=holder] option:checked").inner_text().startswith(PSB)
    send(officer)
    officer.wait_for_url(re.compile(r"/footage-requests/VR\d{4}-\d+$"))
    return "/" + officer.url.split("/", 3)[3]


def cut(holder: Page, request: str) -> str:
    """The holder opens the recording, marks a span by keyboard and orders a copy; its number once it is ready."""
    footage = opened(holder, f"{request} 制作副本")
    video = holder.locator("video")
    video.evaluate("video => { video.currentTime = 2 }")
    holder.wait_for_function("() => !document.querySelector('video').seeking")
    holder.locator("h1").click()
    holder.keyboard.press("i")
    before = float(video.evaluate("video => video.currentTime"))
    holder.keyboard.press(".")
    holder.wait_for_function(f"() => document.querySelector('video').currentTime > {before}")
    assert video.evaluate("video => video.currentTime") - before < 0.2, "a single picture"
    expect(holder.locator("[name=start]")).to_have_value("2.00")
    holder.locator("[name=end]").fill("6")
    holder.locator("[name=request]").select_option(request)
    holder.get_by_role("button", name=zh("Order the copy")).click()
    row = holder.locator("#copies tr", has_text=request)
    for _ in range(60):
        if row.get_by_text(zh("Ready")).count():
            break
        holder.wait_for_timeout(500)
        holder.goto(footage)
    return row.locator("a[href$='/play']").inner_text()


def opened(holder: Page, reason: str) -> str:
    """The recording in the player, its first picture there; the address of its page."""
    holder.goto("/footage")
    holder.locator(f"main a:text-is('{CAMERA}')").first.click()
    footage = holder.url
    holder.get_by_role("link", name=zh("Open the recording")).click()
    holder.locator("[name=reason]").fill(reason)
    holder.get_by_role("button", name=zh("Open"), exact=True).click()
    holder.wait_for_function("() => document.querySelector('video').readyState >= 2")
    return footage


def test_faces_are_covered_by_mouse_finger_and_keys(house: House) -> None:
    holder = house.signed_in("psb", width=PHONE)
    footage = opened(holder, "公开前遮挡人脸")
    holder.locator("[name=kind]").select_option("masked")
    stage = holder.locator("svg[data-masks]")
    stage.scroll_into_view_if_needed()
    box = stage.bounding_box()
    assert box is not None

    def at(x: float, y: float) -> tuple[float, float]:
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    holder.mouse.move(*at(0.1, 0.1))
    holder.mouse.down()
    holder.mouse.move(*at(0.2, 0.3))
    expect(stage.locator("rect")).to_have_count(1)  # it is seen while it is drawn
    holder.mouse.move(*at(0.3, 0.4))
    holder.mouse.up()
    finger(holder, at(0.6, 0.2), at(0.9, 0.5))
    assert [area(mask) for mask in masks(holder)] == [(10, 10, 20, 30), (60, 20, 30, 30)]

    stage.locator("rect").first.focus()
    holder.keyboard.press("ArrowRight")
    holder.keyboard.press("Shift+ArrowDown")
    assert area(masks(holder)[0]) == (11, 10, 20, 31)
    holder.get_by_role("button", name=zh("Remove")).last.click()
    assert len(masks(holder)) == 1
    holder.get_by_role("button", name=zh("Order the copy")).click()
    expect(holder).to_have_url(f"{footage}#copies")
    expect(holder.locator("#copies")).to_contain_text(zh(str(KIND_LABELS["masked"])))


def finger(page: Page, begins: tuple[float, float], ends: tuple[float, float]) -> None:
    """One finger from place to place."""
    touch = page.context.new_cdp_session(page)
    for kind, place in (("touchStart", begins), ("touchMove", ends), ("touchEnd", None)):
        points = [{"x": place[0], "y": place[1]}] if place else []
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.detach()


def masks(page: Page) -> list[dict[str, float]]:
    """The rectangles as the form will send them."""
    found: list[dict[str, float]] = json.loads(page.locator("[data-masks-value]").input_value())
    return found


def area(mask: dict[str, float]) -> tuple[int, ...]:
    """Left, top, width and height in hundredths."""
    return tuple(round(mask[name] * 100) for name in "xywh")


def take_form(page: Page, record: str, step: str, **entries: str) -> None:
    """A step that will be refused: its form is sent and comes back."""
    page.goto(f"{record}/{step}")
    fill(page, **entries)
    send(page)


def compared(officer: Page, copy: str, folder: Path) -> None:
    """Downloaded, hashed in the browser, equal."""
    officer.goto(f"/footage-copies/{copy}/receive")
    with officer.expect_download() as coming:
        officer.get_by_role("button", name=zh("Download"), exact=True).click()
    target = folder / "copy.mp4"
    coming.value.save_as(target)
    officer.locator("#received").set_input_files(target)
    expect(officer.locator("[name=sm3]")).to_have_value(re.compile("^[0-9a-f]{64}$"))
    officer.get_by_role("button", name=zh("Compare"), exact=True).click()
    expect(officer.locator("[data-flashes] .flash")).to_have_attribute("data-tone", "good")


def played(officer: Page, copy: str) -> None:
    """The granted clip plays, with the mark of who watches over it."""
    officer.goto(f"/footage-copies/{copy}/play")
    officer.get_by_role("button", name=zh("Open"), exact=True).click()
    video = officer.locator("video")
    video.evaluate("video => { video.muted = true; return video.play() }")
    officer.wait_for_function("() => document.querySelector('video').currentTime > 0.3")
    expect(officer.locator(".player-mark")).to_contain_text("陈晓燕")


def seen_by_the_holder(deciding: Page, copy: str) -> None:
    """Who looked, from which agency, why."""
    deciding.goto("/footage-looks?others=1")
    row = deciding.locator("#looks tr", has_text=copy).first
    expect(row).to_contain_text("陈晓燕")
