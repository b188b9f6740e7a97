"""The two paper forms: every element that forms 12 and 13 must have, in both languages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.schemas.handover import Direction
from shared_resources.equipment.service.handover import propose_handover
from shared_resources.kernel import clock
from tests.clients import client_for
from tests.equipment.counter import english
from tests.makers import (
    MONDAY,
    START,
    handover_draft,
    make_certificate,
    make_item,
    make_loan,
    make_model,
)
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def day_of_collection() -> Iterator[None]:
    with clock.at(START):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_loan_form_has_every_element(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model = await make_model(
        keeper=keeper, name="GX-4", evidence_needs_certificate=True, accessories=("Pump", "Charger")
    )
    item = await make_item(keeper=keeper, model=model, asset_no="YJ-0099", serial="GX-881")
    await make_certificate(keeper=keeper, code=item.code, valid_to=date(2027, 5, 31))
    loan = await make_loan(
        cast=cast, state="approved", codes=(item.code,), evidential=True, case_no="2026-17", place="South market"
    )
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page(f"/loans/{loan.number}/form")).text
    for wanted in (
        loan.number, "2026-17", "South market", "联合检查", "GX-4", "YJ-0099", "GX-881", "Pump、Charger", "JJG-",
        "2027-05-31", "市计量质量检测研究院", "渝-0001", "2026-12-01 09:00", "Evidential use", "Risk:", "Data:",
        "Owner: approved by (seal)", cast.owner.head.name, "Decree No. 197", "<svg",
    ):  # fmt: skip
        assert wanted in text, wanted
    assert "Not for evidence" not in text
    assert '<nav class="nav"' not in text


async def test_a_lapsing_certificate_is_marked(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper, evidence_needs_certificate=True)
    item = await make_item(keeper=keeper, model=model)
    await make_certificate(keeper=keeper, code=item.code, valid_to=date(2026, 11, 30))
    loan = await make_loan(cast=cast, state="approved", codes=(item.code,))
    async with english(cast.owner.officer) as browser:
        text = (await browser.page(f"/loans/{loan.number}/form")).text
    assert "Not for evidence" in text


async def test_chinese_reads_no_english(cast: Cast) -> None:
    with clock.at(MONDAY):
        loan = await make_loan(cast=cast, state="out")
    async with client_for(cast.borrower.officer) as browser:
        text = (await browser.page(f"/loans/{loan.number}/form")).text
    assert "<small lang=" not in text


async def test_handover_form_says_whether_it_is_confirmed(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="approved")
    draft = handover_draft(Direction.OUT, cast.borrower.officer, *loan.codes)
    handover = await propose_handover(cast.owner.custodian, loan.number, draft)
    path = f"/handovers/{handover}/form"
    async with english(cast.borrower.officer) as browser:
        text = (await browser.page(path)).text
        assert "Not confirmed yet" in text
        labels = ("Self-test and checks", "Battery, storage, clock offset, seal no.", "Giving side, two persons")
        for wanted in (loan.number, cast.owner.custodian.name, cast.borrower.officer.name, "<svg", *labels):
            assert wanted in text, wanted
        await browser.send(f"/handovers/{handover}/confirm")
        assert "Not confirmed yet" not in (await browser.page(path)).text
