"""Reporting, reading and settling damage and loss through the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from tests.equipment.counter import english
from tests.makers import END, HOUR, MONDAY, MadeLoan, make_item, make_loan, make_model, state_of
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients import Browser


@pytest.fixture(autouse=True)
def before_the_end() -> Iterator[None]:
    with clock.at(END - HOUR):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def loan(cast: Cast) -> MadeLoan:
    with clock.at(MONDAY):
        return await make_loan(cast=cast, state="out")


async def report(browser: Browser, code: str, kind: str = "damage", **more: str) -> str:
    """Sends the report; the path it leads to."""
    await browser.page(f"/incidents/new?code={code}")
    answer = await browser.send("/incidents/new", code=code, kind=kind, description="fell off a ladder", **more)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def test_form_knows_the_item_it_is_about(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.borrower.officer) as browser:
        known = await browser.page(f"/incidents/new?code={loan.codes[0]}&description=screen")
        empty = await browser.page("/incidents/new")
    assert f'name="code" value="{loan.codes[0]}"' in known.text
    assert "screen" in known.text
    assert "Code on the label" in empty.text


async def test_borrower_reports_owner_settles_both_read(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.borrower.officer) as browser:
        path = await report(browser, loan.codes[0], "loss", holds_data="1")
        text = (await browser.page(path)).text
        assert "fell off a ladder" in text
        assert "Case data may still be on it." in text
        assert f'action="{path}/settle"' not in text
        assert (await browser.send(f"{path}/settle", settlement="nothing")).status_code == 403
    async with english(cast.owner.custodian) as browser:
        assert f'action="{path}/settle"' in (await browser.page(path)).text
        empty = await browser.send(f"{path}/settle", settlement="", cost_yuan="12.50")
        assert empty.status_code == 422
        assert 'value="12.50"' in empty.text
        odd = await browser.send(f"{path}/settle", settlement="paid", cost_yuan="a lot")
        assert odd.status_code == 422
        done = await browser.send(f"{path}/settle", settlement="replaced by the borrower", cost_yuan="12.50")
        assert done.headers["location"] == path
        text = (await browser.page(path)).text
    assert "replaced by the borrower" in text
    assert "¥ 12.50" in text
    assert await state_of(loan.number) == "closed"


async def test_foreign_incidents_are_unknown(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.borrower.officer) as browser:
        path = await report(browser, loan.codes[0])
        listed = (await browser.page("/incidents")).text
    assert path in listed
    async with english(cast.third.custodian) as browser:
        assert (await browser.page(path)).status_code == 404
        assert (await browser.send(f"{path}/settle", settlement="x")).status_code == 404
        assert path not in (await browser.page("/incidents?show=all")).text
        tried = await browser.send("/incidents/new", code=loan.codes[0], kind="loss", description="x")
    assert tried.status_code == 404
    assert "There is nothing here under this address." in tried.text


async def test_a_slip_in_the_code_is_named_and_the_text_stays(cast: Cast) -> None:
    async with english(cast.borrower.officer) as browser:
        answer = await browser.send("/incidents/new", code="AAAAAAAB", kind="damage", description="it broke")
    assert answer.status_code == 422
    assert "it broke" in answer.text
    assert 'value="AAAAAAAB"' in answer.text


async def test_settled_ones_leave_the_open_list(cast: Cast, loan: MadeLoan) -> None:
    async with english(cast.owner.custodian) as browser:
        path = await report(browser, loan.codes[0])
        await browser.page(path)
        await browser.send(f"{path}/settle", settlement="repaired")
        assert path not in (await browser.page("/incidents")).text
        assert path in (await browser.page("/incidents?show=all")).text


async def test_later_bookings_are_told(cast: Cast) -> None:
    """One borrower asked for any of the model and gets the other item, one named this very item."""
    keeper = cast.owner.custodian
    with clock.at(MONDAY):
        model = await make_model(keeper=keeper)
        await make_item(keeper=keeper, model=model)
        loan = await make_loan(cast=cast, state="out", model=model)
        later = {"starts_at": MONDAY + 72 * HOUR, "ends_at": MONDAY + 80 * HOUR}
        any_item = await make_loan(cast=cast, state="approved", model=model, **later)  # type: ignore[arg-type]
        assert any_item.codes == loan.codes
        much_later = {"starts_at": MONDAY + 96 * HOUR, "ends_at": MONDAY + 100 * HOUR}
        named = await make_loan(cast=cast, state="approved", codes=loan.codes, **much_later)  # type: ignore[arg-type]
        other = await make_item(keeper=keeper, model=model)
    async with english(keeper) as browser:
        path = await report(browser, loan.codes[0])
        text = (await browser.page(path)).text
    part = text[text.index("Later bookings of this item") :]
    assert re.search(rf"{any_item.number}.*?{other.code[:4]}-{other.code[4:]}", part, re.DOTALL)
    assert re.search(rf"{named.number}.*?Conflict", part, re.DOTALL)
