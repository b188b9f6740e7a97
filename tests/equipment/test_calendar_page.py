"""The booking calendar: one's own in words, everybody else's as busy; draggable only for those who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.service.decisions import approve_loan
from shared_resources.kernel import clock
from tests.equipment.counter import ask, english, shelf_of
from tests.equipment.shelf import NOW, Thing
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def items(cast: Cast) -> list[Thing]:
    return await shelf_of(cast.owner, 2)


@pytest.fixture
async def number(cast: Cast, items: list[Thing]) -> str:
    (number,) = await ask(cast.borrower.officer, items[0])
    await approve_loan(cast.owner.custodian, number)
    return number


def bar(text: str, number: str) -> str:
    """The tag of the bar of a loan."""
    start = text.index(f'data-number="{number}"')
    return text[text.rindex("<", 0, start) : text.index(">", start)]


async def test_both_sides_see_their_loan_and_may_drag_it(cast: Cast, items: list[Thing], number: str) -> None:
    async with english(cast.borrower.officer) as browser:
        own = bar((await browser.page("/calendar")).text, number)
    async with english(cast.owner.custodian) as browser:
        lent = bar((await browser.page("/calendar")).text, number)
    assert 'data-view="own"' in own
    assert 'data-view="lent"' in lent
    assert "data-movable" in own
    assert "data-version=" in own
    assert "2026-11-25 09:00 to 2026-11-25 17:00, Approved" in own
    assert f'href="/loans/{number}"' in lent


async def test_a_third_agency_learns_that_it_is_busy_and_nothing_else(
    cast: Cast, items: list[Thing], number: str
) -> None:
    async with english(cast.third.officer) as browser:
        text = (await browser.page("/calendar")).text
    assert 'data-view="busy"' in text
    assert number not in text
    assert "Night market" not in text
    assert f'data-row="{items[1].code}"' in text


async def test_without_script_it_is_a_list(cast: Cast, items: list[Thing], number: str) -> None:
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page("/calendar")).text
    listed = text[text.index('class="tl-list"') :]
    assert "Night market inspection" in listed
    assert "2026-11-25 09:00" in listed


async def test_filters_and_steps_keep_each_other(cast: Cast, items: list[Thing]) -> None:
    await shelf_of(cast.third, 1, "sniffer")
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page("/calendar?kind=radio&scale=days&days=7&start=2026-12-01")).text
        hours = await browser.page("/calendar?scale=hours&days=1")
        nothing = (await browser.page(f"/calendar?agency={cast.borrower.slug}")).text
    assert "radio TC-800" in text
    assert "sniffer TC-800" not in text
    assert "/calendar?scale=days&amp;start=2026-12-08&amp;days=7&amp;kind=radio" in text
    assert hours.status_code == 200
    assert "No equipment matches these filters." in nothing


async def test_who_may_not_ask_is_not_invited_to_drag(cast: Cast, items: list[Thing]) -> None:
    async with english(cast.third.auditor) as browser:
        text = (await browser.page("/calendar")).text
    assert 'data-new=""' in text


async def test_a_day_that_cannot_be_read_is_refused(cast: Cast) -> None:
    async with english(cast.borrower.officer) as browser:
        assert (await browser.page("/calendar?start=yesterday")).status_code == 422


async def test_the_same_as_data(cast: Cast, items: list[Thing], number: str) -> None:
    async with english(cast.borrower.officer) as browser:
        view = (await browser.ask("GET", "/api/v1/calendar?scale=days&days=7")).json()
    rows = {row["code"]: row["bookings"] for row in view["rows"]}
    assert [one["number"] for one in rows[items[0].code]] == [number]
    assert rows[items[1].code] == []
