"""The clock's door to trackers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.equipment.trackers.service.retention import dim_states, forget_looks, forget_positions
from shared_resources.kernel.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

JOBS: Sequence[Job] = (
    Job("dim_states", timedelta(minutes=5), dim_states),
    Job("forget_positions", timedelta(hours=6), forget_positions),
    Job("forget_looks", timedelta(hours=24), forget_looks),
)
