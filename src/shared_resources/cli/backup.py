"""Everything in one file, and back: the database, the files, the secret key and a manifest of hashes.

The file is an ordinary tar. The manifest comes last, so that a file that was cut short is recognised; nothing is
restored before every hash was checked.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import asyncpg

from shared_resources.kernel import clock
from shared_resources.kernel.database.cluster import find_programs
from shared_resources.kernel.database.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.settings import Settings

DUMP, FILES, SECRET, MANIFEST = "database.dump", "storage/", "secret.key", "manifest.json"
FORMAT = "shared-resources backup 1"
PIECE = 1 << 20


class BackupFailed(SystemExit):
    """A backup that cannot be written or read; the message says why. Nothing was changed."""


def back_up(settings: Settings, dsn: str, target: Path) -> dict[str, str]:
    """Write everything to ``target`` (mode 0600); the manifest's hashes by name.

    The database is read as of one instant and before the files, so that every file it names is there.

    Raises:
        BackupFailed: the target exists already, or the database cannot be read.
    """
    if target.exists():
        raise BackupFailed(f"{target} exists already; a backup never writes over another")
    half = target.with_name(f".{target.name}.half")
    hashes: dict[str, str] = {}
    try:
        with tempfile.TemporaryDirectory() as folder, os.fdopen(_open_private(half), "wb") as file:
            dump = Path(folder) / DUMP
            _call(settings, "pg_dump", "--format=custom", "--no-owner", f"--file={dump}", f"--dbname={dsn}")
            with tarfile.open(fileobj=file, mode="w") as tar:
                for name, path in (DUMP, dump), *_kept(settings):
                    tar.add(path, name, recursive=False)
                    hashes[name] = _hash(path)
                _write_manifest(tar, hashes, Path(folder))
            file.flush()
            os.fsync(file.fileno())
        half.rename(target)
    finally:
        half.unlink(missing_ok=True)
    return hashes


def check(source: Path) -> dict[str, str]:
    """Read a whole backup and compare every hash; the hashes by name.

    Raises:
        BackupFailed: it is no backup of ours, was cut short or changed; the first difference is named.
    """
    try:
        with tarfile.open(source) as tar:
            found = {member.name: _hash_of(tar, member) for member in tar if member.name != MANIFEST}
            manifest: dict[str, Any] = json.load(_opened(tar, MANIFEST))
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise BackupFailed(f"{source} is not a whole backup: {error}") from error
    if manifest.get("format") != FORMAT:
        raise BackupFailed(f"{source} has another format: {manifest.get('format')!r}")
    for name in sorted(found.keys() | manifest["sha256"].keys()):
        if found.get(name) != manifest["sha256"].get(name):
            raise BackupFailed(f"{source} was changed: {name} differs from the manifest")
    return found


def restore(settings: Settings, dsn: str, source: Path, *, replace: bool = False) -> int:
    """Put a backup into an empty system, then bring it to this version; the number of files restored.

    The database changes in one transaction: it is the backup's afterwards, or as it was.

    Args:
        replace: throw away what the system holds.

    Raises:
        BackupFailed: the backup is not sound, the system is not empty, or the database refuses.
    """
    names = check(source)
    if not replace and (what := asyncio.run(_content(dsn))):
        raise BackupFailed(f"The system is not empty ({what}). Use another one, or add --replace to lose it.")
    asyncio.run(migrate(dsn))  # makes the roles and extensions that the backup's tables speak of
    with tarfile.open(source) as tar, tempfile.TemporaryDirectory() as folder:
        tar.extract(DUMP, folder, filter="data")
        _load(settings, dsn, Path(folder) / DUMP)
        for name in names:
            if name.startswith(FILES):
                _put(tar, name, settings.storage / name.removeprefix(FILES))
        if SECRET in names and settings.secret_key is None:
            _put(tar, SECRET, settings.state_dir / SECRET)
    asyncio.run(migrate(dsn))
    return len(names) - 1


def _kept(settings: Settings) -> Iterator[tuple[str, Path]]:
    key = settings.state_dir / SECRET
    if settings.secret_key is None and key.exists():
        yield SECRET, key
    if settings.storage.is_dir():
        for path in sorted(settings.storage.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield FILES + path.relative_to(settings.storage).as_posix(), path


def _write_manifest(tar: tarfile.TarFile, hashes: dict[str, str], folder: Path) -> None:
    manifest = {"format": FORMAT, "at": clock.now().isoformat(), "sha256": hashes}
    path = folder / MANIFEST
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False))
    tar.add(path, MANIFEST)


def _load(settings: Settings, dsn: str, dump: Path) -> None:
    """Replace the schema by that of the dump, in one transaction."""
    programs = find_programs(settings)
    script = dump.with_suffix(".sql")
    _call(settings, "pg_restore", "--no-owner", f"--file={script}", str(dump))
    clear = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    psql = [str(programs / "psql"), "--quiet", "--no-psqlrc", "--single-transaction", "-v", "ON_ERROR_STOP=1"]
    done = subprocess.run(  # noqa: S603 our own program
        [*psql, "-c", clear, "-f", str(script), dsn],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupFailed(f"The database refused the backup and is as it was:\n{done.stderr}")


def _call(settings: Settings, program: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 our own program
        [str(find_programs(settings) / program), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupFailed(f"{program} failed:\n{done.stderr}")


async def _content(dsn: str) -> str:
    """What a database holds, in a few words; empty when there is nothing to lose."""
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("SELECT to_regclass('person')") is None:
            return ""
        people = await connection.fetchval("SELECT count(*) FROM person")
        return f"{people} people" if people else ""
    finally:
        await connection.close()


def _put(tar: tarfile.TarFile, name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.half")
    with closing(_opened(tar, name)) as source, os.fdopen(_open_private(half), "wb") as file:
        while piece := source.read(PIECE):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    half.rename(target)


def _opened(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(f"{name} is not a file")
    return file


def _open_private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_of(tar: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    inside = Path(member.name)
    if not member.isreg() or inside.is_absolute() or ".." in inside.parts:
        raise KeyError(f"{member.name} has no place in a backup")
    summary = hashlib.sha256()
    with closing(_opened(tar, member.name)) as file:
        while piece := file.read(PIECE):
            summary.update(piece)
    return summary.hexdigest()
