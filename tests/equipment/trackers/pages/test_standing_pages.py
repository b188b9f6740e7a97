"""What trackers bring about, through the pages: a check-in confirmed, undone, taken in; an alarm settled."""

from __future__ import annotations

import pytest

from shared_resources.kernel import clock
from tests.equipment.counter import english
from tests.equipment.trackers.meaning.home import came_home, checkin, lent
from tests.equipment.trackers.meaning.test_alarms import alarm, alarms
from tests.equipment.trackers.meaning.test_checkins import SOON
from tests.makers import state_of
from tests.people import Cast, make_cast


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def test_confirmed_undone_and_taken_in(cast: Cast) -> None:
    it = await lent(cast)
    first = await came_home(it.homes[0], confirmed=False)
    with clock.at(SOON):
        async with english(cast.owner.custodian) as keeper:
            shown = await keeper.page("/checkins")
            assert f"/checkins/{first}/confirm" in shown.text
            answer = await keeper.send(f"/checkins/{first}/confirm")
            assert answer.headers["location"] == "/checkins"
            assert "Take in" in (await keeper.page("/checkins")).text
            assert "Checked in, awaiting inspection" in (await keeper.page(f"/loans/{it.number}")).text
        async with english(cast.borrower.officer) as borrower:
            await borrower.page(f"/loans/{it.number}")
            answer = await borrower.send(f"/checkins/{first}/undo", note="Only passing by")
            assert answer.headers["location"] == f"/loans/{it.number}"
    second = await came_home(it.homes[0], SOON, key=2)
    assert second is not None
    with clock.at(SOON):
        async with english(cast.owner.custodian) as keeper:
            (code,) = it.loan.codes
            assert code in (await keeper.page(f"/loans/{it.number}/take-in")).text
            answer = await keeper.send(f"/loans/{it.number}/take-in")
            assert answer.status_code == 422
            answer = await keeper.send(
                f"/loans/{it.number}/take-in",
                **{"items": code, f"condition-{code}": "good", f"wiped-{code}": "on"},
            )
            assert answer.headers["location"] == f"/loans/{it.number}"
            log = await keeper.page(f"/loans/{it.number}/custody")
            assert "the keeper took it in alone" in log.text
    assert (await checkin(second))["state"] == "received"
    assert await state_of(it.number) == "returned"


async def test_an_alarm_is_taken_and_settled(cast: Cast) -> None:
    it = await lent(cast)
    await alarm(cast, it)
    (row,) = await alarms()
    here = f"/alarms/{row['number']}"
    with clock.at(SOON):
        async with english(cast.owner.head) as head:
            await head.page(here)
            assert (await head.send(f"{here}/take")).headers["location"] == here
            assert (await head.send(f"{here}/settle", note="")).status_code == 422
            assert (await head.send(f"{here}/settle", note="Checked by phone")).headers["location"] == here
            assert "Checked by phone" in (await head.page(here)).text
