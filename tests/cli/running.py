"""Commands as people start them: processes of their own, with an environment of their own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from shared_resources.kernel.database import postgres
from shared_resources.kernel.database.cluster import cluster_of
from shared_resources.settings import PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 120
ADDRESS = re.compile(r"Shared Resources is at (\S+)")


@contextmanager
def fresh_state() -> Iterator[Path]:
    """An empty state folder that the server's user can reach; a server left in it is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="sr-cli-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        if (folder / "postgres/data").exists():
            postgres.stop(cluster_of(Settings(state_dir=folder)), None)
        shutil.rmtree(folder, ignore_errors=True)


def environment(state: Path, **more: str) -> dict[str, str]:
    """Nothing of the caller's settings; a free port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    ours = {"STATE_DIR": str(state), "PORT": "0", **more}
    return kept | {f"{PREFIX}{name}": value for name, value in ours.items()}


def command(state: Path, *arguments: str, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "shared_resources.cli", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        env=environment(state, **more),
        timeout=SECONDS,
        check=False,
    )


class Serving:
    """A ``serve`` that is up: its process, its address, and everything it printed."""

    def __init__(self, state: Path, *arguments: str, **more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shared_resources.cli", "serve", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment(state, **more),
        )
        self.said: list[str] = []
        self._up = threading.Event()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        assert self._up.wait(SECONDS), self.output
        assert self.address, self.output

    @property
    def output(self) -> str:
        """What it printed so far."""
        return "".join(self.said)

    @property
    def address(self) -> str:
        """Where it listens; empty when it never came up."""
        found = ADDRESS.search(self.output)
        return found[1] if found else ""

    def end(self, sign: int) -> int:
        """Send a signal and wait; the exit code."""
        self.process.send_signal(sign)
        self._listener.join(SECONDS)
        return self.process.wait(SECONDS)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            for line in said:
                self.said.append(line)
                if ADDRESS.search(line):
                    self._up.set()
        self._up.set()


@contextmanager
def serving(state: Path, *arguments: str, **more: str) -> Iterator[Serving]:
    """``shared-resources serve`` for as long as the block lasts."""
    running = Serving(state, *arguments, **more)
    try:
        yield running
    finally:
        running.end(signal.SIGKILL)
