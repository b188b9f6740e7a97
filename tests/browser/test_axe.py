"""Accessibility as axe sees it: nothing serious on the key pages, light and dark, at a desk and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

import shared_resources
from tests.browser.house import DESK, HEIGHTS, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.house import House

AXE = Path(shared_resources.__file__).parent / "site" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
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
    ),
    "admin": ("/admin", "/admin/people"),
}


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
    """What axe finds serious on one page, in every look that it has."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESK, "height": HEIGHTS[DESK]})
    page.goto(path.removeprefix("first:"))
    if path.startswith("first:"):
        page.locator("main table tbody a").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.evaluate(script)
    wrong: list[str] = []
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found: list[Any] = page.evaluate(RUN, RULES)
            wrong += [f"{path} {width} {scheme}: {fault}" for fault in found]
    return wrong


def test_axe_does_find_something(house: House) -> None:
    page = house.visitor()
    page.goto("/sign-in")
    page.evaluate("() => document.querySelector('main').append(new Image())")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert any(str(fault).startswith("image-alt") for fault in page.evaluate(RUN, RULES))
