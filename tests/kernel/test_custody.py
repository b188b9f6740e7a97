"""Who holds what: one holder at any instant, whatever happens at the same time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest
from tests.kernel.ledger_story import ask, change, depot, person
from tests.people import Cast, make_cast

from shared_resources.kernel import clock, verify
from shared_resources.kernel.custody import Change, Holder, HolderKind, holder_of, log_of
from shared_resources.kernel.errors import NotFound, Repeated, WrongState
from shared_resources.kernel.identifiers import new_id

if TYPE_CHECKING:
    from uuid import UUID


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def thing(cast: Cast) -> UUID:
    return (await ask(cast)).id


def to(thing: UUID, holder: Holder, kind: str = "issue", **more: Any) -> Change:
    return Change(thing, kind, holder, None, None, **more)


async def test_holder_is_whoever_signed_last(cast: Cast, thing: UUID) -> None:
    assert await holder_of(thing) is None
    store, officer = depot(cast.owner.agency), person(cast.borrower.officer)
    await change(to(thing, store, "receive"), None)
    await change(to(thing, officer), store)
    assert await holder_of(thing) == officer
    assert [line["kind"] for line in await log_of(thing)] == ["receive", "issue"]


async def test_change_that_starts_from_another_holder_is_refused(cast: Cast, thing: UUID) -> None:
    store, officer = depot(cast.owner.agency), person(cast.borrower.officer)
    await change(to(thing, store), None)
    for wrong in (None, officer, depot(cast.owner.agency)):
        with pytest.raises(WrongState) as caught:
            await change(to(thing, officer), wrong)
        assert caught.value.code == "holder_changed"
    assert await holder_of(thing) == store


async def test_two_takers_at_once_and_one_has_it(cast: Cast, thing: UUID) -> None:
    store = depot(cast.owner.agency)
    takers = [person(actor) for actor in (cast.borrower.officer, cast.borrower.second_officer, cast.third.officer)]
    await change(to(thing, store), None)
    answers = await asyncio.gather(*(change(to(thing, taker), store) for taker in takers), return_exceptions=True)
    assert answers.count(None) == 1
    assert sum(isinstance(answer, WrongState) for answer in answers) == 2
    assert await holder_of(thing) == takers[answers.index(None)]
    assert await verify.verify_all() is None


async def test_same_act_is_recorded_once(cast: Cast, thing: UUID) -> None:
    store, officer = depot(cast.owner.agency), person(cast.borrower.officer)
    await change(to(thing, store, act_id="a-1"), None)
    with pytest.raises(Repeated):
        await change(to(thing, officer, act_id="a-1"), store)
    assert len(await log_of(thing)) == 1


async def test_unknown_thing_has_no_custody(cast: Cast) -> None:
    with pytest.raises(NotFound):
        await change(to(new_id(), depot(cast.owner.agency)), None)


async def test_custody_never_goes_back_in_time(cast: Cast, thing: UUID) -> None:
    store = depot(cast.owner.agency)
    await change(to(thing, store), None)
    with (
        clock.at(clock.now() - timedelta(days=1)),
        pytest.raises(asyncpg.CheckViolationError, match="back in time"),
    ):
        await change(to(thing, person(cast.borrower.officer)), store)
    assert await holder_of(thing) == store


async def test_lost_thing_is_held_by_nobody_for_its_owner(cast: Cast, thing: UUID) -> None:
    lost = Holder(HolderKind.LOST, "", cast.owner.agency)
    await change(to(thing, lost, "loss", note="水中"), None)
    assert await holder_of(thing) == lost
