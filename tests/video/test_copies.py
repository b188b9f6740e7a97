"""Copies are ordered, made from the untouched original, approved by a second person where masked, withdrawn."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from shared_resources.kernel.storage import open_file
from shared_resources.video.media import extract
from shared_resources.video.schemas.copies import CopyDraft, Mask
from shared_resources.video.service import making
from shared_resources.video.service.copies import approve_copy, order_copy, retry_copy, withdraw_copy
from shared_resources.video.service.making import make_next, release_abandoned
from shared_resources.video.service.openings import open_copy, ticket
from tests.people import Cast, make_cast
from tests.video.films import number_of, pictures
from tests.video.kept import kept

if TYPE_CHECKING:
    from typing import Any

PLACE = Mask(x=0.1, y=0.3, w=0.2, h=0.2, from_ms=0, to_ms=1000)


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def copy_row(number: str) -> Any:
    async with reading() as db:
        return await db.fetchrow("SELECT * FROM footage_copy WHERE number = $1", number)


async def test_a_viewing_copy_is_made_marked_and_numbered(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    number = await order_copy(
        cast.owner.officer, moved.number, CopyDraft(kind="viewing", start_ms=400, end_ms=1200)
    )
    assert number == f"{moved.number}-1"
    with pytest.raises(WrongState):
        await open_copy(cast.owner.officer, number, "view", "核对片段")
    assert await make_next()
    assert not await make_next()
    row = await copy_row(number)
    file, path = await open_file(row["file"])
    assert file.sha256 == hashlib.sha256(path.read_bytes()).digest()
    assert [number_of(one) for one in pictures(path)] == list(range(10, 30))
    assert number in row["mark"]
    opening = await open_copy(cast.owner.officer, number, "view", "核对片段")
    assert (await ticket(cast.owner.officer, opening)).copy_number == number


async def test_the_original_is_never_touched(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    async with reading() as db:
        original = await db.fetchval("SELECT file FROM footage WHERE id = $1", moved.id)
    before = (await open_file(original))[1].read_bytes()
    for kind in ("extract", "viewing"):
        await order_copy(cast.owner.officer, moved.number, CopyDraft(kind=kind, start_ms=0, end_ms=900))
        await make_next()
    assert (await open_file(original))[1].read_bytes() == before


async def test_a_masked_copy_waits_for_a_second_person(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    draft = CopyDraft(kind="masked", start_ms=0, end_ms=1000, masks=(PLACE,))
    number = await order_copy(cast.owner.head, moved.number, draft)
    with pytest.raises(WrongState):
        await approve_copy(cast.owner.head, number)
    await make_next()
    with pytest.raises(NotAllowed):
        await approve_copy(cast.owner.officer, number)
    with pytest.raises(WrongState):
        await approve_copy(cast.owner.head, number)
    second = await order_copy(cast.owner.officer, moved.number, draft)
    await make_next()
    await approve_copy(cast.owner.head, second)
    assert (await copy_row(second))["approved_by"] == cast.owner.head.person


async def test_spans_outside_are_refused_and_what_cannot_be_made_says_so(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    with pytest.raises(Invalid):
        await order_copy(
            cast.owner.officer, moved.number, CopyDraft(kind="extract", start_ms=60_000, end_ms=61_000)
        )
    with pytest.raises(NotFound):
        await order_copy(cast.third.officer, moved.number, CopyDraft(kind="extract", start_ms=0, end_ms=500))
    number = await order_copy(
        cast.owner.officer, moved.number, CopyDraft(kind="viewing", start_ms=1990, end_ms=2600)
    )
    await make_next()
    row = await copy_row(number)
    assert (row["state"], bool(row["error"])) == ("failed", True)
    await retry_copy(cast.owner.officer, number)
    assert (await copy_row(number))["state"] == "waiting"


async def test_two_makers_make_each_copy_once_and_the_dead_give_theirs_back(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    draft = CopyDraft(kind="extract", start_ms=0, end_ms=900)
    numbers = [await order_copy(cast.owner.officer, moved.number, draft) for _ in range(3)]
    assert numbers == [f"{moved.number}-{n}" for n in (1, 2, 3)]
    made = await asyncio.gather(make_next(), make_next(), make_next(), make_next())
    assert sorted(made) == [False, True, True, True]
    async with reading() as db:
        await db.execute("UPDATE footage_copy SET state = 'making' WHERE number = $1", numbers[0])
    assert await release_abandoned() == 1
    assert await make_next()
    await withdraw_copy(cast.owner.officer, numbers[1], "时间段有误")
    with pytest.raises(NotFound):
        await open_copy(cast.owner.officer, numbers[1], "view", "核对片段")


async def test_of_a_copy_withdrawn_while_it_is_made_nothing_is_kept(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = await kept(cast.owner.officer)
    number = await order_copy(cast.owner.officer, moved.number, CopyDraft(kind="extract", start_ms=0, end_ms=900))

    async def meanwhile(*told: Any) -> Any:
        made = await extract(*told)
        await withdraw_copy(cast.owner.officer, number, "时间段有误")
        return made

    monkeypatch.setattr(making, "extract", meanwhile)
    assert await make_next()
    row = await copy_row(number)
    assert (row["state"], row["file"]) == ("withdrawn", None)
    async with reading() as db:
        assert await db.fetchval("SELECT count(*) FROM file WHERE name LIKE $1", f"{number}%") == 0
