"""Which acts a reader is offered on a loan or an incident, and why one is greyed. Pure.

The same questions the verbs ask: permission by the procedure, separation of duties, and a few facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.equipment.rules.procedures import INCIDENT, LOAN
from shared_resources.equipment.schemas.loans import Choice
from shared_resources.kernel import separation
from shared_resources.kernel.errors import NotAllowed
from shared_resources.kernel.permissions import DECIDING, Actor, Permission, Reason, may
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from shared_resources.kernel.procedure import Step

DECISIONS = frozenset({"approve", "offer", "release", "extend"})
"""Acts that say yes to what was asked for: the person who asked may not take them (ROLES.md)."""
NOT_ON_DUTY = Reason(Sentence(N_("Only the officer on duty or somebody who decides may release at once.")))


@dataclass(frozen=True)
class LoanFacts:
    """What decides, besides the reader's role; ``on_duty`` is about the reader at the owner's desk."""

    state: str
    owner: UUID
    borrower: UUID
    asked_by: UUID
    emergency: bool
    papers_filed: bool
    extension_asked: bool
    on_duty: bool


def loan_choices(actor: Actor, loan: LoanFacts) -> tuple[Choice, ...]:
    """Every act that leaves the loan's present state, each allowed or with the reason why not."""
    relations = actor.relations(loan.owner, loan.borrower)
    found = [
        choice_of(step, judged(actor, step.name, answer, loan))
        for step, answer in LOAN.choices(loan.state, actor, relations)
        if applies(step.name, loan)
    ]
    if loan.extension_asked and any(choice.step == "extend" for choice in found):
        answer = may(actor, Permission.LOAN_APPROVE, relations)
        found.append(
            Choice(
                step="decline_extension",
                label=N_("Decline the extension"),
                allowed=answer is True,
                reason=sentence_of(answer),
                needs_note=True,
            )
        )
    return tuple(found)


def incident_choices(actor: Actor, state: str, owner: UUID, borrower: UUID | None) -> tuple[Choice, ...]:
    """Every act that leaves the incident's present state."""
    relations = actor.relations(owner, borrower)
    return tuple(choice_of(step, answer) for step, answer in INCIDENT.choices(state, actor, relations))


def applies(step: str, loan: LoanFacts) -> bool:
    """Whether the act means anything on this loan: only an emergency is released at once or owes papers."""
    if step == "release":
        return loan.emergency
    if step == "file_papers":
        return loan.emergency and not loan.papers_filed
    return True


def judged(actor: Actor, step: str, answer: bool | Reason, loan: LoanFacts) -> bool | Reason:
    """The answer once separation of duties and the duty desk have been asked as well."""
    if answer is not True or step not in DECISIONS:
        return answer
    try:
        separation.approver_is_not_requester(actor.person, loan.asked_by)
    except NotAllowed as refusal:
        return Reason(refusal.sentence)
    if step == "release" and not loan.on_duty and not actor.roles & DECIDING:
        return NOT_ON_DUTY
    return True


def choice_of(step: Step, answer: bool | Reason) -> Choice:
    """One step as a page draws it."""
    return Choice(
        step=step.name,
        label=step.label,
        allowed=answer is True,
        reason=sentence_of(answer),
        needs_note=step.needs_note,
    )


def sentence_of(answer: bool | Reason) -> str | None:
    """Why not, as a msgid."""
    return answer.sentence.msgid if isinstance(answer, Reason) else None
