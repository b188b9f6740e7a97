"""Processes beside the web process: started with it, started again when they end, ended with it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from shared_resources.kernel.children import die_with_parent
from shared_resources.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
WELL_SECONDS = 60.0
"""Who ran so long was well: the next pause is a short one again."""
STOP_SECONDS = 15.0
LARGEST_LOG = 10_000_000


@contextmanager
def beside(*names: str) -> Iterator[None]:
    """Run these commands of ours for as long as the block lasts; what they say is in ``<name>.log``."""
    with ExitStack() as stack:
        for name in names:
            stack.callback(Child(name).end)
        yield


class Child:
    """One command, looked after by a thread that lives as long as it is wanted.

    The thread starts the process, because a child asks to end with the thread that made it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._thread = threading.Thread(target=self._look_after, name=name, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Ask it to end, wait, and make it."""
        with self._turn:
            self._over.set()
            process = self._process
            if process is not None:
                process.terminate()
        if process is not None:
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(STOP_SECONDS)

    def _look_after(self) -> None:
        pause = FIRST_PAUSE
        while not self._over.is_set():
            began = time.monotonic()
            with contextlib.suppress(OSError), _log(self.name) as log:
                self._run(log)
            pause = FIRST_PAUSE if time.monotonic() - began > WELL_SECONDS else min(2 * pause, LONGEST_PAUSE)
            self._over.wait(pause)

    def _run(self, log: IO[bytes]) -> None:
        with self._turn:
            if self._over.is_set():
                return
            self._process = subprocess.Popen(  # noqa: S603 our own program
                [sys.executable, "-m", "shared_resources.cli", self.name],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is ours: they end after the last request
                preexec_fn=die_with_parent(),
            )
        self._process.wait()


def _log(name: str) -> IO[bytes]:
    path = settings().state_dir / f"{name}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    small = path.exists() and path.stat().st_size < LARGEST_LOG
    return path.open("ab" if small else "wb")
