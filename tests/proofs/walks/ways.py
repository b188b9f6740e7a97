"""Records on which steps can be taken that the plain way to a state leaves barred."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case
from tests.cases.joint_operations import operating
from tests.cases.meetings import convening
from tests.cases.transfers import transferring
from tests.cases.transfers.test_receipts import take as walk_step

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tests.cases.disputes.disputing import Disputing
    from tests.cases.joint_operations.operating import Operating
    from tests.cases.meetings.convening import Convening
    from tests.cases.transfers.transferring import Transferring


async def negotiated(story: Disputing) -> str:
    """A dispute whose first step is proven."""
    await story.open()
    await story.take("negotiate")
    return story.number


async def for_approval(story: Operating) -> str:
    """An operation that the legal office has to examine."""
    return (await story.open(operating.words.StartBasis.LEGAL_OFFICE)).number


async def all_commented(story: Operating) -> str:
    """A plan on which every cooperating agency has commented."""
    await story.open()
    await story.take("register", "draft", "circulate")
    for team in story.cooperating:
        await story.take("comment", by=team.officer)
        adopted = operating.words.CommentAnswer(agency=team.agency, adoption=operating.words.Adoption.ADOPTED)
        await story.take("answer", entries=adopted)
    return story.number


async def tasks_done(story: Operating) -> str:
    """An operation all tasks of which have ended."""
    await story.in_force()
    await story.assign()
    await story.do("acknowledge", "start", "report", "accept")
    return story.number


async def not_filed(story: Convening) -> str:
    """Minutes that were issued without a copy for filing."""
    await story.to("consented")
    await story.take("issue", entries=convening.forms.Issue(signed_by="王五"))
    return story.number


async def urged(story: Transferring) -> str:
    """A transfer whose receiver was urged."""
    await story.open()
    await story.take("prepare", "approve", "send", "urge")
    return story.number


async def urged_late(story: Transferring) -> str:
    """A transfer not sent in time, whose sender was urged."""
    await story.open()
    await operating.clock_takes(transferring.TRANSFERS, story.number, "mark_overdue")
    with clock.at(convening.MORNING + timedelta(days=3)):
        await story.take("urge")
    return story.number


async def nobody_to_tell(story: Transferring) -> str:
    """A case that the agency found by itself, handled."""
    form = transferring.registration(source=transferring.common.Source.OWN_FINDING, informant=None)
    number = (await open_case(story.cast.owner.clerk, transferring.RECEIPTS, form)).number
    for step in ("judge_own", "handle"):
        await walk_step(story, number, step)
    return number


WAYS: Mapping[tuple[str, str], Callable[[Any], Awaitable[str]]] = {
    ("dispute", "to_legal"): negotiated,
    ("joint_operation", "submit"): for_approval,
    ("joint_operation", "close_comments"): all_commented,
    ("joint_operation", "close_tasks"): tasks_done,
    ("meeting", "file_copy"): not_filed,
    ("receipt", "close"): nobody_to_tell,
    ("transfer", "answer_urging"): urged,
    ("transfer", "explain_delay"): urged_late,
}
