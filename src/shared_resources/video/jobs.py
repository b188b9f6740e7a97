"""What the clock does with footage."""

from __future__ import annotations

from datetime import timedelta

from shared_resources.kernel.jobs import Job
from shared_resources.video.service.retention import fall_due
from shared_resources.video.service.uploads import give_up_stale

JOBS = (
    Job("footage due for deletion", timedelta(hours=1), fall_due),
    Job("uploads nobody goes on with", timedelta(hours=1), give_up_stale),
)
