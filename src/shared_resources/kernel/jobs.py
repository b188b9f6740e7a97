"""What the clock does: a department lists its jobs in ``jobs.py``, the worker runs them when they are due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import timedelta


@dataclass(frozen=True)
class Job:
    """A sweep: run again after ``every``; safe to repeat and in two processes at once.

    ``run`` returns how many things it changed.
    """

    name: str
    every: timedelta
    run: Callable[[], Awaitable[int]]
