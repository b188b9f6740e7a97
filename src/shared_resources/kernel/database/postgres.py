"""The embedded PostgreSQL: found, made, started, shared between processes and stopped by the last of them.

Only the programs of the wheel are used, never its Python helper (it opens parent folders and leaks servers).
Nobody listens on the network: one Unix socket in a folder of mode 0700. Everything happens under a file lock,
and whoever uses the server holds a shared lock that dies with the process, so that no count can go wrong.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from shared_resources.kernel.database.cluster import (
    DATABASE,
    ROLE,
    SOCKET_NAME,
    Cluster,
    PostgresFailed,
    cluster_of,
    environment,
    major_version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shared_resources.settings import Settings

START_SECONDS = 120
"""A long crash recovery must be allowed to finish."""
STOP_SECONDS = 30
NOT_YET = (b'lock file "', b"pre-existing shared memory block", b"is starting up")


@contextmanager
def running_postgres(settings: Settings, options: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a database that answers for as long as the block lasts.

    An external database is passed through. The embedded server is started when it does not run yet, joined when
    it does, and stopped by the last process that leaves.

    Args:
        options: server settings on top of ours, used when this call is the one that starts it.

    Raises:
        PostgresFailed: there are no programs, no permissions or the server refuses to start.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    cluster = cluster_of(settings)
    with _sharing(cluster, options or {}):
        yield cluster.dsn()


@contextmanager
def _sharing(cluster: Cluster, options: Mapping[str, str]) -> Iterator[None]:
    mutex = FileLock(cluster.home / "start.lock", timeout=START_SECONDS + STOP_SECONDS)
    with (cluster.home / "users.lock").open("a") as users:
        with mutex:
            server = start(cluster, options)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            with mutex:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:  # others still use it
                    if server is not None:
                        threading.Thread(target=server.wait, daemon=True).start()  # reaps it, whoever stops it
                else:
                    stop(cluster, server)


def start(cluster: Cluster, options: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
    """Make sure that the server runs; the process when this call started it, None when it ran already.

    Raises:
        PostgresFailed: it does not come up; the message holds the end of its log.
    """
    _make_data(cluster)
    until = time.monotonic() + START_SECONDS
    while not answers(cluster):
        _forget_dead_postmaster(cluster)
        log_from = cluster.log.stat().st_size if cluster.log.exists() else 0
        server = _launch(cluster, options)
        try:
            while server.poll() is None and time.monotonic() < until:
                if answers(cluster) and _postmaster(cluster)[0] == server.pid:
                    return server
                time.sleep(0.01)
        except BaseException:  # Ctrl-C while we wait
            server.send_signal(signal.SIGQUIT)
            raise
        if server.poll() is None:
            server.send_signal(signal.SIGQUIT)
            raise PostgresFailed(f"PostgreSQL was not ready after {START_SECONDS} s; see {cluster.log}")
        said = _log_since(cluster, log_from)
        if not any(sign in said for sign in NOT_YET) or time.monotonic() > until:
            raise PostgresFailed(f"PostgreSQL does not start:\n{said.decode(errors='replace')}")
        time.sleep(0.2)
    return None


def stop(cluster: Cluster, server: subprocess.Popen[bytes] | None) -> None:
    """Stop the server: fast, then at once (both lose nothing), never by SIGKILL.

    Raises:
        PostgresFailed: it did not end; it is left running.
    """
    for sign in (signal.SIGINT, signal.SIGQUIT):
        pid, _ = _postmaster(cluster)
        if pid is None:
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        until = time.monotonic() + STOP_SECONDS
        while _postmaster(cluster)[0] == pid and _is_postgres(pid) and time.monotonic() < until:
            if server is not None:
                server.poll()  # reaps our child, so that it does not stay a zombie
            time.sleep(0.005)
    else:
        if (pid := _postmaster(cluster)[0]) is not None and _is_postgres(pid):
            raise PostgresFailed(f"PostgreSQL (process {pid}) does not stop; see {cluster.log}")
    if server is not None:
        server.wait()


def answers(cluster: Cluster) -> bool:
    """Whether the server is ready and lets one in."""
    if _postmaster(cluster)[1] != "ready":
        return False
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        return client.connect_ex(str(cluster.sockets / SOCKET_NAME)) == 0


def _launch(cluster: Cluster, options: Mapping[str, str]) -> subprocess.Popen[bytes]:
    chosen = {
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(cluster.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **options,
    }
    settings = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    mode = "ab" if cluster.log.exists() and cluster.log.stat().st_size < 10_000_000 else "wb"
    with cluster.log.open(mode) as log:
        return subprocess.Popen(  # noqa: S603 our own program
            [cluster.programs / "postgres", "-D", cluster.data, *settings],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment(),
            start_new_session=True,  # Ctrl-C is ours: the server must outlive the last commit
            **cluster.runner,
        )


def _make_data(cluster: Cluster) -> None:
    """Make the cluster with its role and database beside its place, then put it there in one step."""
    if (cluster.data / "PG_VERSION").exists():
        made_by = int((cluster.data / "PG_VERSION").read_text())
        if made_by != (ours := major_version(cluster.programs)):
            raise PostgresFailed(
                f"The data in {cluster.data} belong to PostgreSQL {made_by}, the programs in "
                f"{cluster.programs} are {ours}. Back up with the old ones, restore with the new ones."
            )
        return
    half = cluster.home / "data.new"
    shutil.rmtree(half, ignore_errors=True)
    locale = ["--locale=C.UTF-8"]
    if major_version(cluster.programs) >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    common = ["--encoding=UTF8", "--data-checksums", "--no-instructions", "--auth=trust"]
    cluster.run("initdb", "-D", str(half), "-U", ROLE, *common, *locale)
    cluster.run("postgres", "--single", "-D", str(half), "postgres", stdin=f"CREATE DATABASE {DATABASE};\n")
    half.rename(cluster.data)


def _postmaster(cluster: Cluster) -> tuple[int | None, str]:
    """Process id and state (``ready``, ``starting`` …) as the server itself wrote them; None when it is not up."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (FileNotFoundError, IndexError, ValueError):
        return None, ""


def _is_postgres(pid: int) -> bool:
    """Whether the process lives and is a PostgreSQL; True where the system does not tell (no ``/proc``)."""
    if not Path("/proc/self/stat").exists():
        return True
    try:
        name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return False
    return "(postgres" in name and rest.split()[0] not in "ZX"


def _forget_dead_postmaster(cluster: Cluster) -> None:
    """Remove the lock files of a killed server whose id is a zombie's or was given to another program.

    PostgreSQL would wait for that process for ever. Shared memory that is still in use stops it all the same.
    """
    for lock in (cluster.data / "postmaster.pid", cluster.sockets / f"{SOCKET_NAME}.lock"):
        with contextlib.suppress(FileNotFoundError, IndexError, ValueError):
            if not _is_postgres(int(lock.read_text().split()[0])):
                lock.unlink()


def _log_since(cluster: Cluster, position: int) -> bytes:
    with cluster.log.open("rb") as log:
        log.seek(position)
        return log.read()[-4000:]
