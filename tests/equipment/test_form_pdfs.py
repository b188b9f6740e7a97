"""Loan form and hand-over form as PDF: every element that forms 12 and 13 must have."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING

import pdfplumber
import pytest

from shared_resources.equipment.schemas.handover import Direction
from shared_resources.equipment.service.handover import propose_handover
from shared_resources.kernel import clock
from tests.clients import client_for
from tests.makers import START, handover_draft, make_certificate, make_item, make_loan, make_model
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.permissions import Actor


@pytest.fixture(autouse=True)
def day_of_collection() -> Iterator[None]:
    with clock.at(START):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def read(actor: Actor, path: str) -> str:
    async with client_for(actor) as browser:
        answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    with pdfplumber.open(io.BytesIO(answer.content)) as pdf:
        return "".join(page.extract_text() or "" for page in pdf.pages).replace("\n", "")


async def test_the_loan_form_has_every_element(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model = await make_model(
        keeper=keeper, name="GX-4", evidence_needs_certificate=True, accessories=("泵", "充电器")
    )
    item = await make_item(keeper=keeper, model=model, asset_no="YJ-0099", serial="GX-881")
    await make_certificate(keeper=keeper, code=item.code, valid_to=date(2027, 5, 31))
    loan = await make_loan(
        cast=cast, state="approved", codes=(item.code,), evidential=True, case_no="2026-17", place="南市"
    )
    text = await read(cast.borrower.officer, f"/loans/{loan.number}/form.pdf")
    for wanted in (
        loan.number, "设备借用单", "市应急管理局", "市市场监督管理局", "2026-17", "南市", "联合检查", "GX-4",
        "YJ-0099", "GX-881", "泵、充电器", "2027-05-31", "渝-0001", "2026-12-01 09:00", "风险", "数据",
        "出借方批准人", "197号",
    ):  # fmt: skip
        assert wanted in text, wanted
    assert "不得用于取证" not in text


async def test_a_lapsing_certificate_is_marked(cast: Cast) -> None:
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper, evidence_needs_certificate=True)
    item = await make_item(keeper=keeper, model=model)
    await make_certificate(keeper=keeper, code=item.code, valid_to=date(2026, 11, 30))
    loan = await make_loan(cast=cast, state="approved", codes=(item.code,))
    assert "不得用于取证" in (await read(cast.owner.officer, f"/loans/{loan.number}/form.pdf")).replace(" ", "")


async def test_the_hand_over_form_says_whether_it_is_confirmed(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="approved")
    draft = handover_draft(Direction.OUT, cast.borrower.officer, *loan.codes)
    handover = await propose_handover(cast.owner.custodian, loan.number, draft)
    path = f"/handovers/{handover}/form.pdf"
    text = await read(cast.borrower.officer, path)
    for wanted in (
        loan.number,
        "设备交接单",
        "待对方确认",
        cast.owner.custodian.name,
        cast.borrower.officer.name,
        "移交方",
    ):
        assert wanted in text, wanted
    async with client_for(cast.borrower.officer) as browser:
        await browser.send(f"/handovers/{handover}/confirm")
    assert "待对方确认" not in await read(cast.borrower.officer, path)


async def test_third_agencies_meet_nothing(cast: Cast) -> None:
    loan = await make_loan(cast=cast, state="approved")
    async with client_for(cast.third.officer) as browser:
        assert (await browser.get(f"/loans/{loan.number}/form.pdf")).status_code == 404
