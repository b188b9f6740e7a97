"""Tags at doors other than that which speaks for them: one's own second door, the borrower's, a stranger's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.trackers.queries.alarms import alarm_page
from shared_resources.equipment.trackers.schemas.devices import SourceDraft, TrackerDraft
from shared_resources.equipment.trackers.service.devices import register_tracker
from shared_resources.equipment.trackers.service.sources import register_source
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from tests.equipment.trackers.meaning.story import MINUTE, Story, story
from tests.equipment.trackers.register.devices import a_model, count
from tests.makers import END, HOUR, MONDAY, START, make_depot
from tests.people import make_cast

if TYPE_CHECKING:
    from uuid import UUID

    from tests.people import Cast, Team

NOON = START + 2 * HOUR


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


async def a_door(team: Team, name: str, depot: UUID | None = None, payload: str = "ble") -> str:
    """A reader at a depot of this agency."""
    with clock.at(MONDAY):
        depot = depot or await make_depot(keeper=team.custodian)
        draft = SourceDraft(name=name, payload=payload, depot=depot, return_door=True)
        return await register_source(team.custodian, draft)


async def depot_of(told: Story) -> UUID:
    """Where the item is at home."""
    async with reading() as db:
        return await db.fetchval("SELECT depot FROM item WHERE id = $1", told.thing.item)  # type: ignore[no-any-return]


async def test_a_stranger_reads_it_while_it_is_out(cast: Cast) -> None:
    told = await story(cast, tags=True)
    held = await told.chain()
    door = await a_door(cast.third, "三号库门口")
    for minute in range(3):
        await told.thing.is_read(door, NOON + minute * MINUTE, times=1)
    assert await told.alarms(open_only=False) == ["wrong_holder"]
    assert (await told.checkins(), await told.chain()) == ([], held)
    async with reading() as db:
        number = await db.fetchval("SELECT number FROM record WHERE kind = 'alarm'")
        agency = await db.fetchval("SELECT name_zh FROM agency WHERE id = $1", cast.third.agency)
    with clock.at(NOON + HOUR):
        page = await alarm_page(cast.owner.custodian, number)
    assert page.facts == {"source": "三号库门口", "agency": agency}


async def test_a_stranger_learns_and_tells_nothing_of_what_is_not_lent(cast: Cast) -> None:
    told = await story(cast, tags=True, state="approved")
    door = await a_door(cast.third, "三号库门口")
    await told.thing.is_read(door, MONDAY + 2 * HOUR)
    assert await count("position") == 0
    assert await count("tracker_state") == 0
    async with reading() as db:
        assert await db.fetchval("SELECT state FROM record WHERE id = $1", told.thing.id) == "bound"


async def test_the_borrowers_own_door_is_no_other_holder(cast: Cast) -> None:
    told = await story(cast, tags=True)
    await told.thing.is_read(await a_door(cast.borrower, "借用方门口"), NOON, times=5)
    assert (await told.alarms(open_only=False), await told.checkins()) == ([], [])
    assert await count("tracker_state") == 1


async def test_the_second_door_of_its_depot_takes_it_home(cast: Cast) -> None:
    told = await story(cast, tags=True)
    door = await a_door(cast.owner, "后门", await depot_of(told))
    await told.thing.is_read(door, END - HOUR)
    (made,) = await told.checkins("confirmed")
    assert made["how"] == "door"


async def test_another_depot_of_its_owner_is_not_home(cast: Cast) -> None:
    told = await story(cast, tags=True)
    await told.thing.is_read(await a_door(cast.owner, "二库门口"), END - HOUR, times=6)
    assert (await told.checkins(), await told.alarms()) == ([], [])


async def test_an_id_that_two_agencies_registered_is_nobodys_at_a_third_door(cast: Cast) -> None:
    told = await story(cast, tags=True)
    theirs = await a_door(cast.borrower, "借用方门口")
    with clock.at(MONDAY):
        model = await a_model(cast.borrower.custodian, payload="ble")
        draft = TrackerDraft(name="冒名", model=model, source=theirs, natural_id=told.thing.mac)
        await register_tracker(cast.borrower.custodian, draft)
    await told.thing.is_read(await a_door(cast.third, "三号库门口"), NOON)
    assert await count("tracker_state") == 0
    await told.thing.is_read(told.door, NOON)
    assert await count("tracker_state", "tracker = $1", told.thing.id) == 1


async def test_only_what_is_on_the_air_is_known_elsewhere(cast: Cast) -> None:
    """A server of another agency that names the same id speaks for nobody."""
    told = await story(cast, tags=True)
    async with reading() as db:
        await db.execute("UPDATE tracker_source SET payload = 'zigbee2mqtt' WHERE key = $1", told.door)
    await told.thing.is_read(await a_door(cast.third, "三号库门口"), NOON)
    assert await count("tracker_state") == 0
