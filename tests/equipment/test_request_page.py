"""Asking for equipment by form: prefilled, refused with every reason, accepted into one loan for each owner."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from shared_resources.equipment.queries.loan_list import loans
from shared_resources.equipment.queries.loans import loan_page
from shared_resources.equipment.schemas.loans import LoanFilter
from shared_resources.kernel import clock
from shared_resources.kernel.codes import grouped
from tests.equipment.counter import PERIOD, ask, english, shelf_of
from tests.equipment.shelf import NOW
from tests.kernel.papers_story import lines
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.permissions import Actor

FILLED = {**PERIOD, "purpose": "Night market inspection", "ground": "campaign", "mode": "loan"}


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def count(actor: Actor) -> int:
    return len((await loans(actor, LoanFilter())).loans)


async def test_a_drag_in_the_calendar_fills_the_form(cast: Cast) -> None:
    (item,) = await shelf_of(cast.owner, 1)
    query = urlencode({"item": item.code, "from": "2026-11-25T01:00:00Z", "to": "2026-11-25T09:00:00Z"})
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page(f"/loans/new?{query}")).text
    assert grouped(item.code) in text
    assert 'value="2026-11-25T09:00"' in text
    assert 'value="2026-11-25T17:00"' in text


async def test_whole_days_of_the_calendar_become_working_hours(cast: Cast) -> None:
    query = urlencode({"from": "2026-11-24T16:00:00Z", "to": "2026-11-26T16:00:00Z"})
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page(f"/loans/new?{query}")).text
    assert 'value="2026-11-25T09:00"' in text
    assert 'value="2026-11-26T18:00"' in text


async def test_one_owner_one_loan(cast: Cast) -> None:
    (item,) = await shelf_of(cast.owner, 1)
    async with english(cast.borrower.officer) as browser:
        answer = await browser.send("/loans/new", **FILLED, **{f"i.{item.code}": "1"})
        assert answer.status_code == 303, answer.text
        number = answer.headers["location"].rpartition("/")[2]
    loan = await loan_page(cast.borrower.officer, number)
    assert loan.state == "requested"
    assert loan.ground == "campaign"
    assert [line.code for line in loan.lines] == [item.code]


async def test_several_owners_make_a_cart(cast: Cast) -> None:
    mine, other = (await shelf_of(cast.owner, 2))[0], (await shelf_of(cast.third, 1, "sniffer"))[0]
    wishes = {f"n.{mine.model}.{mine.depot}": "2", f"i.{other.code}": "1"}
    async with english(cast.borrower.officer) as browser:
        answer = await browser.send("/loans/new", **FILLED, **wishes)
        assert answer.headers["location"].startswith("/carts/")
        text = (await browser.page(answer.headers["location"])).text
    assert text.count("Requested") >= 2
    async with english(cast.owner.officer) as browser:
        assert (await browser.page(answer.headers["location"])).text.count('href="/loans/L') == 1


async def test_every_reason_stands_at_its_field_and_nothing_typed_is_lost(cast: Cast) -> None:
    (item,) = await shelf_of(cast.owner, 1)
    entries = {**FILLED, "ends_at": "never", "purpose": "", "place": "Hongyadong", f"i.{item.code}": "1"}
    async with english(cast.borrower.officer) as browser:
        answer = await browser.send("/loans/new", **entries)
    assert answer.status_code == 422
    assert 'id="ends_at-error"' in answer.text
    assert 'id="purpose-error"' in answer.text
    assert 'value="Hongyadong"' in answer.text
    assert grouped(item.code) in answer.text
    assert await count(cast.borrower.officer) == 0


async def test_what_the_rules_find_is_said_as_well(cast: Cast) -> None:
    (item,) = await shelf_of(cast.owner, 1, longest_loan_hours=4)
    async with english(cast.borrower.officer) as browser:
        answer = await browser.send("/loans/new", **FILLED, **{f"i.{item.code}": "1"})
    assert answer.status_code == 422
    assert "may be lent for 4 hours at most." in answer.text
    assert 'id="ends_at-error"' in answer.text
    assert await count(cast.borrower.officer) == 0


async def test_an_unknown_code_is_named(cast: Cast) -> None:
    async with english(cast.borrower.officer) as browser:
        answer = await browser.send("/loans/new", **FILLED, codes="AAAA-AAAA")
    assert answer.status_code in (404, 422)
    assert "AAAA-AAAA" in answer.text
    assert await count(cast.borrower.officer) == 0


async def test_an_agency_does_not_borrow_from_itself(cast: Cast) -> None:
    (item,) = await shelf_of(cast.owner, 1)
    async with english(cast.owner.officer) as browser:
        answer = await browser.send("/loans/new", **FILLED, **{f"i.{item.code}": "1"})
    assert answer.status_code == 422
    assert "belongs to your own agency" in answer.text


async def test_an_auditor_may_not_ask(cast: Cast) -> None:
    (item,) = await shelf_of(cast.owner, 1)
    async with english(cast.borrower.auditor) as browser:
        assert (await browser.page("/loans/new")).status_code == 403
        answer = await browser.send("/loans/new", **FILLED, **{f"i.{item.code}": "1"})
    assert answer.status_code == 403
    assert "Your role in this agency does not include this act." in answer.text
    assert await count(cast.borrower.officer) == 0


async def test_the_same_form_sent_twice_asks_once(cast: Cast) -> None:
    (item,) = await shelf_of(cast.owner, 1)
    sent = {**FILLED, f"i.{item.code}": "1", "act_id": "the-same-press"}
    async with english(cast.borrower.officer) as browser:
        assert (await browser.send("/loans/new", **sent)).status_code == 303
        await browser.send("/loans/new", **sent)
    assert await count(cast.borrower.officer) == 1


async def test_nobody_is_asked_to_sign_in_and_comes_back(db: str) -> None:
    async with english(None) as browser:
        answer = await browser.page("/loans/new?item=7Q2MK4V3")
    assert answer.status_code == 303
    assert "next=%2Floans%2Fnew%3Fitem%3D7Q2MK4V3" in answer.headers["location"]


async def test_a_request_is_linked_with_the_record_that_it_serves(cast: Cast) -> None:
    item, other = await shelf_of(cast.owner, 2)
    (served,) = await ask(cast.borrower.officer, other)
    period = {"from": PERIOD["starts_at"], "to": PERIOD["ends_at"]}
    async with english(cast.borrower.officer) as browser:
        assert served in (await browser.page("/free", params={**period, "serves": served})).text
        chosen = {f"n.{item.model}.{item.depot}": "1", "serves": served}
        to = (await browser.send("/free", **period, **chosen)).headers["location"]
        assert f'value="{served}"' in (await browser.page(to)).text
        answer = await browser.send("/loans/new", **FILLED, **{f"i.{item.code}": "1", "serves": f" {served}"})
        assert answer.status_code == 303, answer.text
        assert served in (await browser.page(answer.headers["location"])).text
    number = answer.headers["location"].rpartition("/")[2]
    assert ("link", True) in [(act, number in body) for act, body in await lines(served)]


async def test_a_foreign_record_is_not_served_and_nothing_is_booked(cast: Cast) -> None:
    item, other = await shelf_of(cast.owner, 2)
    (foreign,) = await ask(cast.third.officer, other)
    async with english(cast.borrower.officer) as browser:
        for number in (foreign, "L2026-99999"):
            answer = await browser.send("/loans/new", **FILLED, **{f"i.{item.code}": "1", "serves": number})
            assert answer.status_code == 422
            assert "No record with this number" in answer.text
    assert await count(cast.borrower.officer) == 0
