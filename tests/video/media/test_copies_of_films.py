"""Copies as they are on the pictures: exact spans, marks that can be read, places that are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.video.media import Unreadable, extract, probe, strip, viewing
from shared_resources.video.schemas.copies import Mask
from tests.video.films import GROUND, film, number_of, pictures

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def four_seconds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("films") / "four.mp4", 4, audio=True)


async def test_a_recording_is_told_by_what_is_in_it(four_seconds: Path) -> None:
    found = await probe(four_seconds)
    assert (found.width, found.height, found.codec, found.audio) == (320, 180, "h264", True)
    assert found.media_type == "video/mp4"
    assert 3_990 <= found.duration_ms <= 4_100
    assert found.fps == "25"


async def test_a_strip_shows_the_recording_from_end_to_end(four_seconds: Path) -> None:
    found = await strip(four_seconds, 4_000, count=4)
    assert [at for at, _ in found] == [0, 1000, 2000, 3000]
    assert all(data.startswith(b"\xff\xd8\xff") for _, data in found)


async def test_a_viewing_copy_is_exact_to_the_picture(four_seconds: Path, tmp_path: Path) -> None:
    made = await viewing(four_seconds, 1_320, 2_520, tmp_path / "v.mp4", mark=["副本 VF2026-00012-3"])
    assert (made.start_ms, made.end_ms) == (1_320, 2_520)
    assert [number_of(one) for one in pictures(tmp_path / "v.mp4")] == list(range(33, 63))


async def test_the_mark_is_on_every_picture_and_leaves_the_rest_alone(four_seconds: Path, tmp_path: Path) -> None:
    await viewing(four_seconds, 0, 1_000, tmp_path / "v.mp4", mark=["VR2026-00001　张三　2026-11-25"])
    for one in pictures(tmp_path / "v.mp4"):
        foot = one.crop((0, 168, 320, 180)).convert("L").getextrema()
        assert foot[1] > 200, "the ink"
        assert foot[0] < 70, "the shade behind it"
        assert all(abs(a - b) < 12 for a, b in zip(one.getpixel((160, 90)), GROUND, strict=True))


async def test_a_place_is_covered_for_its_time_only(four_seconds: Path, tmp_path: Path) -> None:
    mask = Mask(x=0.25, y=0.5, w=0.25, h=0.25, from_ms=1_400, to_ms=1_800)
    await viewing(four_seconds, 1_000, 2_000, tmp_path / "m.mp4", mark=["x"], masks=[mask])
    for one in pictures(tmp_path / "m.mp4"):
        covered = max(one.getpixel((100, 100))) < 24
        assert covered is (35 <= number_of(one) < 45)
        assert max(one.getpixel((200, 60))) > 100, "outside the place nothing is covered"


async def test_an_evidence_copy_is_bit_for_bit_from_the_key_frame_before(
    four_seconds: Path, tmp_path: Path
) -> None:
    made = await extract(four_seconds, 1_300, 2_500, tmp_path / "e.mp4")
    whole, part = pictures(four_seconds), pictures(tmp_path / "e.mp4")
    first = number_of(part[0])
    assert first == 25
    assert made.start_ms == 1_000
    assert made.end_ms >= 2_500
    assert [one.tobytes() for one in part] == [one.tobytes() for one in whole[first : first + len(part)]]
    assert number_of(part[-1]) >= 62


async def test_nothing_in_the_span_is_said(four_seconds: Path, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        await viewing(four_seconds, 9_000, 9_500, tmp_path / "v.mp4", mark=["x"])
