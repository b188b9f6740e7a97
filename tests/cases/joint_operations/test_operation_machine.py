"""Machine 1 walked in full: every state by real verbs; every other act is refused and leaves nothing."""

from __future__ import annotations

import pytest

from shared_resources.cases.joint_operations.schemas.operation import StartBasis
from shared_resources.kernel import clock, holds
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Refusal
from tests.cases.joint_operations.operating import (
    MORNING,
    OPERATION,
    Operating,
    make_operating,
    one,
    state_of,
    traces,
)

MACHINE = OPERATION.procedure
STATES = (
    "proposed",
    "in_legal_review",
    "rejected",
    "initiated",
    "drafting",
    "consulting",
    "plan_final",
    "in_force",
    "running",
    "suspended",
    "closing",
    "closed",
    "withdrawn",
)


async def bring_to(operating: Operating, state: str) -> None:
    """A new operation in ``state``, by acts of those who may."""
    if state in ("in_legal_review", "rejected"):
        await operating.open(StartBasis.LEGAL_OFFICE)
        await operating.take("submit", *(("reject",) if state == "rejected" else ()))
        return
    if state in ("in_force", "running", "suspended", "closing", "closed"):
        await operating.in_force()
        await _work(operating, state)
        return
    await operating.open()
    if state == "withdrawn":
        await operating.take("withdraw")
    if state in ("initiated", "drafting", "consulting", "plan_final"):
        await operating.take("register")
    if state in ("drafting", "consulting"):
        await operating.take("draft", *(("circulate",) if state == "consulting" else ()))
    if state == "plan_final":
        await operating.agree_on_plan()


async def _work(operating: Operating, state: str) -> None:
    if state == "in_force":
        return
    await operating.assign()
    await operating.do("acknowledge", "start")
    if state == "suspended":
        await operating.take("suspend")
    if state in ("closing", "closed"):
        await operating.do("report", "accept")
        await operating.take("close_tasks", *(("file_report",) if state == "closed" else ()))


def test_every_state_is_walked() -> None:
    assert set(STATES) == set(MACHINE.states)


@pytest.mark.parametrize("state", STATES)
async def test_every_act_that_does_not_fit_is_refused_and_leaves_nothing(db: str, state: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await bring_to(operating, state)
        assert await state_of(operating.number) == state
        before = await traces(operating.number)
        fits = {step.name for step in MACHINE.steps_from(state)}
        for step in {step.name: step for step in MACHINE.steps}.values():
            if step.name in fits:
                continue
            with pytest.raises(Refusal) as refused:
                await operating.take(step.name)
            assert refused.value.status == 409, step.name
            assert await traces(operating.number) == before, step.name


async def test_approval_by_the_legal_office_starts_it(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.open(StartBasis.LEGAL_OFFICE)
        with pytest.raises(Refusal, match="needs the opinion of the legal office"):
            await operating.take("register")
        await operating.take("submit", "approve")
        assert await state_of(operating.number) == "initiated"


async def test_a_decision_from_above_needs_no_approval(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.open(StartBasis.CENTRAL)
        with pytest.raises(Refusal, match="register the operation instead"):
            await operating.take("submit")
        await operating.take("register")
        assert await state_of(operating.number) == "initiated"


async def test_suspended_work_goes_on(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await bring_to(operating, "suspended")
        await operating.take("resume")
        assert await state_of(operating.number) == "running"


async def test_an_amended_plan_goes_through_a_new_round_and_the_operation_runs_on(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await bring_to(operating, "running")
        await operating.take("amend")
        await operating.agree_on_plan()
        await operating.take("issue")
        assert await state_of(operating.number) == "running"


async def test_withdrawing_waits_for_open_tasks(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        await operating.assign()
        for step in ("withdraw", "close_tasks"):
            with pytest.raises(Refusal, match=f"Tasks are still open: {operating.tasks[0]}"):
                await operating.take(step)
        await operating.do("withdraw")
        await operating.take("withdraw")
        assert await state_of(operating.number) == "withdrawn"


def test_every_open_state_before_the_last_can_be_withdrawn() -> None:
    for name, state in MACHINE.states.items():
        steps = {step.name for step in MACHINE.steps_from(name)}
        assert ("withdraw" in steps) is (not state.final and name != "closing"), name


async def test_while_a_dispute_is_open_nobody_decides_alone(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await bring_to(operating, "running")
        dispute = await one("SELECT id FROM record WHERE number = $1", operating.tasks[0])
        async with transaction():
            await holds.hold(operating.id or dispute, dispute)
        for step in ("suspend", "amend", "withdraw"):
            with pytest.raises(Refusal) as refused:
                await operating.take(step)
            assert refused.value.code in ("held", "not_yet"), step
        await operating.take("note_progress")
        async with transaction():
            await holds.release(dispute)
        await operating.take("suspend")
    assert await state_of(operating.number) == "suspended"
