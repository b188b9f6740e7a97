"""An enforcement task (machine 2) as data, its clocks (JE-8), and what blocks a step. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from shared_resources.cases.joint_operations.schemas.task import (
    CompletionReport,
    Designation,
    ExcuseAgreed,
    NewDeadline,
    NotMadeOut,
    TaskDecision,
    TaskExcuse,
    TaskReturn,
)
from shared_resources.kernel.permissions import PAPERS, Permission, Relation
from shared_resources.kernel.procedure import Counted, Procedure, State, Step, Term, register
from shared_resources.kernel.words import N_, Sentence
from shared_resources.kernel.workdays import EXP, FWD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.deadlines import Due
    from shared_resources.kernel.permissions import Actor

LEAD, COOPERATING, GOVERNMENT = Relation.LEAD, Relation.COOPERATING, Relation.GOVERNMENT
REPORT_WITHIN = EXP(5)
"""The decree's limit (JE-8): five working days after expiry, which first rolls from a rest day."""

OPEN = ("assigned", "acknowledged", "running")
"""Before the deadline."""
ENDS = ("report", "excuse")
"""With a report or a written explanation on the table, the clocks of the task have done their work."""

STEPS = (
    Step(
        "acknowledge",
        ("assigned",),
        "acknowledged",
        Permission.TASK_DO,
        N_("Acknowledge"),
        "JE-6a",
        tells=(LEAD,),
        told_roles=PAPERS,
        notice=N_("Task %(number)s “%(title)s” was acknowledged."),
    ),
    Step(
        "start",
        ("acknowledged",),
        "running",
        Permission.TASK_DO,
        N_("Start"),
        "JE-6a",
        tells=(LEAD,),
        told_roles=PAPERS,
        notice=N_("Task %(number)s “%(title)s” was started."),
    ),
    Step(
        "report",
        ("running", "expired", "report_overdue"),
        "reported",
        Permission.TASK_DO,
        N_("Report the completion"),
        "JE-8",
        tells=(LEAD,),
        told_roles=PAPERS,
        notice=N_("The completion report of task %(number)s “%(title)s” has come."),
        form=CompletionReport,
        document="completion_report",
    ),
    Step(
        "accept",
        ("reported",),
        "accepted",
        Permission.TASK_JUDGE,
        N_("Accept"),
        "JE-8",
        tells=(COOPERATING,),
        told_roles=PAPERS,
        notice=N_("The report of task %(number)s “%(title)s” is accepted."),
        competes=True,
    ),
    Step(
        "return",
        ("reported",),
        "running",
        Permission.TASK_JUDGE,
        N_("Return for completion"),
        "JE-7",
        tells=(COOPERATING,),
        told_roles=PAPERS,
        notice=N_("The report of task %(number)s “%(title)s” is returned. What is missing is on its page."),
        form=TaskReturn,
        competes=True,
    ),
    Step(
        "expire",
        OPEN,
        "expired",
        None,
        N_("Deadline passed"),
        "JE-8",
        tells=(LEAD, COOPERATING),
        told_roles=PAPERS,
        notice=N_("The deadline of task %(number)s “%(title)s” has passed; the completion report is due."),
    ),
    Step(
        "report_overdue",
        ("expired",),
        "report_overdue",
        None,
        N_("Report overdue"),
        "JE-8",
        tells=(LEAD, COOPERATING),
        told_roles=PAPERS,
        notice=N_("The completion report of task %(number)s “%(title)s” is overdue."),
    ),
    Step(
        "excuse",
        ("acknowledged", "running", "expired", "report_overdue"),
        "excused_pending",
        Permission.TASK_EXCUSE,
        N_("Explain why it cannot be done"),
        "JE-9",
        tells=(LEAD,),
        told_roles=PAPERS,
        notice=N_("A written explanation why task %(number)s “%(title)s” cannot be done has come."),
        form=TaskExcuse,
        document="written_explanation",
    ),
    Step(
        "agree",
        ("excused_pending",),
        "excused",
        Permission.TASK_JUDGE,
        N_("Agree: the ground is made out"),
        "JE-9",
        tells=(COOPERATING,),
        told_roles=PAPERS,
        notice=N_("The explanation for task %(number)s “%(title)s” is accepted."),
        form=ExcuseAgreed,
        competes=True,
    ),
    Step(
        "not_made_out",
        ("excused_pending",),
        "escalated",
        Permission.TASK_JUDGE,
        N_("Not made out: report to the government"),
        "JE-10",
        tells=(COOPERATING, GOVERNMENT),
        told_roles=PAPERS,
        notice=N_("Task %(number)s “%(title)s” is reported to the municipal government for a decision."),
        form=NotMadeOut,
        document="excuse_report",
        competes=True,
    ),
    Step(
        "set_deadline",
        (*OPEN, "excused_pending"),
        None,
        Permission.TASK_ASSIGN,
        N_("Set another deadline"),
        "JE-5c",
        tells=(COOPERATING,),
        told_roles=PAPERS,
        notice=N_("Task %(number)s “%(title)s” has a new deadline."),
        form=NewDeadline,
    ),
    Step(
        "designate",
        ("escalated",),
        None,
        Permission.TASK_DECIDE,
        N_("Designate an agency"),
        "JE-10",
        tells=(LEAD, COOPERATING, GOVERNMENT),
        told_roles=PAPERS,
        notice=N_("An agency was designated to decide on task %(number)s “%(title)s”."),
        form=Designation,
    ),
    Step(
        "decide",
        ("escalated",),
        "decided",
        Permission.TASK_DECIDE,
        N_("Decide"),
        "JE-10",
        tells=(LEAD, COOPERATING, GOVERNMENT),
        told_roles=PAPERS,
        notice=N_("It was decided on task %(number)s “%(title)s”."),
        form=TaskDecision,
    ),
    Step(
        "withdraw",
        (*OPEN, "reported", "expired", "report_overdue", "excused_pending"),
        "withdrawn",
        Permission.TASK_JUDGE,
        N_("Withdraw"),
        "JE-5c",
        tells=(COOPERATING,),
        told_roles=PAPERS,
        notice=N_("Task %(number)s “%(title)s” is withdrawn. The reason is on its page."),
        needs_note=True,
        competes=True,
    ),
)

