"""The embedded server: first start, second start, joined, killed, as root and not, in awkward places."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import site
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

import shared_resources
from shared_resources.kernel.database import cluster as places
from shared_resources.kernel.database import postgres as supervisor
from shared_resources.kernel.database.cluster import Cluster, PostgresFailed, cluster_of, find_programs
from shared_resources.kernel.database.postgres import answers, running_postgres
from shared_resources.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = os.geteuid() == 0
HOLD = """
import sys
from pathlib import Path
from shared_resources.kernel.database.postgres import running_postgres
from shared_resources.settings import Settings
with running_postgres(Settings(state_dir=Path(sys.argv[1]))) as dsn:
    print(dsn, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder that the server's user can reach; whatever still runs in it is stopped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sr-pg-"))
    folder.chmod(0o711)
    yield folder
    if (folder / "postgres/data").exists():
        owner = (folder / "postgres").owner() if ROOT else None
        supervisor.stop(cluster_of(Settings(state_dir=folder, pg_user=owner)), None)
    shutil.rmtree(folder)


def ask(dsn: str, question: str) -> Any:
    async def run() -> Any:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(question)
        finally:
            await connection.close()

    return asyncio.run(run())


def hold(state: Path) -> tuple[subprocess.Popen[str], str]:
    """Another process of ours that uses the server until its standard input ends, and the address it got."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def let_go(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def postmaster(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def test_second_start_is_quick_and_keeps_the_data(state: Path) -> None:
    chosen = Settings(state_dir=state)
    with running_postgres(chosen) as dsn:
        ask(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert not answers(cluster_of(chosen))
    began = time.monotonic()
    with running_postgres(chosen) as dsn:
        assert time.monotonic() - began < 10
        assert ask(dsn, "SELECT answer FROM kept") == 42


def test_owner_and_database_bear_our_name_and_sort_alike_everywhere(state: Path) -> None:
    with running_postgres(Settings(state_dir=state)) as dsn:
        assert ask(dsn, "SELECT current_user || ' ' || current_database()") == "shared_resources shared_resources"
        assert ask(dsn, "SELECT datcollate FROM pg_database WHERE datname = current_database()").startswith("C")
        assert ask(dsn, "SHOW data_checksums") == "on"
        assert ask(dsn, "SHOW listen_addresses") == ""


def test_external_database_is_passed_through(tmp_path: Path) -> None:
    address = "postgresql://somebody@elsewhere/db"
    with running_postgres(Settings(state_dir=tmp_path, database_url=address)) as dsn:
        assert dsn == address
    assert not list(tmp_path.iterdir())


def test_killed_server_loses_nothing_and_starts_again(state: Path) -> None:
    chosen = Settings(state_dir=state)
    with running_postgres(chosen) as dsn:
        ask(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(postmaster(cluster_of(chosen)), signal.SIGKILL)
        with running_postgres(chosen) as again:
            assert ask(again, "SELECT answer FROM kept") == 42


def test_our_own_death_leaves_a_server_that_the_next_start_joins(state: Path) -> None:
    chosen = Settings(state_dir=state)
    process, dsn = hold(state)
    ask(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
    before = postmaster(cluster_of(chosen))
    process.kill()
    process.communicate()
    with running_postgres(chosen) as again:
        assert ask(again, "SELECT answer FROM kept") == 42
        assert postmaster(cluster_of(chosen)) == before
    assert not answers(cluster_of(chosen))


def test_both_killed_then_started(state: Path) -> None:
    process, dsn = hold(state)
    ask(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(postmaster(cluster_of(Settings(state_dir=state))), signal.SIGKILL)
    process.kill()
    process.communicate()
    with running_postgres(Settings(state_dir=state)) as again:
        assert ask(again, "SELECT answer FROM kept") == 42


def test_lock_file_with_the_id_of_another_program_is_no_obstacle(state: Path) -> None:
    """After a reboot or in a new container the id in ``postmaster.pid`` may belong to anybody."""
    chosen = Settings(state_dir=state)
    with running_postgres(chosen):
        lines = (cluster_of(chosen).data / "postmaster.pid").read_text().splitlines()
    other = subprocess.Popen(["sleep", "60"], **cluster_of(chosen).runner)
    stale = cluster_of(chosen).data / "postmaster.pid"
    stale.write_text("\n".join([str(other.pid), *lines[1:]]))
    try:
        with running_postgres(chosen) as dsn:
            assert ask(dsn, "SELECT 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_last_one_out_stops_the_server(state: Path) -> None:
    chosen = Settings(state_dir=state)
    with running_postgres(chosen) as dsn:
        process, joined = hold(state)
        assert joined == dsn
    assert ask(joined, "SELECT 1") == 1, "we started it, but another still uses it"
    let_go(process)
    assert not answers(cluster_of(chosen))


def test_guest_does_not_stop_the_server_of_its_host(state: Path) -> None:
    process, dsn = hold(state)
    with running_postgres(Settings(state_dir=state)) as joined:
        assert joined == dsn
    assert ask(dsn, "SELECT 1") == 1
    let_go(process)
    assert not answers(cluster_of(Settings(state_dir=state)))


def test_four_at_once_make_one_cluster(state: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    addresses = {process.stdout.readline() for process in processes if process.stdout}
    assert len(addresses) == 1
    assert ask(addresses.pop().strip(), "SELECT 1") == 1
    for process in processes:
        let_go(process)
    assert not answers(cluster_of(Settings(state_dir=state)))


def test_half_made_cluster_is_made_again(state: Path) -> None:
    chosen = Settings(state_dir=state)
    half = cluster_of(chosen).home / "data.new"
    half.mkdir()
    (half / "rubbish").touch()
    with running_postgres(chosen) as dsn:
        assert ask(dsn, "SELECT 1") == 1
    assert not half.exists()


def test_path_too_long_for_a_socket_gets_a_short_one(state: Path) -> None:
    deep = state / ("deep" * 20) / ("er" * 20)
    deep.parent.mkdir()
    deep.mkdir()
    chosen = Settings(state_dir=deep)
    with running_postgres(chosen) as dsn:
        cluster = cluster_of(chosen)
        assert cluster.sockets != cluster.home
        assert stat.S_IMODE(cluster.sockets.stat().st_mode) == 0o700
        assert ask(dsn, "SELECT 1") == 1
    shutil.rmtree(cluster.sockets)


def test_programs_of_another_major_version_are_refused(state: Path) -> None:
    chosen = Settings(state_dir=state)
    with running_postgres(chosen):
        pass
    (cluster_of(chosen).data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresFailed, match="belong to PostgreSQL 14"), running_postgres(chosen):
        pass


def test_server_that_cannot_start_says_why(state: Path) -> None:
    with (
        pytest.raises(PostgresFailed, match="no_such_setting"),
        running_postgres(Settings(state_dir=state), {"no_such_setting": "1"}),
    ):
        pass


def test_set_programs_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(PostgresFailed, match="SHARED_RESOURCES_PG_BIN"):
        find_programs(Settings(pg_bin=tmp_path))


@pytest.mark.skipif(not ROOT, reason="only root can drop to another user")
def test_root_never_runs_it_and_never_opens_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "SHARED_HOME", Path(tempfile.mkdtemp(prefix="sr-home-")))
    places.SHARED_HOME.chmod(0o755)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    chosen = Settings(state_dir=closed / "state")
    parents = [closed, *closed.parents]
    before = [stat.S_IMODE(folder.stat().st_mode) for folder in parents]
    with running_postgres(chosen) as dsn:
        cluster = cluster_of(chosen)
        assert cluster.home.parent == places.SHARED_HOME
        assert Path(f"/proc/{postmaster(cluster)}").stat().st_uid != 0
        assert ask(dsn, "SELECT 1") == 1
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in parents] == before
    shutil.rmtree(places.SHARED_HOME)


@pytest.mark.skipif(not ROOT, reason="only root can drop to another user")
def test_programs_out_of_reach_are_copied(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "SHARED_HOME", Path(tempfile.mkdtemp(prefix="sr-home-")))
    places.SHARED_HOME.chmod(0o755)
    programs = find_programs(Settings())
    package = programs.parents[1]
    for part in package.parent.glob(f"{package.name}*"):
        if part.suffix in ("", ".libs"):
            shutil.copytree(part, tmp_path / part.name, symlinks=True)
    tmp_path.chmod(0o700)
    chosen = Settings(state_dir=state, pg_bin=tmp_path / programs.relative_to(package.parent))
    with running_postgres(chosen) as dsn:
        assert places.SHARED_HOME in cluster_of(chosen).programs.parents
        assert ask(dsn, "SELECT 1") == 1
    shutil.rmtree(places.SHARED_HOME)


@pytest.mark.skipif(not ROOT, reason="needs a second user")
def test_ordinary_user_runs_it_himself(state: Path) -> None:
    """The whole as ``nobody``, by a Python that he can reach: not one below ``/root``."""
    paths = os.pathsep.join([str(Path(shared_resources.__file__).parents[1]), *site.getsitepackages()])
    as_nobody: dict[str, Any] = {
        "user": "nobody",
        "extra_groups": [],
        "cwd": "/",
        "env": {"PYTHONPATH": paths, "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
    }
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            subprocess.run([python, "-c", "import shared_resources"], check=True, **as_nobody)
            break
    else:
        pytest.skip("nobody can reach no Python of this version")
    shutil.chown(state, "nobody")
    done = subprocess.run(
        [python, "-c", HOLD, str(state)], input="\n", capture_output=True, text=True, check=True, **as_nobody
    )
    assert done.stdout.startswith("postgresql://")
    assert (state / "postgres/data").owner() == "nobody"


def test_foreign_home_is_refused(state: Path) -> None:
    (state / "postgres").mkdir(mode=0o755)
    (state / "postgres").chmod(0o755)
    with pytest.raises(PostgresFailed, match="must be a folder of mode 0700"):
        cluster_of(Settings(state_dir=state))
