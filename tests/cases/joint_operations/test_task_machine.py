"""Machine 2 walked in full: every state by real verbs; every other act is refused and leaves nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared_resources.cases.joint_operations.schemas.task import CompletionReport, TaskReturn
from shared_resources.kernel import clock, holds
from shared_resources.kernel.casework.acts import open_case
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Refusal
from tests.cases.joint_operations.operating import (
    FIGURES,
    LATER,
    MORNING,
    OPERATION,
    TASK,
    due_of,
    make_operating,
    one,
    state_of,
    traces,
)

MACHINE = TASK.procedure
AFTER = datetime(2026, 12, 14, 1, 0, tzinfo=UTC)
"""The Monday after the deadline."""
PATHS = {
    "assigned": (),
    "acknowledged": ("acknowledge",),
    "running": ("acknowledge", "start"),
    "reported": ("acknowledge", "start", "report"),
    "accepted": ("acknowledge", "start", "report", "accept"),
    "expired": ("acknowledge", "start", "expire"),
    "report_overdue": ("expire", "report_overdue"),
    "excused_pending": ("acknowledge", "excuse"),
    "excused": ("acknowledge", "start", "expire", "excuse", "agree"),
    "escalated": ("acknowledge", "start", "excuse", "not_made_out"),
    "decided": ("acknowledge", "start", "expire", "excuse", "not_made_out", "designate", "decide"),
    "withdrawn": ("withdraw",),
}
OVER = ("expired", "report_overdue", "escalated", "decided")


def test_paths_reach_every_state() -> None:
    assert PATHS.keys() == MACHINE.states.keys()


@pytest.mark.parametrize("state", PATHS)
async def test_every_act_that_does_not_fit_is_refused_and_leaves_nothing(db: str, state: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign()
    with clock.at(AFTER if state in OVER else MORNING):
        await operating.do(*PATHS[state])
        assert await state_of(number) == state
        before = await traces(number)
        fits = {step.name for step in MACHINE.steps_from(state)}
        for step in {step.name: step for step in MACHINE.steps}.values():
            if step.name in fits:
                continue
            with pytest.raises(Refusal) as refused:
                await operating.do(step.name)
            assert refused.value.status == 409, step.name
            assert await traces(number) == before, step.name


async def test_the_first_start_sets_the_operation_running(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        await operating.assign()
        await operating.do("acknowledge")
        assert await state_of(operating.number) == "in_force"
        await operating.do("start")
        assert await state_of(operating.number) == "running"
        await operating.assign()
        await operating.do("acknowledge", "start")
        assert await state_of(operating.number) == "running"


async def test_no_task_starts_while_the_operation_is_suspended(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        first = await operating.assign()
        await operating.do("acknowledge", "start")
        await operating.assign()
        await operating.do("acknowledge")
        await operating.take("suspend")
        with pytest.raises(Refusal, match="is suspended"):
            await operating.do("start")
        await operating.take("resume")
        await operating.do("start")
    assert await state_of(first) == "running"


async def test_what_is_returned_is_done_by_the_old_deadline(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign()
        await operating.do("acknowledge", "start", "report", "return")
    assert await state_of(number) == "running"
    due = await due_of(number, "deadline")
    assert (due["due_on"], due["state"]) == (LATER, "running")
    assert (await due_of(number, "report"))["state"] == "running"


async def test_after_the_deadline_a_return_sets_a_new_one(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign()
    with clock.at(AFTER):
        await operating.do("expire", "report")
        before = await traces(number)
        with pytest.raises(Refusal, match="The deadline has passed: set a new one"):
            await operating.do("return")
        assert await traces(number) == before
        with pytest.raises(Refusal, match="The deadline has passed already"):
            await operating.do("return", entries=TaskReturn(reason="缺少清单", deadline=LATER))
        await operating.do("return", entries=TaskReturn(reason="缺少清单", deadline=date(2026, 12, 25)))
    assert (await due_of(number, "deadline"))["due_on"] == date(2026, 12, 25)


async def test_a_ground_is_found_not_made_out_only_after_expiry(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        await operating.assign()
        await operating.do("acknowledge", "excuse")
        with pytest.raises(Refusal, match="only after the deadline of 2026-12-11"):
            await operating.do("not_made_out")
    last_minute = datetime(2026, 12, 11, 15, 59, tzinfo=UTC)
    with clock.at(last_minute), pytest.raises(Refusal, match="only after the deadline"):
        await operating.do("not_made_out")
    with clock.at(datetime(2026, 12, 11, 16, 0, tzinfo=UTC)):
        await operating.do("not_made_out")
    assert await state_of(operating.tasks[0]) == "escalated"


async def test_without_a_deadline_nothing_falls_due_and_nothing_is_escalated(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign(deadline=None)
        assert await due_of(number, "deadline") is None
        assert await due_of(number, "report") is None
        await operating.do("acknowledge", "excuse")
        with pytest.raises(Refusal, match="This task has no deadline"):
            await operating.do("not_made_out")
        await operating.do("set_deadline")
        assert await due_of(number, "deadline") is None
    with clock.at(datetime(2026, 12, 28, 1, 0, tzinfo=UTC)):
        await operating.do("not_made_out")
    assert await state_of(number) == "escalated"


async def test_the_designated_agency_decides_in_the_place_of_the_government(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign()
        await operating.do("acknowledge", "excuse")
    with clock.at(AFTER):
        await operating.do("not_made_out")
        with pytest.raises(Refusal) as unknown:
            await operating.do("decide", by=operating.cast.third.head)
        assert unknown.value.status == 404
        await operating.do("designate")
        with pytest.raises(Refusal, match="designated already"):
            await operating.do("designate")
        await operating.do("decide", by=operating.cast.third.head)
    assert await state_of(number) == "decided"


async def test_a_report_of_what_is_not_done_says_why(db: str) -> None:
    with pytest.raises(ValueError, match="Say what is not completed"):
        CompletionReport(result="检查过半。", **FIGURES)


async def test_a_held_task_is_neither_accepted_nor_escalated(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign()
        await operating.do("acknowledge", "start", "report")
        record = await one("SELECT id FROM record WHERE number = $1", number)
        async with transaction():
            await holds.hold(record, operating.id or record)
        for step in ("accept", "return", "withdraw"):
            with pytest.raises(Refusal) as refused:
                await operating.do(step)
            assert refused.value.code == "held"


async def test_only_agencies_of_the_operation_get_tasks(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        before = await traces(operating.number)
        with pytest.raises(Refusal, match="assigned to cooperating agencies"):
            await operating.assign(operating.cast.third)
        with pytest.raises(Refusal, match="An agency does not turn to itself"):
            await operating.assign(operating.lead)
        with pytest.raises(Refusal, match="The deadline has passed already"):
            await operating.assign(deadline=date(2026, 11, 23))
        with pytest.raises(Refusal, match="No loan with the number L2026-99999"):
            await operating.assign(loans="L2026-99999")
        assert await traces(operating.number) == before


async def test_a_task_belongs_to_an_operation_that_one_leads(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.open()
        order = operating.order(operating.second)
        before = await traces(operating.number)
        for actor, about in ((operating.lead.officer, None), (operating.cast.borrower.officer, operating.number)):
            with pytest.raises(Refusal, match="belongs to a joint operation that your agency leads"):
                await open_case(actor, TASK, order, about=about)
        with pytest.raises(Refusal) as foreign:
            await open_case(operating.cast.third.officer, TASK, order, about=operating.number)
        assert foreign.value.status == 404
        with pytest.raises(Refusal) as early:
            await operating.assign()
        assert early.value.status == 409
        assert await traces(operating.number) == before


async def test_the_operation_keeps_nothing_of_a_task_but_its_number(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign()
        page = await case_page(operating.second.officer, OPERATION, operating.number)
    assert not page.facts.has("assign_task")
    assert [linked.number for linked in page.facts.linked("task", "part_of")] == [number]
    assert await one("SELECT count(*) FROM journal_line WHERE step = 'assign_task'") == 1
