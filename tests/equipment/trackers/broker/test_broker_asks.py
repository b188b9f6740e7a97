"""A broker that asks us at every connection: the shared word first, then who may do what; a denial is a 200."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as some

from shared_resources.equipment.trackers.api.broker import Question, answer
from shared_resources.equipment.trackers.service.credentials import (
    Issued,
    issue_credential,
    revoke_credential,
    rotate_credential,
)
from shared_resources.kernel.database.transaction import reading
from shared_resources.settings import settings
from tests.clients import client_for
from tests.equipment.trackers.broker.test_credentials import a_source, credential
from tests.equipment.trackers.register.devices import a_tracker
from tests.people import make_cast

SECRET = "between-us-and-the-broker"
DENIED = {"result": "deny", "is_superuser": False}


@pytest.fixture
def shared_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting."""
    monkeypatch.setenv("SHARED_RESOURCES_BROKER_SECRET", SECRET)
    monkeypatch.setenv("SHARED_RESOURCES_BROKER_URL", "mqtt://shared-resources:our%2Fword@127.0.0.1:1")
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _settings_are_read_again(monkeypatch: pytest.MonkeyPatch) -> Any:
    yield
    monkeypatch.undo()
    settings.cache_clear()


@asynccontextmanager
async def broker() -> AsyncIterator[Any]:
    """Asks as EMQX does."""
    async with client_for(None) as browser:

        async def ask(body: Any, secret: str | None = SECRET) -> httpx.Response:
            headers = {"x-broker-secret": secret} if secret is not None else {}
            options: Any = {"content": body} if isinstance(body, bytes) else {"json": body}
            return await browser.post("/broker/auth", headers=headers, **options)

        yield ask


def as_asked(issued: Issued) -> dict[str, str]:
    """The body."""
    return {"username": issued.username, "password": issued.password, "clientid": "x"}


@pytest.mark.usefixtures("shared_word")
async def test_each_is_let_in_with_its_topics(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    device = await issue_credential(keeper, tracker=(await a_tracker(keeper))[0])
    gateway = await issue_credential(keeper, source=await a_source(keeper))
    async with broker() as ask:
        told = await ask(as_asked(device))
        assert told.status_code == 200
        key = device.username
        assert told.json() == {
            "result": "allow",
            "is_superuser": False,
            "acl": [
                {"permission": "allow", "action": "publish", "topic": f"t/{key}/#"},
                {"permission": "allow", "action": "publish", "topic": f"owntracks/{key}/#"},
                {"permission": "allow", "action": "subscribe", "topic": f"cmd/{key}/#"},
                {"permission": "deny", "action": "all", "topic": "#"},
            ],
        }
        topics = [rule["topic"] for rule in (await ask(as_asked(gateway))).json()["acl"]]
        assert topics == ["s/door-1/#", "#"]
        ours = await ask({"username": "shared-resources", "password": "our/word"})
        assert [rule["topic"] for rule in ours.json()["acl"]] == ["cmd/#", "t/#", "owntracks/#", "s/#", "#"]
        assert (await ask({"username": "shared-resources", "password": "x"})).json() == DENIED
    async with reading() as conn:
        used = await conn.fetchval("SELECT last_used_at FROM tracker_credential WHERE username = $1", key)
    assert used is not None


@pytest.mark.usefixtures("shared_word")
async def test_wrong_revoked_and_unreadable_is_deny(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    number, _ = await a_tracker(keeper)
    old = await issue_credential(keeper, tracker=number)
    new = await rotate_credential(keeper, tracker=number, grace_hours=1)
    async with broker() as ask:
        assert (await ask(as_asked(old))).json()["expire_at"] > 0
        assert "expire_at" not in (await ask(as_asked(new))).json()
        await revoke_credential(keeper, await credential(old.username))
        bodies: tuple[Any, ...] = (
            as_asked(old),
            as_asked(new) | {"password": "x"},
            {"username": "nobody", "password": ""},
            {"username": "a\0b", "password": ""},
            {"username": None},
            {},
            [],
            b"",
            b"{",
            b"\xff\xfe",
        )
        for body in bodies:
            told = await ask(body)
            assert (told.status_code, told.json()) == (200, DENIED), body


async def test_without_the_word_nothing_is_there(db: str, request: pytest.FixtureRequest) -> None:
    body = {"username": "shared-resources", "password": "our/word"}
    async with broker() as ask:
        assert (await ask(body)).status_code == 404
        request.getfixturevalue("shared_word")
        for secret in (None, "", "x", SECRET + "x"):
            assert (await ask(body, secret)).status_code == 404
        assert (await ask(body)).status_code == 200


@pytest.mark.usefixtures("shared_word")
@how(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(username=some.text(max_size=20), password=some.text(max_size=20))
async def test_no_guess_is_an_error(db: str, username: str, password: str) -> None:
    assert (await answer(Question(username, password)))["result"] == "deny"
