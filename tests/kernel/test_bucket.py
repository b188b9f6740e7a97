"""Stored bytes in a bucket, spoken to over HTTP: kept there, fetched when wanted, proved by their name."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.kernel.test_storage import PNG, keep, kept, pieces
from tests.people import make_agency
from tests.ports import a_port

from shared_resources.kernel import clock, storage
from shared_resources.kernel.bucket import USED_LATELY_SECONDS, Bucket, bucket, tidy
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Unavailable
from shared_resources.settings import PREFIX, SettingsError, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from uuid import UUID

START_SECONDS = 60
LARGE = 24 << 20
"""More than goes in one part."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An S3 server on this machine; its address."""
    port = a_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)], **quiet)
    address = f"127.0.0.1:{port}"
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                asked = urllib.request.Request(f"http://{address}/kept", method="PUT")
                urllib.request.urlopen(asked, timeout=5).close()
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
        yield address
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Sets the bucket for one test; the value is the local folder."""

    def choose(address: str) -> Path:
        monkeypatch.setenv(f"{PREFIX}STORAGE_DIR", str(tmp_path / "files"))
        monkeypatch.setenv(f"{PREFIX}S3_URL", f"http://name:a%2Fkey@{address}/kept?region=cn-north-1")
        settings.cache_clear()
        return tmp_path / "files"

    yield choose
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def folder(server: str, chosen: Callable[[str], Path]) -> Path:
    return chosen(server)


@pytest.fixture
async def owner(db: str, folder: Path) -> UUID:
    return await make_agency("owner", "市应急管理局")


async def test_what_left_the_folder_comes_back_from_the_bucket(owner: UUID, folder: Path) -> None:
    file = await keep(owner, PNG)
    (local,) = kept(folder)
    local.unlink()
    for _ in range(2):
        _, path = await storage.open_file(file)
        assert path.read_bytes() == PNG
    assert kept(folder) == [local]


async def test_a_large_one_goes_in_parts(owner: UUID, folder: Path, tmp_path: Path) -> None:
    data = bytes(range(256)) * (LARGE // 256)
    half = tmp_path / "half"
    await asyncio.to_thread(half.write_bytes, data)
    name = "ab/" + "0" * 62
    far = bucket()
    assert far is not None
    await asyncio.to_thread(far.put, name, half)
    back = tmp_path / "back"
    with back.open("wb") as target:
        assert await asyncio.to_thread(far.fetch, name, target)
    assert back.read_bytes() == data
    await asyncio.to_thread(far.remove, name)
    with back.open("wb") as target:
        assert not await asyncio.to_thread(far.fetch, name, target)
    await asyncio.to_thread(far.remove, name)


async def test_what_was_changed_in_the_bucket_is_not_given_out(owner: UUID, folder: Path) -> None:
    file = await keep(owner, PNG)
    (local,) = kept(folder)
    local.write_bytes(PNG + b"more")
    far = bucket()
    assert far is not None
    await asyncio.to_thread(far.put, f"{local.parent.name}/{local.name}", local)
    local.unlink()
    _, path = await storage.open_file(file)
    assert not path.exists()
    assert kept(folder) == []


async def test_a_file_that_is_forgotten_leaves_both(owner: UUID, folder: Path) -> None:
    file = await keep(owner, PNG + b"1")
    (local,) = kept(folder)
    contents = await forgotten(file)
    await storage.remove_contents(contents)
    assert kept(folder) == []
    far = bucket()
    assert far is not None
    assert f"{local.parent.name}/{local.name}" not in await asyncio.to_thread(far.names)


async def forgotten(file: UUID) -> list[bytes]:
    """Forget a file, as a verb does."""
    async with transaction():
        return await storage.forget([file])


async def test_a_folder_moves_in_and_what_is_old_goes(owner: UUID, folder: Path) -> None:
    far = bucket()
    assert far is not None
    files = [await keep(owner, PNG + bytes([number])) for number in range(3)]
    for path in kept(folder):
        await asyncio.to_thread(far.remove, f"{path.parent.name}/{path.name}")
    assert await asyncio.to_thread(tidy, folder, 0) == (3, 0)
    with clock.at(clock.now() + timedelta(seconds=2 * USED_LATELY_SECONDS)):
        assert await asyncio.to_thread(tidy, folder, 2 * len(PNG) + 10) == (0, 1)
        assert await asyncio.to_thread(tidy, folder, 0) == (0, 2)
    for number, file in enumerate(files):
        _, path = await storage.open_file(file)
        assert path.read_bytes() == PNG + bytes([number])


async def test_nothing_is_kept_where_the_bucket_is_away(db: str, chosen: Callable[[str], Path]) -> None:
    owner = await make_agency("owner", "市应急管理局")
    chosen(f"127.0.0.1:{a_port()}")
    with pytest.raises(Unavailable) as refused:
        await storage.store(owner, "photo.png", "image/png", pieces(PNG), None, True)
    assert refused.value.status == 503


@pytest.mark.parametrize("url", ["https://host/bucket", "ftp://a:b@host/bucket", "https://a:b@host/"])
def test_an_address_that_names_no_bucket_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv(f"{PREFIX}S3_URL", url)
    settings.cache_clear()
    with pytest.raises(SettingsError, match="S3_URL"):
        settings()
    monkeypatch.undo()
    settings.cache_clear()


def test_a_key_may_hold_any_sign() -> None:
    assert Bucket("https://name:a%2Fb%40c@s3.example/kept")
