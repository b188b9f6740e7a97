"""Deciding by the buttons of the loan's page: done once, by the right person, with the reason kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.queries.loans import loan_page
from shared_resources.kernel import clock
from tests.equipment.counter import ask, english, shelf_of
from tests.equipment.shelf import NOW
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.permissions import Actor


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def number(cast: Cast) -> str:
    items = await shelf_of(cast.owner, 2)
    return (await ask(cast.borrower.officer, *items))[0]


async def state_of(actor: Actor, number: str) -> str:
    return (await loan_page(actor, number)).state


async def test_approve(cast: Cast, number: str) -> None:
    async with english(cast.owner.custodian) as browser:
        answer = await browser.send(f"/loans/{number}/approve", version="0")
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == f"/loans/{number}"
        assert "Approved. The borrower has been told." in (await browser.page(f"/loans/{number}")).text
    assert await state_of(cast.owner.custodian, number) == "approved"


async def test_a_refusal_needs_its_reason(cast: Cast, number: str) -> None:
    async with english(cast.owner.custodian) as browser:
        answer = await browser.send(f"/loans/{number}/refuse", note="")
        assert answer.status_code == 422
        assert 'id="act-refuse" open' in answer.text
        assert await state_of(cast.owner.custodian, number) == "requested"
        answer = await browser.send(f"/loans/{number}/refuse", note="Needed for our own drill")
        assert answer.status_code == 303
    assert (await loan_page(cast.borrower.officer, number)).refused_because == "Needed for our own drill"


async def test_a_part_is_offered_and_accepted(cast: Cast, number: str) -> None:
    loan = await loan_page(cast.owner.custodian, number)
    kept, left = loan.lines
    async with english(cast.owner.custodian) as browser:
        answer = await browser.send(f"/loans/{number}/offer", lines=[str(kept.id)], note="")
        assert answer.status_code == 422
        assert f'value="{kept.id}" checked' in answer.text
        answer = await browser.send(f"/loans/{number}/offer", lines=[str(kept.id)], note="One is in repair")
        assert answer.status_code == 303, answer.text
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page(f"/loans/{number}")).text
        assert "Only a part can be lent" in text
        answer = await browser.send(f"/loans/{number}/accept")
        assert answer.status_code == 303, answer.text
    loan = await loan_page(cast.borrower.officer, number)
    assert loan.state == "approved"
    assert {line.id: line.state for line in loan.lines} == {kept.id: "reserved", left.id: "refused"}


async def test_nobody_decides_for_the_other_side(cast: Cast, number: str) -> None:
    async with english(cast.borrower.custodian) as browser:
        answer = await browser.send(f"/loans/{number}/approve")
        assert answer.status_code == 403
        assert "This act belongs to the other side." in answer.text
    async with english(cast.third.custodian) as browser:
        assert (await browser.send(f"/loans/{number}/approve")).status_code == 404
    async with english(cast.owner.auditor) as browser:
        assert (await browser.send(f"/loans/{number}/approve")).status_code == 403
    assert await state_of(cast.owner.custodian, number) == "requested"


async def test_an_old_page_meets_the_present_state(cast: Cast, number: str) -> None:
    async with english(cast.owner.custodian) as browser:
        await browser.send(f"/loans/{number}/approve", version="0")
        answer = await browser.send(f"/loans/{number}/refuse", version="0", note="Too late")
    assert answer.status_code == 409
    assert "error-summary" in answer.text
    assert await state_of(cast.owner.custodian, number) == "approved"


async def test_move_and_its_refusal_keep_what_was_typed(cast: Cast, number: str) -> None:
    async with english(cast.borrower.officer) as browser:
        wrong = await browser.send(
            f"/loans/{number}/move", **{"from": "2026-11-27T09:00", "to": "2026-11-26T09:00"}
        )
        assert wrong.status_code == 422
        assert 'value="2026-11-27T09:00"' in wrong.text
        right = await browser.send(
            f"/loans/{number}/move", **{"from": "2026-11-26T09:00", "to": "2026-11-26T17:00"}
        )
        assert right.status_code == 303, right.text
    loan = await loan_page(cast.borrower.officer, number)
    assert loan.starts_at.isoformat() == "2026-11-26T01:00:00+00:00"


async def test_an_item_is_exchanged_for_the_free_one(cast: Cast) -> None:
    first, second = await shelf_of(cast.owner, 2)
    (number,) = await ask(cast.borrower.officer, first)
    (line,) = (await loan_page(cast.owner.custodian, number)).lines
    async with english(cast.owner.custodian) as browser:
        answer = await browser.send(f"/loans/{number}/exchange", line=str(line.id), to_item="")
        assert answer.status_code == 303, answer.text
    assert [line.code for line in (await loan_page(cast.owner.custodian, number)).lines] == [second.code]


async def test_an_extension_is_asked_for_and_granted(cast: Cast, number: str) -> None:
    async with english(cast.owner.custodian) as browser:
        await browser.send(f"/loans/{number}/approve")
    async with english(cast.borrower.officer) as browser:
        answer = await browser.send(f"/loans/{number}/ask_extension", until="2026-11-26T09:00", reason="Re-test")
        assert answer.status_code == 303, answer.text
    async with english(cast.owner.custodian) as browser:
        text = (await browser.page(f"/loans/{number}")).text
        assert "A return by 2026-11-26 09:00 instead of 2026-11-25 17:00 is asked for." in text
        answer = await browser.send(f"/loans/{number}/extend", until="")
        assert answer.status_code == 303, answer.text
    assert (await loan_page(cast.borrower.officer, number)).ends_at.isoformat() == "2026-11-26T01:00:00+00:00"


async def test_an_unknown_act_is_unknown(cast: Cast, number: str) -> None:
    async with english(cast.owner.custodian) as browser:
        assert (await browser.send(f"/loans/{number}/hand_out")).status_code == 404
