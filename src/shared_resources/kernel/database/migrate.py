"""Bring a database to the state that this version needs; doing it twice does nothing.

Piccolo runs the files, we see to what it leaves open: one process at a time, no two files of one name, no
server that is too old, no database that is newer than the program.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards

import shared_resources
from shared_resources.kernel.database.cluster import OLDEST
from shared_resources.kernel.database.engine import DB
from shared_resources.kernel.working_calendar import seed_calendar

LOCK = 0x5352_4D49_4752_4154
"""Key of the advisory lock that one migrating process holds ("SRMIGRAT")."""
PACKAGE = "migrations"
NOT_MIGRATIONS = ("__init__.py", "piccolo_app.py")


class MigrationFailed(SystemExit):
    """The database cannot be brought to this version; the message says why."""


def folder() -> Path:
    """The migrations: beside the sources in a checkout, inside the package when installed from a wheel."""
    package = Path(shared_resources.__file__).parent
    inside, beside = package / PACKAGE, package.parent.parent / PACKAGE
    return inside if inside.is_dir() else beside


def make_importable() -> None:
    """Let Piccolo import ``migrations.<app>.piccolo_app`` wherever the folder lies.

    The folder's parent does not go on the path: in a wheel it would let our ``site`` hide the library's.
    """
    if PACKAGE in sys.modules:
        return
    place = folder()
    spec = importlib.util.spec_from_file_location(
        PACKAGE, place / "__init__.py", submodule_search_locations=[str(place)]
    )
    if spec is None or spec.loader is None or not place.is_dir():
        raise MigrationFailed(f"The migrations are missing from this installation ({place}).")
    module = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = module
    spec.loader.exec_module(module)


def files() -> list[Path]:
    """All migration files of all apps.

    Raises:
        MigrationFailed: two have the same name. Piccolo imports them by bare name: one would run twice, the
            other never.
    """
    found = sorted(path for path in folder().glob("*/*.py") if path.name not in NOT_MIGRATIONS)
    twice = [name for name, count in Counter(path.name for path in found).items() if count > 1]
    if twice:
        raise MigrationFailed(f"Two migrations have the same file name: {', '.join(twice)}")
    return found


def identifier(file: Path) -> str:
    """The name by which the database remembers a migration: app and Piccolo's id.

    Raises:
        MigrationFailed: the file has no ``ID``; Piccolo would pass it over in silence.
    """
    found = re.search(r'^ID = "(.+)"$', file.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise MigrationFailed(f"The migration {file} has no ID.")
    return f"{file.parent.name} {found.group(1)}"


async def migrate(dsn: str) -> list[str]:
    """Run what is not yet applied, as the owner of the database; return the names of what was run.

    The working-day calendar is completed at the same time: nothing can be counted without one.

    Several processes may call this at once: the first does the work, the others wait and find nothing to do.

    Raises:
        MigrationFailed: the server is too old, the database newer than we are, or a migration failed.
        RuntimeError: the pool of this process is open already (it works as the application role).
    """
    if DB.pool is not None:
        raise RuntimeError("migrate before the pool is opened")
    make_importable()
    known = {identifier(path) for path in files()}
    connection = await asyncpg.connect(dsn, server_settings={"application_name": "shared-resources migrate"})
    try:
        _refuse_old_server(connection)
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        before = await _applied(connection)
        if newer := sorted(before - known):
            raise MigrationFailed(
                f"The database was used by a newer version of this program (it knows {newer[-1]}). "
                "Install that version, or restore an older backup."
            )
        if len(before) < len(known):
            await _run_forwards(dsn)
        async with connection.transaction():
            await seed_calendar(connection)
        return sorted(await _applied(connection) - before)
    finally:
        await connection.close()


async def _run_forwards(dsn: str) -> None:
    said, path, config = io.StringIO(), list(sys.path), DB.config
    DB.config = {"dsn": dsn, "server_settings": {"timezone": "UTC"}}
    try:
        with contextlib.redirect_stdout(said):
            result = await run_forwards("all")
    except Exception as error:
        raise MigrationFailed(f"A migration failed: {error!r}\n{said.getvalue()}") from error
    finally:
        DB.config, sys.path[:] = config, path
    if not result.success:
        raise MigrationFailed(f"A migration failed: {result.message}\n{said.getvalue()}")


def _refuse_old_server(connection: asyncpg.Connection[Any]) -> None:
    version = connection.get_server_version()
    if version.major < OLDEST:
        raise MigrationFailed(
            f"PostgreSQL {version.major}.{version.minor} is too old: {OLDEST} or newer is needed."
        )


async def _applied(connection: asyncpg.Connection[Any]) -> set[str]:
    if await connection.fetchval("SELECT to_regclass('migration')") is None:
        return set()
    return {row["name"] for row in await connection.fetch("SELECT app_name || ' ' || name AS name FROM migration")}
