"""Stored bytes: whole, once, known by their hash, and what they say they are."""

from __future__ import annotations

import asyncio
import hashlib
import os
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.people import make_agency

from shared_resources.kernel import clock, storage
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, NotFound, Refusal, TooLarge, Unavailable
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.media_types import IMAGES, agrees, sniff
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SHARED_RESOURCES_STORAGE_DIR", str(tmp_path / "files"))
    settings.cache_clear()
    yield tmp_path / "files"
    settings.cache_clear()


@pytest.fixture
async def owner(db: str, folder: Path) -> UUID:
    return await make_agency("owner", "市应急管理局")


async def pieces(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def keep(
    owner: UUID, content: bytes, name: str = "photo.png", media_type: str = "image/png", **more: object
) -> UUID:
    return await storage.store(owner, name, media_type, pieces(content), None, True, **more)  # type: ignore[arg-type]


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_what_was_stored_comes_back_whole(owner: UUID, folder: Path) -> None:
    file = await keep(owner, PNG, name="../../etc/现场 照片.png")
    row, path = await storage.open_file(file)
    assert path.read_bytes() == PNG
    assert (row.name, row.media_type, row.size) == ("现场 照片.png", "image/png", len(PNG))
    digest = hashlib.sha256(PNG).hexdigest()
    assert path == folder / digest[:2] / digest[2:]
    assert row.sha256.hex() == digest


async def test_same_content_at_once_lies_on_disk_once(owner: UUID, folder: Path) -> None:
    files = await asyncio.gather(*(keep(owner, PNG, name=f"{n}.png") for n in range(8)))
    assert len(set(files)) == 8
    assert len(kept(folder)) == 1
    for file in files:
        assert (await storage.open_file(file))[1].read_bytes() == PNG


@pytest.mark.parametrize(
    ("content", "claimed", "kind", "code"),
    [
        (PNG, "image/jpeg", Invalid, "file_disguised"),
        (b"<script>alert(1)</script>", "image/png", Invalid, "file_disguised"),
        (b"MZ\x90\x00\x03" + bytes(500), "image/png", Invalid, "file_kind"),
        (b"PK\x03\x04" + bytes(500), "application/pdf", Invalid, "file_kind"),
        (b"", "image/png", Invalid, "file_empty"),
        (PNG * 20, "image/png", TooLarge, "file_too_large"),
    ],
)
async def test_bad_upload_is_refused_and_leaves_nothing(
    owner: UUID, folder: Path, content: bytes, claimed: str, kind: type[Refusal], code: str
) -> None:
    with pytest.raises(kind) as caught:
        await keep(owner, content, media_type=claimed, limit=len(PNG))
    assert caught.value.code == code
    assert str(caught.value)
    assert not kept(folder)


async def test_limit_is_the_last_byte_that_is_allowed(owner: UUID) -> None:
    assert await keep(owner, PNG, limit=len(PNG))
    with pytest.raises(TooLarge):
        await keep(owner, PNG, limit=len(PNG) - 1)


async def test_only_images_where_only_images_are_wanted(owner: UUID) -> None:
    with pytest.raises(Invalid) as caught:
        await keep(owner, b"%PDF-1.7 ...", media_type="application/pdf", only=IMAGES)
    assert caught.value.code == "file_kind"


async def test_upload_that_breaks_off_leaves_nothing(owner: UUID, folder: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield PNG
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await storage.store(owner, "x.png", "image/png", broken(), None, True)
    assert not kept(folder)


async def test_unknown_file_is_not_found(owner: UUID) -> None:
    with pytest.raises(NotFound):
        await storage.open_file(new_id())


async def test_old_halves_are_swept_and_young_ones_left(owner: UUID, folder: Path) -> None:
    folder.mkdir()  # noqa: ASYNC240 a test may block
    old, young = folder / ".half-old", folder / ".half-young"
    for path, age in ((old, 25), (young, 1)):
        path.write_bytes(b"x")
        then = clock.now().timestamp() - age * 3600
        os.utime(path, (then, then))
    assert await storage.sweep_halves() == 1
    assert kept(folder) == [young]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\x00\x00\x00WAVEfmt ", None),
        (b"%PDF-1.7", "application/pdf"),
        ("编号,名称\r\n".encode(), "text/plain"),
        ("编号".encode()[:-1], "text/plain"),
        ("编号".encode("gb18030"), None),
        (b"a\x00b", None),
        (b"", None),
    ],
)
def test_first_bytes_tell_the_kind(head: bytes, found: str | None) -> None:
    assert sniff(head) == found


@given(st.binary(max_size=200))
def test_sniffing_never_fails(head: bytes) -> None:
    assert sniff(head) in {None, "image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"}


def test_names_of_the_same_type_agree() -> None:
    assert agrees("image/jpg", "image/jpeg")
    assert agrees("text/csv; charset=utf-8", "text/plain")
    assert agrees("", "application/pdf")
    assert not agrees("image/svg+xml", "text/plain")
    assert not agrees("text/html", "text/plain")


@given(st.text(max_size=400))
def test_any_name_becomes_a_name(name: str) -> None:
    cleaned = storage.clean(name)
    assert cleaned
    assert len(cleaned) <= 150
    assert not set(cleaned) & set("/\\\r\n\0")


async def test_what_is_named_while_it_is_removed_is_there_or_refused(owner: UUID) -> None:
    for number in range(8):
        content = PNG + bytes([number])
        file = await keep(owner, content)
        async with transaction():
            gone = await storage.forget([file])
        again, _ = await asyncio.gather(
            keep(owner, content), storage.remove_contents(gone), return_exceptions=True
        )
        if isinstance(again, UUID):
            _, path = await storage.open_file(again)
            assert path.read_bytes() == content
        else:
            assert isinstance(again, Unavailable)
