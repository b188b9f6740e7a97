"""Migrations: once, by one process at a time, and loud when something is amiss."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import asyncpg
import pytest

from shared_resources.kernel.database import migrate as module
from shared_resources.kernel.database.engine import APP_ROLE
from shared_resources.kernel.database.migrate import MigrationFailed, files, identifier, migrate
from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from pathlib import Path

    from shared_resources.kernel.database.cluster import Cluster


async def empty(postgres: Cluster, name: str) -> str:
    connection = await asyncpg.connect(postgres.dsn())
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return postgres.dsn(name)


async def test_second_time_does_nothing(dsn: str) -> None:
    assert await migrate(dsn) == []


async def test_runs_every_file_once_although_two_ask_at_once(postgres: Cluster) -> None:
    dsn = await empty(postgres, "twice")
    second = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        f"import asyncio; from {module.__name__} import migrate; asyncio.run(migrate({dsn!r}))",
    )
    done = await migrate(dsn)
    assert await second.wait() == 0
    connection = await asyncpg.connect(dsn)
    ran = [row[0] for row in await connection.fetch("SELECT app_name || ' ' || name FROM migration")]
    await connection.close()
    assert sorted(ran) == sorted(identifier(path) for path in files())
    assert set(done) <= set(ran)


async def test_database_of_a_newer_version_is_refused(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("INSERT INTO migration (name, app_name) VALUES ('2999-01-01', 'kernel')")
    await connection.close()
    with pytest.raises(MigrationFailed, match="newer version"):
        await migrate(dsn)


async def test_pool_works_as_the_application_role(db: str) -> None:
    async with reading() as connection:
        assert await connection.fetchval("SELECT current_user") == APP_ROLE


async def test_never_beside_an_open_pool(db: str) -> None:
    with pytest.raises(RuntimeError):
        await migrate(db)


def test_file_names_are_unique_over_all_apps() -> None:
    assert files()


def test_same_name_in_two_apps_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for app in ("one", "two"):
        (tmp_path / app).mkdir()
        (tmp_path / app / "first.py").write_text('ID = "1"\n')
    monkeypatch.setattr(module, "folder", lambda: tmp_path)
    with pytest.raises(MigrationFailed, match=r"first\.py"):
        files()


def test_file_without_id_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    with pytest.raises(MigrationFailed, match="has no ID"):
        identifier(tmp_path / "a.py")
