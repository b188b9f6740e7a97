"""A recording is taken in whole, with what identifies it; who may open it, and what that leaves behind."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound
from shared_resources.video.service.openings import LASTS, count_sent, open_recording, still_open, ticket
from shared_resources.video.service.shares import end_shares, share
from tests.people import Cast, make_cast
from tests.video.kept import BEGAN, kept, short_film

if TYPE_CHECKING:
    from uuid import UUID


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def lines_of(record: UUID) -> list[tuple[str, str | None]]:
    async with reading() as db:
        rows = await db.fetch("SELECT step, note FROM journal_line WHERE chain = $1 ORDER BY seq", record)
    return [(row["step"], row["note"]) for row in rows]


async def test_what_came_in_is_what_is_kept(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT f.*, file.sha256, file.size FROM footage f JOIN file ON file.id = f.file WHERE f.id = $1",
            moved.id,
        )
    data = short_film().read_bytes()
    assert row["sha256"] == hashlib.sha256(data).digest()
    assert row["sm3"] == hashlib.new("sm3", data).digest()
    assert (row["size"], row["width"], row["codec"]) == (len(data), 320, "h264")
    assert row["recorded_from"] == BEGAN
    assert row["recorded_to"] == BEGAN + timedelta(milliseconds=row["duration_ms"])
    assert row["keep_until"] == clock.today() + timedelta(days=30)


async def test_nothing_comes_in_with_a_marking_or_from_tomorrow(cast: Cast) -> None:
    with pytest.raises(Invalid):
        await kept(cast.owner.officer, name="机密★ 行动")
    with pytest.raises(Invalid):
        await kept(cast.owner.officer, recorded_from=clock.now() + timedelta(days=3))
    with pytest.raises(NotAllowed):
        await kept(cast.owner.auditor)


async def test_each_look_leaves_its_line_before_the_first_byte(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    opening = await open_recording(cast.owner.head, moved.number, "view", "核对夜市投诉")
    assert (await lines_of(moved.id))[-1] == ("view", "核对夜市投诉")
    given = await ticket(cast.owner.head, opening)
    assert given.path.read_bytes() == short_film().read_bytes()
    await count_sent(opening, 500)
    with pytest.raises(NotFound):
        await ticket(cast.owner.officer, opening)
    with pytest.raises(Invalid):
        await open_recording(cast.owner.head, moved.number, "view", "  ")


async def test_others_see_nothing_until_it_is_shared_and_nothing_after(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    with pytest.raises(NotFound):
        await open_recording(cast.borrower.officer, moved.number, "view", "联合检查取证")
    async with transaction():
        await share(moved.id, cast.borrower.agency, "shared_use", moved.id, None, cast.owner.head)
    opening = await open_recording(cast.borrower.officer, moved.number, "view", "联合检查取证")
    assert await still_open(cast.borrower.officer, opening)
    with pytest.raises(NotFound):
        await open_recording(cast.third.officer, moved.number, "view", "与我无关")
    async with transaction():
        assert await end_shares(moved.id, cast.owner.head) == 1
    assert not await still_open(cast.borrower.officer, opening)
    with pytest.raises(NotFound):
        await ticket(cast.borrower.officer, opening)
    assert [step for step, _ in await lines_of(moved.id)] == ["take_in", "share", "view", "end_share"]


async def test_a_share_ends_with_its_day_and_a_ticket_with_the_shift(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    until = clock.now() + timedelta(hours=1)
    async with transaction():
        await share(moved.id, cast.borrower.agency, "shared_use", moved.id, until, cast.owner.head)
    opening = await open_recording(cast.borrower.officer, moved.number, "view", "联合检查取证")
    own = await open_recording(cast.owner.officer, moved.number, "view", "自查自纠")
    with clock.at(until + timedelta(seconds=1)):
        assert not await still_open(cast.borrower.officer, opening)
        assert await still_open(cast.owner.officer, own)
    with clock.at(clock.now() + LASTS + timedelta(minutes=1)):
        assert not await still_open(cast.owner.officer, own)
