"""The home page: who sees what first, and where an empty one leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from tests.clients import client_for
from tests.equipment.counter import ask, english, shelf_of
from tests.equipment.shelf import NOW
from tests.kernel import identity_story as story
from tests.people import make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


async def test_nobody_is_sent_to_sign_in(db: str) -> None:
    async with client_for() as browser:
        answer = await browser.page("/")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


async def test_an_empty_home_leads_on(db: str) -> None:
    cast = await make_cast()
    async with english(cast.borrower.officer) as browser:
        answer = await browser.page("/")
    assert answer.status_code == 200, answer.text
    assert "Nothing waits for you." in answer.text
    assert 'href="/free"' in answer.text


async def test_a_request_waits_for_the_owner_and_is_owed(db: str) -> None:
    cast = await make_cast()
    (item,) = await shelf_of(cast.owner, 1)
    (number,) = await ask(cast.borrower.officer, item)
    async with english(cast.owner.custodian) as browser:
        text = (await browser.page("/")).text
    waits = text[text.index('id="waits"') : text.index('id="owe"')]
    assert "Asked of us" in waits
    assert f'href="/loans/{number}"' in waits
    owe = text[text.index('id="owe"') : text.index('id="owed"')]
    assert "Answer to the request" in owe
    assert "internal target" in owe


async def test_what_one_agency_owes_another_is_owed_to_it(db: str) -> None:
    cast = await make_cast()
    (item,) = await shelf_of(cast.owner, 1)
    await ask(cast.borrower.officer, item)
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page("/")).text
    assert "Answer to the request" in text[text.index('id="owed"') :]
    async with english(cast.third.officer) as browser:
        assert "Answer to the request" not in (await browser.page("/")).text


async def test_a_system_administrator_is_led_to_administration(db: str) -> None:
    root = await story.system_administrator()
    async with english(root) as browser:
        answer = await browser.page("/")
        text = (await browser.page("/admin")).text
    assert answer.headers["location"] == "/admin"
    assert not [
        place for place in ("/calendar", "/items", "/loans", "/free", "/scan") if f'href="{place}"' in text
    ]
