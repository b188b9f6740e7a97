"""A loan goes out, moves on the map, comes home, is checked in and taken in, and the journal shows all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from shared_resources.demo.equipment import DEPOTS
from tests.browser.counter import asked_and_released, confirm_on_the_phone, counter, propose
from tests.browser.house import zh
from tests.browser.test_axe import AXE
from tests.browser.test_axe import faults_of as axe_faults_of
from tests.browser.test_pages import faults_of
from tests.browser.tracking import Voice, bind, handed_out_before, issue, let_in, model, source, tracker

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.counter import Lent
    from tests.browser.house import House

DEPOT = DEPOTS[0][1]
HOME = DEPOTS[0][4:]
MODEL = "TC-800"
MAC = "A4:C1:38:00:4F:21"
GPS, TAG = "定位器 71", "标签 72"
SEEN = zh("Checked in, awaiting inspection")
BY_EVENT = 15_000
"""Broker, listener, database, event, page."""


@dataclass(frozen=True)
class Told:
    """What is on the two items of the loan, and who speaks."""

    gps: str
    tag: str
    device: Voice
    door: Voice


def test_out_on_the_map_home_checked_in_and_taken_in(house: House, folder: Path) -> None:
    keeper = house.signed_in("keeper")
    lent = asked_and_released(house, MODEL, 2, "应急通信（定位）")
    told = put_on(keeper, lent)
    counter(keeper, lent, "out")
    for code in lent.codes:
        keeper.locator(f"li[data-code='{code}'] .scan-tick input").check()
    propose(keeper, lent, "out", "陈晓燕")
    confirm_on_the_phone(house, "officer", lent, "Confirm: I take it all over")
    handed_out_before(folder, lent.number)

    moves_on_the_map(house, keeper, lent, told)
    seen_by_whom_it_concerns(house, lent, told)
    comes_home(house, keeper, lent, told)
    taken_in(keeper, lent)
    stands_in_journal_and_track(keeper, lent, told)


def put_on(keeper: Page, lent: Lent) -> Told:
    """A device that knows where it is on one item, a tag on the other, a reader at the return door."""
    model(keeper, "GT-71", "native")
    model(keeper, "BT-72", "ble")
    gps = tracker(keeper, GPS, "GT-71")
    bind(keeper, gps, lent.codes[0])
    device = Voice(issue(keeper, f"/trackers/{gps}"))
    key = source(keeper, "江北嘴归还口", DEPOT)
    door = Voice(issue(keeper, f"/tracker-sources/{key}"))
    tag = tracker(keeper, TAG, "BT-72", key, MAC)
    bind(keeper, tag, lent.codes[1])
    assert let_in(device.access)
    assert let_in(door.access)
    return Told(gps, tag, device, door)


def moves_on_the_map(house: House, keeper: Page, lent: Lent, told: Told) -> None:
    """The map and its table follow by themselves; the page is not loaded again."""
    told.device.is_at(HOME[0] + 0.01, HOME[1])
    comes_to(keeper, f"/trackers/{told.gps}", keeper.locator("main .badge", has_text=zh("Reporting")).first)
    keeper.goto("/map")
    row = keeper.locator(f"tr[data-tracker='{told.gps}']")
    expect(row).to_contain_text(lent.number)
    expect(row.locator("button[data-find]")).to_be_visible()
    before = row.locator("[data-where]").inner_text()
    keeper.evaluate("() => { window.sameAsBefore = true; }")
    told.device.is_at(HOME[0] + 0.03, HOME[1], ahead=timedelta(seconds=5))
    expect(row.locator("[data-where]")).not_to_have_text(before, timeout=BY_EVENT)
    assert keeper.evaluate("() => window.sameAsBefore")
    row.locator("button[data-find]").click()
    expect(keeper.locator(".map-words")).to_contain_text(MODEL)


def seen_by_whom_it_concerns(house: House, lent: Lent, told: Told) -> None:
    """The borrower's unit head sees it, and its track; another agency sees neither, nor does its officer."""
    head = house.signed_in("amrhead")
    head.goto("/map")
    expect(head.locator(f"tr[data-tracker='{told.gps}']")).to_contain_text(lent.number)
    head.goto(f"/loans/{lent.number}/track")
    expect(head.locator("#positions tbody tr")).to_have_count(2)
    stranger = house.signed_in("eco")
    for path in ("/map", f"/loans/{lent.number}/track", f"/loans/{lent.number}/track.csv"):
        answer = stranger.request.get(path)
        assert answer.status in (403, 404) or told.gps not in answer.text()
        assert lent.number not in answer.text() or answer.status in (403, 404)


