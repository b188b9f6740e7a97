"""Rungs of escalation: rows made with a deadline, each fired once (SWITCH 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection

if TYPE_CHECKING:
    from uuid import UUID


async def plan(deadline: UUID) -> None:
    """Lay out the rungs of a deadline that has just begun, or begun anew."""


async def drop(deadline: UUID) -> None:
    """Take away the rungs that have not fired: the deadline is met, stopped or moved."""
    await connection().execute(
        "UPDATE rung SET dropped_at = $2 WHERE deadline = $1 AND fired_at IS NULL AND dropped_at IS NULL",
        deadline,
        clock.now(),
    )
