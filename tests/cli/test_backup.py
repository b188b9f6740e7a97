"""Backup and restore, tried: what was saved comes back, what is not sound changes nothing."""

from __future__ import annotations

import asyncio
import io
import stat
import tarfile
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from shared_resources.cli.backup import DUMP, MANIFEST, BackupFailed, back_up, check, restore
from shared_resources.kernel import storage, verify
from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.database.transaction import transaction
from shared_resources.settings import Settings, settings
from tests.conftest import TEMPLATE, copy_of
from tests.kernel.ledger_story import whole_story

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from shared_resources.kernel.database.cluster import Cluster

TEXT = "借用单\n".encode()


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of the system that is saved."""
    monkeypatch.setenv("SHARED_RESOURCES_STATE_DIR", str(tmp_path / "old"))
    settings.cache_clear()
    settings().secret()
    yield settings()
    settings.cache_clear()


async def chunks() -> AsyncIterator[bytes]:
    yield TEXT


async def live_in(dsn: str) -> str:
    """A history and a stored file; the file's id."""
    await connect(dsn)
    try:
        cast, _ = await whole_story()
        owner = cast.owner.agency
        file = await storage.store(owner, "单.txt", "text/plain", chunks(), cast.owner.officer.person, True)
        await verify.checkpoint()
    finally:
        await disconnect()
    return str(file)


async def look(dsn: str) -> tuple[Any, list[str]]:
    """What verification says of a system, and what its tables hold."""
    await connect(dsn)
    try:
        fault = await verify.verify_all()
    finally:
        await disconnect()
    connection = await asyncpg.connect(dsn)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        held = [
            str(await connection.fetchval(f"SELECT string_agg(t::text, ';' ORDER BY t::text) FROM {row[0]} t"))
            for row in tables
        ]
    finally:
        await connection.close()
    return fault, held


@pytest.fixture
def saved(house: Settings, dsn: str, tmp_path: Path) -> Path:
    """A backup of a house that was lived in."""
    asyncio.run(live_in(dsn))
    back_up(house, dsn, tmp_path / "house.tar")
    return tmp_path / "house.tar"


def test_everything_comes_back_and_goes_on(
    saved: Path, house: Settings, dsn: str, postgres: Cluster, tmp_path: Path
) -> None:
    before = asyncio.run(look(dsn))
    assert before[0] is None
    new = Settings(state_dir=tmp_path / "new")
    with copy_of(postgres, TEMPLATE) as elsewhere:
        assert restore(new, elsewhere, saved) == 2
        assert asyncio.run(look(elsewhere)) == before
        assert new.secret() == house.secret()
        [file] = [path for path in new.storage.rglob("*") if path.is_file()]
        assert file.read_bytes() == TEXT
        asyncio.run(goes_on(elsewhere))


async def goes_on(dsn: str) -> None:
    """After a restore the house works: acts are written, lines stay append-only."""
    await connect(dsn)
    try:
        async with transaction() as connection:
            await connection.execute("UPDATE agency SET slug = slug || '-old'")
            await connection.execute("UPDATE person SET username = username || '-old'")
        await whole_story()
        assert await verify.verify_all() is None
    finally:
        await disconnect()
    owner = await asyncpg.connect(dsn)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await owner.execute("DELETE FROM journal_line")
    finally:
        await owner.close()


def test_backup_is_private_and_never_written_over(saved: Path, house: Settings, dsn: str) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    with pytest.raises(BackupFailed, match="exists already"):
        back_up(house, dsn, saved)


def test_system_that_holds_something_is_not_replaced_by_chance(saved: Path, house: Settings, dsn: str) -> None:
    before = asyncio.run(look(dsn))
    with pytest.raises(BackupFailed, match="not empty"):
        restore(house, dsn, saved)
    assert asyncio.run(look(dsn)) == before
    restore(house, dsn, saved, replace=True)
    assert asyncio.run(look(dsn)) == before


def changed(source: Path, target: Path, name: str) -> None:
    """A copy of a backup in which one bit of ``name`` is another."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            file = old.extractfile(member)
            assert file is not None
            content = bytearray(file.read())
            if member.name == name:
                content[len(content) // 2] ^= 1
            new.addfile(member, io.BytesIO(content))


def test_damaged_backup_changes_nothing(saved: Path, house: Settings, postgres: Cluster, tmp_path: Path) -> None:
    names = sorted(check(saved))
    assert DUMP in names
    for name in names:
        changed(saved, tmp_path / "damaged.tar", name)
        with pytest.raises(BackupFailed, match="changed"):
            check(tmp_path / "damaged.tar")
    with copy_of(postgres, TEMPLATE) as elsewhere:
        before = asyncio.run(look(elsewhere))
        with pytest.raises(BackupFailed):
            restore(Settings(state_dir=tmp_path / "new"), elsewhere, tmp_path / "damaged.tar")
        assert asyncio.run(look(elsewhere)) == before
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("share", [0.2, 0.9])
def test_backup_that_was_cut_short_is_recognised(saved: Path, tmp_path: Path, share: float) -> None:
    whole = saved.read_bytes()
    short = tmp_path / "short.tar"
    short.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupFailed, match="whole backup"):
        check(short)


def test_path_that_leads_out_is_refused(tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        for name in ("../outside", MANIFEST):
            entry = tarfile.TarInfo(name)
            entry.size = 2
            tar.addfile(entry, io.BytesIO(b"{}"))
    with pytest.raises(BackupFailed):
        check(evil)
