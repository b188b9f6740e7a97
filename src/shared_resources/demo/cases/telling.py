"""Telling all coordination records of the demo, in the order of time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from shared_resources.demo.cases.assistance import tell_assistance
from shared_resources.demo.cases.conclusions import tell_conclusions
from shared_resources.demo.cases.disputes import tell_disputes
from shared_resources.demo.cases.inspections import tell_inspections
from shared_resources.demo.cases.meetings import tell_meetings
from shared_resources.demo.cases.notices import tell_notices
from shared_resources.demo.cases.operations import tell_operations
from shared_resources.demo.cases.papers import tell_papers
from shared_resources.demo.cases.receipts import tell_receipts
from shared_resources.demo.cases.stage import make_stage
from shared_resources.demo.cases.transfers import tell_transfers
from shared_resources.demo.footage.telling import tell_footage
from shared_resources.demo.laboratories.telling import tell_laboratories
from shared_resources.kernel.notices_read import mark_all_read

if TYPE_CHECKING:
    from shared_resources.demo.cases.stage import Stage
    from shared_resources.demo.people import People


async def load_cases(people: People) -> None:
    """Write down every story, then let everything happen."""
    stage = await make_stage(people)
    for tell in (
        tell_operations,
        tell_assistance,
        tell_meetings,
        tell_transfers,
        tell_conclusions,
        tell_receipts,
        tell_disputes,
        tell_notices,
        tell_inspections,
        tell_papers,
    ):
        tell(stage)
    await tell_footage(stage)
    await tell_laboratories(stage)
    read_notices(stage)
    await stage.play()


def read_notices(stage: Stage) -> None:
    """Everybody has read what they were told until three days ago; the rest waits at the bell."""
    for username, actor in stage.people.by_name.items():
        stage.add((-3, "17:40"), f"{username} reads", partial(mark_all_read, actor))
