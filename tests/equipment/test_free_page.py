"""What is free: date first, over all agencies; several owners are asked in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from shared_resources.equipment.service.decisions import approve_loan
from shared_resources.kernel import clock
from tests.equipment.counter import PERIOD, ask, english, shelf_of
from tests.equipment.shelf import NOW
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEN = {"from": PERIOD["starts_at"], "to": PERIOD["ends_at"]}


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_it_counts_what_is_left(cast: Cast) -> None:
    items = await shelf_of(cast.owner, 3)
    (number,) = await ask(cast.borrower.officer, items[0])
    await approve_loan(cast.owner.custodian, number)
    async with english(cast.third.officer) as browser:
        text = (await browser.page("/free", params=WHEN)).text
    assert "radio TC-800" in text
    assert "2 of 3" in text


async def test_it_opens_on_tomorrow(cast: Cast) -> None:
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page("/free")).text
    assert 'value="2026-11-25T09:00"' in text
    assert 'value="2026-11-25T18:00"' in text


async def test_what_is_chosen_goes_to_one_request(cast: Cast) -> None:
    mine, other = (await shelf_of(cast.owner, 2))[0], (await shelf_of(cast.third, 2, "sniffer"))[0]
    counts = {f"n.{mine.model}.{mine.depot}": "2", f"n.{other.model}.{other.depot}": "1"}
    async with english(cast.borrower.officer) as browser:
        answer = await browser.send("/free", **WHEN, **counts)
        assert answer.status_code == 303, answer.text
        to = urlsplit(answer.headers["location"])
        assert to.path == "/loans/new"
        wants = parse_qs(to.query)["want"]
        assert wants == [f"{mine.model}*2@{mine.depot}", f"{other.model}*1@{other.depot}"]
        text = (await browser.page(answer.headers["location"])).text
    assert "radio TC-800" in text
    assert "sniffer TC-800" in text


async def test_choosing_nothing_is_said(cast: Cast) -> None:
    await shelf_of(cast.owner, 1)
    async with english(cast.borrower.officer) as browser:
        answer = await browser.send("/free", **WHEN, q="radio")
    assert answer.status_code == 422
    assert "Nothing is chosen yet." in answer.text
    assert 'value="radio"' in answer.text


async def test_a_time_that_runs_backwards_is_refused_at_its_field(cast: Cast) -> None:
    async with english(cast.borrower.officer) as browser:
        answer = await browser.page("/free", params={"from": WHEN["to"], "to": WHEN["from"]})
    assert answer.status_code == 422
    assert 'id="to-error"' in answer.text


async def test_a_time_that_cannot_be_read_stays_as_it_was_typed(cast: Cast) -> None:
    async with english(cast.borrower.officer) as browser:
        answer = await browser.page("/free", params={"from": "tomorrow", "to": WHEN["to"]})
    assert answer.status_code == 422
    assert 'id="from-error"' in answer.text
    assert 'value="tomorrow"' in answer.text


async def test_own_equipment_is_shown_but_not_asked_for(cast: Cast) -> None:
    (item,) = await shelf_of(cast.owner, 1)
    async with english(cast.owner.officer) as browser:
        text = (await browser.page("/free", params=WHEN)).text
    assert "our own" in text
    assert f"n.{item.model}.{item.depot}" not in text
