"""What the gate and the guard of forms let through, and what every answer carries."""

from __future__ import annotations

import pytest
from tests.clients import client_for
from tests.kernel import identity_story as story
from tests.people import make_cast

from shared_resources.kernel.web.own_forms import token_for
from shared_resources.kernel.web.reader import Reader

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


@pytest.mark.parametrize("path", ["/sign-in", "/nothing-here", "/api/v1/nothing", "/api/v1/me"])
async def test_every_answer_carries_the_security_headers(db: str, path: str) -> None:
    async with client_for() as browser:
        answer = await browser.page(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-inline" not in policy
        assert len(answer.headers["x-request-id"]) == 16


async def test_pages_have_no_inline_style_or_script(db: str) -> None:
    async with client_for((await make_cast()).owner.custodian) as browser:
        for path in ("/sign-in", "/account", "/schema"):
            text = (await browser.page(path)).text
            assert " style=" not in text
            assert "<style" not in text
            assert " onclick=" not in text


async def test_a_form_without_our_token_is_refused(db: str) -> None:
    cast = await make_cast()
    async with client_for(cast.owner.custodian) as browser, client_for(cast.third.custodian) as other:
        assert (await browser.post("/account/sessions/end")).status_code == 403
        await other.page("/account")
        stolen = await browser.post("/account/sessions/end", data={"csrf_token": other.csrf})
        assert stolen.status_code == 403
        assert (await browser.send("/account/sessions/end")).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
    ],
)
async def test_a_foreign_origin_is_refused_even_with_a_token(db: str, headers: dict[str, str]) -> None:
    async with client_for((await make_cast()).owner.custodian) as browser:
        await browser.page("/account")
        answer = await browser.post("/account/sessions/end", data={"csrf_token": browser.csrf}, headers=headers)
        assert answer.status_code == 403
        asked = await browser.ask("POST", "/api/v1/notices/0193a000-0000-7000-8000-000000000000/read", **headers)
        assert asked.status_code == 403


async def test_a_token_that_is_no_text_of_ours_is_refused_and_not_a_fault(db: str) -> None:
    async with client_for((await make_cast()).owner.custodian) as browser:
        for shown in ("é", "", "0" * 64):
            answer = await browser.post("/account/sessions/end", data={"csrf_token": shown})
            assert answer.status_code == 403
        file = await browser.post("/account/sessions/end", files={"csrf_token": ("a", b"x")})
        assert file.status_code == 403


async def test_a_form_before_signing_in_is_bound_to_its_browser(db: str) -> None:
    async with client_for() as browser, client_for() as other:
        await browser.page("/sign-in")
        assert "sr_form" in browser.cookies
        await other.page("/sign-in")
        answer = await other.post("/language", data={"csrf_token": browser.csrf, "locale": "en"})
        assert answer.status_code == 403
        assert (await browser.send("/language", locale="en")).status_code == 303


def test_a_form_token_dies_with_its_session() -> None:
    first, second = (Reader("", language=None, session=key) for key in ("one", "two"))  # type: ignore[arg-type]
    assert token_for(first) != token_for(second)


async def test_an_anonymous_visit_writes_nothing(db: str) -> None:
    async with client_for() as browser:
        for path in ("/sign-in", "/nothing-here", "/schema", "/api/v1/me"):
            await browser.page(path)
    for table in ("session", "replay", "sign_in_attempt"):
        assert await story.value(f"SELECT count(*) FROM {table}") == 0


async def test_health_needs_no_cookie_and_tells_the_version(db: str) -> None:
    async with client_for() as browser:
        answer = await browser.get("/healthz")
        assert answer.json()["status"] == "ok"
        assert "set-cookie" not in answer.headers


async def test_the_database_away_is_said_to_people_and_to_programs() -> None:
    async with client_for() as browser:
        browser.cookies.set("sr_session", "any")
        page = await browser.page("/account")
        assert page.status_code in (500, 503)
        assert "text/html" in page.headers["content-type"]
        answer = await browser.get("/api/v1/me")
        assert answer.headers["content-type"] == "application/problem+json"
