"""Transfers, receipts and referrals in the browser: each page opens with its own part, each form is drawn."""

from __future__ import annotations

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case
from tests.cases.transfers.transferring import (
    MORNING,
    RECEIPTS,
    REFERRALS,
    TRANSFERS,
    make_referring,
    make_transferring,
    registration,
    state_of,
    suspicion,
)
from tests.clients import client_for
from tests.people import make_team


async def test_a_transfer_shows_who_answers_and_its_forms_are_drawn(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        async with client_for(case.cast.owner.head) as browser:
            page = await browser.page(f"/transfers/{case.number}")
            assert page.status_code == 200
            assert 'id="standing"' in page.text
            form = await browser.page(f"/transfers/{case.number}/prepare")
            assert form.status_code == 200
            assert "documents" in form.text
            assert case.number in (await browser.page("/transfers")).text
            new = await browser.page("/transfers/new")
            assert 'name="determined_on"' in new.text
        await case.take("prepare", "approve", "send")
        async with client_for(case.cast.borrower.clerk) as browser:
            assert (await browser.page(f"/transfers/{case.number}/accept")).status_code == 200
        async with client_for(case.cast.third.head) as browser:
            assert (await browser.page(f"/transfers/{case.number}")).status_code == 404


async def test_every_form_of_every_step_is_drawn(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        police = await make_team("police", "市公安局")
        owner = case.cast.owner
        receipt = await open_case(owner.clerk, RECEIPTS, registration())
        referral = await open_case(owner.officer, REFERRALS, suspicion(police.agency))
        async with client_for(owner.head) as browser:
            for path in (f"/receipts/{receipt.number}", f"/referrals/{referral.number}"):
                assert (await browser.page(path)).status_code == 200
            for path in (f"/receipts/{receipt.number}/judge_not_own", f"/referrals/{referral.number}/report"):
                assert (await browser.page(path)).status_code == 200
            for family in (RECEIPTS, REFERRALS, TRANSFERS):
                assert (await browser.page(f"{family.address}/new")).status_code == 200


async def test_letters_are_previewed_before_they_are_issued(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take("prepare")
        async with client_for(case.cast.owner.head) as browser:
            answer = await browser.send(f"/transfers/{case.number}/approve/preview", opinion="同意移送")
            assert answer.is_success
            assert answer.content.startswith(b"%PDF")
        await case.take("approve")
        async with client_for(case.cast.owner.clerk) as browser:
            sent = {
                "channel": "direct",
                "place": "收发室",
                "servers.0.name": "张三",
                "servers.0.permit_no": "渝0001",
                "servers.1.name": "李四",
                "servers.1.permit_no": "渝0002",
            }
            answer = await browser.send(f"/transfers/{case.number}/send/preview", **sent)
            assert answer.is_success
            done = await browser.send(f"/transfers/{case.number}/send", **sent)
            assert done.status_code == 303
    assert await state_of(case.number) == "sent"


async def test_the_referral_is_previewed_before_the_police_take_part(db: str) -> None:
    with clock.at(MORNING):
        case = await make_referring()
        await case.open()
        await case.take("report", "approve")
        papers = {
            "report_name": "调查报告",
            "report_pages": "3",
            "no_goods": "1",
            "no_appraisals": "1",
            "others.0.name": "询问笔录",
            "others.0.copies": "1",
            "others.0.pages": "2",
            "others.0.original": "original",
            "others.0.medium": "paper",
            "place": "收发室",
            "servers.0.name": "张三",
            "servers.0.permit_no": "渝0001",
            "servers.1.name": "李四",
            "servers.1.permit_no": "渝0002",
        }
        async with client_for(case.cast.owner.officer) as browser:
            answer = await browser.send(f"/referrals/{case.number}/send/preview", **papers)
            assert answer.is_success
