"""Inspection after return: fit is free again, unfit goes on to its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from tests.equipment.counter import english
from tests.makers import END, HOUR, MONDAY, MadeLoan, make_item, make_loan, make_model, state_of
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def after_the_end() -> Iterator[None]:
    with clock.at(END + HOUR):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def loan(cast: Cast) -> MadeLoan:
    keeper = cast.owner.custodian
    with clock.at(MONDAY):
        model = await make_model(keeper=keeper)
        codes = tuple([(await make_item(keeper=keeper, model=model)).code for _ in range(3)])
    with clock.at(MONDAY):
        return await make_loan(cast=cast, state="returned", codes=codes)


async def test_all_fit_closes_the_loan(cast: Cast, loan: MadeLoan) -> None:
    path = f"/loans/{loan.number}/inspect"
    async with english(cast.owner.custodian) as browser:
        text = (await browser.page(path)).text
        assert all(f'name="fit-{code}"' in text for code in loan.codes)
        answer = await browser.send(path, **{f"fit-{code}": "yes" for code in loan.codes})
        assert answer.headers["location"] == f"/loans/{loan.number}"
        assert "Nothing waits for inspection." in (await browser.page(path)).text
    assert await state_of(loan.number) == "closed"


async def test_what_is_not_fit_is_reported_one_after_the_other(cast: Cast, loan: MadeLoan) -> None:
    first, second, third = sorted(loan.codes)
    path = f"/loans/{loan.number}/inspect"
    findings = {
        f"fit-{first}": "yes",
        f"fit-{second}": "no",
        f"note-{second}": "cracked & wet",
        f"fit-{third}": "no",
    }
    async with english(cast.owner.custodian) as browser:
        await browser.page(path)
        onward = (await browser.send(path, **findings)).headers["location"]
        form = (await browser.page(onward)).text
        assert f'name="code" value="{second}"' in form
        assert "cracked &amp; wet" in form
        fields = {"kind": "damage", "description": "cracked"}
        onward = (await browser.send("/incidents/new", code=second, then=third, **fields)).headers["location"]
        assert onward.startswith(f"/incidents/new?code={third}")
        onward = (await browser.send("/incidents/new", code=third, **fields)).headers["location"]
        assert onward.startswith("/incidents/D")
    assert await state_of(loan.number) == "incident"


async def test_a_part_may_be_inspected_and_nothing_is_said_so(cast: Cast, loan: MadeLoan) -> None:
    path = f"/loans/{loan.number}/inspect"
    async with english(cast.owner.custodian) as browser:
        await browser.page(path)
        nothing = await browser.send(path, **{f"note-{loan.codes[0]}": "dusty"})
        assert nothing.status_code == 422
        assert "dusty" in nothing.text
        await browser.send(path, **{f"fit-{loan.codes[0]}": "yes"})
        text = (await browser.page(path)).text
    assert f"fit-{loan.codes[0]}" not in text
    assert f"fit-{loan.codes[1]}" in text


async def test_one_button_finds_the_rest_fit(cast: Cast, loan: MadeLoan) -> None:
    path = f"/loans/{loan.number}/inspect"
    async with english(cast.owner.custodian) as browser:
        await browser.page(path)
        answer = await browser.send(path, rest="yes", **{f"fit-{loan.codes[1]}": "yes"})
    assert answer.headers["location"] == f"/loans/{loan.number}"
    assert await state_of(loan.number) == "closed"


async def test_only_the_owners_custodian_inspects(cast: Cast, loan: MadeLoan) -> None:
    path = f"/loans/{loan.number}/inspect"
    statuses = []
    for reader in (cast.owner.officer, cast.borrower.custodian, cast.third.custodian):
        async with english(reader) as browser:
            statuses.append((await browser.page(path)).status_code)
            statuses.append((await browser.send(path, **{f"fit-{loan.codes[0]}": "yes"})).status_code)
    assert statuses == [403, 403, 403, 403, 404, 404]