def comes_home(house: House, keeper: Page, lent: Lent, told: Told) -> None:
    """The tag is read at the return door, checked in at once; the other stands at the depot and is confirmed."""
    keeper.goto(f"/loans/{lent.number}")
    expect(keeper.locator("#tracker")).not_to_contain_text(SEEN)
    told.door.reads(MAC, 4)
    checked = keeper.locator("#tracker").get_by_text(SEEN)
    comes_to(keeper, f"/loans/{lent.number}", checked)
    expect(checked).to_have_count(1)

    told.device.is_at(HOME[0], HOME[1], ahead=timedelta(seconds=30))
    told.device.is_at(HOME[0], HOME[1], ahead=timedelta(seconds=120))
    confirm = keeper.locator("tr").filter(has_text=lent.number).get_by_role("button", name=zh("It is here"))
    comes_to(keeper, "/checkins", confirm)
    fits_and_is_clear(keeper, "/checkins", "/map", f"/loans/{lent.number}")
    keeper.goto("/checkins")
    confirm.click()
    expect(keeper.locator("[data-flashes] .flash")).to_have_attribute("data-tone", "good")
    officer = house.signed_in("officer")
    officer.goto(f"/loans/{lent.number}")
    expect(officer.locator("#tracker").get_by_text(SEEN)).to_have_count(2)


def taken_in(keeper: Page, lent: Lent) -> None:
    """The keeper alone looks at both and takes them in."""
    fits_and_is_clear(keeper, f"/loans/{lent.number}/take-in")
    keeper.goto(f"/loans/{lent.number}/take-in")
    for code in lent.codes:
        expect(keeper.locator(f"[id='item-{code}']")).to_be_checked()
        keeper.locator(f"[name='condition-{code}'][value=good]").check(force=True)
    keeper.locator(".thumbs button[type=submit]").click()
    keeper.wait_for_url(f"**/loans/{lent.number}")
    expect(keeper.locator("[data-flashes] .flash")).to_have_attribute("data-tone", "good")


def stands_in_journal_and_track(keeper: Page, lent: Lent, told: Told) -> None:
    """Who did what, where it was, who looked."""
    journal = keeper.locator("#journal")
    for words in ("A part checked in by tracker", "Checked in by tracker", "Take it back", "Returned, to inspect"):
        expect(journal).to_contain_text(zh(words))
    expect(journal).to_contain_text("周明远")
    keeper.goto(f"/loans/{lent.number}/track")
    positions = keeper.locator("#positions tbody tr")
    assert positions.count() >= 3
    slider = keeper.locator("[data-track-bar] input[type=range]")
    expect(slider).to_be_visible()
    slider.fill("0")
    expect(keeper.locator("#positions tr[data-here]")).to_have_attribute("data-fix", "0")
    expect(keeper.locator("#looks")).to_contain_text("黄丽华")
    fits_and_is_clear(keeper, f"/loans/{lent.number}/track")


def comes_to(page: Page, path: str, shown: Locator) -> None:
    """Open a page until what the listener wrote stands on it."""
    for _ in range(30):
        page.goto(path)
        if shown.count():
            return
        page.wait_for_timeout(200)
    expect(shown).to_be_visible()


def fits_and_is_clear(page: Page, *paths: str) -> None:
    """No page is too wide, at a desk or on a phone, and axe finds nothing serious."""
    script = AXE.read_text(encoding="utf-8")
    wrong = [fault for path in paths for fault in axe_faults_of(page, path, script) + faults_of(page, path, 200)]
    assert not wrong, "\n" + "\n".join(wrong)
