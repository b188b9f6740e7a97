"""One server and one browser for all; each test gets pages of its own, and no complaint may remain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.house import QUIET, House, browser_path, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright


# Package scope, not session: the driver's event loop must be gone before tests of other folders start theirs.
@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the house of this run keeps is below it."""
    return folder_of_house(tmp_path_factory)


@pytest.fixture(scope="package")
def address(folder: Path) -> Iterator[str]:
    """Where the application answers."""
    with running_server(folder) as here:
        yield here


def folder_of_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what a house keeps."""
    folder = tmp_path_factory.mktemp("house")
    for place in (folder, *folder.parents):
        if place.stat().st_uid == 0 and place.name.startswith(("pytest", "house")):
            place.chmod(0o711)  # the database's user must get through when we are root
    return folder


@pytest.fixture(scope="package")
def september(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[House]:
    """A house with people only, on a Monday morning some days before National Day 2026."""
    standing = ("tests.browser.standing", "2026-09-21T09:30:00+08:00")
    with running_server(folder_of_house(tmp_path_factory), standing) as here:
        early = House(browser, here)
        yield early
        assert early.tidy_up() == []


@pytest.fixture(scope="package")
def driver(address: str) -> Iterator[Playwright]:
    """What steers browsers."""
    expect.set_options(timeout=15_000)  # other tests may keep the machine busy
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(driver: Playwright) -> Iterator[Browser]:
    """The Chromium of this machine."""
    path = browser_path()
    assert path, "the browser tests need Chromium; on Debian: apt-get install chromium fonts-noto-cjk"
    chromium = driver.chromium.launch(executable_path=path, args=list(QUIET))
    yield chromium
    chromium.close()


@pytest.fixture(scope="package")
def one_house(address: str, browser: Browser) -> House:
    """The house of this run."""
    return House(browser, address)


@pytest.fixture
def house(one_house: House) -> Iterator[House]:
    """The ways in; afterwards no browser may have complained."""
    one_house.tidy_up()
    yield one_house
    assert one_house.tidy_up() == []
