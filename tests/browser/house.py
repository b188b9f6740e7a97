"""The house as people meet it: one server with the demo, one browser, and the ways to come in."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_resources.demo.agencies import PASSWORD
from shared_resources.kernel.language import CHINESE, language_of
from shared_resources.settings import PREFIX
from tests.ports import a_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

CJK = re.compile("[\u4e00-\u9fff]")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same browser without a window, which costs a third less."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""A browser that talks to nobody but us."""
START_SECONDS = 300
GREETING = "Shared Resources is at "
PHONE, DESK = 390, 1440
HEIGHTS = {PHONE: 844, DESK: 900}
OWN_ANSWERS = "Failed to load resource: the server responded with a status of 4"
"""The browser's line about an answer that refuses: the page says it better."""


def zh(msgid: str, *, many: str = "", count: int = 0) -> str:
    """A sentence of the house as Chinese readers see it; one that has no Chinese is a mistake."""
    chinese = language_of(CHINESE)
    said = chinese.ngettext(msgid, many, count) if many else chinese(msgid)
    assert CJK.search(said), f"not in Chinese: {msgid}"
    return said % {"num": count} if many else said


def browser_path() -> str | None:
    """The Chromium of this machine."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


WITH_DEMO = ("shared_resources.cli", "serve", "--demo")


@contextmanager
def running_server(folder: Path, module: Sequence[str] = WITH_DEMO) -> Iterator[str]:
    """The application, with its demo unless told, in a process of its own; the value is its address."""
    log = folder / "server.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= {
        f"{PREFIX}STATE_DIR": str(folder / "state"),
        f"{PREFIX}PORT": "0",
        f"{PREFIX}BROKER_PORT": str(a_port()),  # two houses that start at once would choose the same one
    }
    command = [sys.executable, "-m", *module]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, env=environment
        )
    try:
        yield _address(process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """What the server says once one can come in."""
    for _ in range(START_SECONDS * 10):
        said = log.read_text(encoding="utf-8")
        if GREETING in said:
            return said.split(GREETING)[1].split()[0]
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


@dataclass
class House:
    """The way in. Everything that a browser complains about is kept in ``complaints``."""

    browser: Browser
    address: str
    complaints: list[str] = field(default_factory=list)
    _cookies: dict[str, Any] = field(default_factory=dict)
    _open: list[BrowserContext] = field(default_factory=list)

    def visitor(self, width: int = DESK, locale: str = "zh-CN", **more: Any) -> Page:
        """A page of somebody who is not signed in."""
        return self.welcome(self.browser, width, locale, **more)

    def signed_in(self, user: str, width: int = DESK, locale: str = "zh-CN", **more: Any) -> Page:
        """A page of one of the demo's people; they signed in through the form once."""
        if user not in self._cookies:
            page = self.visitor()
            sign_in(page, user)
            self._cookies[user] = page.context.storage_state()
        return self.visitor(width, locale, storage_state=self._cookies[user], **more)

    def welcome(self, browser: Browser, width: int = DESK, locale: str = "zh-CN", **more: Any) -> Page:
        """A fresh page in any browser, watched."""
        context = browser.new_context(
            base_url=self.address,
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": HEIGHTS[width]},
            has_touch=width == PHONE,
            **more,
        )
        context.set_default_timeout(20_000)  # other tests may keep the machine busy
        self._open.append(context)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(OWN_ANSWERS):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def cookies_of(self, user: str) -> Any:
        """The cookies with which somebody is signed in."""
        self.signed_in(user)
        return self._cookies[user]

    def tidy_up(self) -> list[str]:
        """Close every page; what the browser complained about since the last time."""
        for context in self._open:
            context.close()
        heard = list(self.complaints)
        self._open.clear()
        self.complaints.clear()
        return heard


def sign_in(page: Page, user: str, password: str = PASSWORD) -> None:
    """Through the form, as people do."""
    page.goto("/sign-in")
    page.get_by_label(zh("Sign-in name")).fill(user)
    page.locator("#password").fill(password)
    page.locator("form:has(#password)").get_by_role("button", name=zh("Sign in")).click()
    page.wait_for_url(re.compile(r"^(?!.*/sign-in)"))
