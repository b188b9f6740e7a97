"""Who may do what on an operation and a task: every step by every part and role, and who may look."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.queries import CaseFilter, case_list, case_page
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.permissions import MATRIX, Relation
from tests.cases.joint_operations.operating import (
    MORNING,
    OPERATION,
    TASK,
    TASK_FORMS,
    Operating,
    make_operating,
    traces,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.casework.family import Family
    from shared_resources.kernel.permissions import Actor
    from tests.people import Team


def people(operating: Operating) -> Iterator[tuple[Relation, Actor]]:
    """Everybody with the part that the agency plays: those on the record, the offices, an outsider."""
    sides: list[tuple[Relation, Team]] = [
        (Relation.LEAD, operating.lead),
        (Relation.COOPERATING, operating.cast.borrower),
        (Relation.LEGAL_OFFICE, operating.offices.legal),
        (Relation.GOVERNMENT, operating.offices.government),
        (Relation.SUPERVISOR, operating.offices.supervisor),
        (Relation.THIRD, operating.cast.third),
    ]
    for part, team in sides:
        for actor in (team.officer, team.head, team.custodian, team.clerk, team.auditor, team.admin):
            yield part, actor


@pytest.mark.parametrize("family", [OPERATION, TASK], ids=lambda family: family.kind)
async def test_every_step_by_everybody_who_may_not(db: str, family: Family) -> None:
    """403 to those who see the record, 404 to those who do not; nothing is left behind."""
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        await operating.assign()
        number = operating.number if family is OPERATION else operating.tasks[0]
        forms = operating.forms() if family is OPERATION else TASK_FORMS
        before = await traces(number)
        for step in family.procedure.steps:
            for part, actor in people(operating):
                if step.permission and actor.roles & MATRIX[step.permission].get(part, frozenset()):
                    continue
                with pytest.raises(Refusal) as refused:
                    await take_step(actor, family, number, step.name, forms.get(step.name), note="理由如此。")
                unseen = step.permission is None or part is Relation.THIRD
                assert refused.value.status == (404 if unseen else 403), (step.name, part, actor.name)
        assert await traces(number) == before


@pytest.mark.parametrize("family", [OPERATION, TASK], ids=lambda family: family.kind)
async def test_who_sees_it(db: str, family: Family) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        await operating.assign()
        number = operating.number if family is OPERATION else operating.tasks[0]
        for part, actor in people(operating):
            if part is Relation.THIRD:
                with pytest.raises(Refusal) as refused:
                    await case_page(actor, family, number)
                assert refused.value.status == 404
                assert not (await case_list(actor, family, CaseFilter())).lines
                continue
            page = await case_page(actor, family, number)
            assert page.masked is (part not in (Relation.LEAD, Relation.COOPERATING)), (part, actor.name)
            assert [line.number for line in (await case_list(actor, family, CaseFilter())).lines] == [number]


async def test_a_cooperating_agency_does_not_see_the_tasks_of_another(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.in_force()
        number = await operating.assign()
        with pytest.raises(Refusal) as refused:
            await case_page(operating.second.head, TASK, number)
        assert refused.value.status == 404
        for step in ("acknowledge", "report"):
            with pytest.raises(Refusal) as refused:
                await operating.do(step, by=operating.second.officer)
            assert refused.value.status == 404


async def test_nobody_leads_an_operation_against_itself(db: str) -> None:
    with clock.at(MORNING):
        operating = await make_operating()
        own = operating.proposal(cooperating=(operating.lead.agency,))
        with pytest.raises(Refusal, match="An agency does not turn to itself"):
            await open_case(operating.lead.officer, OPERATION, own)
        with pytest.raises(Refusal) as refused:
            await open_case(operating.lead.auditor, OPERATION, operating.proposal())
        assert refused.value.status == 403


async def test_buttons_are_those_that_work(db: str) -> None:
    """What a page offers as possible is what the verb lets pass, and what it greys says why."""
    with clock.at(MORNING):
        operating = await make_operating()
        await operating.open()
        page = await case_page(operating.lead.head, OPERATION, operating.number)
        choices = {choice.step.name: choice.reason for choice in page.choices}
    assert choices["register"] is None
    assert choices["withdraw"] is None
    assert choices["submit"] is not None
    assert set(choices) == {"register", "submit", "withdraw"}
