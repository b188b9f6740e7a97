"""One's own account: sessions, password, tokens."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.clients import client_for, open_session
from tests.kernel import identity_story as story
from tests.people import make_cast

from shared_resources.kernel import clock, identity
from shared_resources.kernel.permissions import Permission


async def test_nobody_gets_to_the_account_without_signing_in(db: str) -> None:
    async with client_for() as browser:
        answer = await browser.page("/account")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faccount")


async def test_other_sessions_are_listed_and_ended(db: str) -> None:
    cast = await make_cast()
    keeper = cast.owner.custodian
    other = await open_session(keeper)
    async with client_for(keeper) as browser, client_for(cast.third.custodian) as stranger:
        page = await browser.page("/account")
        [address] = re.findall(r'action="(/account/sessions/[0-9a-f-]+/end)"', page.text)
        assert (await stranger.send(address)).status_code == 404
        assert (await browser.send(address)).status_code == 303
        assert await identity.actor_for_session(other) is None
        assert (await browser.page("/account")).status_code == 200


async def test_signing_out_everywhere_includes_this_browser(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    other = await open_session(keeper)
    async with client_for(keeper) as browser:
        answer = await browser.send("/sign-out/everywhere")
        assert answer.headers["location"] == "/sign-in"
        assert await identity.actor_for_session(other) is None
        assert (await browser.page("/account")).status_code == 303


async def test_changing_the_password_ends_the_others_and_keeps_this_one(db: str) -> None:
    root = await story.system_administrator()
    await story.agency(root, "one")
    keeper = await story.colleague(root, "one.keeper", "one")
    new = "four words without sense"
    async with client_for(await keeper.actor()) as browser:
        fields = {"password": story.PASSWORD, "new_password": new, "new_password_again": new}
        wrong = await browser.send("/account/password", **{**fields, "password": "not the one there is"})
        assert wrong.status_code == 422
        assert 'aria-invalid="true"' in wrong.text
        unlike = await browser.send("/account/password", **{**fields, "new_password_again": "otherwise"})
        assert unlike.status_code == 422
        assert (await browser.send("/account/password", **fields)).status_code == 303
        assert (await browser.page("/account")).status_code == 200
    assert await identity.actor_for_session(keeper.key) is None


async def test_a_token_is_shown_once_works_within_its_scopes_and_ends(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    last = (clock.today() + timedelta(days=30)).isoformat()
    async with client_for(keeper) as browser, client_for() as program:
        empty = await browser.send("/account/tokens", name="", last_day=last)
        assert empty.status_code == 422
        foreign = await browser.send(
            "/account/tokens", name="x", last_day=last, scopes=[Permission.AGENCY_CREATE.value]
        )
        assert foreign.status_code == 422
        late = await browser.send(
            "/account/tokens", name="x", last_day="2031-01-01", scopes=["equipment:item:see"]
        )
        assert late.status_code == 422
        made = await browser.send(
            "/account/tokens", name="asset system", last_day=last, scopes=["equipment:item:see"]
        )
        [token] = re.findall(r'<code class="key-shown">([^<]+)</code>', made.text)
        page = await browser.page("/account")
        assert token not in page.text
        assert "asset system" in page.text
        bearer = {"authorization": f"Bearer {token}"}
        me = (await program.get("/api/v1/me", headers=bearer)).json()
        assert me["scopes"] == ["equipment:item:see"]
        assert (await program.post("/account/tokens", headers=bearer, data={})).status_code == 403
        [end] = re.findall(r'action="(/account/tokens/[0-9a-f-]+/revoke)"', page.text)
        await browser.send(end)
        assert (await program.get("/api/v1/me", headers=bearer)).status_code == 401


async def test_a_language_is_chosen_for_the_browser_and_for_good(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    async with client_for(keeper) as browser:
        assert '<html lang="zh-CN"' in (await browser.page("/account")).text
        answer = await browser.send("/language", locale="en", next="/account")
        assert (answer.status_code, answer.headers["location"]) == (303, "/account")
        english = await browser.page("/account")
        assert '<html lang="en"' in english.text
        assert english.headers["content-language"] == "en"
        assert (await browser.send("/language", locale="fr")).status_code == 422
        away = await browser.send("/language", locale="zh_CN", next="https://evil.example")
        assert away.headers["location"] == "/"
    locale = await story.value("SELECT locale FROM person WHERE id = $1", keeper.person)
    assert locale == "zh_CN"


async def test_the_language_of_an_anonymous_browser_is_its_own(db: str) -> None:
    async with client_for() as browser:
        wished = await browser.get("/sign-in", headers={"accept-language": "en-GB,en;q=0.9,zh;q=0.1"})
        assert '<html lang="en"' in wished.text
        await browser.page("/sign-in")
        await browser.send("/language", locale="zh_CN", next="/sign-in")
        chosen = await browser.get("/sign-in", headers={"accept-language": "en"})
        assert '<html lang="zh-CN"' in chosen.text
