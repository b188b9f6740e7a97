"""What the steps of a resolved item do: its deadline, and the end of the meeting with its last item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.meetings.rules import MEETING, RESOLVED_ITEM
from shared_resources.cases.meetings.rules.item import deadline_of
from shared_resources.cases.meetings.rules.standing import filed_with
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import move
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.casework.family import Happening


async def resolve(happening: Happening) -> Outcome:
    """The duty begins with the day that the minutes name."""
    return Outcome(due={"deadline": deadline_of(happening.facts)})


async def give_back(happening: Happening) -> Outcome:
    """The duty goes on until the agreed day, or a new one that lies ahead."""
    day = happening.entries.deadline
    if day is not None and day < clock.today():
        raise Invalid(N_("This day has passed."), do=N_("Choose today or later."), code="past", field="deadline")
    return Outcome(due={"deadline": deadline_of(happening.facts)})


async def ended(happening: Happening) -> None:
    """The item ends with this step; with the last of its meeting, the meeting is closed."""
    for link in happening.facts.linked(MEETING.kind, "part_of"):
        if link.outward:
            await _close(link.record, happening.record)


async def _close(meeting: UUID, ending: UUID) -> None:
    """Close the meeting when its minutes are filed and none but ``ending`` is open. The meeting's row is locked
    first: of two items that end at once, the second sees that the first has ended."""
    await connection().execute("SELECT FROM record WHERE id = $1 FOR NO KEY UPDATE", meeting)
    facts = await facts_of(meeting)
    items = facts.linked(RESOLVED_ITEM.kind, "part_of")
    if facts.state != "issued" or filed_with(facts) is None:
        return
    if all(item.is_final or item.record == ending for item in items):
        family = family_of(MEETING.kind)
        assert family is not None, "meetings are loaded with every family"
        await move(family, meeting, "close", SYSTEM_ACTOR)
