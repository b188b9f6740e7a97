"""Bytes as players ask for them: ranges, the one stranger, and a share that is revoked while the film runs."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.web.ranged import WATCHED, _read
from shared_resources.video.service.openings import open_recording
from shared_resources.video.service.shares import end_shares, share
from tests.clients import client_for
from tests.people import Cast, make_cast
from tests.proofs.serving import a_house, token_of
from tests.video.kept import kept, short_film

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.mark.parametrize(
    ("wanted", "status", "span"),
    [
        ("bytes=0-99", 206, slice(0, 100)),
        ("bytes=1000-", 206, slice(1000, None)),
        ("bytes=-500", 206, slice(-500, None)),
        ("bytes=999999999-", 416, None),
        ("bytes=5-2", 200, slice(None)),
        ("bytes=0-9,20-29", 200, slice(None)),
        ("", 200, slice(None)),
    ],
)
async def test_ranges(cast: Cast, wanted: str, status: int, span: slice | None) -> None:
    data = short_film().read_bytes()
    moved = await kept(cast.owner.officer)
    opening = await open_recording(cast.owner.officer, moved.number, "view", "核对录像")
    async with client_for(cast.owner.officer) as browser:
        headers = {"range": wanted} if wanted else {}
        answer = await browser.get(f"/footage-openings/{opening}/bytes", headers=headers)
    assert answer.status_code == status
    if span is not None:
        assert answer.content == data[span]
        async with reading() as db:
            sent = await db.fetchval("SELECT bytes_sent FROM footage_opening WHERE id = $1", opening)
        assert sent == len(answer.content)


async def test_a_ticket_is_one_persons(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    opening = await open_recording(cast.owner.officer, moved.number, "view", "核对录像")
    for other in (cast.owner.head, cast.third.officer, cast.borrower.officer):
        async with client_for(other) as browser:
            for path in ("", "/bytes", "/pictures/0"):
                assert (await browser.get(f"/footage-openings/{opening}{path}")).status_code == 404


async def test_a_revoked_share_gives_no_further_byte(cast: Cast) -> None:
    moved = await kept(cast.owner.officer)
    async with transaction():
        await share(moved.id, cast.borrower.agency, "shared_use", moved.id, None, cast.owner.head)
    opening = await open_recording(cast.borrower.officer, moved.number, "view", "联合检查取证")
    async with client_for(cast.borrower.officer) as browser:
        assert (await browser.get(f"/footage-openings/{opening}/bytes")).status_code == 200
        async with transaction():
            await end_shares(moved.id, cast.owner.head)
        assert (await browser.get(f"/footage-openings/{opening}/bytes")).status_code == 404


async def test_a_film_that_runs_stops_at_the_next_look_of_the_watch(tmp_path: Path) -> None:
    """4 MB are less than a minute of any film."""
    film = tmp_path / "long.mp4"
    film.write_bytes(bytes(3 * WATCHED))
    asked: list[int] = []

    async def watch(sent: int) -> bool:
        asked.append(sent)
        return len(asked) < 2

    sent = sum([len(piece) async for piece in _read(film, range(3 * WATCHED), watch)])
    assert sent == 2 * WATCHED
    assert sum(asked) == sent


async def test_curl_goes_on_where_it_was_cut(tmp_path: Path) -> None:
    """An independent client, against the running house."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not here")
    with a_house() as house:
        async with house.database():
            cast = await make_cast()
            moved = await kept(cast.owner.officer)
            opening = await open_recording(cast.owner.officer, moved.number, "download", "核对录像")
            token = await token_of(cast.owner.officer, Permission.FOOTAGE_VIEW, Permission.FOOTAGE_SEE)
        target, data = tmp_path / "film.mp4", short_film().read_bytes()
        target.write_bytes(data[:1000])
        address = f"{house.address}/footage-openings/{opening}/bytes"
        words = [curl, "-sS", "-C", "-", "-H", f"Authorization: Bearer {token}", "-o", str(target), address]
        await asyncio.to_thread(subprocess.run, words, check=True, timeout=60)
        assert target.read_bytes() == data
