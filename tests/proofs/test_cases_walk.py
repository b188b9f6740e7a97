"""Every state of every family by real verbs; every step that the machine does not have there leaves no trace.

What may happen is read from the procedure; whether a step that may happen does happen is ``test_cases_matrix``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Role
from tests.proofs.houses import STATES
from tests.proofs.walks import BY_KIND
from tests.proofs.walks.makers import MAKERS

if TYPE_CHECKING:
    from shared_resources.kernel.casework.family import Family
    from tests.proofs.houses import House
    from tests.proofs.walks import Walk

TRACES = (
    "deadline",
    "deadline_entry",
    "document",
    "filing",
    "hold",
    "inspection_window",
    "journal_line",
    "letter_serial",
    "notice",
    "outbox",
    "party",
    "record",
    "record_link",
    "rung",
)
OTHER_SIDE = {("inspection", "absorbed"): (403,)}
"""The plan that was absorbed is the borrower's own: there it is not the one invited."""
COUNTS = ", ".join(f"(SELECT count(*) FROM {table}) AS {table}" for table in TRACES)


async def traces() -> dict[str, Any]:
    """What any act leaves behind, over all records of the house."""
    async with reading() as db:
        row = await db.fetchrow(
            f"SELECT {COUNTS}, (SELECT sum(version) FROM record) AS versions,"
            " (SELECT string_agg(state, ',' ORDER BY id) FROM record) AS states,"
            " (SELECT sum(last) FROM letter_serial) AS serials,"
            " (SELECT string_agg(state || due_at, ',' ORDER BY id) FROM deadline) AS clocks"
        )
    assert row is not None
    return dict(row)


def step_names(family: Family) -> list[str]:
    """The steps of a machine, each name once."""
    return list(dict.fromkeys(step.name for step in family.procedure.steps))


async def refusal_of(walk: Walk, number: str, state: str, step: str, actor: Actor) -> Refusal | None:
    """How a step is refused; None when it is not."""
    family = BY_KIND[walk.kind]
    with clock.at(walk.at(state, step)):
        try:
            await take_step(actor, family, number, step, walk.form(step), note="理由如此。")
        except Refusal as refusal:
            return refusal
    return None


def test_every_family_is_walked() -> None:
    """A new family without a walk fails here."""
    assert set(MAKERS) == set(BY_KIND)


@pytest.mark.parametrize(("kind", "state"), STATES)
async def test_what_is_not_in_the_machine_is_refused_and_leaves_nothing(
    kind: str, state: str, house: House
) -> None:
    """By the one who would take the step elsewhere, the clock included: 409; 404 where they are not on it yet."""
    family = BY_KIND[kind]
    async with house.opened() as walk:
        number = house.numbers[state]
        async with reading() as db:
            assert await db.fetchval("SELECT state FROM record WHERE number = $1", number) == state
        fits = {step.name for step in family.procedure.steps_from(state)}
        before = await traces()
        for step in step_names(family):
            if step in fits:
                continue
            refusal = await refusal_of(walk, number, state, step, walk.usual(step))
            assert refusal is not None, step
            assert refusal.status in (409, 404, *OTHER_SIDE.get((kind, state), ())), (step, refusal)
            assert str(refusal), step
            assert await traces() == before, step


@pytest.mark.parametrize("kind", sorted(MAKERS))
async def test_what_ended_stays_ended(kind: str, house: House) -> None:
    """No step of a person or of the clock leaves a final state, but marks of linked records on them."""
    procedure = BY_KIND[kind].procedure
    leaving = {
        (state, step.name)
        for state, its in procedure.states.items()
        if its.final
        for step in procedure.steps_from(state)
    }
    assert not leaving
    async with house.opened(), reading() as db:
        for state, its in procedure.states.items():
            if its.final:
                running = await db.fetch(
                    "SELECT d.term FROM deadline d JOIN record r ON r.id = d.record"
                    " WHERE r.number = $1 AND d.state IN ('running', 'paused')",
                    house.numbers[state],
                )
                assert not running, (state, [row["term"] for row in running])


@pytest.mark.parametrize("kind", sorted(MAKERS))
async def test_steps_of_the_house_and_made_up_ones_are_nobodys(kind: str, house: House) -> None:
    """404 in every state and for everybody who is there: the clock's steps, other families' steps, no step."""
    family = BY_KIND[kind]
    own = {step.name for step in family.procedure.steps if step.permission is not None}
    everywhere = {name for other in BY_KIND.values() for name in step_names(other)} - own
    async with house.opened() as walk:
        before = await traces()
        for state, number in house.numbers.items():
            for name in (*sorted(everywhere), "no_such_step", family.procedure.opening):
                refusal = await refusal_of(walk, number, state, name, walk.teams["owner"].head)
                assert refusal is not None, (state, name)
                assert refusal.status == 404, (state, name)
        assert await traces() == before


@pytest.mark.parametrize("kind", sorted(MAKERS))
async def test_a_record_is_reached_by_its_own_family_only(kind: str, house: House) -> None:
    """The number of one kind under another kind's address is unknown."""
    async with house.opened() as walk:
        number = next(iter(house.numbers.values()))
        for other in BY_KIND.values():
            if other.kind == kind:
                continue
            step = next(step for step in other.procedure.steps if step.permission is not None)
            with pytest.raises(Refusal) as refused:
                await take_step(walk.teams["owner"].head, other, number, step.name)
            assert refused.value.status == 404


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_every_state_is_reached_and_every_open_one_is_left(kind: str) -> None:
    """No state that no step leads to, none but final ones that no step leads out of."""
    procedure = BY_KIND[kind].procedure
    reached, todo = {procedure.initial}, [procedure.initial]
    while todo:
        for step in procedure.steps_from(todo.pop()):
            if step.target and step.target not in reached:
                reached.add(step.target)
                todo.append(step.target)
    assert reached == set(procedure.states)
    for name, state in procedure.states.items():
        out = [step for step in procedure.steps_from(name) if step.target not in (None, name)]
        assert bool(out) != state.final, name


@pytest.mark.parametrize("kind", sorted(MAKERS))
async def test_a_person_without_an_agency_opens_and_moves_nothing(kind: str, house: House) -> None:
    """The administrator of the system has no access to content (ROLES.md)."""
    family = BY_KIND[kind]
    administrator = Actor(new_id(), None, "root", roles=frozenset({Role.SYSTEM_ADMIN}))
    async with house.opened() as walk:
        before = await traces()
        for state, number in house.numbers.items():
            for step in step_names(family):
                refusal = await refusal_of(walk, number, state, step, administrator)
                assert refusal is not None
                assert refusal.status == 404
        assert await traces() == before
