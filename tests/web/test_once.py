"""``Idempotency-Key``: done once, answered alike, whatever the client does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.clients import client_for
from tests.people import make_cast
from tests.web import troubles
from tests.web.troubles import runs

from shared_resources.kernel import clock, replays

BODY = {"name": "radio", "count": 3}
PATH = "/api/v1/acts"


@pytest.fixture(autouse=True)
def nothing_done() -> Iterator[None]:
    """A clean slate before and after."""
    runs.clear()
    troubles.gate, troubles.started = asyncio.Event(), asyncio.Event()
    yield
    runs.clear()


async def test_the_same_request_gets_the_same_answer_and_is_done_once(db: str) -> None:
    async with client_for((await make_cast()).owner.custodian, app=troubles.app) as browser:
        first = await browser.ask("POST", PATH, BODY, idempotency_key="one")
        again = await browser.ask("POST", PATH, BODY, idempotency_key='"one"')
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() == {"run": 1}
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(runs) == 1


async def test_the_act_is_named_after_the_person_and_the_key(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    async with client_for(keeper, app=troubles.app) as browser:
        await browser.ask("POST", PATH, BODY, idempotency_key="one")
        await browser.ask("POST", PATH, BODY)
    assert runs == [f"{keeper.person}:one", "None"]


async def test_another_request_with_the_key_is_refused(db: str) -> None:
    async with client_for((await make_cast()).owner.custodian, app=troubles.app) as browser:
        await browser.ask("POST", PATH, BODY, idempotency_key="one")
        other = await browser.ask("POST", PATH, {**BODY, "count": 4}, idempotency_key="one")
        elsewhere = await browser.ask("POST", f"{PATH}?x=1", BODY, idempotency_key="one")
    assert (other.status_code, elsewhere.status_code) == (422, 422)
    assert other.json()["type"] == "/problems/key_reused"
    assert len(runs) == 1


async def test_a_key_is_its_persons_own(db: str) -> None:
    cast = await make_cast()
    one_app = {"app": troubles.app}
    async with client_for(cast.owner.custodian, **one_app) as one, client_for(cast.third.head, **one_app) as two:
        await one.ask("POST", PATH, BODY, idempotency_key="one")
        answer = await two.ask("POST", PATH, BODY, idempotency_key="one")
    assert answer.json() == {"run": 2}


async def test_the_same_request_at_the_same_time_is_told_to_wait(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    slow = {**BODY, "name": "slow"}
    async with client_for(keeper, app=troubles.app) as browser:
        await browser.page("/sign-in/agency")
        working = asyncio.create_task(browser.ask("POST", PATH, slow, idempotency_key="one"))
        await troubles.started.wait()
        meanwhile = await browser.ask("POST", PATH, slow, idempotency_key="one")
        troubles.gate.set()
        first = await working
        after = await browser.ask("POST", PATH, slow, idempotency_key="one")
    assert meanwhile.status_code == 409
    assert meanwhile.json()["type"] == "/problems/in_progress"
    assert first.status_code == 201
    assert after.json() == first.json()
    assert len(runs) == 1


async def test_a_refusal_of_the_act_is_kept_and_a_fault_is_not(db: str) -> None:
    async with client_for((await make_cast()).owner.custodian, app=troubles.app) as browser:
        for _ in range(2):
            taken = await browser.ask("POST", PATH, {**BODY, "name": "taken"}, idempotency_key="one")
            assert taken.status_code == 409
            assert taken.headers["content-type"] == "application/problem+json"
        assert len(runs) == 1
        for _ in range(2):
            fault = await browser.ask("POST", PATH, {**BODY, "name": "fault"}, idempotency_key="two")
            assert fault.status_code == 500
        assert len(runs) == 3


async def test_a_form_token_that_was_missing_may_be_added_under_the_same_key(db: str) -> None:
    async with client_for((await make_cast()).owner.custodian, app=troubles.app) as browser:
        bare = await browser.request("POST", PATH, json=BODY, headers={"idempotency-key": "one"})
        assert bare.status_code == 403
        assert (await browser.ask("POST", PATH, BODY, idempotency_key="one")).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 300, '"'])
async def test_a_key_that_cannot_be_used_is_refused(db: str, key: str) -> None:
    async with client_for((await make_cast()).owner.custodian, app=troubles.app) as browser:
        answer = await browser.ask("POST", PATH, BODY, idempotency_key=key)
    assert answer.status_code == 422
    assert runs == []


async def test_a_claim_whose_worker_died_is_free_again_and_answers_are_forgotten(db: str) -> None:
    keeper = (await make_cast()).owner.custodian
    assert keeper.person is not None
    assert await replays.claim(keeper.person, "one", b"hash") is None
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert await replays.claim(keeper.person, "one", b"hash") is None
        await replays.settle(keeper.person, "one", replays.Given(200, None, None, b""))
    with clock.at(clock.now() + timedelta(days=3)):
        assert await replays.sweep_replays() == 1
