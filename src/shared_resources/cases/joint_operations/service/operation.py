"""What the steps of a joint operation do beyond moving the record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.cases.joint_operations.rules.offices import office_of
from shared_resources.cases.joint_operations.rules.operation import is_under_way
from shared_resources.cases.joint_operations.rules.plan import participants, silent, unanswered
from shared_resources.cases.joint_operations.schemas.operation import Superior
from shared_resources.kernel import clock, journal
from shared_resources.kernel.casework.family import Outcome
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.shared_use import footage_owed
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.casework.family import Happening


async def propose(happening: Happening) -> Outcome:
    """Every agency that is to cooperate exists."""
    for agency in happening.entries.cooperating:
        if agency not in happening.facts.agencies:
            raise _no_such_agency("cooperating")
    return Outcome()


async def submit(happening: Happening) -> Outcome:
    """The legal office takes part from now on: it owes its opinion."""
    await join_office(happening, Relation.LEGAL_OFFICE)
    return Outcome()


async def join_office(happening: Happening, office: Relation) -> UUID:
    """Let the holder of a standing office take part in the record.

    Raises:
        Invalid: no agency of the house holds it.
    """
    holder = office_of(happening.facts, office)
    if holder is None:
        raise Invalid(
            N_("No agency in this system holds that office."),
            do=N_("Ask the administrator to enter it."),
            code="no_office",
        )
    await journal.join(happening.record, office, holder.id)
    return holder.id


async def draft(happening: Happening) -> Outcome:
    """Duties are given only to agencies of the operation."""
    taking_part = set(participants(happening.facts))
    for row, duty in enumerate(happening.entries.duties):
        if duty.agency not in taking_part:
            raise Invalid(
                N_("This agency takes no part in the operation."),
                do=N_("Choose one that does."),
                code="not_taking_part",
                field=f"duties.{row}.agency",
            )
    return Outcome()


async def circulate(happening: Happening) -> Outcome:
    """The comment round begins; its window may be named, never in the past."""
    until = happening.entries.until
    if until is None:
        return Outcome()
    if until <= happening.facts.today:
        raise _past("until")
    return Outcome(due={"comment": until})


async def answer(happening: Happening) -> Outcome:
    """The lead answers a comment that is there."""
    if happening.entries.agency not in unanswered(before(happening)):
        raise Invalid(
            N_("No comment of this agency waits for an answer."),
            do=N_("Choose an agency whose comment is open."),
            code="no_open_comment",
            field="agency",
        )
    return Outcome()


def before(happening: Happening) -> Facts:
    """The facts without the form of this step."""
    return replace(happening.facts, filings=happening.facts.filings[:-1])


async def close_comments(happening: Happening) -> Outcome:
    """Agencies that still have time are waited for; whoever said nothing is on record as silent (JE-3).

    Raises:
        WrongState: somebody has not answered and the comment window is open.
    """
    due_at = await connection().fetchval(
        "SELECT max(due_at) FROM deadline WHERE record = $1 AND term = 'comment' AND state = 'running'",
        happening.record,
    )
    if due_at is not None and due_at > clock.now():
        raise WrongState(
            N_("Comments may still come in until %(until)s."),
            do=N_("Wait for them, or for the end of the comment round."),
            code="window_open",
            until=due_at,
        )
    return Outcome(data={"no_comment_received": list(silent(happening.facts))})


async def issue(happening: Happening) -> Outcome:
    """A new version of the plan of an operation that is under way: it goes on running."""
    return Outcome(then="run" if is_under_way(happening.facts) else "")


async def of_participant(happening: Happening) -> Outcome:
    """What is noted concerns an agency of the operation."""
    agency = happening.entries.agency
    if agency is not None and agency not in participants(happening.facts):
        raise Invalid(
            N_("This agency takes no part in the operation."),
            do=N_("Choose one that does."),
            code="not_taking_part",
            field="agency",
        )
    return Outcome()


async def tasks_concluded(happening: Happening) -> Outcome:
    """The operation is over: each agency owes the others what it recorded in it (VI-1b)."""
    facts = happening.facts
    taking_part = participants(facts)
    for agency in taking_part:
        await footage_owed(happening.record, facts.title, agency, tuple(taking_part), facts.opened_at, facts.now)
    return Outcome()


async def report(happening: Happening) -> Outcome:
    """A report to the government makes its office a party; what it tells has happened."""
    if happening.entries.period_to > happening.facts.today:
        raise Invalid(
            N_("The period of the report lies in the future."),
            do=N_("Check the date."),
            code="future",
            field="period_to",
        )
    if happening.entries.to is Superior.GOVERNMENT:
        await join_office(happening, Relation.GOVERNMENT)
    return Outcome()


async def record_agreement(happening: Happening) -> Outcome:
    """An agreement is with an agency of the operation and was made already."""
    if happening.entries.agreed_on > happening.facts.today:
        raise Invalid(
            N_("This day lies in the future."), do=N_("Check the date."), code="future", field="agreed_on"
        )
    return await of_participant(happening)


def _past(field: str) -> Invalid:
    return Invalid(N_("This day is not ahead of us."), do=N_("Choose a later day."), code="past", field=field)


def _no_such_agency(field: str) -> Invalid:
    return Invalid(
        N_("There is no such agency."), do=N_("Choose one from the list."), code="no_agency", field=field
    )
