"""Every page that links lead to: it opens, it fits, nothing complains, and it speaks one language."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.demo.agencies import AGENCIES, CAST
from shared_resources.demo.people import ADMINISTRATOR
from shared_resources.kernel.language import ENGLISH
from shared_resources.kernel.web.cookies import LOCALE
from tests.browser.crawl import FACTS, TEXTS, walk
from tests.browser.house import CJK, DESK, HEIGHTS, PHONE
from tests.translations import translated

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.house import House

MOST_PAGES = 260
EACH = 2
"""So many pages of one shape are looked at in Chinese, by whichever of the readers comes there first."""
TYPED = {"照片", "无", "扣押", "先行登记保存", "执法机构负责人"}
DATA = frozenset(one[4] for one in CAST) | {"系统管理员"} | TYPED
"""Where people work, what the administrator is called and what the demo typed into forms: data, though some are
words of ours as well."""
LATIN = re.compile(r"[A-Za-z]{3,}")
ALLOWED = re.compile(
    r"""
    \S+@\S+ | https?://\S+ | /[\w/{}.-]+                       # addresses
    | \b(?:[A-Z]{2,}[0-9-]*)+\b                                # abbreviations: CSV, JSON, VOC, DSJ-4H
    | \b(?=\w*\d)[\w-]+\b                                      # codes and models: M3T, X-5, 3x8
    | \b[a-z]+[._][a-z]+\b                                    # examples of names that machines read
    | \b(?:MHz|GHz|Asia/Shanghai|Chrome|Chromium|Linux|OpenAPI|PostgreSQL)\b   # names of things
    | \b(?:OwnTracks|OpenMQTTGateway|Theengs|ChirpStack|LoRaWAN|Traccar|Meshtastic|Zigbee2MQTT|DevEUI|dBm)\b
    | \b(?:GeoJSON|The\ Things\ Stack)\b                               # what trackers and their servers are called
    | \b(?:pdf|docx|txt|ics|pfx)\b                            # kinds of files
    | \b(?:Enter|Alt|Shift|Ctrl|Esc|Escape|Tab|iCalendar|iTIP|pH|Hash|Excel|Token|Bearer|English)\b
    """,
    re.VERBOSE | re.ASCII,
)
NAMES = re.compile(
    r"\b(?:"
    + "|".join({ADMINISTRATOR, *(one[0] for one in CAST), *(agency.slug for agency in AGENCIES)})
    + r")\b",
    re.ASCII,
)
"""What the demo's people are called when they sign in: data, not words."""


@pytest.fixture(scope="module")
def seen() -> dict[str, dict[str, int]]:
    """How often each shape was looked at in a language: another reader need not see it a third time."""
    return {"zh": {}, "en": {}}


@pytest.mark.parametrize("user", ["officer", "keeper", "head", "legal", "labclerk", "analyst", "admin"])
def test_every_page_opens_fits_and_is_chinese(house: House, seen: dict[str, dict[str, int]], user: str) -> None:
    page = house.signed_in(user)
    faults = []
    for path, status in walk(page, "/", MOST_PAGES, EACH, seen["zh"]):
        faults += faults_of(page, path, status)
        faults += [f"{path}: English on a Chinese page: {text!r}" for text in english(page)]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("user", ["keeper", "amrhead", "labclerk", "admin"])
def test_every_page_is_english_where_that_was_chosen(
    house: House, seen: dict[str, dict[str, int]], user: str
) -> None:
    page = house.signed_in(user, locale="en-GB")
    page.context.add_cookies([{"name": LOCALE, "value": ENGLISH, "url": house.address}])
    page.goto("/")
    faults = []
    for path, status in walk(page, "/", MOST_PAGES, 1, seen["en"]):
        faults += faults_of(page, path, status)
        faults += [f"{path}: Chinese on an English page: {text!r}" for text in chinese(page)]
    assert not faults, "\n" + "\n".join(faults)


def faults_of(page: Page, path: str, status: int) -> list[str]:
    """What is wrong with the page that is open, at a desk and on a phone."""
    faults = [f"{path}: answers {status}"] if status >= 400 else []
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        facts: dict[str, Any] = page.evaluate(FACTS)
        if facts["wide"] > 0:
            faults.append(f"{path}: {facts['wide']} px too wide at {width}")
    if facts["headings"] != 1:
        faults.append(f"{path}: {facts['headings']} first headings")
    return faults


def english(page: Page) -> list[str]:
    """Latin words that Chinese readers meet, apart from codes, addresses and sign-in names."""
    texts: list[str] = page.evaluate(TEXTS, "body")
    rest = [(text, NAMES.sub(" ", ALLOWED.sub(" ", text))) for text in texts]
    return sorted({text[:80] for text, left in rest if LATIN.search(left)})


def chinese(page: Page) -> list[str]:
    """Sentences of the house in Chinese that English readers meet; data stays as it was entered."""
    if page.locator("html").get_attribute("lang") != "en":
        return []  # a form on paper: Chinese first for everybody
    texts: list[str] = page.evaluate(TEXTS, "body")
    return sorted({text[:80] for text in texts if text in catalogue()})


@functools.cache
def catalogue() -> frozenset[str]:
    """Every sentence of the house in Chinese."""
    said = [message.string for message in translated() if message.id]
    texts = {text for string in said for text in ((string,) if isinstance(string, str) else string or ())}
    return frozenset(text for text in texts if CJK.search(text)) - DATA
