"""The home page: what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.equipment.queries.home import home
from shared_resources.equipment.rules.procedures import LOAN
from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.database.transaction import verb
from shared_resources.kernel.errors import SignInNeeded
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor, Relation
from tests.equipment.shelf import (
    DAY,
    HOUR,
    NOW,
    Lent,
    Thing,
    give,
    insert,
    make_category,
    make_depot,
    make_item,
    make_loan,
    make_model,
)
from tests.people import Cast, make_cast
from tests.statements import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from uuid import UUID

    from shared_resources.equipment.schemas.loans import LoanLine


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


@pytest.fixture
async def items(cast: Cast) -> list[Thing]:
    model = await make_model(await make_category())
    depot = await make_depot(cast.owner.agency)
    return [await make_item(cast.owner, model, depot) for _ in range(3)]


@verb
async def owe_papers(cast: Cast, loan: UUID) -> None:
    parties = {Relation.OWNER: cast.owner.agency, Relation.BORROWER: cast.borrower.agency}
    await deadlines.follow(LOAN, "release", loan, parties, SYSTEM_ACTOR, {})


def numbers(loans: Sequence[LoanLine]) -> list[str]:
    return [loan.number for loan in loans]


async def propose_return(lent: Lent, giver: Actor, taker: Actor) -> UUID:
    return await insert(
        "handover",
        loan=lent.id,
        direction="back",
        state="proposed",
        giver=giver.person,
        taker=taker.person,
        proposed_by=giver.person,
        proposed_at=clock.now(),
    )


async def test_requests_and_answers_stand_on_both_sides(cast: Cast, items: list[Thing]) -> None:
    asked = await make_loan(cast.borrower.officer, items[:1], NOW + 9 * DAY, NOW + 10 * DAY)
    owner, borrower, third = [await home(team.head) for team in (cast.owner, cast.borrower, cast.third)]
    assert numbers(owner.asked) == [asked.number]
    assert [due.number for due in owner.owe] == [due.number for due in borrower.owed] == [asked.number]
    assert (owner.owed, borrower.owe, numbers(borrower.asked)) == ((), (), [])
    counts = {"owe_count", "owed_count"}
    assert third.model_dump(exclude=counts) == dict.fromkeys(third.model_dump(exclude=counts), ())
    assert (third.owe_count.open, owner.owe_count.open, borrower.owed_count.open) == (0, 1, 1)


async def test_only_what_begins_soon_is_to_be_collected(cast: Cast, items: list[Thing]) -> None:
    approved: dict[str, Any] = {"state": "approved", "line": "reserved"}
    second = await make_loan(cast.borrower.officer, items[:1], NOW + 2 * DAY, NOW + 3 * DAY, **approved)
    first = await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY, **approved)
    await make_loan(cast.borrower.officer, items[:1], NOW + 9 * DAY, NOW + 10 * DAY, **approved)
    assert numbers((await home(cast.borrower.officer)).pick_up) == [first.number, second.number]
    owner = await home(cast.owner.custodian)
    assert (numbers(owner.to_hand_out), owner.pick_up) == ([first.number, second.number], ())


async def test_holder_sees_what_to_bring_back(cast: Cast, items: list[Thing]) -> None:
    late = await make_loan(cast.borrower.officer, items[:1], NOW - DAY, NOW - HOUR, state="overdue", line="out")
    out = await make_loan(cast.borrower.officer, items[1:2], NOW - DAY, NOW + DAY, state="out", line="out")
    await give(items[1], cast.owner.custodian, cast.borrower.officer, out.id)
    await give(items[0], cast.owner.custodian, cast.borrower.officer, late.id)
    held = (await home(cast.borrower.officer)).holding
    assert [(item.code, item.loan, item.is_late) for item in held] == [
        (items[0].code, late.number, True),
        (items[1].code, out.number, False),
    ]
    assert held[0].owner.slug == "owner"
    assert (await home(cast.borrower.head)).holding == ()


async def test_return_waits_for_the_one_named_and_for_the_counter(cast: Cast, items: list[Thing]) -> None:
    lent = await make_loan(cast.borrower.officer, items[:1], NOW - DAY, NOW + DAY, state="out", line="out")
    handover = await propose_return(lent, cast.borrower.officer, cast.owner.custodian)
    for actor in (cast.owner.custodian, cast.owner.officer):
        (waiting,) = (await home(actor)).to_confirm
        assert (waiting.id, waiting.loan, waiting.from_name) == (handover, lent.number, "borrower.officer")
    for actor in (cast.borrower.officer, cast.owner.clerk, cast.third.custodian):
        assert (await home(actor)).to_confirm == ()


async def test_returns_to_inspect_and_releases_without_papers(cast: Cast, items: list[Thing]) -> None:
    back = await make_loan(cast.borrower.officer, items[:1], NOW - DAY, NOW - HOUR, state="returned", line="back")
    released = await make_loan(
        cast.borrower.officer, items[1:2], NOW - HOUR, NOW + DAY, state="out", line="out", emergency=True
    )
    await owe_papers(cast, released.id)
    owner, borrower = await home(cast.owner.custodian), await home(cast.borrower.officer)
    assert numbers(owner.to_inspect) == [back.number]
    assert borrower.to_inspect == ()
    assert numbers(owner.unpapered) == numbers(borrower.unpapered) == [released.number]


async def test_nobody_has_no_home(cast: Cast) -> None:
    with pytest.raises(SignInNeeded):
        await home(None)


async def test_number_of_statements_does_not_grow(cast: Cast, items: list[Thing]) -> None:
    await make_loan(cast.borrower.officer, items[:1], NOW + DAY, NOW + 2 * DAY)
    async with counted() as few:
        await home(cast.owner.head)
    for item in items:
        await make_loan(cast.borrower.officer, [item], NOW + DAY, NOW + 2 * DAY, state="approved", line="held")
        await make_loan(cast.borrower.officer, [item], NOW + DAY, NOW + 2 * DAY)
    async with counted() as many:
        await home(cast.owner.head)
    assert len(few) == len(many) <= 16
