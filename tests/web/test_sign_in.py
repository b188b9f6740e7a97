"""Signing in and out, as browsers do it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyotp
import pytest
from tests.clients import client_for
from tests.kernel import identity_story as story

from shared_resources.kernel import identity
from shared_resources.kernel.permissions import Role
from shared_resources.kernel.web.pages import safe_path
from shared_resources.settings import settings

if TYPE_CHECKING:
    from tests.clients import Browser

NAME = "one.keeper"


@pytest.fixture
async def keeper(db: str) -> str:
    """Somebody with a password who serves one agency."""
    root = await story.system_administrator()
    await story.agency(root, "one")
    await story.person(root, NAME, "one")
    return NAME


async def enter(browser: Browser, password: str = story.PASSWORD, **fields: str) -> int:
    await browser.page("/sign-in")
    answer = await browser.send("/sign-in", **{"username": NAME, "password": password, **fields})
    browser.csrf = None
    return answer.status_code


async def test_a_right_password_opens_a_session_and_leads_on(keeper: str) -> None:
    async with client_for() as browser:
        await browser.page("/sign-in?next=/account")
        answer = await browser.send("/sign-in", username=NAME, password=story.PASSWORD, next="/account")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        actor = await identity.actor_for_session(browser.cookies["sr_session"])
        assert actor is not None
        assert Role.CUSTODIAN in actor.roles
        assert (await browser.page("/account")).status_code == 200


async def test_a_wrong_password_says_nothing_about_what_was_wrong(keeper: str) -> None:
    async with client_for() as browser:
        texts = []
        for name in (NAME, "nobody.here"):
            await browser.page("/sign-in")
            answer = await browser.send("/sign-in", username=name, password="wrong and long enough")
            assert answer.status_code == 401
            texts.append(re.sub(r'value="[^"]*"|content="[0-9a-f]{64}"', "", answer.text))
        assert texts[0] == texts[1]
        assert "sr_session" not in browser.cookies


async def test_too_many_tries_show_a_page_that_says_when_to_come_back(
    keeper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHARED_RESOURCES_SIGN_IN_FAILURES", "2")
    settings.cache_clear()
    try:
        async with client_for() as browser:
            assert [await enter(browser, "wrong and long enough") for _ in range(2)] == [401, 401]
            await browser.page("/sign-in")
            answer = await browser.send("/sign-in", username=NAME, password=story.PASSWORD)
            assert answer.status_code == 429
            assert int(answer.headers["retry-after"]) > 60
            assert NAME in answer.text  # what was typed stays, but for the password
            assert story.PASSWORD not in answer.text
    finally:
        monkeypatch.undo()
        settings.cache_clear()


async def test_the_session_before_signing_in_is_not_the_one_after(keeper: str) -> None:
    """Session fixation: a key planted in the browser is never promoted."""
    async with client_for() as browser:
        browser.cookies.set("sr_session", "planted", domain="127.0.0.1", path="/")
        await browser.page("/sign-in")
        await browser.send("/sign-in", username=NAME, password=story.PASSWORD)
        keys = [cookie.value for cookie in browser.cookies.jar if cookie.name == "sr_session"]
        assert "planted" not in keys
        first = keys[0]
        await browser.page("/account")
        await browser.send("/sign-out")
        assert await identity.actor_for_session(first or "") is None


async def test_signing_in_anew_ends_the_session_before(keeper: str) -> None:
    async with client_for() as browser:
        assert await enter(browser) == 303
        first = browser.cookies["sr_session"]
        await browser.page("/account")
        await browser.send("/sign-in", username=NAME, password=story.PASSWORD)
        assert browser.cookies["sr_session"] != first
        assert await identity.actor_for_session(first) is None


@pytest.mark.parametrize(
    "wished", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", ""]
)
async def test_next_never_leads_away(keeper: str, wished: str) -> None:
    assert safe_path(wished) == "/"
    async with client_for() as browser:
        await browser.page("/sign-in")
        answer = await browser.send("/sign-in", username=NAME, password=story.PASSWORD, next=wished)
        assert answer.headers["location"] == "/"


async def test_a_second_factor_is_set_up_and_then_needed(keeper: str) -> None:
    async with client_for() as browser:
        await enter(browser)
        await browser.page("/account")
        page = await browser.send("/account/second-factor")
        found = re.search(r'<code class="key-shown">([A-Z2-7 ]+)</code>', page.text)
        assert found
        assert "<svg" in page.text
        totp = pyotp.TOTP(found[1].replace(" ", ""))
        wrong = await browser.send("/account/second-factor/confirm", code="000000")
        assert wrong.status_code == 422
        assert (await browser.send("/account/second-factor/confirm", code=totp.now())).status_code == 303
        await browser.send("/sign-out")
        browser.csrf = None
        assert await enter(browser) == 401
        assert await enter(browser, code="000000") == 401


async def test_a_person_of_two_agencies_chooses_one_before_anything_else(db: str) -> None:
    root = await story.system_administrator()
    await story.agency(root, "one")
    two = await story.agency(root, "two")
    person = await story.person(root, NAME, "one")
    await identity.appoint(root, person, story.appointment("two"))
    async with client_for() as browser:
        await browser.page("/sign-in?next=/notices")
        answer = await browser.send("/sign-in", username=NAME, password=story.PASSWORD, next="/notices")
        assert answer.headers["location"] == "/sign-in/agency?next=%2Fnotices"
        kept_out = await browser.page("/notices")
        assert kept_out.headers["location"] == "/sign-in/agency?next=%2Fnotices"
        assert (await browser.ask("GET", "/api/v1/me")).json()["type"] == "/problems/agency_needed"
        choices = await browser.page("/sign-in/agency?next=/notices")
        assert str(two) in choices.text
        chosen = await browser.send("/sign-in/agency", agency=str(two), next="/notices")
        assert chosen.headers["location"] == "/notices"
        assert (await browser.ask("GET", "/api/v1/me")).json()["agency"] == str(two)
        foreign = await browser.send("/sign-in/agency", agency=str(person))
        assert foreign.status_code == 404


async def test_the_system_administrator_needs_no_agency(db: str) -> None:
    root = await story.system_administrator()
    async with client_for(root) as browser:
        assert (await browser.ask("GET", "/api/v1/me")).json()["agency"] is None


async def test_a_one_time_link_sets_the_password_once(keeper: str) -> None:
    root = await (
        await story.signed_in((await story.value("SELECT id FROM person WHERE username='root'")), "root")
    ).actor()
    person = await story.value("SELECT id FROM person WHERE username = $1", NAME)
    link = f"/sign-in/link/{await identity.new_link(root, person)}"
    new = "four words without sense"
    async with client_for() as browser:
        assert NAME in (await browser.page(link)).text
        differs = await browser.send(link, password=new, password_again="another thing altogether")
        assert differs.status_code == 422
        short = await browser.send(link, password="short", password_again="short")
        assert short.status_code == 422
        done = await browser.send(link, password=new, password_again=new)
        assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
        assert (await browser.page(link)).status_code == 404
        assert await enter(browser, new) == 303
