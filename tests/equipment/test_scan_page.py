"""The page that reads labels, and what it needs to work without a camera or script."""

from __future__ import annotations

import pytest

from tests.equipment.counter import english
from tests.people import Cast, make_cast


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_scanner_opens_items_and_leads_to_search_without_script(cast: Cast) -> None:
    async with english(cast.borrower.officer) as browser:
        page = await browser.page("/scan")
    assert page.status_code == 200
    assert 'data-mode="open"' in page.text
    assert 'action="/search"' in page.text
    assert "scripts/scan" in page.text or "/static/assets/scan" in page.text
    assert "camera=(self)" in page.headers["permissions-policy"]


async def test_whoever_is_not_signed_in_signs_in_first(db: str) -> None:
    async with english(None) as browser:
        page = await browser.page("/scan")
    assert page.status_code == 303
    assert page.headers["location"] == "/sign-in?next=%2Fscan"
