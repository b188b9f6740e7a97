"""A dispute in the browser: raised about a record, seen from both and from the offices, its outcome shown."""

from __future__ import annotations

from shared_resources.kernel import clock
from tests.cases.disputes.disputing import CLAIM, MORNING, make_disputing, one, state_of
from tests.clients import client_for


async def test_a_dispute_is_raised_about_a_record_and_holds_it(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.request()
        async with client_for(disputing.cast.owner.head) as browser:
            form = await browser.page(f"/disputes/new?about={disputing.about}")
            assert form.status_code == 200
            sent = {**CLAIM, "respondent": str(disputing.cast.borrower.agency), "about": disputing.about}
            done = await browser.send("/disputes/new", **sent)
            assert done.status_code == 303
            disputing.number = str(await one("SELECT number FROM record WHERE kind = 'dispute'"))
            again = await browser.send("/disputes/new", **sent)
            assert again.status_code == 409
            assert CLAIM["facts"] in again.text
        async with client_for(disputing.cast.borrower.head) as browser:
            held = await browser.page(f"/assistance/{disputing.about}")
            assert disputing.number in held.text
            answer = await browser.send(
                f"/assistance/{disputing.about}/agree", expected_finish="2026-12-04", contact="王五"
            )
            assert answer.status_code == 409
            assert (await browser.page(f"/disputes/{disputing.number}")).status_code == 200
    assert await state_of(disputing.about) == "received"


async def test_the_legal_office_works_on_what_has_reached_it(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.request()
        await disputing.open(disputing.about)
        address = f"/disputes/{disputing.number}"
        async with client_for(disputing.offices.legal.head) as browser:
            assert (await browser.page(address)).status_code == 404
            await disputing.take("negotiate", "to_legal", "accept", "hear")
            assert (await browser.page(address)).status_code == 200
            assert (await browser.page(f"/assistance/{disputing.about}")).status_code == 200
            assert disputing.number in (await browser.page("/disputes")).text
            opinion = {
                "findings": "罐体属于移动式压力容器，须定期检验。",
                "law": "《特种设备安全法》第五条",
                "bearer": "respondent",
                "text": "由市市场监督管理局负责罐体检验。",
                "execute_by": "2026-12-31",
            }
            preview = await browser.send(f"{address}/opine/preview", **opinion)
            assert preview.content.startswith(b"%PDF")
            assert (await browser.send(f"{address}/opine", **opinion)).status_code == 303
            await disputing.take("opinion_executed")
            assert 'id="outcome"' in (await browser.page(address)).text
