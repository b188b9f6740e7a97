"""Accessibility as axe sees it: nothing serious on the key pages, light at a desk and dark on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import expect

import shared_resources
from tests.browser.house import DESK, HEIGHTS, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.house import House

AXE = Path(shared_resources.__file__).parent / "site" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((DESK, "light"), (PHONE, "dark"))
"""Both layouts and both sets of colours; colours do not depend on the layout."""
RUN = """async (rules) => {
  const found = await axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] });
  return found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}"""
PAGES = {
    "officer": (
        "/",
        "/calendar",
        "/calendar?scale=hours",
        "/free",
        "/loans/new",
        "/loans",
        "/search?q=检测仪",
        "/notices",
        "/scan",
        "/feeds",
        "/account",
        "first:/loans?side=borrow",
        "/footage",
        "/footage/new",
        "/footage-requests",
        "/footage-requests/new",
        "first:/footage-requests",
        "/footage-sources",
        "/footage-packs",
    ),
    "keeper": (
        "/items",
        "first:/items",
        "first:/loans?side=lend",
        "/items/new",
        "/items/import",
        "/labels",
        "/incidents",
        "/incidents/new",
        "/certificates",
        "/depots",
        "/lending-rules",
        "/agencies",
        "/calendar-days",
        "/docs",
        "/mailbox",
        "/seals",
        "/check",
        "/map",
        "/alarms",
        "first:/alarms?show=all",
        "/checkins",
        "/trackers",
        "/trackers/new",
        "first:/trackers",
        "/tracker-sources",
        "/tracker-sources/new",
        "/tracker-models",
        "/tracker-models/new",
    ),
    "amrhead": (
        "/coordination",
        "/inbox",
        "/inbox?side=owed",
        "/assistance/new",
        "/operations/new",
        "/parties",
        "/figures",
        "/footage-looks",
        "/footage-deletions",
        "first:/footage",
        "first:/footage-sources",
        "/footage-sources/new",
        "/preservations",
        "/shared-footage",
        "first:/operations?ended=1",
        "first:/tasks?ended=1",
        "first:/assistance?ended=1",
        "first:/meetings?ended=1",
        "first:/resolved-items?ended=1",
        "first:/transfers?ended=1",
        "first:/referrals?ended=1",
        "first:/receipts?ended=1",
        "first:/situation-notices?ended=1",
        "first:/disputes?ended=1",
        "first:/inspections?ended=1",
        "step:/operations",
        "step:/transfers",
        "letter:/assistance?ended=1",
    ),
    "admin": ("/admin", "/admin/people"),
}

"""Addresses; ``first:`` the first record of a list, ``step:`` a form of a step, ``letter:`` a letter of one."""
FROM_RECORD = {"step": "#now a.button", "letter": "#letters li a:not(.button)"}


@pytest.mark.parametrize("user", PAGES)
def test_nothing_serious(house: House, user: str) -> None:
    page = house.signed_in(user)
    assert AXE.exists(), "axe-core is a part of the front end's tools: shared-resources assets build"
    script = AXE.read_text(encoding="utf-8")
    wrong = [fault for path in PAGES[user] for fault in faults_of(page, path, script)]
    assert wrong == []


def test_nothing_serious_at_the_door(house: House) -> None:
    page = house.visitor()
    assert faults_of(page, "/sign-in", AXE.read_text(encoding="utf-8")) == []


def faults_of(page: Page, path: str, script: str) -> list[str]:
    """What axe finds serious on one page, in both looks."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESK, "height": HEIGHTS[DESK]})
    open_page(page, path)
    expect(page.locator("h1")).to_be_visible()
    page.evaluate(script)
    wrong: list[str] = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        page.emulate_media(color_scheme=scheme)
        found: list[Any] = page.evaluate(RUN, RULES)
        wrong += [f"{path} {width} {scheme}: {fault}" for fault in found]
    return wrong


def open_page(page: Page, path: str) -> None:
    """Go to an address, to the first record of a list, or on from the first record that has what is looked for."""
    way, _, address = path.rpartition(":")
    page.goto(address)
    if not way:
        return
    rows = [str(link.get_attribute("href")) for link in page.locator("main table tbody a").all()]
    for record in rows:
        page.goto(record)
        if way == "first":
            return
        onward = page.locator(FROM_RECORD[way]).first
        if onward.count():
            page.goto(str(onward.get_attribute("href")))
            return
    raise AssertionError(f"{path}: nothing to look at")


def test_axe_does_find_something(house: House) -> None:
    page = house.visitor()
    page.goto("/sign-in")
    page.evaluate("() => document.querySelector('main').append(new Image())")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert any(str(fault).startswith("image-alt") for fault in page.evaluate(RUN, RULES))
