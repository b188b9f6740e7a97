"""What the clock does for trackers: months of history come and go, what may no longer be known is forgotten."""

from __future__ import annotations

from datetime import timedelta

from shared_resources.equipment.trackers.service.history import forget_quarantine
from shared_resources.equipment.trackers.service.months import keep_months
from shared_resources.equipment.trackers.service.retention import dim_states, forget_looks, forget_positions
from shared_resources.equipment.trackers.service.silence import watch_periods, watch_silence
from shared_resources.kernel.jobs import Job

JOBS = (
    Job("months of positions", timedelta(hours=6), keep_months),
    Job("quarantine of trackers", timedelta(hours=1), forget_quarantine),
    Job("silent trackers", timedelta(minutes=2), watch_silence),
    Job("items out past their loan", timedelta(minutes=5), watch_periods),
    Job("old positions", timedelta(hours=6), forget_positions),
    Job("positions of what is home", timedelta(minutes=10), dim_states),
    Job("looks at positions", timedelta(hours=24), forget_looks),
)
