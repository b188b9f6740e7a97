"""Footage on the way in and out against a bare copy with its hash; a pack as it streams; the first bytes."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from tests.clients import ADDRESS, open_session
from tests.people import make_cast
from tests.video.films import film
from tests.video.kept import kept

from benchmarks.report import Figure
from shared_resources.app import create_app
from shared_resources.kernel import clock
from shared_resources.kernel.pack.writing import Member, bagged, zipped
from shared_resources.kernel.web import cookies
from shared_resources.video.media.digests import digests_of
from shared_resources.video.schemas.footage import FootageDraft
from shared_resources.video.service.openings import open_recording
from shared_resources.video.service.uploads import append, start_upload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from shared_resources.kernel.permissions import Actor
    from shared_resources.video.media.digests import Digests

MEGA = 1_000_000
SIZE, PIECE = 400 * MEGA, 256 * 1024
AIM = 0.5
FIRST = 20


async def measure(scale: float) -> list[Figure]:
    """Megabytes a second each way and as a share of the bare copy in the same run."""
    size = max(8 * MEGA, int(SIZE * scale))
    cast = await make_cast()
    actor = cast.owner.officer
    with tempfile.TemporaryDirectory(prefix="sr-bench-") as name:
        folder = Path(name)
        blob = folder / "blob.mp4"
        await asyncio.to_thread(_fill, blob, size)
        bare = size / MEGA / await _seconds(functools.partial(_bare_copy, blob, folder / "copy"))
        up = size / MEGA / await _upload(actor, blob, size)
        hashed = size / MEGA / await _seconds(functools.partial(digests_of, blob))
        found = await asyncio.to_thread(digests_of, blob)
        packed = size / MEGA / await _seconds(functools.partial(_pack, blob, found))
        moved = await kept(actor, film(folder / "film.mp4", 20, size=(640, 360)))
        down, first = await _download(actor, moved.number)
    return [
        Figure("footage: a bare copy with SHA-256", f"{bare:,.0f} MB/s"),
        _share("footage: upload, piece by piece, against it", up, bare),
        Figure("footage: SHA-256, SM3 and CRC-32 in one pass", f"{hashed:,.0f} MB/s"),
        _share("footage: a pack as it streams, against it", packed, bare),
        Figure("footage: small ranges of a recording, each checked", f"{down:,.0f} /s"),
        Figure("footage: first bytes of an opening", f"{first:.1f} ms"),
    ]


def _share(name: str, ours: float, bare: float) -> Figure:
    ratio = ours / bare
    return Figure(name, f"{ours:,.0f} MB/s, {ratio:.0%}", f"≥ {AIM:.0%}", ratio >= AIM)


def _fill(path: Path, size: int) -> None:
    block = hashlib.sha256(b"footage").digest() * (PIECE // 32)
    with path.open("wb") as file:
        for _ in range(size // PIECE):
            file.write(block)
        file.write(block[: size % PIECE])


def _bare_copy(source: Path, target: Path) -> None:
    summary = hashlib.sha256()
    with source.open("rb") as file, target.open("wb") as copy:
        while piece := file.read(PIECE):
            summary.update(piece)
            copy.write(piece)


def _pack(blob: Path, found: Digests) -> None:
    film_in = Member("footage/blob.mp4", found.sha256.hex(), found.size, found.crc32, path=blob)
    members = bagged([film_in], {})
    for _ in zipped(members, "VR", clock.now().replace(tzinfo=None)):
        pass


async def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    await asyncio.to_thread(work)
    return time.perf_counter() - began


async def _upload(actor: Actor, blob: Path, size: int) -> float:
    draft = FootageDraft(
        name="测速", recorded_from=clock.now() - timedelta(hours=1), taken_by="王执法", declared=True
    )
    upload = await start_upload(actor, blob.name, size, draft)

    async def pieces() -> AsyncIterator[bytes]:
        with blob.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    began = time.perf_counter()
    await append(actor, upload, 0, pieces())
    return time.perf_counter() - began


async def _download(actor: Actor, number: str) -> tuple[float, float]:
    """Ranges a second, and milliseconds to the first bytes of a fresh opening."""
    opening = await open_recording(actor, number, "view", "测速查看录像")
    transport = httpx.ASGITransport(app=create_app())
    jar = {cookies.SESSION: await open_session(actor)}
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=jar) as client:
        times = []
        for at in range(FIRST):
            began = time.perf_counter()
            span = {"range": f"bytes={at * 1000}-{at * 1000 + 65_535}"}
            answer = await client.get(f"/footage-openings/{opening}/bytes", headers=span)
            times.append(time.perf_counter() - began)
            assert answer.status_code == 206
    return len(times) / sum(times), times[0] * 1000
