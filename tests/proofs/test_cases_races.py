"""Everybody at once: in every open state all acts that leave it are pressed together, each of them twice.

Whatever the order turns out to be, the journal is a walk through the machine, each taken act counts once, letters
are numbered without a gap or a duplicate, and the whole ledger verifies.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.verify import verify_all
from tests.proofs.walks import BY_KIND

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from shared_resources.kernel.procedure import Procedure
    from tests.proofs.houses import House, Houses
    from tests.proofs.walks import Walk

KINDS = sorted(BY_KIND)
TIMES = 2


@pytest.fixture
def raced_dsn(houses: Houses, kind: str) -> Iterator[str]:
    """A copy of the family's house, to be changed at will."""
    with houses.copy(kind) as dsn:
        yield dsn


@pytest.fixture
async def racing(raced_dsn: str, house: House) -> AsyncIterator[Walk]:
    """As many connections as people."""
    await connect(raced_dsn, min_size=4, max_size=12)
    yield house.walk
    await disconnect()


async def told(number: str) -> Any:
    """The record and its journal after the lines that ``seq`` counts."""
    async with reading() as db:
        record = await db.fetchrow("SELECT id, state, version FROM record WHERE number = $1", number)
        lines = await db.fetch("SELECT seq, step FROM journal_line WHERE chain = $1 ORDER BY seq", record["id"])
    return record, [line["step"] for line in lines]


def walked(procedure: Procedure, state: str, acts: list[str]) -> str:
    """Where the acts lead from ``state``; an act that the machine does not have there fails."""
    names = {step.name for step in procedure.steps}
    for act in acts:
        if act in names:
            step = procedure.step(act, state)
            state = step.target or state
    return state


async def pressed(walk: Walk, number: str, state: str, step: str) -> bool:
    """Whether the step was taken; a refusal says that something else has come first."""
    with clock.at(walk.at(state, step)):
        try:
            await take_step(walk.usual(step), BY_KIND[walk.kind], number, step, walk.form(step), note="理由如此。")
        except Refusal as refusal:
            return refusal.status not in (403, 404, 409, 422)
    return True


async def gaps() -> list[Any]:
    """Series of letters whose numbers are not 1, 2, 3 … up to the last one given."""
    async with reading() as db:
        return list(
            await db.fetch(
                "SELECT s.agency, s.word, s.year, s.last, array_agg(d.serial ORDER BY d.serial) AS given"
                " FROM letter_serial s LEFT JOIN document d"
                " ON (d.issuer, d.word, d.year) = (s.agency, s.word, s.year)"
                " GROUP BY s.id HAVING array_agg(d.serial ORDER BY d.serial)"
                " <> ARRAY(SELECT generate_series(1, s.last))"
            )
        )


@pytest.mark.parametrize("kind", KINDS)
async def test_all_acts_at_once_leave_one_story(kind: str, racing: Walk, house: House) -> None:
    """Each state of the family in turn, on its own record."""
    procedure, winners = BY_KIND[kind].procedure, 0
    for state, its in procedure.states.items():
        if its.final:
            continue
        number = house.numbers[state]
        steps = dict.fromkeys(step.name for step in procedure.steps_from(state) if step.permission is not None)
        before, old = await told(number)
        done = await asyncio.gather(*(pressed(racing, number, state, step) for step in [*steps] * TIMES))
        after, new = await told(number)
        taken = [act for act in new[len(old) :] if act in {step.name for step in procedure.steps}]
        assert walked(procedure, before["state"], taken) == after["state"], (state, taken)
        assert after["version"] - before["version"] == len(taken), (state, taken)
        of_people = [act for act in taken if act in steps]
        assert len(of_people) == sum(done), (state, taken, done)
        winners += len(of_people)
    assert winners >= len(procedure.steps) / 4
    assert await gaps() == []
    assert await verify_all() is None
