"""Coming home: at the return door, by standing at the depot; what keepers, borrowers and the tracker undo."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.queries.journal import acts_of
from shared_resources.equipment.trackers.service.checkins import (
    confirm_checkin,
    decline_checkin,
    undo_checkin,
)
from shared_resources.equipment.trackers.service.meaning import weigh
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, Refusal
from tests.equipment.trackers.meaning.story import FAR, MINUTE, NEAR, Story, story
from tests.makers import END, HOUR, START, said_to, state_of
from tests.people import make_cast

if TYPE_CHECKING:
    from tests.people import Cast

BACK = END - HOUR
"""When things come home in these tests."""


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


async def seems_home(cast: Cast, items: int = 1) -> Story:
    """Devices that were away and have stood at the depot for six minutes since ``BACK``."""
    told = await story(cast, items=items)
    for thing in told.things:
        await thing.stands(START + HOUR, FAR, 1)
        await thing.stands(BACK, NEAR)
    return told


async def test_the_return_door_checks_in_at_once(cast: Cast) -> None:
    told = await story(cast, tags=True)
    held = await told.chain()
    await told.came_home(BACK)
    line = await told.line()
    assert (line["state"], line["checked_in_at"]) == ("out", BACK + timedelta(seconds=12))
    assert await state_of(told.loan.number) == "out"
    assert await told.chain() == held
    assert list(await told.terms()) == ["taking_in"]
    newest = (await acts_of(told.loan.id))[0]
    assert (newest.step, newest.basis, newest.actor_name) == ("check_in", "VI-1a", None)
    assert await said_to(cast.owner.custodian, "take them in")
    assert await said_to(cast.borrower.custodian, "reported themselves home")


async def test_more_readings_of_the_door_change_nothing(cast: Cast) -> None:
    told = await story(cast, tags=True)
    await told.came_home(BACK)
    acts = await told.acts()
    await told.thing.is_read(told.door, BACK + timedelta(seconds=18), times=9)
    await told.thing.is_read(told.door, BACK + 20 * MINUTE, times=4)
    assert await told.acts() == acts
    assert len(await told.checkins()) == 1


async def test_what_was_weighed_before_is_weighed_without_effect(cast: Cast) -> None:
    told = await seems_home(cast)
    with clock.at(BACK + 7 * MINUTE):
        async with transaction():
            assert await weigh([told.thing.id], clock.now()) == 0
    assert len(await told.checkins()) == 1


async def test_standing_at_the_depot_is_proposed_to_the_keeper(cast: Cast) -> None:
    told = await seems_home(cast)
    (proposed,) = await told.checkins("proposed")
    assert (proposed["how"], proposed["seen_at"]) == ("dwell", BACK)
    assert (await told.line())["checked_in_at"] is None
    assert await said_to(cast.owner.custodian, "seems to be home")
    assert not await said_to(cast.borrower.officer, "seems to be home")
    with clock.at(BACK + 20 * MINUTE):
        assert await confirm_checkin(cast.owner.custodian, proposed["id"]) == told.loan.number
    assert (await told.line())["checked_in_at"] == BACK + 20 * MINUTE
    assert (await told.acts())[-2:] == ["propose_checkin", "check_in"]
    assert list(await told.terms()) == ["taking_in"]


async def test_the_door_confirms_what_was_only_proposed(cast: Cast) -> None:
    told = await story(cast, tags=True, at_once=False)
    await told.thing.is_read(told.door, BACK)
    (proposed,) = await told.checkins("proposed")
    async with transaction() as db:
        await db.execute("UPDATE tracker_source SET return_door = true")
    await told.thing.is_read(told.door, BACK + MINUTE)
    (confirmed,) = await told.checkins()
    assert (confirmed["id"], confirmed["state"]) == (proposed["id"], "confirmed")


async def test_what_a_keeper_declined_is_proposed_again_only_after_it_was_away(cast: Cast) -> None:
    told = await seems_home(cast)
    (proposed,) = await told.checkins()
    with clock.at(BACK + 7 * MINUTE):
        with pytest.raises(Invalid):
            await decline_checkin(cast.owner.custodian, proposed["id"], " ")
        await decline_checkin(cast.owner.custodian, proposed["id"], "库里没有")
    await told.thing.stands(BACK + 8 * MINUTE, NEAR, 8)
    assert [row["state"] for row in await told.checkins()] == ["declined"]
    await told.thing.stands(BACK + 20 * MINUTE, FAR, 2)
    await told.thing.stands(BACK + 30 * MINUTE, NEAR)
    assert [row["state"] for row in await told.checkins()] == ["declined", "proposed"]


async def test_a_proposal_falls_when_the_item_leaves_again(cast: Cast) -> None:
    told = await seems_home(cast)
    await told.thing.says(BACK + 40 * MINUTE, FAR)
    assert await told.checkins("proposed")  # one bad fix says nothing
    await told.thing.says(BACK + 41 * MINUTE, FAR)
    assert [row["state"] for row in await told.checkins()] == ["undone"]
    assert (await told.acts())[-1] == "withdraw_checkin"


async def test_the_tracker_itself_undoes_within_ten_minutes(cast: Cast) -> None:
    told = await seems_home(cast)
    (proposed,) = await told.checkins()
    with clock.at(BACK + 6 * MINUTE + timedelta(seconds=30)):
        await confirm_checkin(cast.owner.custodian, proposed["id"])
    await told.thing.stands(BACK + 7 * MINUTE, FAR, 1)
    assert (await told.line())["checked_in_at"] is None
    assert (await told.terms()) == {"return": END}
    assert (await told.acts())[-1] == "undo_check_in"


async def test_leaving_later_is_an_alarm_and_undoes_nothing(cast: Cast) -> None:
    told = await seems_home(cast)
    (proposed,) = await told.checkins()
    with clock.at(BACK + 7 * MINUTE):
        await confirm_checkin(cast.owner.custodian, proposed["id"])
    await told.thing.stands(BACK + 30 * MINUTE, FAR, 1)
    assert (await told.line())["checked_in_at"] is not None
    assert await told.alarms() == ["left_early"]


@pytest.mark.parametrize("tags", [True, False])
async def test_the_hand_over_at_the_counter_is_no_return(cast: Cast, tags: bool) -> None:
    told = await story(cast, tags=tags)
    if tags:
        await told.thing.is_read(told.door, START + MINUTE, times=30)
    else:
        await told.thing.stands(START + MINUTE, NEAR, 12)
    assert not await told.checkins()


async def test_driving_past_the_door_is_no_return(cast: Cast) -> None:
    told = await story(cast, tags=True)
    await told.thing.is_read(told.door, BACK, times=2)
    await told.thing.is_read(told.door, BACK + 5 * MINUTE, times=9, rssi=-90)
    assert not await told.checkins()


async def test_late_words_bring_nothing_home(cast: Cast) -> None:
    told = await story(cast)
    await told.thing.stands(START + HOUR, FAR, 1)
    await told.thing.says(BACK + 30 * MINUTE, None)
    await told.thing.stands(BACK, NEAR)
    assert not await told.checkins()


async def test_a_loan_comes_home_part_by_part(cast: Cast) -> None:
    told = await story(cast, items=2, tags=True)
    first, second = told.things
    await told.came_home(BACK, first)
    assert await told.terms() == {"return": END}
    undone = await told.came_home(BACK + MINUTE, second)
    assert (await told.acts())[-2:] == ["check_in_part", "check_in"]
    assert list(await told.terms()) == ["taking_in"]
    with clock.at(BACK + 5 * MINUTE):
        await undo_checkin(cast.owner.custodian, undone, "第二件又带走了")
    assert await told.terms() == {"return": END}
    assert (await told.line(first))["checked_in_at"] is not None
    assert (await told.line(second))["checked_in_at"] is None


@pytest.mark.parametrize("chance", range(4))
async def test_no_stream_changes_a_holder(cast: Cast, chance: int) -> None:
    """Whatever trackers say, the chain of custody is what people wrote."""
    told = await story(cast, items=2)
    held, dice = await told.chain(), random.Random(chance)
    at = START + MINUTE
    for _ in range(40):
        at += timedelta(seconds=dice.choice((10, 60, 400)))
        more = {"tamper": True} if dice.random() < 0.1 else {}
        where = dice.choice((NEAR, NEAR, FAR, None))
        await dice.choice(told.things).says(at, where, battery=dice.choice((5, 50)), **more)
        for row in await told.checkins("proposed"):
            if dice.random() < 0.3:
                with clock.at(at):
                    try:
                        await confirm_checkin(cast.owner.custodian, row["id"])
                    except Refusal as refusal:
                        pytest.fail(str(refusal))
    assert await told.chain() == held
    assert {(await told.line(thing))["state"] for thing in told.things} == {"out"}
