"""Signing in and out, as browsers do it."""

from __future__ import annotations

from tests.clients import client_for
from tests.kernel import identity_story as story

from shared_resources.kernel import identity
from shared_resources.kernel.permissions import Role


async def keeper(slug: str = "one") -> None:
    root = await story.system_administrator()
    await story.agency(root, slug)
    await story.person(root, f"{slug}.keeper", slug)


async def test_a_right_password_opens_a_session_and_leads_on(db: str) -> None:
    await keeper()
    async with client_for() as browser:
        assert (await browser.page("/sign-in?next=/items")).status_code == 200
        answer = await browser.send("/sign-in", username="one.keeper", password=story.PASSWORD, next="/items")
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == "/items"
        key = browser.cookies["sr_session"]
        actor = await identity.actor_for_session(key)
        assert actor is not None
        assert Role.CUSTODIAN in actor.roles
