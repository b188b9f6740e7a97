"""Every opening and every step of every family through the API, sent twice with one ``Idempotency-Key``.

Each works once on some record of the family's house: one effect, one answer given twice, byte by byte.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.database.engine import connect, disconnect
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Role
from tests.clients import client_for
from tests.people import LONG_AGO
from tests.proofs.test_api_once import rows
from tests.proofs.walks import BY_KIND, MORNING
from tests.proofs.walks.ways import WAYS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from shared_resources.kernel.permissions import Actor
    from shared_resources.kernel.procedure import Step
    from tests.proofs.houses import House, Houses
    from tests.proofs.walks import Walk

KINDS = sorted(BY_KIND)
NOT_HERE = {
    "assistance": {"resume", "close_disputed"},
    "footage_request": {"resume", "close_disputed"},
    "transfer": {"resume"},
}
"""Steps that wait for the end of a dispute: tests/cases/disputes/test_dispute_holds, tests/cases/transfers."""


@pytest.fixture
def copied_dsn(houses: Houses, kind: str) -> Iterator[str]:
    """A copy of the family's house, to be changed at will."""
    with houses.copy(kind) as dsn:
        yield dsn


@pytest.fixture
async def changing(copied_dsn: str, house: House) -> AsyncIterator[Walk]:
    """The pool open on the copy; whoever leads for the day is appointed."""
    await connect(copied_dsn, min_size=1, max_size=4)
    leader = house.walk.teams["owner"].second_officer
    async with transaction() as db:
        await db.execute(
            "INSERT INTO appointment (id, person, agency, role, valid_from) VALUES ($1, $2, $3, $4, $5)",
            new_id(),
            leader.person,
            leader.agency,
            Role.LEADER.value,
            LONG_AGO,
        )
    yield house.walk
    await disconnect()


async def sent_twice(actor: Actor, to: str, body: Any) -> bool:
    """Whether it was done; if so, once, and told twice."""
    key = str(new_id())
    async with client_for(actor) as browser:
        first = await browser.ask("POST", to, body, idempotency_key=key)
        if not first.is_success:
            assert first.status_code == 409, (to, first.text)
            return False
        once = await rows()
        again = await browser.ask("POST", to, body, idempotency_key=key)
        assert (again.status_code, again.content) == (first.status_code, first.content), to
        assert again.headers["idempotency-replayed"] == "true"
        assert await rows() == once, to
    return True


async def records_for(walk: Walk, house: House, step: Step) -> AsyncIterator[tuple[str, str]]:
    """Records from which the step leaves, with their states: those of the house first, then new ones."""
    async with reading() as db:
        for state in step.sources:
            number = house.numbers[state]
            if await db.fetchval("SELECT state FROM record WHERE number = $1", number) == state:
                yield number, state
    with clock.at(MORNING):
        for state in step.sources:
            yield await walk.reach(state), state
        if (walk.kind, step.name) in WAYS:
            yield await WAYS[walk.kind, step.name](getattr(walk, "story", None)), step.sources[0]


async def done_once(walk: Walk, house: House, step: Step) -> bool:
    """Whether the step is done on one of the records, once."""
    async for number, state in records_for(walk, house, step):
        with clock.at(walk.at(state, step.name)):
            form = walk.form(step.name)
            body = form.model_dump(mode="json") if form is not None else {"note": "理由如此。"}
            to = f"/api/v1{BY_KIND[walk.kind].address}/{number}/{step.name}"
            if await sent_twice(walk.usual(step.name), to, body):
                return True
    return False


@pytest.mark.parametrize("kind", KINDS)
async def test_every_step_is_done_once(kind: str, changing: Walk, house: House) -> None:
    """Steps that stay in their state first, so that most records can be used again."""
    steps = [step for step in BY_KIND[kind].procedure.steps if step.permission is not None]
    steps.sort(key=lambda step: step.target is not None)
    left = {step.name for step in steps if not await done_once(changing, house, step)}
    assert left == NOT_HERE.get(kind, set())


@pytest.mark.parametrize("kind", KINDS)
async def test_a_record_is_opened_once(kind: str, changing: Walk, house: House) -> None:
    """With the form of the first record of the house."""
    family = BY_KIND[kind]
    if family.open is None:
        return
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT f.body, f.person FROM filing f JOIN record r ON r.id = f.record"
            " WHERE r.number = $1 AND f.step = $2",
            house.numbers[family.procedure.initial],
            family.procedure.opening,
        )
        about = await db.fetchval(
            "SELECT t.number FROM record_link l JOIN record r ON r.id = l.source JOIN record t ON t.id = l.target"
            " WHERE r.number = $1 AND l.kind = 'part_of'",
            house.numbers[family.procedure.initial],
        )
    teams = [changing.teams["owner"], changing.teams["borrower"]]
    everybody = [each for team in teams for each in (team.officer, team.head, team.clerk)]
    opener = next(each for each in everybody if each.person == row["person"])
    to = f"/api/v1{family.address}" + (f"?about={about}" if about else "")
    with clock.at(changing.at(family.procedure.initial, "")):
        assert await sent_twice(opener, to, json.loads(row["body"]))
