"""One field to find anything: Chinese words, parts, numbers, codes; never more than one may see."""

from __future__ import annotations

import pytest

from shared_resources.equipment.queries.search import search
from shared_resources.kernel import clock
from shared_resources.kernel.codes import code_of, grouped
from tests.equipment.counter import english
from tests.makers import MONDAY, make_depot, make_item, make_loan, make_model
from tests.people import Cast, make_cast


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_chinese_words_find_each_kind(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper, name="测厚仪甲型")
    depot = await make_depot(keeper=keeper, name="测厚仪专库")
    item = await make_item(keeper=keeper, model=model, depot=depot)
    found = await search(cast.third.officer, "测厚仪")
    assert [hit.code for hit in found.items] == [item.code]
    assert [hit.name_zh for hit in found.models] == ["测厚仪甲型"]
    assert [hit.name_zh for hit in found.depots] == ["测厚仪专库"]
    assert [hit.slug for hit in (await search(cast.third.officer, "应急管理")).agencies] == ["owner"]


async def test_numbers_people_and_loans_stay_with_their_own(cast: Cast) -> None:
    loan = await make_loan(cast=cast)
    await make_item(keeper=cast.owner.custodian, serial="SN-4711", asset_no="ZC-4711")
    own = await search(cast.owner.officer, "4711")
    assert len(own.items) == 1
    assert (await search(cast.third.officer, "4711")).is_empty
    assert [hit.number for hit in (await search(cast.borrower.officer, loan.number)).records] == [loan.number]
    assert (await search(cast.third.officer, loan.number)).records == ()
    assert [hit.name for hit in (await search(cast.owner.officer, "owner.head")).people] == ["owner.head"]
    assert (await search(cast.third.officer, "owner.head")).people == ()


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "\\", "'; DROP TABLE item; --", "x" * 300])
async def test_odd_texts_find_nothing(cast: Cast, text: str) -> None:
    await make_item(keeper=cast.owner.custodian)
    found = await search(cast.owner.officer, text)
    assert found.items == ()
    async with english(cast.owner.officer) as browser:
        assert (await browser.get("/search", params={"q": text})).status_code == 200


async def test_a_code_goes_straight_to_its_item(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian)
    loan = await make_loan(cast=cast)
    with clock.at(MONDAY):
        async with english(cast.borrower.officer) as browser:
            typed = await browser.get("/search", params={"q": f" {grouped(item.code).lower()} "})
            scanned = await browser.get("/search", params={"q": f"HTTPS://Q.CQ.GOV.CN/T/{item.code}"})
            number = await browser.get("/search", params={"q": loan.number.lower()})
            unknown = await browser.get("/search", params={"q": code_of([2] * 7)})
    assert typed.headers["location"] == f"/items/{item.code}"
    assert scanned.headers["location"] == f"/t/{item.code}"
    assert number.headers["location"] == f"/loans/{loan.number}"
    assert unknown.status_code == 200
    assert "Nothing was found for" in unknown.text


async def test_a_hidden_item_is_not_found_by_its_code(cast: Cast) -> None:
    item = await make_item(keeper=cast.owner.custodian, state="retired")
    async with english(cast.third.officer) as browser:
        answer = await browser.get("/search", params={"q": item.code})
    assert answer.status_code == 200
    assert "Nothing was found for" in answer.text


async def test_what_is_typed_comes_back_as_text(cast: Cast) -> None:
    async with english(cast.owner.officer) as browser:
        answer = await browser.get("/search", params={"q": "<script>alert(1)</script>"})
        program = await browser.ask("GET", "/api/v1/search?q=owner")
    assert "<script>alert" not in answer.text
    assert program.json()["agencies"][0]["slug"] == "owner"
