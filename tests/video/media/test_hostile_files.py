"""Files made to hurt cost a process and a clear answer: no hang, no crash, no other file read."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import TYPE_CHECKING

import pytest

from shared_resources.video.media import Probed, Unreadable, probe
from tests.video.films import film

if TYPE_CHECKING:
    from pathlib import Path

SEED = 20061009


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return film(tmp_path_factory.mktemp("films") / "whole.mp4", 1, size=(160, 90)).read_bytes()


async def answer(path: Path, data: bytes) -> Probed | None:
    """What the probe says of these bytes; None for a refusal in words."""
    await asyncio.to_thread(path.write_bytes, data)
    with contextlib.suppress(Unreadable):
        return await probe(path)
    return None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 5_000,
        random.Random(SEED).randbytes(20_000),
        b"ftypisom" * 500,
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"<?xml version='1.0'?><MPD><BaseURL>http://127.0.0.1/</BaseURL></MPD>",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    ],
    ids=["empty", "zeros", "noise", "heads", "concat", "playlist", "manifest", "pdf"],
)
async def test_what_is_no_recording_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    assert await answer(tmp_path / "evil.mp4", data) is None


async def test_mutated_and_truncated_recordings_never_crash_us(tmp_path: Path, whole: bytes) -> None:
    chance = random.Random(SEED)
    for number in range(16):
        data = bytearray(whole)
        if number % 2:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.randrange(1, 60)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        found = await answer(tmp_path / f"{number}.mp4", bytes(data))
        assert found is None or found.width * found.height > 0


async def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path: Path, whole: bytes) -> None:
    """The size that the header claims is changed: 160×90 becomes 60000×60000."""
    claimed = whole.replace(b"\x00\xa0\x00\x5a", b"\xea\x60\xea\x60").replace(
        b"\x00\xa0\x00\x00\x00\x5a\x00\x00", b"\xea\x60\x00\x00\xea\x60\x00\x00"
    )
    found = await answer(tmp_path / "huge.mp4", claimed)
    assert found is None or found.width <= 7680
