"""The clock's door to situation notices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.cases.notices.service import open_due_notices
from shared_resources.kernel.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

JOBS: Sequence[Job] = (Job("open_due_notices", timedelta(minutes=15), open_due_notices),)
