"""A joint operation (machine 1) as data, with its liaisons (machine 3), and what blocks a step. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.joint_operations.rules.plan import (
    LEAD,
    lacking,
    listed,
    plan_of,
    unanswered,
)
from shared_resources.cases.joint_operations.rules.steps import AFTER_START, STEPS
from shared_resources.cases.joint_operations.schemas.operation import StartBasis
from shared_resources.kernel.permissions import Relation
from shared_resources.kernel.procedure import Procedure, State, Term, register
from shared_resources.kernel.words import N_, Sentence
from shared_resources.kernel.workdays import FWD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared_resources.kernel.casework.facts import Facts, Linked
    from shared_resources.kernel.permissions import Actor

COOPERATING = Relation.COOPERATING
LEGAL, GOVERNMENT = Relation.LEGAL_OFFICE, Relation.GOVERNMENT

OPERATION = register(
    Procedure(
        kind="joint_operation",
        prefix="JE",
        basis="JE-2",
        label=N_("Joint operation"),
        path="/operations/%(number)s",
        opening="propose",
        initial="proposed",
        parties=(LEAD, COOPERATING),
        offices=frozenset({LEGAL, GOVERNMENT, Relation.SUPERVISOR}),
        states={
            "proposed": State(N_("Being proposed"), "neutral"),
            "in_legal_review": State(N_("With the legal office"), "waiting"),
            "rejected": State(N_("Not approved"), "bad", final=True),
            "initiated": State(N_("Initiated"), "active"),
            "drafting": State(N_("Plan being drafted"), "active"),
            "consulting": State(N_("Comment round"), "waiting"),
            "plan_final": State(N_("Plan ready to issue"), "active"),
            "in_force": State(N_("Plan in force"), "good"),
            "running": State(N_("Running"), "good"),
            "suspended": State(N_("Suspended"), "warning"),
            "closing": State(N_("Final report due"), "waiting"),
            "closed": State(N_("Closed"), "neutral", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=STEPS,
        terms=(
            Term(
                "legal_review",
                N_("Examine the proposal"),
                ("submit",),
                ("approve", "reject"),
                LEGAL,
                LEAD,
                "JE-2c",
                rule=FWD(5),
                void=("withdraw",),
            ),
            Term(
                "comment",
                N_("Comment on the draft plan"),
                ("circulate",),
                ("comment",),
                COOPERATING,
                LEAD,
                "JE-3",
                rule=FWD(5),
                void=("close_comments", "revise", "withdraw"),
                each=True,
            ),
            Term(
                "final_report",
                N_("File the final report"),
                ("close_tasks",),
                ("file_report",),
                LEAD,
                None,
                "JE-5f",
                rule=FWD(10),
                void=("withdraw",),
            ),
        ),
    )
)


def tasks(facts: Facts) -> tuple[Linked, ...]:
    """The tasks of the operation."""
    return facts.linked("task", "part_of")


def is_under_way(facts: Facts) -> bool:
    """Whether a task was ever started: the operation runs, whichever version of its plan is in force."""
    return any(task.state not in UNSTARTED for task in tasks(facts))


UNSTARTED = frozenset({"assigned", "acknowledged", "withdrawn"})


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """What has to be done before this step (a sentence), or None."""
    check = CHECKS.get(step)
    return check(facts, actor) if check else None


def _submit(facts: Facts, actor: Actor) -> Sentence | None:
    if _start_basis(facts) is StartBasis.LEGAL_OFFICE:
        return None
    return Sentence(N_("A decision from above is on file: register the operation instead."))


def _register(facts: Facts, actor: Actor) -> Sentence | None:
    if _start_basis(facts) is not StartBasis.LEGAL_OFFICE:
        return None
    return Sentence(N_("Our own proposal needs the opinion of the legal office first: submit it."))


def _start_basis(facts: Facts) -> StartBasis:
    return StartBasis(facts.last("propose")["start_basis"])


def _circulate(facts: Facts, actor: Actor) -> Sentence | None:
    if not plan_of(facts):
        return Sentence(N_("There is no draft of the plan yet."))
    waiting = unanswered(facts)
    if waiting:
        return _unanswered(facts)
    return None


def _unanswered(facts: Facts) -> Sentence:
    names = listed([Sentence(facts.agencies[agency].name_zh) for agency in unanswered(facts)])
    return Sentence(N_("Comments wait for an answer: %(agencies)s."), {"agencies": names})


def _comment(facts: Facts, actor: Actor) -> Sentence | None:
    if any(filed.agency == actor.agency for filed in facts.since("circulate", "comment")):
        return Sentence(N_("Your agency has commented in this round."))
    return None


def _answer(facts: Facts, actor: Actor) -> Sentence | None:
    return None if unanswered(facts) else Sentence(N_("No comment waits for an answer."))


def _issue(facts: Facts, actor: Actor) -> Sentence | None:
    missing = lacking(facts)
    if not missing:
        return None
    return Sentence(N_("The plan cannot be issued yet. Missing: %(missing)s."), {"missing": listed(missing)})


def _close_tasks(facts: Facts, actor: Actor) -> Sentence | None:
    if not tasks(facts):
        return Sentence(N_("No task was assigned yet."))
    return _open_tasks(facts)


def _withdraw(facts: Facts, actor: Actor) -> Sentence | None:
    return _open_tasks(facts)


def _open_tasks(facts: Facts) -> Sentence | None:
    unfinished = [Sentence(task.number) for task in tasks(facts) if not task.is_final]
    if unfinished:
        return Sentence(N_("Tasks are still open: %(tasks)s."), {"tasks": listed(unfinished)})
    return None


def _receipt(facts: Facts, actor: Actor) -> Sentence | None:
    told = [n for n, one in enumerate(facts.filings) if one.step == "instruct" and _concerns(one.body, actor)]
    confirmed = [
        n
        for n, one in enumerate(facts.filings)
        if one.step == "confirm_instructions" and one.agency == actor.agency
    ]
    if told and (not confirmed or confirmed[-1] < told[-1]):
        return None
    return Sentence(N_("There is no new instruction to confirm."))


def _concerns(body: Mapping[str, object], actor: Actor) -> bool:
    return body.get("agency") in (None, str(actor.agency))


CHECKS: Mapping[str, Callable[[Facts, Actor], Sentence | None]] = {
    "submit": _submit,
    "register": _register,
    "circulate": _circulate,
    "comment": _comment,
    "answer": _answer,
    "issue": _issue,
    "close_tasks": _close_tasks,
    "withdraw": _withdraw,
    "confirm_instructions": _receipt,
}

__all__ = ["AFTER_START", "OPERATION", "blocks", "is_under_way", "tasks"]
