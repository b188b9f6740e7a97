"""Streams of words and the alarms they leave: raised once, over by themselves, silent about places."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.trackers.service.alarms import settle_alarm
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading, transaction
from tests.equipment.trackers.meaning.story import FAR, MINUTE, NEAR, Story, story
from tests.makers import END, HOUR, MONDAY, START, said_to, state_of
from tests.people import make_cast

if TYPE_CHECKING:
    from tests.people import Cast

NOON = START + 2 * HOUR


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


async def numbers(told: Story) -> list[str]:
    """Numbers of the alarms of a story, the first first."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT r.number FROM alarm a JOIN record r ON r.id = a.id WHERE a.tracker = $1"
            " ORDER BY a.raised_at, a.id",
            told.thing.id,
        )
    return [row["number"] for row in rows]


async def tampered(cast: Cast) -> tuple[Story, str]:
    """A loan whose tracker was tampered with, and the alarm."""
    told = await story(cast)
    await told.thing.says(NOON, FAR, tamper=True)
    (number,) = await numbers(told)
    return told, number


async def test_a_low_battery_is_told_once_and_over_when_charged(cast: Cast) -> None:
    told = await story(cast)
    for minute, level in enumerate((50, 19, 18, 21, 24, 17)):
        await told.thing.says(NOON + minute * MINUTE, FAR, battery=level)
    assert await told.alarms() == ["low_battery"]
    (number,) = await numbers(told)
    assert len(await said_to(cast.owner.custodian, "The battery of the tracker")) == 1
    await told.thing.says(NOON + 20 * MINUTE, FAR, battery=25)
    assert await told.alarms() == []
    assert await state_of(number) == "cleared"
    await told.thing.says(NOON + 40 * MINUTE, FAR, battery=10)
    assert len(await numbers(told)) == 2


async def test_outside_the_area_of_the_loan(cast: Cast) -> None:
    told = await story(cast)
    async with transaction() as db:
        await db.execute(
            "INSERT INTO loan_area (id, loan, name, latitude, longitude, radius_m, set_by, set_at)"
            " SELECT gen_random_uuid(), id, '江北', $2, $3, 500, taker, starts_at FROM loan WHERE id = $1",
            told.loan.id,
            *FAR,
        )
    beyond = (FAR[0] + 0.1, FAR[1])
    await told.thing.stands(NOON, FAR, 2)
    await told.thing.says(NOON + 3 * MINUTE, beyond)
    assert await told.alarms() == []
    await told.thing.says(NOON + 4 * MINUTE, beyond)
    assert await told.alarms() == ["outside_area"]
    await told.thing.stands(NOON + 20 * MINUTE, FAR, 1)
    assert await told.alarms() == []


async def test_a_bad_fix_is_no_place(cast: Cast) -> None:
    told = await story(cast, state="approved")
    for minute in range(4):
        await told.thing.says(START - HOUR + minute * MINUTE, FAR, acc=5000)
    assert await told.alarms() == []


async def test_leaving_before_the_hand_over(cast: Cast) -> None:
    told = await story(cast, state="approved")
    await told.thing.stands(MONDAY + 2 * HOUR, NEAR, 2)
    assert await told.alarms() == []
    await told.thing.stands(MONDAY + 3 * HOUR, FAR, 1)
    assert await told.alarms() == ["left_early"]
    await told.thing.stands(MONDAY + 4 * HOUR, NEAR, 1)
    assert await told.alarms() == []


async def test_out_past_the_end(cast: Cast) -> None:
    told = await story(cast)
    await told.thing.stands(END - 5 * MINUTE, FAR, 8)
    assert await told.alarms() == ["outside_period"]
    await told.thing.stands(END + HOUR, NEAR, 2)
    assert await told.alarms() == []


async def test_tampering_waits_for_a_person(cast: Cast) -> None:
    told, number = await tampered(cast)
    for minute in range(1, 30, 7):
        await told.thing.says(NOON + minute * MINUTE, FAR)
    assert (await told.alarms(), await numbers(told)) == (["tamper"], [number])
    assert await said_to(cast.owner.custodian, "was tampered with")


async def test_one_word_raises_no_second_alarm_when_the_first_is_settled(cast: Cast) -> None:
    told, number = await tampered(cast)
    with clock.at(NOON + MINUTE):
        await settle_alarm(cast.owner.custodian, number, "换电池时碰到的")
    await told.thing.says(NOON, FAR, tamper=True)
    assert await numbers(told) == [number]


async def test_late_words_raise_nothing(cast: Cast) -> None:
    told = await story(cast)
    await told.thing.says(NOON, FAR)
    await told.thing.says(NOON - 30 * MINUTE, FAR, tamper=True, battery=1)
    assert await told.alarms(open_only=False) == []


async def test_an_alarm_tells_no_place_on_the_map(cast: Cast) -> None:
    told = await story(cast)
    await told.thing.says(NOON, FAR, tamper=True, battery=3)
    await told.thing.stands(END, FAR, 2)
    assert await told.alarms() == ["low_battery", "outside_period", "tamper"]
    async with reading() as db:
        rows = await db.fetch("SELECT data::text AS said FROM alarm UNION ALL SELECT body::text FROM journal_line")
    assert not [row["said"] for row in rows if "29.61" in row["said"] or "106.6" in row["said"]]


async def test_words_that_come_together_are_weighed_together(cast: Cast) -> None:
    """Few statements, whatever the number of trackers: the batch is one transaction, and each has its alarm."""
    told = await story(cast, items=4)
    for thing in told.things:
        await thing.says(NOON + timedelta(seconds=1), FAR, battery=4)
    assert await told.alarms() == ["low_battery"] * 4
