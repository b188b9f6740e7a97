"""What joint use recorded: the duty appears by itself, is met by sharing or a statement, and all confirm."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Invalid, NotFound, WrongState
from shared_resources.kernel.shared_use import footage_owed
from shared_resources.video.families import SHARED
from shared_resources.video.schemas.shared import Confirmed, NothingRecorded, Sharing
from shared_resources.video.service.openings import open_recording
from tests.people import Cast, make_cast
from tests.video.kept import kept

if TYPE_CHECKING:
    from uuid import UUID

TWO = Sharing(first="王执法", second="李执法")


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def owed(cast: Cast) -> tuple[UUID, str]:
    """The borrower owes footage of a use to the owner and a third agency; id and number."""
    about = await kept(cast.third.officer)
    now = clock.now()
    async with transaction():
        others = [cast.owner.agency, cast.third.agency, cast.borrower.agency]
        await footage_owed(about.id, "夜市联合检查", cast.borrower.agency, others, now - timedelta(hours=5), now)
    async with reading() as db:
        row = await db.fetchrow("SELECT id, number FROM record WHERE kind = 'shared_footage'")
    return row["id"], row["number"]


async def test_the_duty_has_a_target_and_both_sides_see_it(cast: Cast) -> None:
    _, number = await owed(cast)
    page = await case_page(cast.borrower.officer, SHARED, number)
    assert [(due.term, due.statutory) for due in page.dues] == [("share", False)]
    assert set(page.facts.parties.agencies) == {cast.borrower.agency, cast.owner.agency, cast.third.agency}
    assert (await case_page(cast.third.officer, SHARED, number)).facts.state == "owed"


async def test_nothing_is_shared_before_something_is_taken_in(cast: Cast) -> None:
    _, number = await owed(cast)
    with pytest.raises(WrongState):
        await take_step(cast.borrower.officer, SHARED, number, "share", TWO)
    with pytest.raises(Invalid):
        await kept(cast.owner.officer, shared_use=number)


async def test_shared_with_everybody_and_confirmed_by_each_once(cast: Cast) -> None:
    record, number = await owed(cast)
    moved = await kept(cast.borrower.officer, shared_use=number)
    with pytest.raises(NotFound):
        await open_recording(cast.third.officer, moved.number, "view", "联合检查取证")
    await take_step(cast.borrower.officer, SHARED, number, "share", TWO)
    assert (await facts_of(record)).letter("handover_list") is not None
    for actor in (cast.owner.officer, cast.third.officer):
        await open_recording(actor, moved.number, "view", "联合检查取证")
        await take_step(actor, SHARED, number, "confirm", Confirmed())
        if actor is cast.owner.officer:
            with pytest.raises(WrongState):
                await take_step(actor, SHARED, number, "confirm", Confirmed())
    assert (await facts_of(record)).state == "closed"


async def test_nothing_recorded_is_a_leading_persons_statement(cast: Cast) -> None:
    record, number = await owed(cast)
    form = NothingRecorded(why="当日未开启录像设备。", stated_by="王执法")
    await take_step(cast.borrower.head, SHARED, number, "nothing_recorded", form)
    assert (await facts_of(record)).state == "nothing"
    moved = await kept(cast.borrower.officer, shared_use=number)
    await take_step(cast.borrower.officer, SHARED, number, "share", TWO)
    await open_recording(cast.owner.officer, moved.number, "view", "联合检查取证")
