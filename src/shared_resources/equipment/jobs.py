"""The clock's door to equipment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.equipment.service.sweeps import (
    lapse_uncollected,
    list_unpapered,
    mark_overdue,
    remind_due,
)
from shared_resources.kernel.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

JOBS: Sequence[Job] = (
    Job("mark_overdue", timedelta(minutes=1), mark_overdue),
    Job("lapse_uncollected", timedelta(minutes=5), lapse_uncollected),
    Job("remind_due", timedelta(minutes=10), remind_due),
    Job("list_unpapered", timedelta(minutes=15), list_unpapered),
)