TASK = register(
    Procedure(
        kind="task",
        prefix="JT",
        basis="JE-5c",
        label=N_("Enforcement task"),
        path="/tasks/%(number)s",
        opening="assign",
        initial="assigned",
        parties=(LEAD, COOPERATING),
        offices=frozenset({Relation.LEGAL_OFFICE, GOVERNMENT, Relation.SUPERVISOR}),
        states={
            "assigned": State(N_("Assigned"), "waiting"),
            "acknowledged": State(N_("Acknowledged"), "active"),
            "running": State(N_("Running"), "active"),
            "reported": State(N_("Reported"), "waiting"),
            "accepted": State(N_("Completed"), "good", final=True),
            "expired": State(N_("Deadline passed"), "warning"),
            "report_overdue": State(N_("Report overdue"), "bad"),
            "excused_pending": State(N_("Explanation filed"), "waiting"),
            "excused": State(N_("Excused"), "neutral", final=True),
            "escalated": State(N_("With the government"), "waiting"),
            "decided": State(N_("Decided"), "neutral", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=STEPS,
        terms=(
            Term(
                "deadline",
                N_("Complete the task"),
                ("assign", "return", "set_deadline"),
                ("report",),
                COOPERATING,
                LEAD,
                "JE-7",
                void=("expire", "excuse", "set_deadline", "withdraw"),
                then="expire",
            ),
            Term(
                "report",
                N_("Completion report"),
                ("assign", "return", "set_deadline"),
                ("report",),
                COOPERATING,
                LEAD,
                "JE-8",
                statutory=True,
                void=("excuse", "set_deadline", "withdraw"),
                then="report_overdue",
            ),
            Term(
                "acknowledge",
                N_("Acknowledge the task"),
                ("assign",),
                ("acknowledge",),
                COOPERATING,
                LEAD,
                "JE-6a",
                rule=FWD(1),
                void=("expire", "withdraw"),
            ),
            Term(
                "judge_report",
                N_("Accept or return the report"),
                ("report",),
                ("accept", "return"),
                LEAD,
                COOPERATING,
                "JE-8",
                rule=FWD(5),
                void=("withdraw",),
            ),
            Term(
                "judge_excuse",
                N_("Judge the explanation; report to the government if it is not made out"),
                ("excuse",),
                ("agree", "not_made_out"),
                LEAD,
                COOPERATING,
                "JE-10",
                rule=FWD(5),
                void=("withdraw",),
            ),
            Term(
                "decide",
                N_("Decide on the task"),
                ("not_made_out",),
                ("decide",),
                GOVERNMENT,
                LEAD,
                "JE-10",
                rule=FWD(10),
            ),
        ),
    )
)


def deadline_of(facts: Facts) -> date | None:
    """The explicit deadline that stands now; None where none was ever set."""
    named = [
        filed.body["deadline"]
        for filed in facts.filings
        if filed.step in ("assign", "return", "set_deadline") and filed.body.get("deadline")
    ]
    return date.fromisoformat(named[-1]) if named else None


def expiry_of(facts: Facts) -> date | None:
    """The day with which the deadline expires: moved from a rest day to the next working day (rule EXP)."""
    deadline, counted = deadline_of(facts), facts.last("counted")
    if deadline is None or counted.get("deadline") != deadline.isoformat():
        return deadline
    return date.fromisoformat(counted["effective_expiry"])


def has_expired(facts: Facts) -> bool:
    """Whether an explicit deadline has expired (its last day is over)."""
    expiry = expiry_of(facts)
    return expiry is not None and facts.today > expiry


def clocks(deadline: date, expiry: date) -> Mapping[str, Due]:
    """The two clocks of an explicit deadline: its expiry, and JE-8 counted from the deadline."""
    return {"deadline": expiry, "report": Counted(since=deadline, rule=REPORT_WITHIN)}


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """What has to be done before this step (a sentence), or None."""
    if step == "start":
        return _operation_stands(facts)
    if step == "not_made_out":
        return _expiry_needed(facts)
    if step == "designate" and facts.has("designate"):
        return Sentence(N_("An agency was designated already."))
    return None


def _operation_stands(facts: Facts) -> Sentence | None:
    for operation in facts.linked("joint_operation", "part_of"):
        if operation.state == "suspended":
            return Sentence(N_("Operation %(number)s is suspended."), {"number": operation.number})
    return None


def _expiry_needed(facts: Facts) -> Sentence | None:
    """JE-10 knows a ground that is not made out only once the deadline has expired."""
    expiry = expiry_of(facts)
    if expiry is None:
        return Sentence(N_("This task has no deadline: set one first. Only after it has passed is this possible."))
    if facts.today <= expiry:
        return Sentence(N_("This is possible only after the deadline of %(deadline)s."), {"deadline": expiry})
    return None
