"""Taking in what trackers brought home: what stands in its way, and who comes first; see also test_checkins.py."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.schemas.handover import IncidentKind, IncidentReport, ItemState
from shared_resources.equipment.schemas.register import Resource
from shared_resources.equipment.service.incidents import report_incident
from shared_resources.equipment.service.sweeps import mark_overdue
from shared_resources.equipment.trackers.service.checkins import undo_checkin
from shared_resources.equipment.trackers.service.taking_in import take_in_checked
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import Role
from tests.equipment.trackers.meaning.story import MINUTE, Carried, Story, story
from tests.makers import END, HOUR, state_of
from tests.people import make_cast, make_person

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from shared_resources.kernel.permissions import Actor
    from tests.people import Cast

BACK = END - HOUR
LATER = BACK + 30 * MINUTE


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


def found(*things: Carried) -> list[ItemState]:
    """The keeper found these in good state."""
    return [ItemState(code=thing.code, wiped=True, note="完好") for thing in things]


async def outcome(act: Awaitable[object]) -> str:
    """How an act ended: done, or the code of the refusal."""
    try:
        await act
    except Refusal as refusal:
        return refusal.code
    return "done"


async def checked_in(cast: Cast, items: int = 1) -> Story:
    """A loan of which everything came home at ``BACK``."""
    told = await story(cast, items=items, tags=True)
    for thing in told.things:
        await told.came_home(BACK, thing)
    return told


async def test_video_equipment_comes_home_without_case_data(cast: Cast) -> None:
    told = await checked_in(cast)
    async with transaction() as db:
        await db.execute("UPDATE category SET resource = $1", Resource.VIDEO)
    with clock.at(LATER), pytest.raises(Refusal) as refused:
        await take_in_checked(cast.owner.custodian, told.loan.number, [ItemState(code=told.thing.code)])
    assert "case data" in str(refused.value)
    assert (await told.line())["state"] == "out"


async def test_what_is_found_damaged_is_no_longer_checked_in_once_written_off(cast: Cast) -> None:
    told = await checked_in(cast)
    with clock.at(LATER):
        report = IncidentReport(code=told.thing.code, kind=IncidentKind.LOSS, description="门口拿走了")
        await report_incident(cast.owner.custodian, report)
    line = await told.line()
    assert (line["state"], line["checked_in_at"]) == ("lost", None)
    assert [row["state"] for row in await told.checkins()] == ["undone"]


async def second_keeper(cast: Cast) -> Actor:
    """Another custodian of the owner."""
    return await make_person(cast.owner.agency, f"{cast.owner.slug}.keeper2", [Role.CUSTODIAN])


@pytest.mark.parametrize("chance", range(3))
async def test_two_keepers_at_once_take_it_in_once(cast: Cast, chance: int) -> None:
    told = await checked_in(cast)
    keepers = [cast.owner.custodian, await second_keeper(cast)]
    with clock.at(LATER):
        acts = [outcome(take_in_checked(keeper, told.loan.number, found(told.thing))) for keeper in keepers]
        assert sorted(await asyncio.gather(*acts)) == ["done", "not_checked_in"]
    assert [line["kind"] for line in await told.chain()].count("return") == 1
    assert (await told.acts()).count("take_back") == 1


@pytest.mark.parametrize("chance", range(4))
async def test_undoing_and_taking_in_at_once(cast: Cast, chance: int) -> None:
    """One of them wins, the other is told so, and what stands fits together."""
    told = await checked_in(cast)
    (checkin,) = await told.checkins()
    with clock.at(BACK + 5 * MINUTE):
        acts = [
            outcome(take_in_checked(cast.owner.custodian, told.loan.number, found(told.thing))),
            outcome(undo_checkin(cast.borrower.officer, checkin["id"], "还要用")),
        ]
        ended = await asyncio.gather(*(acts if chance % 2 else reversed(acts)))
    assert ended.count("done") == 1
    assert set(ended) - {"done"} <= {"checkin_decided", "not_checked_in"}
    line = await told.line()
    assert line["checked_in_at"] is None
    (last,) = await told.checkins()
    assert (line["state"], last["state"]) in {("back", "received"), ("out", "undone")}


async def test_what_is_still_away_is_late(cast: Cast) -> None:
    told = await story(cast, items=2, tags=True)
    await told.came_home(BACK)
    with clock.at(END + HOUR):
        assert await mark_overdue() == 1
    await told.came_home(END + 2 * HOUR, told.things[1])
    assert list(await told.terms()) == ["taking_in"]
    with clock.at(END + 2 * HOUR + timedelta(minutes=20)):
        await take_in_checked(cast.owner.custodian, told.loan.number, found(*told.things))
    assert await state_of(told.loan.number) == "returned"
