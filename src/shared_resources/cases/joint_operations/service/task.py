"""What the steps of a task do beyond moving the record: its clocks, the operation that begins to run."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.cases.joint_operations.rules.task import (
    REPORT_WITHIN,
    clocks,
    deadline_of,
    expiry_of,
    has_expired,
)
from shared_resources.cases.joint_operations.schemas.task import ExpiryCount
from shared_resources.cases.joint_operations.service.operation import before, join_office
from shared_resources.kernel import journal, links, working_calendar
from shared_resources.kernel.casework.acts import move
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.casework.filing import file_form
from shared_resources.kernel.casework.loans import loan_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Permission
from shared_resources.kernel.procedure import Counted
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import due

if TYPE_CHECKING:
    from shared_resources.kernel.casework.family import Happening

LEAD, COOPERATING, GOVERNMENT = Relation.LEAD, Relation.COOPERATING, Relation.GOVERNMENT


async def assign(happening: Happening) -> Outcome:
    """A task is a part of one operation with its plan in force, which the agency that assigns leads (JE-5c).

    An explicit deadline starts both clocks; without one nothing falls due (JE-8).

    Raises:
        Invalid: no operation of one's own, the agency does not cooperate in it, or a loan is unknown.
        WrongState: the plan is not in force.
    """
    order, actor = happening.entries, happening.actor
    operation = await _led_operation(happening)
    if order.agency not in (await journal.parties_of(operation)).all(COOPERATING):
        raise Invalid(
            N_("Tasks are assigned to cooperating agencies of the operation."),
            do=N_("Choose one of them."),
            code="not_cooperating",
            field="agency",
        )
    for number in order.loans.split():
        loan = await loan_of(actor, number, "loans")
        for user in (happening.record, operation):
            await links.link(user, loan, "uses", actor.person)
    return await _with_deadline(happening, order.deadline)


async def _led_operation(happening: Happening) -> UUID:
    """The operation that the task is a part of, locked, with a line in its journal."""
    parts = happening.facts.linked("joint_operation", "part_of")
    if len(parts) != 1 or happening.actor.agency not in (await journal.parties_of(parts[0].record)).all(LEAD):
        raise Invalid(
            N_("A task belongs to a joint operation that your agency leads."),
            do=N_("Assign it from the page of the operation."),
            code="no_operation",
        )
    family = family_of("joint_operation")
    assert family is not None
    row = await journal.locked(parts[0].record, family.procedure)
    family.procedure.step("assign_task", row["state"])
    await journal.note_line(
        family.procedure,
        "assign_task",
        parts[0].record,
        happening.actor,
        Permission.OPERATION_LEAD,
        data={"task": happening.facts.number},
    )
    return parts[0].record


async def _with_deadline(happening: Happening, deadline: date | None) -> Outcome:
    """Start the clocks of a deadline that lies ahead, and file how the report is counted from it.

    Raises:
        Invalid: the deadline has passed.
    """
    if deadline is None:
        return Outcome()
    if deadline < happening.facts.today:
        raise Invalid(
            N_("The deadline has passed already."), do=N_("Choose a later day."), code="past", field="deadline"
        )
    counted, data = await _count(happening, deadline)
    return Outcome(due=clocks(deadline, counted.effective_expiry), data=data)


async def _count(happening: Happening, deadline: date) -> tuple[ExpiryCount, dict[str, Any]]:
    """File the days that follow from the deadline, both ways of counting where they differ."""
    calendar = await working_calendar.load_calendar(connection(), deadline)
    county = await working_calendar.county_of(connection(), happening.facts.parties[COOPERATING])
    found = due(REPORT_WITHIN, deadline, calendar, county)
    counted = ExpiryCount(
        deadline=deadline,
        effective_expiry=found.counted_from,
        report_due=found.date,
        other_due=found.alternative,
        provisional=found.provisional,
    )
    _, digest = await file_form(happening.record, "counted", counted, happening.actor)
    return counted, {"counted": digest, "report_due": found.date.isoformat()}


async def start(happening: Happening) -> Outcome:
    """The first task that starts sets the operation running."""
    operation = family_of("joint_operation")
    assert operation is not None
    for linked in happening.facts.linked("joint_operation", "part_of"):
        row = await journal.locked(linked.record, operation.procedure)
        if row["state"] == "in_force":
            await move(operation, linked.record, "run", SYSTEM_ACTOR)
    return Outcome()


async def report(happening: Happening) -> Outcome:
    """The report bears the dates as the calendar of today gives them."""
    deadline = deadline_of(happening.facts)
    if deadline is None:
        return Outcome()
    _, data = await _count(happening, deadline)
    return Outcome(data=data)


async def send_back(happening: Happening) -> Outcome:
    """What is returned is done by the old deadline, or by a new one where that has passed.

    Raises:
        Invalid: the old deadline has passed and no new one is set.
    """
    stood = before(happening)
    new, old = happening.entries.deadline, deadline_of(stood)
    if new is None and has_expired(stood):
        raise Invalid(
            N_("The deadline has passed: set a new one for what is still to be done."),
            do=N_("Choose a later day."),
            code="deadline_needed",
            field="deadline",
        )
    return await _with_deadline(happening, new or old)


async def set_deadline(happening: Happening) -> Outcome:
    """A new deadline starts the clocks anew; while an explanation is judged, none runs."""
    counted = await _with_deadline(happening, happening.entries.deadline)
    return Outcome(data=counted.data) if happening.facts.state == "excused_pending" else counted


async def excuse(happening: Happening) -> Outcome:
    """The lead judges within its target, counted from the deadline where that is still ahead (JE-10)."""
    today, expiry = happening.facts.today, expiry_of(happening.facts)
    return Outcome(due={"judge_excuse": Counted(since=max(today, expiry or today))})


async def not_made_out(happening: Happening) -> Outcome:
    """The municipal government becomes a party: it decides or designates an agency (JE-10)."""
    await join_office(happening, GOVERNMENT)
    return Outcome()


async def designate(happening: Happening) -> Outcome:
    """The designated agency decides in the government's place.

    Raises:
        Invalid: there is no such agency, or it is a side of the task.
    """
    facts, agency = happening.facts, happening.entries.agency
    if agency not in facts.agencies or agency in facts.parties.agencies:
        raise Invalid(
            N_("An agency that is no side of the task is to be designated."),
            do=N_("Choose another agency."),
            code="no_agency",
            field="agency",
        )
    await journal.join(happening.record, GOVERNMENT, agency)
    return Outcome(data={"designated": agency})
