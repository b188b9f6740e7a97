"""Recordings fall due by their class, are held back while anything needs them, and go by two persons' hands."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import NotAllowed, NotFound, WrongState
from shared_resources.kernel.permissions import Actor
from shared_resources.kernel.storage import place, remove_contents, sweep_forgotten
from shared_resources.kernel.verify import verify_all
from shared_resources.video.rules.footage import RETENTIONS
from shared_resources.video.service.holds import lift_hold, place_hold
from shared_resources.video.service.intake import keep_until
from shared_resources.video.service.openings import open_recording
from shared_resources.video.service.retention import (
    approve_deletion,
    delete_footage,
    fall_due,
    keep_longer,
)
from tests.people import Cast, make_cast
from tests.video import asking
from tests.video.kept import kept

MONTH = timedelta(days=31)


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


def leading(cast: Cast, member: Actor) -> Actor:
    """A member of the owner's team with the head's roles."""
    return replace(member, roles=cast.owner.head.roles)


@given(st.sampled_from(sorted(RETENTIONS)), st.dates(date(2007, 1, 1), date(2100, 1, 1)))
def test_nothing_is_kept_for_less_than_thirty_days(retention: str, today: date) -> None:
    until = keep_until(retention, today)
    assert until is None or (until - today).days >= 30


async def test_two_persons_delete_what_is_due(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    assert await fall_due() == 0
    with clock.at(clock.now() + MONTH):
        assert await fall_due() == 1
        with pytest.raises(NotAllowed):
            await approve_deletion(cast.owner.officer, moved.number)
        await approve_deletion(cast.owner.head, moved.number)
        with pytest.raises(WrongState):
            await delete_footage(cast.owner.head, moved.number)
        other = leading(cast, cast.owner.clerk)
        async with reading() as db:
            sha256 = await db.fetchval(
                "SELECT sha256 FROM file JOIN footage f ON f.file = file.id WHERE f.id = $1", moved.id
            )
        assert place(sha256).exists()
        await remove_contents(await delete_footage(other, moved.number))
        assert not place(sha256).exists()
        with pytest.raises(WrongState):
            await open_recording(cast.owner.officer, moved.number, "view", "查看已删除的录像")
    assert await verify_all() is None


async def test_a_hold_keeps_it_and_so_does_a_request_in_use(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    await place_hold(cast.owner.head, moved.number, "行政复议期间")
    with pytest.raises(NotFound):
        await place_hold(cast.third.head, moved.number, "与我无关")
    request, _ = await asking.in_use(cast)
    with clock.at(clock.now() + MONTH):
        assert await fall_due() == 0
        async with reading() as db:
            hold = await db.fetchval("SELECT id FROM footage_hold WHERE footage = $1", moved.id)
        await lift_hold(cast.owner.head, moved.number, hold)
        assert await fall_due() == 1
        await asking.step(cast.borrower.officer, request, "purpose_done")
        assert await fall_due() == 1


async def test_kept_longer_it_is_not_due_any_more(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    with clock.at(clock.now() + MONTH):
        await fall_due()
        await keep_longer(cast.owner.head, moved.number, clock.today() + MONTH, "案件尚未办结。")
        assert await fall_due() == 0


async def test_two_second_approvals_at_once_delete_once(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    others = [leading(cast, one) for one in (cast.owner.clerk, cast.owner.second_officer)]
    with clock.at(clock.now() + MONTH):
        await fall_due()
        await approve_deletion(cast.owner.head, moved.number)
        found = await asyncio.gather(
            *(delete_footage(one, moved.number) for one in others), return_exceptions=True
        )
        assert sorted(isinstance(one, WrongState) for one in found) == [False, True]
        assert await sweep_forgotten() >= 1


async def test_a_hold_and_the_last_approval_at_once_never_both(cast: Cast) -> None:
    other = leading(cast, cast.owner.clerk)
    for _ in range(6):
        moved = await kept(cast.owner.officer)
        with clock.at(clock.now() + MONTH):
            await fall_due()
            await approve_deletion(cast.owner.head, moved.number)
            found = await asyncio.gather(
                place_hold(cast.owner.head, moved.number, "行政复议期间"),
                delete_footage(other, moved.number),
                return_exceptions=True,
            )
        assert sorted(isinstance(one, WrongState) for one in found) == [False, True]
        async with reading() as db:
            held, gone = await db.fetchrow(
                "SELECT EXISTS (SELECT FROM footage_hold h WHERE h.footage = f.id), deleted_at IS NOT NULL"
                " FROM footage f WHERE id = $1",
                moved.id,
            )
        assert held != gone
