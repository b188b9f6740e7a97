"""A request in the browser: opened with its form, refused with what was written, shown with its notes."""

from __future__ import annotations

import re
from datetime import timedelta

from shared_resources.kernel import clock
from tests.cases.assistance.asking import MORNING, URGENT, make_asking, state_of
from tests.clients import client_for

ROWS = {
    "matters.0.text": "检查运输车辆罐体",
    "matters.0.place": "渝北区",
    "officers.0.name": "张三",
    "officers.0.permit_no": "渝0001",
    "officers.0.phone": "023-1",
    "officers.1.name": "李四",
    "officers.1.permit_no": "渝0002",
    "officers.1.phone": "023-2",
}
SENT = {
    "scope": "law_requires",
    "subfield": "hazardous_chemicals",
    "ground": "acting_alone_fails",
    "power_ref": "《特种设备安全法》第五条",
    "legal_basis": "《行政处罚法》第二十六条",
    "case_name": "某公司非法运输危险化学品案",
    "modes": ["send_officers", "information"],
    "wanted_start": "2026-11-25",
    "wanted_finish": "2026-12-10",
    **ROWS,
}


async def test_a_request_is_opened_from_its_form(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        async with client_for(asking.cast.owner.officer) as browser:
            form = await browser.page("/assistance/new")
            assert form.status_code == 200
            assert all(f'name="{name}"' in form.text for name in SENT), "every field is asked for"
            urgent = {**SENT, "assisting": str(asking.cast.borrower.agency), "urgent": "1"}
            refused = await browser.send("/assistance/new", **urgent)
            assert refused.status_code == 422
            assert "某公司非法运输危险化学品案" in refused.text
            done = await browser.send("/assistance/new", **{**urgent, "urgent": None})
            assert done.status_code == 303
            page = await browser.page(done.headers["location"])
            assert page.status_code == 200
            assert "渝0002" in page.text
        async with client_for(asking.cast.third.officer) as stranger:
            assert (await stranger.page(done.headers["location"])).status_code == 404


async def test_a_late_start_and_missing_papers_stand_on_the_page(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive", "agree")
    with clock.at(MORNING + timedelta(days=2)):
        await asking.take("start")
        async with client_for(asking.cast.owner.officer) as browser:
            page = await browser.page(f"/assistance/{asking.number}")
            assert "AS-7b" in page.text
        await asking.open(**URGENT)
        await asking.take("oral_request", "act_at_once")
        async with client_for(asking.cast.borrower.head) as browser:
            page = await browser.page(f"/assistance/{asking.number}")
            assert page.status_code == 200
            assert "AS-3b" in page.text
            assert "AS-7a" in page.text
            answer = await browser.send(
                f"/assistance/{asking.number}/report", summary="共检查车辆十二台，发现问题三个。"
            )
            assert answer.status_code == 409
            listed = await browser.page("/assistance")
            assert asking.number in listed.text
    assert await state_of(asking.number) == "assisting"


async def test_a_refusal_without_article_comes_back_with_what_was_written(db: str) -> None:
    with clock.at(MORNING):
        asking = await make_asking()
        await asking.open()
        await asking.take("issue", "receive")
        written = {
            "ground": "secret",
            "provision": "涉及保密，不便提供",
            "facts": "该事项的有关情况不宜向外提供。",
            "contact": "王五",
        }
        async with client_for(asking.cast.borrower.head) as browser:
            path = f"/assistance/{asking.number}/refuse"
            assert (await browser.page(path)).status_code == 200
            answer = await browser.send(path, **written)
            assert answer.status_code == 422
            assert re.search("不宜向外提供", answer.text)
            assert await state_of(asking.number) == "received"
            done = await browser.send(path, **{**written, "provision": "《保守国家秘密法》第三十一条"})
            assert done.status_code == 303
    assert await state_of(asking.number) == "refused"
