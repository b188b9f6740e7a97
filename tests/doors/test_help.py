"""The help: every page in both languages, links that lead somewhere, open to everybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared_resources.kernel.doors.help import SHELVES, folder, sheet, shelf_of
from shared_resources.kernel.web.language import CHINESE, ENGLISH
from tests.clients import client_for

LINK = re.compile(r"\]\(([^)\s]+)\)")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", list(shelf_of()))
def test_every_page_is_there_in_both_languages(name: str) -> None:
    chinese, english = sheet(name, CHINESE), sheet(name, ENGLISH)
    assert HAN.search(chinese.title)
    assert not HAN.search(english.title)
    assert chinese.lead
    assert english.lead
    assert "style=" not in chinese.body + english.body
    assert "**" not in chinese.body + english.body  # CommonMark leaves ）** before a character as it stands


def test_no_page_lies_outside_the_shelves() -> None:
    files = {path.relative_to(folder()) for shelf in SHELVES for path in (folder() / shelf).glob("*.md")}
    shown = {Path(shelf_of()[name], f"{name}{end}") for name in shelf_of() for end in (".md", ".en.md")}
    assert files == shown


@pytest.mark.parametrize("name", list(shelf_of()))
def test_links_between_pages_lead_to_pages(name: str) -> None:
    for end in (".md", ".en.md"):
        path = folder() / shelf_of()[name] / f"{name}{end}"
        for href in LINK.findall(path.read_text("utf-8")):
            if href.endswith(".md"):
                assert (path.parent / href).resolve().is_file(), href
                assert Path(href).name.partition(".")[0] in shelf_of()
            else:
                assert href.startswith("/"), href


async def test_help_is_for_everybody_in_their_language(db: str) -> None:
    async with client_for() as browser:
        contents = await browser.page("/docs")
        assert contents.status_code == 200
        assert all(f'href="/docs/{name}"' in contents.text for name in shelf_of())
        text = (await browser.page("/docs/borrow")).text
        assert "借一台设备" in text
        assert 'href="/docs/emergency"' in text
        assert (await browser.page("/docs/nothing")).status_code == 404
        english = await browser.get("/docs/borrow", headers={"accept": "text/html", "accept-language": "en"})
        assert "Borrow equipment" in english.text


async def test_tables_scroll_by_themselves(db: str) -> None:
    async with client_for() as browser:
        assert '<div class="scroll" tabindex="0"><table>' in (await browser.page("/docs/calendar")).text
