"""The translator: one shape for programs, one page for people, nothing told that is nobody's business."""

from __future__ import annotations

import logging

import pytest
from tests.clients import client_for
from tests.people import make_cast
from tests.web import troubles

from shared_resources.kernel.web import cookies

SHAPE = {"type", "title", "status", "detail", "instance", "do", "errors", "request_id"}
EXPECTED = {
    "invalid": (422, "name"),
    "several": (422, "name"),
    "missing": (404, "not_found"),
    "forbidden": (403, "not_allowed"),
    "nobody": (401, "signinneeded"),
    "moved": (409, "stale"),
    "repeated": (409, "repeated"),
    "large": (413, "too_large"),
    "many": (429, "toomany"),
    "exclusion": (409, "taken"),
    "unique": (409, "taken"),
    "linked": (409, "linked"),
    "serialization": (503, "busy"),
    "deadlock": (503, "busy"),
    "slow": (504, "too_slow"),
    "gone": (503, "away"),
    "refused": (503, "away"),
    "odd": (422, "value"),
    "wrong sql": (500, "fault"),
    "fault": (500, "fault"),
}


@pytest.mark.parametrize("kind", EXPECTED)
async def test_programs_get_a_problem_of_one_shape(db: str, kind: str) -> None:
    status, code = EXPECTED[kind]
    async with client_for(app=troubles.app) as browser:
        answer = await browser.get(f"/api/v1/trouble/{kind}", headers={"accept-language": "en"})
    problem = answer.json()
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "en"
    assert set(problem) == SHAPE
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status
    assert problem["instance"] == answer.request.url.path
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["detail"].endswith(".")
    assert all(set(error) == {"field", "code", "detail"} for error in problem["errors"])
    assert "secret" not in answer.text


async def test_all_reasons_come_at_once(db: str) -> None:
    async with client_for(app=troubles.app) as browser:
        problem = (await browser.get("/api/v1/trouble/several")).json()
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [("name", "name"), ("", "taken")]


@pytest.mark.parametrize(("kind", "header"), [("many", "77"), ("serialization", "2"), ("slow", "2")])
async def test_it_is_said_when_to_try_again(db: str, kind: str, header: str) -> None:
    async with client_for(app=troubles.app) as browser:
        for path in (f"/api/v1/trouble/{kind}", f"/trouble/{kind}"):
            assert (await browser.page(path)).headers["retry-after"] == header


@pytest.mark.parametrize("kind", sorted(set(EXPECTED) - {"nobody"}))
async def test_people_get_a_page_in_their_language(db: str, kind: str) -> None:
    async with client_for(app=troubles.app) as browser:
        answer = await browser.page(f"/trouble/{kind}")
    assert answer.status_code == EXPECTED[kind][0]
    assert answer.headers["content-type"].startswith("text/html")
    assert '<html lang="zh-CN"' in answer.text
    assert "data-refusal" in answer.text
    assert "secret" not in answer.text


async def test_nobody_signed_in_is_led_to_the_sign_in_page_and_back(db: str) -> None:
    async with client_for(app=troubles.app) as browser:
        answer = await browser.page("/trouble/nobody?x=1&y=2")
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in?next=%2Ftrouble%2Fnobody%3Fx%3D1%26y%3D2"
        api = await browser.get("/api/v1/trouble/nobody")
        assert api.headers["www-authenticate"].startswith("Bearer")


async def test_a_form_sent_twice_goes_back_with_a_word(db: str) -> None:
    async with client_for(app=troubles.app) as browser:
        await browser.page("/sign-in")
        headers = {"referer": "http://127.0.0.1:8000/sign-in?next=/a"}
        answer = await browser.post("/trouble/repeated", data={"csrf_token": browser.csrf}, headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/a")
        assert "sr_flash" in answer.cookies
        foreign = await browser.post(
            "/trouble/repeated", data={"csrf_token": browser.csrf}, headers={"referer": "https://evil.example/x"}
        )
        assert foreign.headers["location"] == "/"


async def test_a_fault_is_logged_under_the_number_that_people_see(
    db: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with client_for(app=troubles.app) as browser:
        with caplog.at_level(logging.ERROR):
            answer = await browser.page("/trouble/fault")
    number = answer.headers["x-request-id"]
    assert number in answer.text
    [line] = [record for record in caplog.records if number in record.getMessage()]
    assert line.exc_info


async def test_without_a_built_front_end_the_page_says_how_to_build_it(db: str) -> None:
    async with client_for(app=troubles.app) as browser:
        answer = await browser.page("/trouble/assets")
    assert answer.status_code == 503
    assert "shared-resources assets build" in answer.text


async def test_what_cannot_be_read_is_named_field_by_field(db: str) -> None:
    async with client_for((await make_cast()).owner.custodian, app=troubles.app) as browser:
        browser.cookies.set(cookies.LOCALE, "en")
        await browser.page("/trouble/missing")
        answer = await browser.ask("POST", "/api/v1/acts", {"name": "too long", "count": 0})
        assert answer.status_code == 422
        errors = {error["field"]: error for error in answer.json()["errors"]}
        assert errors["name"]["detail"] == "At most 5 characters fit here."
        assert errors["count"]["detail"] == "This must be at least 1."
        missing = await browser.ask("POST", "/api/v1/acts", {"count": "x"})
        found = {error["field"]: error["code"] for error in missing.json()["errors"]}
        assert found == {"name": "needed", "count": "int_parsing"}
        query = await browser.get("/api/v1/numbers?size=many")
        assert query.status_code == 422
        assert query.json()["errors"][0]["field"] == "size"
        broken = await browser.request(
            "POST",
            "/api/v1/acts",
            content="{",
            headers={"x-csrf-token": browser.csrf or "", "content-type": "application/json"},
        )
        assert broken.status_code == 400
        assert set(broken.json()) == SHAPE


async def test_methods_that_an_address_does_not_take(db: str) -> None:
    async with client_for(app=troubles.app) as browser:
        answer = await browser.get("/sign-out", headers={"accept": "text/html"})
        assert answer.status_code == 405
        api = await browser.request("DELETE", "/api/v1/numbers")
        assert api.status_code == 405
        assert set(api.json()) == SHAPE


async def test_unknown_and_foreign_look_alike(db: str) -> None:
    async with client_for(app=troubles.app) as browser:
        unknown = (await browser.get("/api/v1/no-such-address")).json()
        foreign = (await browser.get("/api/v1/trouble/missing")).json()
    for varying in ("instance", "request_id"):
        unknown.pop(varying), foreign.pop(varying)
    assert unknown == foreign
