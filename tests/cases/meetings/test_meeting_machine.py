"""Machine 19 walked in full: every state by real verbs; every other act is refused and leaves nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared_resources.cases.meetings.rules import MEETING, RESOLVED_ITEM
from shared_resources.kernel import clock
from shared_resources.kernel.errors import Refusal
from tests.cases.meetings.convening import ENDS, MORNING, make_convening, state_of, traces


@pytest.mark.parametrize("state", MEETING.states)
async def test_every_act_that_does_not_fit_is_refused_and_leaves_nothing(db: str, state: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to(state)
        assert await meeting.state() == state
        fits = {step.name for step in MEETING.steps_from(state)}
    with clock.at(ENDS + timedelta(hours=1)):
        before = await traces()
        for name in {step.name for step in MEETING.steps} - fits:
            with pytest.raises(Refusal) as refused:
                await meeting.take(name)
            assert refused.value.status == 409, name
            assert await traces() == before, name


@pytest.mark.parametrize("state", RESOLVED_ITEM.states)
async def test_every_act_on_an_item_that_does_not_fit_is_refused(db: str, state: str) -> None:
    ways = {
        "open": (),
        "overdue": ("expire",),
        "reported": ("report_progress", "report_done"),
        "done": ("report_done", "give_back", "report_done", "accept"),
        "withdrawn": ("withdraw",),
    }
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to("issued")
    number = (await meeting.items())[0]
    for step in ways[state]:
        await meeting.do(number, step)
    assert await state_of(number) == state
    fits = {step.name for step in RESOLVED_ITEM.steps_from(state)}
    before = await traces()
    for name in {step.name for step in RESOLVED_ITEM.steps} - fits:
        with pytest.raises(Refusal) as refused:
            await meeting.do(number, name)
        assert refused.value.status == 409, name
        assert await traces() == before, name


async def test_the_house_alone_takes_its_own_steps(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to("noticed")
        for name in ("all_replied", "calendar_answer", "all_consented", "close"):
            with pytest.raises(Refusal) as refused:
                await meeting.take(name, actor=meeting.cast.owner.head)
            assert refused.value.status == 404, name


async def test_an_item_closes_with_its_meeting_only_when_all_have_ended(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to("issued")
    first, second = await meeting.items()
    await meeting.do(first, "report_done")
    await meeting.do(first, "accept")
    assert await meeting.state() == "issued"
    await meeting.do(second, "withdraw")
    assert await meeting.state() == "closed"


def test_diagrams_name_every_state() -> None:
    for procedure in (MEETING, RESOLVED_ITEM):
        reached = {procedure.initial, *(step.target for step in procedure.steps if step.target)}
        assert reached == procedure.states.keys()
