"""Lists of loans and one loan: what each side sees, and that nobody else knows of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.service.decisions import approve_loan, refuse_loan
from shared_resources.kernel import clock
from tests.equipment.counter import END, START, ask, english, shelf_of
from tests.equipment.shelf import NOW, Thing, make_loan
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
async def item(cast: Cast) -> Thing:
    return (await shelf_of(cast.owner, 1))[0]


async def test_a_foreign_loan_is_unknown(cast: Cast, item: Thing) -> None:
    (number,) = await ask(cast.borrower.officer, item)
    async with english(cast.third.officer) as browser:
        foreign = await browser.page(f"/loans/{number}")
        unknown = await browser.page("/loans/L2026-99999")
        listed = await browser.page("/loans")
    assert foreign.status_code == unknown.status_code == 404
    assert "There is nothing here under this address." in foreign.text
    assert number not in listed.text
    assert "No open loans." in listed.text


async def test_the_owner_decides_and_the_borrower_sees_why_not(cast: Cast, item: Thing) -> None:
    (number,) = await ask(cast.borrower.officer, item)
    async with english(cast.owner.custodian) as browser:
        text = (await browser.page(f"/loans/{number}")).text
    assert f'action="/loans/{number}/approve"' in text
    assert f'action="/loans/{number}/withdraw"' not in text
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page(f"/loans/{number}")).text
    assert f'action="/loans/{number}/approve"' not in text
    assert f'action="/loans/{number}/withdraw"' in text
    assert "This act belongs to the other side." in text


async def test_the_page_tells_the_whole_story(cast: Cast, item: Thing) -> None:
    (number,) = await ask(cast.borrower.officer, item)
    await approve_loan(cast.owner.custodian, number)
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page(f"/loans/{number}")).text
    assert "Requested → Approved" in text
    assert 'class="hash"' in text
    assert 'aria-current="step"' in text
    assert f'href="/loans/{number}/form"' in text
    assert f'href="/loans/{number}/custody"' in text
    assert f'href="/loans/{number}/hand-over?direction=out"' in text


async def test_a_refused_loan_tells_the_reason_to_both(cast: Cast, item: Thing) -> None:
    (number,) = await ask(cast.borrower.officer, item)
    await refuse_loan(cast.owner.head, number, "Needed for our own drill")
    for reader in (cast.borrower.officer, cast.owner.officer):
        async with english(reader) as browser:
            text = (await browser.page(f"/loans/{number}")).text
        assert "Needed for our own drill" in text
        assert "To come" not in text


async def test_only_the_owner_sees_who_competes(cast: Cast, item: Thing) -> None:
    (number,) = await ask(cast.borrower.officer, item)
    (other,) = await ask(cast.third.officer, item, starts_at=START + timedelta(hours=1))
    async with english(cast.owner.custodian) as browser:
        assert other in (await browser.page(f"/loans/{number}")).text
    async with english(cast.borrower.officer) as browser:
        assert other not in (await browser.page(f"/loans/{number}")).text


async def test_a_late_loan_before_is_a_warning_with_a_way_out(cast: Cast, item: Thing) -> None:
    late = await make_loan(
        cast.third.officer, [item], NOW - timedelta(days=3), NOW - timedelta(days=1), state="overdue", line="out"
    )
    mine = await make_loan(cast.borrower.officer, [item], START, END, state="approved", line="reserved")
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page(f"/loans/{mine.number}")).text
    assert "The loan before is late" in text
    assert "Look for substitutes" in text
    assert late.number not in text


async def test_lists_are_narrowed(cast: Cast, item: Thing) -> None:
    (first,) = await ask(cast.borrower.officer, item)
    (second,) = await ask(cast.third.officer, item)
    await approve_loan(cast.owner.custodian, first)
    async with english(cast.owner.custodian) as browser:
        everything = (await browser.page("/loans?side=lend")).text
        approved = (await browser.page("/loans?state=approved")).text
        of_third = (await browser.page(f"/loans?agency={cast.third.slug}")).text
        borrowed = (await browser.page("/loans?side=borrow")).text
        nothing = (await browser.page("/loans?q=nothing-of-the-kind")).text
    assert first in everything
    assert second in everything
    assert (first in approved, second in approved) == (True, False)
    assert (first in of_third, second in of_third) == (False, True)
    assert first not in borrowed
    assert "No loan matches." in nothing


async def test_a_filter_that_makes_no_sense_is_refused(cast: Cast) -> None:
    async with english(cast.owner.custodian) as browser:
        assert (await browser.page("/loans?side=sideways")).status_code == 422
