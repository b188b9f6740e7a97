"""What the clock does: a department lists its jobs in ``jobs.py``, the worker runs them when they are due."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from datetime import timedelta

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A sweep: run at the start and again after ``every``; safe to repeat and in two processes at once.

    ``run`` returns what it did, for the log (mostly how many things it changed). What belongs to a night or a
    morning asks the clock itself and does nothing at other hours.
    """

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]


class Rota:
    """Which job is due when, in seconds of a clock that only goes forward."""

    def __init__(self, jobs: Iterable[Job], now: float) -> None:
        self._due = dict.fromkeys(jobs, now)
        names = [job.name for job in self._due]
        if len(set(names)) < len(names):
            raise ValueError(f"two jobs have the same name: {sorted(names)}")

    @property
    def next_at(self) -> float:
        """When the next job is due; never when there is none."""
        return min(self._due.values(), default=float("inf"))

    async def run_next(self, now: float) -> bool:
        """Run the job that waits longest, if any is due. One that fails is logged and stops no other."""
        job = min(self._due, key=self._due.__getitem__, default=None)
        if job is None or self._due[job] > now:
            return False
        self._due[job] = now + job.every.total_seconds()
        try:
            done = await job.run()
        except Exception:
            log.exception("job %s failed; it runs again in %s", job.name, job.every)
        else:
            log.debug("job %s: %s", job.name, done)
        return True
