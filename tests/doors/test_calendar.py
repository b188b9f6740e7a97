"""The calendar's pages: the year, why a date is what it is, and notices that need two persons."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from tests.clients import Browser, client_for
from tests.kernel.calendar_story import Cast, make_cast
from tests.kernel.test_notice_text import TEXTS

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
HEAD = {"way": "text", "scope": "CN", "number": "国办发明电〔2026〕9号", "published_on": "2026-11-20"}
TEXT_2027 = """
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至12日（周五）放假调休，共8天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
"""
"""Invented, in the form of the real ones."""


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def propose(browser: Browser, **changed: str) -> str:
    """Look, then propose; the address of the notice."""
    fields = {**HEAD, "year": "2027", "text": TEXT_2027, **changed}
    looked = await browser.send("/admin/notices/new", **fields, do="look")
    assert looked.status_code == 200
    seen = looked.text.split('name="seen" value="')[1].split('"')[0]
    answer = await browser.send("/admin/notices/new", **fields, do="propose", seen=seen)
    assert answer.status_code == 303
    return answer.headers["location"]


async def test_the_year_names_the_notice_behind_each_day(cast: Cast) -> None:
    async with client_for(cast.clerk) as browser:
        text = (await browser.page("/calendar-days", params={"year": 2026})).text
    assert text.count('class="month"') == 12
    assert "国办发明电〔2025〕7号" in text
    assert 'id="d1001"' in text
    assert 'href="#d1010"' in text  # a Saturday that works


async def test_an_estimated_year_and_an_unknown_one_say_so(cast: Cast) -> None:
    async with client_for(cast.clerk) as browser:
        estimated = (await browser.page("/calendar-days", params={"year": 2027})).text
        assert 'class="note" data-tone="warning"' in estimated
        unknown = await browser.page("/calendar-days", params={"year": 1999})
        assert unknown.status_code == 200
        assert 'class="empty"' in unknown.text
        assert (await browser.page("/calendar-days", params={"year": 123456})).status_code == 404


async def test_why_a_date_is_what_it_is(cast: Cast) -> None:
    async with client_for(cast.clerk) as browser:
        with clock.at(NOW):
            answer = await browser.page(
                "/calendar-days/count", params={"start": "2026-09-28", "days": 5, "rule": "FWD", "county": ""}
            )
            assert '<time datetime="2026-10-10">' in answer.text
            assert answer.text.count('class="skipped"') == 8
            loose = await browser.page("/calendar-days/count", params={"start": "2026-12-31", "days": 5})
            assert 'class="tag"' in loose.text  # leans on 2027, whose notice is not there


@pytest.mark.parametrize(
    ("field", "typed"), [("start", "soon"), ("start", "0001-01-01"), ("days", "0"), ("days", "x")]
)
async def test_a_term_that_makes_no_sense_is_named_beside_its_field(cast: Cast, field: str, typed: str) -> None:
    asked = {"start": "2026-09-28", "days": "5", field: typed}
    async with client_for(cast.clerk) as browser:
        answer = await browser.page("/calendar-days/count", params=asked)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{typed}"' in answer.text


async def test_a_notice_is_looked_at_before_it_is_proposed(cast: Cast) -> None:
    fields = {**HEAD, "year": "2027", "text": TEXT_2027}
    async with client_for(cast.first) as browser:
        with clock.at(NOW):
            unseen = await browser.send("/admin/notices/new", **fields, do="propose")
            assert unseen.status_code == 200
            assert "2027-02-05" in unseen.text
            async with reading() as db:
                assert await db.fetchval("SELECT count(*) FROM calendar_notice") == 0
            path = await propose(browser)
            assert "2027-02-05" in (await browser.page(path)).text


async def test_the_second_person_confirms_and_the_first_may_not(cast: Cast) -> None:
    with clock.at(NOW):
        async with client_for(cast.first) as browser:
            path = await propose(browser)
            shown = (await browser.page(path)).text
            assert f'action="{path}/confirm"' not in shown
            assert 'class="button-off"' in shown
            assert (await browser.send(f"{path}/confirm")).status_code == 403
        async with client_for(cast.second) as browser:
            assert f'href="{path}"' in (await browser.page("/admin/notices")).text
            assert f'action="{path}/confirm"' in (await browser.page(path)).text
            done = await browser.send(f"{path}/confirm")
            assert done.status_code == 303
            assert (await browser.send(f"{path}/confirm")).status_code == 409
            year = (await browser.page("/calendar-days", params={"year": 2027})).text
    assert "国办发明电〔2026〕9号" in year
    assert 'class="note" data-tone="warning"' not in year


async def test_a_notice_is_withdrawn_before_anybody_confirms(cast: Cast) -> None:
    with clock.at(NOW):
        async with client_for(cast.first) as browser:
            path = await propose(browser)
            assert (await browser.send(f"{path}/withdraw", note="抄错了")).status_code == 303
        async with client_for(cast.second) as browser:
            assert (await browser.send(f"{path}/confirm")).status_code == 409


async def test_the_text_of_another_year_is_refused_and_stays_in_the_form(cast: Cast) -> None:
    async with client_for(cast.first) as browser:
        answer = await browser.send("/admin/notices/new", **HEAD, year="2027", text=TEXTS[2026].strip(), do="look")
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text
    assert "鼓励单位和个人" in answer.text
    assert 'value="propose"' not in answer.text


async def test_what_is_missing_is_named(cast: Cast) -> None:
    async with client_for(cast.first) as browser:
        answer = await browser.send("/admin/notices/new", way="text", scope="CN", year="2027", text=TEXT_2027)
    assert answer.status_code == 422
    assert 'id="number-error"' in answer.text
    assert 'id="published_on-error"' in answer.text


async def test_a_county_has_days_of_its_own(cast: Cast) -> None:
    own = {"way": "days", "scope": "500240", "number": "石柱府发〔2026〕8号", "published_on": "2026-11-01"}
    day = {"first": "2026-12-25", "last": "", "kind": "rest_override", "name": "县庆"}
    with clock.at(NOW):
        async with client_for(cast.first) as browser:
            path = await propose(browser, **own, **day, year="2026", text="")
        async with client_for(cast.second) as browser:
            await browser.send(f"{path}/confirm")
        async with client_for(cast.county_clerk) as browser:
            assert "县庆" in (await browser.page("/calendar-days", params={"year": 2026})).text
        async with client_for(cast.clerk) as browser:
            assert "县庆" not in (await browser.page("/calendar-days", params={"year": 2026})).text


async def test_only_system_administrators_load_notices(cast: Cast) -> None:
    async with client_for(cast.clerk) as browser:
        for path in ("/admin/notices", "/admin/notices/new", "/admin/notices/C2026-00001"):
            assert (await browser.page(path)).status_code == 403
        assert (await browser.send("/admin/notices/new", **HEAD, year="2027", text=TEXT_2027)).status_code == 403
    async with client_for(cast.first) as browser:
        assert (await browser.page("/admin/notices/C2026-09999")).status_code == 404
