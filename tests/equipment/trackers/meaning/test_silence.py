"""What is noticed because no word came: silent, lost, out past the end of the loan."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.trackers.service.alarms import settle_alarm
from shared_resources.equipment.trackers.service.silence import fall_silent, watch_periods, watch_silence
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from tests.equipment.trackers.meaning.story import FAR, MINUTE, NEAR, story
from tests.makers import END, HOUR, MONDAY, START, said_to, state_of
from tests.people import make_cast

if TYPE_CHECKING:
    from tests.people import Cast

NOON = START + 2 * HOUR


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


async def test_silent_then_lost_then_heard_again(cast: Cast) -> None:
    told = await story(cast, silent_minutes=60, lost_hours=3)
    await told.thing.says(NOON, FAR)
    with clock.at(NOON + 60 * MINUTE):
        assert await watch_silence() == 0
    with clock.at(NOON + 61 * MINUTE):
        assert await watch_silence() == 2  # the step and the alarm
        assert await watch_silence() == 0
    assert await state_of(told.thing.number) == "stale"
    assert await told.alarms() == ["silent"]
    assert await said_to(cast.owner.custodian, "reports nothing any more")
    with clock.at(NOON + 4 * HOUR):
        assert await watch_silence() == 1
    assert await state_of(told.thing.number) == "lost_contact"
    assert await told.alarms(open_only=False) == ["silent"]
    await told.thing.says(NOON + 5 * HOUR, FAR)
    assert await state_of(told.thing.number) == "online"
    assert "silent" not in await told.alarms()


async def test_several_watch_at_once(cast: Cast) -> None:
    told = await story(cast)
    await told.thing.says(NOON, FAR)
    with clock.at(NOON + 2 * HOUR):
        assert sum(await asyncio.gather(watch_silence(), watch_silence(), watch_silence())) == 2
    assert await told.alarms(open_only=False) == ["silent"]


async def test_no_alarm_for_what_lies_in_the_depot(cast: Cast) -> None:
    told = await story(cast, state="closed")
    await told.thing.says(END + HOUR, NEAR)
    with clock.at(END + 4 * HOUR):
        assert await watch_silence() == 1
    assert await state_of(told.thing.number) == "stale"
    assert await told.alarms(open_only=False) == []


async def test_silence_is_told_before_the_hand_over(cast: Cast) -> None:
    """One that fell silent on the shelf: a day before the loan begins, not earlier."""
    begins = START + 48 * HOUR
    told = await story(cast, state="approved", starts_at=begins, ends_at=begins + 6 * HOUR)
    await told.thing.says(MONDAY + 2 * HOUR, NEAR)
    with clock.at(begins - 25 * HOUR):
        assert await watch_silence() == 1
    assert (await state_of(told.thing.number), await told.alarms()) == ("stale", [])
    with clock.at(begins - 23 * HOUR):
        await watch_silence()
    assert await told.alarms() == ["silent"]


async def test_what_a_person_settled_is_not_told_again(cast: Cast) -> None:
    told = await story(cast)
    await told.thing.says(NOON, FAR)
    with clock.at(NOON + 2 * HOUR):
        await watch_silence()
        async with reading() as db:
            number = await db.fetchval("SELECT number FROM record WHERE kind = 'alarm'")
        await settle_alarm(cast.owner.custodian, number, "在地下车库")
        await watch_silence()
    with clock.at(NOON + 40 * HOUR):
        await watch_silence()
    assert await told.alarms(open_only=False) == ["silent"]
    assert await state_of(told.thing.number) == "lost_contact"


async def test_one_that_spoke_meanwhile_is_not_silent(cast: Cast) -> None:
    told = await story(cast)
    await told.thing.says(NOON, FAR)
    await told.thing.says(NOON + 50 * MINUTE, FAR)
    with clock.at(NOON + 70 * MINUTE):
        assert await fall_silent(told.thing.id) is False


async def test_out_past_the_end_without_a_word(cast: Cast) -> None:
    told = await story(cast)
    await told.thing.stands(END - HOUR, FAR, 1)
    with clock.at(END - MINUTE):
        assert await watch_periods() == 0
    with clock.at(END + MINUTE):
        assert await watch_periods() == 1
        assert await watch_periods() == 0
    assert await told.alarms() == ["outside_period"]


async def test_what_stands_at_its_depot_raises_nothing_past_the_end(cast: Cast) -> None:
    told = await story(cast)
    await told.thing.stands(END - HOUR, NEAR, 1)
    with clock.at(END + HOUR):
        assert await watch_periods() == 0
