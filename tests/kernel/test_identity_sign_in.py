"""Signing in: one answer to every failure, tries that count, sessions that end."""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from identity_story import (
    HERE,
    PASSWORD,
    Signed,
    agency,
    appointment,
    colleague,
    later,
    person,
    refused,
    sign_in,
    signed_in,
    system_administrator,
    value,
)

from shared_resources.kernel import clock, identity
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import NotAllowed, NotFound, Refusal, SignInNeeded, TooMany
from shared_resources.kernel.identity import queries
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
async def root(db: str) -> Actor:
    return await system_administrator()


@pytest.fixture
async def keeper(root: Actor) -> Signed:
    await agency(root, "cq-em")
    return await colleague(root, "keeper", "cq-em")


@pytest.fixture
def three_tries_per_address(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SHARED_RESOURCES_SIGN_IN_PER_ADDRESS", "3")
    settings.cache_clear()
    yield
    settings.cache_clear()


async def failures(username: str, count: int) -> None:
    for _ in range(count):
        with refused(SignInNeeded, "sign_in_refused"):
            await sign_in(username, "not the password")


async def test_actor_has_agency_and_roles(keeper: Signed) -> None:
    actor = await keeper.actor()
    assert (actor.person, actor.agency_name, actor.roles) == (keeper.id, "cq-em 局", {Role.CUSTODIAN})
    assert actor.scopes is None


async def test_name_is_not_case_sensitive(keeper: Signed) -> None:
    assert await sign_in("  KEEPER ")


async def test_system_administrator_has_no_agency_and_no_other_role(root: Actor) -> None:
    assert (root.agency, root.roles) == (None, {Role.SYSTEM_ADMIN})


async def test_every_failure_says_the_same(root: Actor, keeper: Signed) -> None:
    said = set()
    await person(root, "resting", "cq-em")
    await identity.deactivate(root, await value("SELECT id FROM person WHERE username = 'resting'"))
    for name, password in (
        ("nobody", PASSWORD),
        ("keeper", "wrong"),
        ("resting", PASSWORD),
        ("", ""),
        ("a\x00b", "\x00"),
    ):
        with pytest.raises(SignInNeeded) as caught:
            await sign_in(name, password)
        said.add((str(caught.value), str(caught.value.do), caught.value.code))
    assert len(said) == 1


async def test_unknown_name_costs_as_much_as_a_known_one(keeper: Signed) -> None:
    async def cost(name: str) -> float:
        begun = time.perf_counter()
        await failures(name, 3)
        return time.perf_counter() - begun

    assert await cost("nobody") > 0.3 * await cost("keeper")


async def test_failures_lock_the_name_for_a_while_and_only_that_name(root: Actor, keeper: Signed) -> None:
    await person(root, "other", "cq-em")
    await failures("keeper", settings().sign_in_failures)
    with pytest.raises(TooMany) as caught:
        await sign_in("keeper")
    assert 0 < caught.value.seconds <= 15 * 60
    assert await sign_in("other")
    with later(minutes=14), refused(TooMany):
        await sign_in("keeper")
    with later(minutes=16):
        assert await sign_in("keeper")


async def test_unknown_names_are_locked_too(db: str) -> None:
    await failures("nobody", settings().sign_in_failures)
    with refused(TooMany, "too_many_tries"):
        await sign_in("nobody")


async def test_a_success_forgives_earlier_failures(keeper: Signed) -> None:
    for _ in range(2):
        await failures("keeper", settings().sign_in_failures - 1)
        assert await sign_in("keeper")


async def test_administrator_unlocks(root: Actor, keeper: Signed) -> None:
    await failures("keeper", settings().sign_in_failures)
    await identity.unlock(root, keeper.id)
    assert await sign_in("keeper")


async def test_guesses_at_once_all_count(keeper: Signed) -> None:
    async def guess() -> type[Refusal]:
        with pytest.raises(Refusal) as caught:
            await sign_in("keeper", "not the password")
        return type(caught.value)

    answers = await asyncio.gather(*(guess() for _ in range(20)))
    assert answers.count(SignInNeeded) == settings().sign_in_failures
    assert answers.count(TooMany) == 20 - settings().sign_in_failures


@pytest.mark.usefixtures("three_tries_per_address")
async def test_address_has_so_many_tries(db: str) -> None:
    for name in ("a1", "b2", "c3"):
        await failures(name, 1)
    with refused(TooMany):
        await sign_in("d4", address=HERE)
    with refused(SignInNeeded):
        await sign_in("d4", address="10.0.0.8")
    with later(minutes=11), refused(SignInNeeded):
        await sign_in("d4", address=HERE)


async def test_old_tries_are_swept(db: str) -> None:
    await failures("nobody", 1)
    with later(hours=25):
        assert await identity.sweep_attempts() == 1


async def test_only_the_hash_of_a_key_is_kept(keeper: Signed) -> None:
    assert len(keeper.key) == 43
    kept = await value("SELECT token_hash FROM session WHERE person = $1", keeper.id)
    assert kept == hashlib.sha256(keeper.key.encode()).digest()


async def test_signing_in_again_gives_a_new_key_and_ends_the_one_before(keeper: Signed) -> None:
    again = await identity.sign_in("keeper", PASSWORD, None, HERE, "pytest", previous=keeper.key)
    assert again != keeper.key
    assert await identity.actor_for_session(keeper.key) is None
    assert await identity.actor_for_session(again)


async def test_session_ends_when_unused_and_slides_when_used(keeper: Signed) -> None:
    idle = timedelta(hours=settings().session_hours)
    start = clock.now()
    for n in range(1, 4):
        with clock.at(start + n * (idle - timedelta(minutes=5))):
            assert await identity.actor_for_session(keeper.key)
    with clock.at(start + 4 * idle):
        assert await identity.actor_for_session(keeper.key) is None


async def test_session_ends_after_thirty_days_however_busy(keeper: Signed) -> None:
    start = clock.now()
    for n in range(1, 75):
        with clock.at(start + timedelta(hours=10 * n)):
            alive = await identity.actor_for_session(keeper.key)
        assert (alive is not None) == (n * 10 < 720)


async def test_use_is_noted_once_a_minute(keeper: Signed) -> None:
    seen = "SELECT last_seen_at FROM session WHERE person = $1"
    first = await value(seen, keeper.id)
    with later(seconds=30):
        await identity.actor_for_session(keeper.key)
    assert await value(seen, keeper.id) == first
    with later(seconds=90):
        await identity.actor_for_session(keeper.key)
    assert await value(seen, keeper.id) > first


async def test_actor_takes_one_statement(keeper: Signed) -> None:
    asked: list[str] = []
    async with transaction() as connection:
        with connection.query_logger(lambda query: asked.append(query.query)):
            await identity.actor_for_session(keeper.key)
            await asyncio.sleep(0)  # asyncpg tells its loggers in the next turn of the loop
    assert len(asked) == 1


async def test_sign_out_ends_this_session_only(keeper: Signed) -> None:
    other = await sign_in("keeper")
    await identity.sign_out(keeper.key)
    assert await identity.actor_for_session(keeper.key) is None
    assert await identity.actor_for_session(other)


async def test_sign_out_everywhere_may_keep_this_one(keeper: Signed) -> None:
    others = [await sign_in("keeper") for _ in range(2)]
    assert await identity.sign_out_everywhere(await keeper.actor(), keep=keeper.key) == 2
    assert [await identity.actor_for_session(key) for key in others] == [None, None]
    assert await identity.sign_out_everywhere(await keeper.actor()) == 1
    assert await identity.actor_for_session(keeper.key) is None


async def test_own_sessions_are_listed_and_ended_singly(root: Actor, keeper: Signed) -> None:
    await sign_in("keeper")
    lines = await queries.own_sessions(await keeper.actor(), keeper.key)
    assert [line.is_this for line in lines].count(True) == 1
    other = next(line for line in lines if not line.is_this)
    with refused(NotFound):
        await identity.end_session(root, other.id)
    await identity.end_session(await keeper.actor(), other.id)
    assert len(await queries.own_sessions(await keeper.actor())) == 1


async def test_person_of_two_agencies_chooses(root: Actor, keeper: Signed) -> None:
    second, third = await agency(root, "cq-psb"), await agency(root, "cq-fire")
    await identity.appoint(root, keeper.id, appointment("cq-psb", Role.CLERK))
    again = await signed_in(keeper.id, "keeper")
    actor = await again.actor()
    assert (actor.agency, actor.roles) == (None, frozenset())
    assert [choice.slug for choice in await queries.own_agencies(actor)] == ["cq-em", "cq-psb"]
    await identity.choose_agency(again.key, second)
    actor = await again.actor()
    assert (actor.agency, actor.roles) == (second, {Role.CLERK})
    with refused(NotFound):
        await identity.choose_agency(again.key, third)


async def test_roles_follow_agency_and_date(root: Actor, keeper: Signed) -> None:
    today = clock.today()
    await identity.appoint(
        root,
        keeper.id,
        appointment("cq-em", Role.UNIT_HEAD, valid_from=today + timedelta(2), valid_to=today + timedelta(3)),
    )
    for day, roles in ((1, {Role.CUSTODIAN}), (2, {Role.CUSTODIAN, Role.UNIT_HEAD}), (4, {Role.CUSTODIAN})):
        with later(days=day):
            actor = await identity.actor_for_session(await sign_in("keeper"))
            assert actor is not None
            assert actor.roles == roles


async def test_expired_entrustment_suspends_the_account(root: Actor, keeper: Signed) -> None:
    today = clock.today()
    await agency(root, "team", body="entrusted", entrusted_by="cq-em", valid_to=today + timedelta(1))
    agent = await colleague(root, "agent", "team", Role.CLERK)
    with later(days=1):
        assert await identity.actor_for_session(await sign_in("agent"))
    with later(days=2):
        assert await identity.actor_for_session(agent.key) is None
        with refused(NotAllowed, "suspended"):
            await sign_in("agent")


async def test_entrusted_body_rests_with_the_agency_behind_it(root: Actor) -> None:
    today = clock.today()
    await agency(root, "behind", valid_to=today)
    await agency(root, "team", body="entrusted", entrusted_by="behind", valid_to=today + timedelta(99))
    agent = await colleague(root, "agent", "team", Role.CLERK)
    assert await agent.actor()
    with later(days=1):
        assert await identity.actor_for_session(agent.key) is None


async def test_deactivated_person_is_out_at_once(root: Actor, keeper: Signed) -> None:
    await identity.deactivate(root, keeper.id)
    assert await identity.actor_for_session(keeper.key) is None
    await identity.reactivate(root, keeper.id)
    assert await identity.actor_for_session(keeper.key) is None
    assert await sign_in("keeper")


async def test_colleague_confirms_on_another_device(keeper: Signed) -> None:
    sessions = await value("SELECT count(*) FROM session")
    assert await identity.confirm_other_person("keeper", PASSWORD, None) == keeper.id
    assert await value("SELECT count(*) FROM session") == sessions


async def test_confirming_counts_failures_like_signing_in(keeper: Signed) -> None:
    for _ in range(settings().sign_in_failures):
        with refused(SignInNeeded):
            await identity.confirm_other_person("keeper", "wrong", None)
    with refused(TooMany):
        await sign_in("keeper")


async def test_unknown_keys_are_nobody(db: str) -> None:
    for key in ("", "x", "srt_x", "中文", "a" * 5000):
        assert await identity.actor_for_session(key) is None
        assert await identity.actor_for_token(key) is None
    async with reading() as connection:
        assert await connection.fetchval("SELECT 1") == 1
