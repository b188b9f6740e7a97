"""No term outlives its record, and whoever owes one can meet it: over every procedure of the house."""

from __future__ import annotations

import pytest
from tests.procedures import PROCEDURES

from shared_resources.kernel.permissions import MATRIX
from shared_resources.kernel.procedure import Procedure, Step

EVERY = pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda procedure: procedure.kind)

NO_CLOCK_WHILE_JUDGED = "a deadline set while an explanation is judged starts no clock (service.task)"
ONLY_WHO_WITHHOLDS = "the sender is urged only before it has sent the case (service.transfer)"
KEPT_BY_A_BLOCK = {
    ("loan", "close", "papers"): "a loan closes with its papers (service.incidents)",
    ("task", "agree", "deadline"): NO_CLOCK_WHILE_JUDGED,
    ("task", "agree", "report"): NO_CLOCK_WHILE_JUDGED,
    ("task", "decide", "deadline"): NO_CLOCK_WHILE_JUDGED,
    ("task", "decide", "report"): NO_CLOCK_WHILE_JUDGED,
    ("assistance", "close", "letter"): "nobody confirms before the letter is filed (rules.pending)",
    ("assistance", "close", "reply_paper"): "nobody reports before the reply is filed (rules.pending)",
    ("dispute", "opinion_executed", "coordination"): "nothing is carried out before the opinion (rules.proof)",
    ("situation_notice", "complete", "acknowledge"): "the house completes what all have acknowledged (service)",
    ("transfer", "tell_by_letter", "urged_sender"): ONLY_WHO_WITHHOLDS,
    ("transfer", "tell_by_phone", "urged_sender"): ONLY_WHO_WITHHOLDS,
    ("transfer", "next_signed", "urged_sender"): ONLY_WHO_WITHHOLDS,
}
"""What the data alone would let run on (kind, last step, term), and what keeps it from happening."""


def after(procedure: Procedure, step: Step, running: frozenset[str]) -> frozenset[str]:
    """Terms that may be running after ``step``; of ``each`` terms those of others go on unless they fall away."""
    ended = {term.name for term in procedure.terms_voided_by(step.name)}
    ended |= {term.name for term in procedure.terms_met_by(step.name) if not term.each}
    return (running - ended) | {term.name for term in procedure.terms_started_by(step.name)}


def outliving(procedure: Procedure) -> set[tuple[str, str, str]]:
    """Every term that may still run when its record has ended, with the step that ended it."""
    begun = frozenset(term.name for term in procedure.terms_started_by(procedure.opening))
    seen, edge = {(procedure.initial, begun)}, [(procedure.initial, begun)]
    found = set()
    while edge:
        state, running = edge.pop()
        for step in procedure.steps_from(state):
            target, left = step.target or state, after(procedure, step, running)
            if procedure.states[target].final:
                found |= {(procedure.kind, step.name, term) for term in left}
            elif (target, left) not in seen:
                seen.add((target, left))
                edge.append((target, left))
    return found


@EVERY
def test_no_term_outlives_its_record(procedure: Procedure) -> None:
    assert outliving(procedure) == {kept for kept in KEPT_BY_A_BLOCK if kept[0] == procedure.kind}


@EVERY
def test_what_every_agency_owes_is_met_by_those_who_owe_it(procedure: Procedure) -> None:
    """An act of somebody else would meet nobody's term."""
    for term in procedure.terms:
        for step in term.until if term.each else ():
            permission = procedure.permission_of(step)
            assert permission is None or set(MATRIX[permission]) == {term.owed_by}, (term.name, step)


@EVERY
def test_terms_name_parts_and_steps_of_their_procedure(procedure: Procedure) -> None:
    names = {procedure.opening, *(step.name for step in procedure.steps)}
    for term in procedure.terms:
        assert {*term.after, *term.until, *term.void, *term.pauses, *term.resumes} <= names, term.name
        assert not term.then or procedure.permission_of(term.then) is None, term.name
        assert not (set(term.until) & set(term.void)), term.name


@EVERY
def test_the_house_issues_no_letters(procedure: Procedure) -> None:
    """A step without a permission is taken by the clock or another record's act: nobody is there to sign."""
    for step in procedure.steps:
        assert step.permission is not None or not step.document, step.name
