"""The pages of every family: forms drawn from their models, kept when wrong, shown once filed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.app import DOORS, create_app
from shared_resources.kernel.doors.casework import doors_of
from tests.casework.errand import FAMILY
from tests.clients import client_for
from tests.people import make_cast

if TYPE_CHECKING:
    from tests.clients import Browser
    from tests.people import Cast


@pytest.fixture(scope="module")
def app() -> Any:
    return create_app(doors=[*DOORS, SimpleNamespace(ROUTES=doors_of(FAMILY))])


def wish(cast: Cast) -> dict[str, str]:
    return {
        "matter": "取回样品",
        "helper": str(cast.borrower.agency),
        "way": "ride",
        "secret_name": "李某",
        "stops.0.place": "观音桥",
        "stops.0.count": "2",
        "stops.2.place": "解放碑",
    }


async def opened(browser: Browser, cast: Cast) -> str:
    answer = await browser.send("/errands/new", **wish(cast))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def test_new_opens_with_empty_rows_and_every_question(db: str, app: Any) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.officer, app) as browser:
        text = (await browser.page("/errands/new")).text
    for name in ("matter", "helper", "way", "until", "stops.0.place", "stops.2.count"):
        assert f'name="{name}"' in text
    assert "owner" not in text.split('id="helper"')[1].split("</select>")[0]


async def test_what_was_wrong_stands_beside_what_was_entered(db: str, app: Any) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.officer, app) as browser:
        answer = await browser.send("/errands/new", **{**wish(cast), "matter": "", "stops.0.count": "0"})
    assert answer.status_code == 422
    assert 'value="解放碑"' in answer.text
    assert 'href="#matter"' in answer.text
    assert 'href="#stops.0.count"' in answer.text


async def test_the_record_shows_what_was_filed_and_what_can_be_done(db: str, app: Any) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.officer, app) as browser:
        path = await opened(browser, cast)
        text = (await browser.page(path)).text
        assert "观音桥" in text
        assert "解放碑" in text
        assert "李某" in text
        listed = (await browser.page("/errands")).text
        assert path in listed
        assert "borrower" in listed or "市市场监督管理局" in listed


async def test_answering_previews_and_issues_the_letter(db: str, app: Any) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.officer, app) as browser:
        path = await opened(browser, cast)
    async with client_for(cast.borrower.head, app) as browser:
        assert (await browser.page(f"{path}/answer")).status_code == 200
        short = await browser.send(f"{path}/answer", text="好")
        assert short.status_code == 422
        assert ">好</textarea>" in short.text
        preview = await browser.send(f"{path}/answer/preview", text="同意办理。")
        assert (preview.status_code, preview.headers["content-type"]) == (200, "application/pdf")
        done = await browser.send(f"{path}/answer", text="同意办理。")
        assert (done.status_code, done.headers["location"]) == (303, path)
        page = (await browser.page(path)).text
        assert "渝borrower函〔2026〕1号" in page
        letter = page.split('href="/documents/')[1].split('"')[0]
        assert (await browser.get(f"/documents/{letter}/pdf")).content.startswith(b"%PDF")


async def test_an_act_without_form_is_one_press_and_says_why_not(db: str, app: Any) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.officer, app) as browser:
        path = await opened(browser, cast)
        refused = await browser.send(f"{path}/withdraw")
        assert refused.status_code == 422
        assert (await browser.send(f"{path}/withdraw", note="不再需要")).status_code == 303
    async with client_for(cast.borrower.officer, app) as browser:
        late = await browser.send(f"{path}/finish")
        assert late.status_code == 409


@pytest.mark.parametrize("tail", ["", "/answer", "/finish", "/no_such_step"])
async def test_a_foreign_record_answers_like_an_unknown_one(db: str, app: Any, tail: str) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.officer, app) as browser:
        path = await opened(browser, cast)
    async with client_for(cast.third.head, app) as browser:
        for method in (browser.page, browser.send):
            foreign, unknown = await method(path + tail), await method("/errands/FV2026-99999" + tail)
            assert foreign.status_code == unknown.status_code
            assert foreign.status_code in (404, 405)


async def test_a_second_press_of_the_same_button_says_it_is_done(db: str, app: Any) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.officer, app) as browser:
        for _ in range(2):
            answer = await browser.send("/errands/new", **wish(cast), act_id="one-press")
            assert answer.status_code == 303
        listed = (await browser.page("/errands")).text
        assert listed.count("取回样品") == 1
        number = listed.split('href="/errands/FV')[1].split('"')[0]
        path = f"/errands/FV{number}"
        for _ in range(2):
            answer = await browser.send(f"{path}/withdraw", note="不再需要", act_id="second-press")
            assert (answer.status_code, answer.headers["location"]) == (303, path)
