"""Procedures as data: every state reachable, every end final, every word said, buttons equal to acts."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.procedures import PROCEDURES

from shared_resources.equipment.rules.procedures import INCIDENT, ITEM, LOAN
from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.permissions import Actor, Permission, Relation, Role, may
from shared_resources.kernel.procedure import Procedure, State, Step

EVERY = pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda procedure: procedure.kind)


def reachable(procedure: Procedure) -> set[str]:
    """States that some sequence of steps leads to."""
    found, edge = {procedure.initial}, [procedure.initial]
    while edge:
        state = edge.pop()
        for step in procedure.steps_from(state):
            target = step.target or state
            if target not in found:
                found.add(target)
                edge.append(target)
    return found


@EVERY
def test_every_state_can_be_reached(procedure: Procedure) -> None:
    assert reachable(procedure) == set(procedure.states)


@EVERY
def test_final_states_end_and_others_go_on(procedure: Procedure) -> None:
    for name, state in procedure.states.items():
        assert bool(list(procedure.steps_from(name))) is not state.final, name


@EVERY
def test_terms_name_steps_that_exist(procedure: Procedure) -> None:
    names = {step.name for step in procedure.steps} | {procedure.opening}
    for term in procedure.terms:
        assert {*term.after, *term.until} <= names


@EVERY
def test_steps_that_tell_have_a_notice(procedure: Procedure) -> None:
    for step in procedure.steps:
        assert bool(step.tells) == bool(step.notice), step.name
        assert not step.tells or step.told_roles, step.name


@EVERY
def test_the_diagram_shows_every_step(procedure: Procedure) -> None:
    drawing = procedure.diagram()
    for step in procedure.steps:
        for source in step.sources:
            assert f"{source} --> {step.target or source}: {step.name}" in drawing


def test_a_procedure_with_an_unknown_state_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown states"):
        Procedure(
            kind="x",
            prefix="X",
            basis="VI-1a",
            label="x",
            opening="open",
            initial="a",
            parties=(),
            states={"a": State("a")},
            steps=(Step("go", ("a",), "b", None, "go", "VI-1a"),),
        )


@given(st.sampled_from(PROCEDURES), st.data())
def test_a_step_out_of_place_is_refused_with_the_present_state(procedure: Procedure, data: st.DataObject) -> None:
    state = data.draw(st.sampled_from(sorted(procedure.states)))
    step = data.draw(st.sampled_from(procedure.steps))
    if any(other.name == step.name and state in other.sources for other in procedure.steps):
        assert procedure.step(step.name, state).name == step.name
    else:
        with pytest.raises(WrongState) as refusal:
            procedure.step(step.name, state)
        assert refusal.value.sentence.params["state"] == procedure.states[state].label


@given(
    st.sampled_from(PROCEDURES),
    st.frozensets(st.sampled_from(Role)),
    st.frozensets(st.sampled_from(Relation), min_size=1),
    st.data(),
)
def test_buttons_and_acts_ask_the_same_question(
    procedure: Procedure, roles: frozenset[Role], relations: frozenset[Relation], data: st.DataObject
) -> None:
    actor = Actor(uuid4(), uuid4(), "somebody", roles=roles)
    state = data.draw(st.sampled_from(sorted(procedure.states)))
    for step, answer in procedure.choices(state, actor, relations):
        assert step.permission is not None
        assert answer == may(actor, step.permission, relations)


def test_only_the_clock_finds_conflicts_lateness_and_lapses() -> None:
    system_only = {step.name for step in LOAN.steps if step.permission is None}
    assert system_only == {"collide", "lapse", "mark_overdue", "report_incident", "settle"}
    assert {step.name for step in ITEM.steps if step.permission is None} == {"mark_damaged", "mark_lost"}
    assert [step.permission for step in INCIDENT.steps] == [Permission.INCIDENT_SETTLE]
