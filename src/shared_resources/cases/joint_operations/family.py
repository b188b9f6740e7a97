"""Joint operations and their tasks as families of records (JE, SCP)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.cases.joint_operations.letters import operation as operation_letters
from shared_resources.cases.joint_operations.letters import task as task_letters
from shared_resources.cases.joint_operations.letters.plan import operation_plan
from shared_resources.cases.joint_operations.rules import operation as operation_rules
from shared_resources.cases.joint_operations.rules import plan as plan_rules
from shared_resources.cases.joint_operations.rules import task as task_rules
from shared_resources.cases.joint_operations.schemas.operation import ADOPTION_LABELS, POST_LABELS, Proposal
from shared_resources.cases.joint_operations.schemas.task import TaskOrder
from shared_resources.cases.joint_operations.service import operation as operation_service
from shared_resources.cases.joint_operations.service import task as task_service
from shared_resources.kernel.casework.family import Family, known
from shared_resources.kernel.casework.loans import link_booking
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor


def shown_of_operation(facts: Facts) -> dict[str, Any]:
    """Liaisons, comments and what is still missing, for the page of an operation."""
    has_begun = facts.state not in ("proposed", "in_legal_review", "rejected", "withdrawn")
    return {
        "liaisons": plan_rules.liaisons(facts),
        "vacant": plan_rules.vacant(facts) if has_begun else (),
        "posts": POST_LABELS,
        "comments": plan_rules.comments(facts),
        "silent": plan_rules.silent(facts) if facts.has("circulate") and facts.state != "consulting" else (),
        "adoptions": ADOPTION_LABELS,
        "without_agreement": plan_rules.without_agreement(facts),
    }


def prefill_of_operation(facts: Facts, step: str, actor: Actor) -> Mapping[str, Any] | None:
    """A new version of the plan begins with the last one, the first with a line for each agency's duty."""
    if step != "draft":
        return None
    duties = [{"agency": str(agency)} for agency in plan_rules.participants(facts)]
    return plan_rules.plan_of(facts) or {"duties": duties, "notice_days": 30}


def prefill_of_task(facts: Facts, step: str, actor: Actor) -> Mapping[str, Any] | None:
    """A report that was returned begins as it was filed."""
    return (facts.last("report") or None) if step == "report" else None


def shown_of_task(facts: Facts) -> dict[str, Any]:
    """The deadline and what follows from it, for the page of a task."""
    return {"counted": facts.last("counted"), "deadline": task_rules.deadline_of(facts)}


OPERATION = known(
    Family(
        procedure=operation_rules.OPERATION,
        label=N_("Joint operations"),
        lead=N_("Several agencies enforce together under one plan, led by one of them."),
        see=Permission.OPERATION_SEE,
        open=Permission.OPERATION_LEAD,
        opens_as=Relation.LEAD,
        opening=Proposal,
        title=lambda entries: entries.title,
        parties=lambda entries, actor: {Relation.COOPERATING: entries.cooperating},
        blocks=operation_rules.blocks,
        effects={
            "propose": operation_service.propose,
            "submit": operation_service.submit,
            "draft": operation_service.draft,
            "circulate": operation_service.circulate,
            "answer": operation_service.answer,
            "close_comments": operation_service.close_comments,
            "issue": operation_service.issue,
            "record_agreement": operation_service.record_agreement,
            "instruct": operation_service.of_participant,
            "note_progress": operation_service.of_participant,
            "link_booking": link_booking,
            "report_progress": operation_service.report,
            "close_tasks": operation_service.tasks_concluded,
            "file_report": operation_service.report,
        },
        letters={
            "operation_application": operation_letters.application,
            "comment_letter": operation_letters.comment_letter,
            "operation_plan": operation_plan,
            "operation_report": operation_letters.operation_report,
        },
        body="cases/joint_operations/operation.html",
        own=shown_of_operation,
        prefill=prefill_of_operation,
        new_label=N_("Propose a joint operation"),
    )
)

TASK = known(
    Family(
        procedure=task_rules.TASK,
        label=N_("Enforcement tasks"),
        lead=N_("What the lead agency of a joint operation assigns to one cooperating agency."),
        see=Permission.TASK_SEE,
        open=Permission.TASK_ASSIGN,
        opens_as=Relation.LEAD,
        opening=TaskOrder,
        title=lambda entries: entries.matter,
        parties=lambda entries, actor: {Relation.COOPERATING: entries.agency},
        about_as="part_of",
        new_label=N_("Assign a task"),
        blocks=task_rules.blocks,
        effects={
            "assign": task_service.assign,
            "start": task_service.start,
            "report": task_service.report,
            "return": task_service.send_back,
            "set_deadline": task_service.set_deadline,
            "excuse": task_service.excuse,
            "not_made_out": task_service.not_made_out,
            "designate": task_service.designate,
        },
        letters={
            "task_notice": task_letters.task_notice,
            "completion_report": task_letters.completion_report,
            "written_explanation": task_letters.written_explanation,
            "excuse_report": task_letters.excuse_report,
        },
        opening_document="task_notice",
        body="cases/joint_operations/task.html",
        own=shown_of_task,
        prefill=prefill_of_task,
    )
)
