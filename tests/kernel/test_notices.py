"""Who is told: those who hold the role there today, once, and nobody about their own act."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.people import Cast, make_cast

from shared_resources.kernel import clock, notices
from shared_resources.kernel.database.listen import Hub, Word
from shared_resources.kernel.database.transaction import reading, transaction, verb
from shared_resources.kernel.permissions import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@verb
async def tell(agency: UUID, roles: Iterable[Role], key: str = "k", besides: Iterable[UUID] = ()) -> None:
    values = {"number": "E-1", "at": clock.now()}
    await notices.tell(
        [agency], roles, "%(number)s moved.", values, record=None, link="/x", key=key, besides=besides
    )


async def told() -> list[Any]:
    async with reading() as db:
        return [row["person"] for row in await db.fetch("SELECT person FROM notice ORDER BY id")]


async def mails() -> int:
    async with reading() as db:
        return int(await db.fetchval("SELECT count(*) FROM outbox"))


async def test_holders_of_the_role_in_that_agency_are_told(cast: Cast) -> None:
    await tell(cast.owner.agency, [Role.OFFICER, Role.UNIT_HEAD])
    assert set(await told()) == {
        cast.owner.officer.person,
        cast.owner.second_officer.person,
        cast.owner.head.person,
    }
    assert await mails() == 3


async def test_nobody_is_told_of_their_own_act(cast: Cast) -> None:
    assert cast.owner.head.person
    await tell(cast.owner.agency, [Role.UNIT_HEAD], besides=[cast.owner.head.person])
    assert await told() == []


@pytest.mark.parametrize(
    ("change", "days", "hears"),
    [
        ("UPDATE person SET is_active = false", 0, False),
        ("UPDATE appointment SET valid_to = current_date + 1", 0, True),
        ("UPDATE appointment SET valid_to = current_date + 1", 3, False),
        ("UPDATE appointment SET valid_from = current_date + 2", 0, False),
        ("UPDATE appointment SET valid_from = current_date + 2", 3, True),
    ],
)
async def test_only_who_serves_that_day(cast: Cast, change: str, days: int, hears: bool) -> None:
    async with transaction() as connection:
        await connection.execute(change)
    with clock.at(clock.now() + timedelta(days=days)):
        await tell(cast.owner.agency, [Role.CLERK])
    assert (await told() == [cast.owner.clerk.person]) == hears


async def test_same_event_sends_one_mail(cast: Cast) -> None:
    await tell(cast.owner.agency, [Role.CLERK], key="same")
    await tell(cast.owner.agency, [Role.CLERK], key="same")
    assert await mails() == 1


async def test_open_pages_hear_of_it_after_the_commit(cast: Cast, db: str) -> None:
    async with Hub(db) as hub:
        await hub.connected.wait()
        with hub.subscribe("notices") as reader:
            await tell(cast.owner.agency, [Role.CLERK])
            assert await reader.next(20) == Word("notices", str(cast.owner.clerk.person))
