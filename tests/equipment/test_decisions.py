"""Answering: approve, offer a part, refuse, accept, withdraw, take back, resolve."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from shared_resources.equipment.queries.availability import substitutes
from shared_resources.equipment.queries.loans import loan_page
from shared_resources.equipment.schemas.booking import Offer
from shared_resources.equipment.schemas.handover import Direction
from shared_resources.equipment.service.decisions import (
    accept_offer,
    approve_loan,
    offer_part,
    refuse_loan,
    resolve_conflict,
    revoke_approval,
    withdraw_loan,
)
from shared_resources.equipment.service.handover import confirm_handover, propose_handover
from shared_resources.equipment.service.register import change_item_state
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Taken, WrongState
from shared_resources.kernel.permissions import Actor, Role
from tests.makers import (
    END,
    HOUR,
    MONDAY,
    START,
    draft_of,
    handover_draft,
    lines_of,
    make_item,
    make_loan,
    make_model,
    make_request,
    make_rule,
    said_to,
    state_of,
)
from tests.people import make_cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


@pytest.fixture
def noon() -> Iterator[None]:
    """The clock stands an hour after the requests."""
    with clock.at(MONDAY + HOUR):
        yield


async def states(number: str) -> list[str]:
    """States of a loan's lines."""
    return [line["state"] for line in await lines_of(number)]


async def test_approval_reserves_and_says_who_decided(cast: Cast) -> None:
    """The borrower learns it; the decision bears a name."""
    loan = await make_loan(cast=cast)
    with clock.at(MONDAY + HOUR):
        moved = await approve_loan(cast.owner.head, loan.number, version=0)
    assert (moved.before, moved.state, moved.version) == ("requested", "approved", 1)
    assert await states(loan.number) == ["reserved"]
    assert await said_to(cast.borrower.officer, "is approved")
    async with reading() as db:
        assert await db.fetchval("SELECT decided_by FROM loan WHERE id = $1", loan.id) == cast.owner.head.person


async def test_who_may_approve(cast: Cast) -> None:
    """Deciding roles of the owner; neither the borrower nor a third agency, nor who asked."""
    loan = await make_loan(cast=cast)
    with clock.at(MONDAY + HOUR):
        for stranger, kind in (
            (cast.owner.officer, NotAllowed),
            (cast.borrower.head, NotAllowed),
            (cast.third.head, NotFound),
        ):
            with pytest.raises(kind):
                await approve_loan(stranger, loan.number)
        in_both = Actor(cast.borrower.officer.person, cast.owner.agency, "both", roles=frozenset({Role.UNIT_HEAD}))
        with pytest.raises(NotAllowed) as refused:
            await approve_loan(in_both, loan.number)
    assert refused.value.code == "own_request"
    assert await state_of(loan.number) == "requested"


async def test_the_second_request_for_one_item_is_told_what_else_is_free(cast: Cast) -> None:
    """A named item is not exchanged behind anybody's back; the loan that has it is named to its owner."""
    model = await make_model(keeper=cast.owner.custodian)
    item, other = [await make_item(keeper=cast.owner.custodian, model=model) for _ in range(2)]
    first = await make_loan(cast=cast, codes=(item.code,))
    second = await make_loan(cast=cast, codes=(item.code,))
    with clock.at(MONDAY + HOUR):
        await approve_loan(cast.owner.head, first.number)
        with pytest.raises(Taken) as refused:
            await approve_loan(cast.owner.head, second.number)
    assert refused.value.sentence.params["number"] == first.number
    assert other.code[4:] in str(refused.value.do)
    assert await state_of(second.number) == "requested"


async def test_who_loses_a_named_item_is_told_once(cast: Cast) -> None:
    """Named and in the same time; not the winner, not who would take any other, not who asks for another day."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper)
    item, other = [await make_item(keeper=keeper, model=model) for _ in range(2)]
    winner, loser = [await make_loan(cast=cast, codes=(item.code,)) for _ in range(2)]
    await make_loan(cast=cast, codes=(item.code,), starts_at=START + 48 * HOUR, ends_at=END + 48 * HOUR)
    await make_loan(cast=cast, model=model)
    with clock.at(MONDAY + HOUR):
        await approve_loan(cast.owner.head, winner.number)
        (told,) = await said_to(cast.borrower.officer, "is lent to somebody else")
        assert (told["record"], told["link"]) == (loser.id, f"/loans/{loser.number}")
        (line,) = (await loan_page(cast.borrower.officer, loser.number)).lines
        assert line.is_gone
        (group,) = await substitutes(cast.borrower.officer, loser.number, line.id)
        assert group.codes == (other.code,)
        await revoke_approval(cast.owner.head, winner.number, "自用")
        assert not (await loan_page(cast.borrower.officer, loser.number)).lines[0].is_gone
        again = await make_loan(cast=cast, codes=(item.code,))
        await approve_loan(cast.owner.head, again.number)
    assert len(await said_to(cast.borrower.officer, "is lent to somebody else")) == 1


async def test_a_rule_that_approves_tells_the_losers_too(cast: Cast) -> None:
    """Whoever decides, a person or a rule."""
    item = await make_item(keeper=cast.owner.custodian)
    await make_loan(cast=cast, codes=(item.code,))
    await make_rule(keeper=cast.owner.custodian, automatic_hours=48)
    await make_request(asker=cast.third.officer, draft=draft_of(item.code))
    assert len(await said_to(cast.borrower.officer, "is lent to somebody else")) == 1


async def test_any_item_of_a_model_is_replaced_when_its_own_is_gone(cast: Cast) -> None:
    """Two requests got the same item; the second approval takes the other one."""
    model = await make_model(keeper=cast.owner.custodian)
    both = {(await make_item(keeper=cast.owner.custodian, model=model)).code for _ in range(2)}
    first, second = [await make_loan(cast=cast, model=model) for _ in range(2)]
    assert first.codes == second.codes
    with clock.at(MONDAY + HOUR):
        await approve_loan(cast.owner.head, first.number)
        await approve_loan(cast.owner.head, second.number)
    lines = [*await lines_of(first.number), *await lines_of(second.number)]
    assert {line["code"] for line in lines} == both
    third = await make_loan_refused(cast, model)
    assert third == "not_enough"


async def make_loan_refused(cast: Cast, model: object) -> str:
    """The code with which one more of a model is refused."""
    with pytest.raises(Taken) as refused:
        await make_request(asker=cast.borrower.officer, draft=draft_of(model=model))  # type: ignore[arg-type]
    return refused.value.code


async def test_two_approvers_at_once_make_one_approval(cast: Cast) -> None:
    """The second meets the state that the first left."""
    loan = await make_loan(cast=cast)

    async def decide(actor: Actor) -> str:
        with clock.at(MONDAY + HOUR):
            try:
                return (await approve_loan(actor, loan.number)).state
            except WrongState as refused:
                return refused.code

    answers = await asyncio.gather(decide(cast.owner.head), decide(cast.owner.custodian))
    assert sorted(answers) == ["approved", "wrong_state"]


@pytest.mark.usefixtures("noon")
async def test_a_part_is_offered_held_and_accepted(cast: Cast) -> None:
    """The offered line is held, the other refused with its reason; only the borrower accepts."""
    items = [await make_item(keeper=cast.owner.custodian) for _ in range(2)]
    loan = await make_loan(cast=cast, codes=tuple(item.code for item in items))
    first, second = await lines_of(loan.number)
    with pytest.raises(Invalid) as whole:
        await offer_part(cast.owner.head, loan.number, Offer(lines=(first["id"], second["id"]), reason="x"))
    assert whole.value.code == "whole"
    with pytest.raises(Invalid) as unknown:
        await offer_part(cast.owner.head, loan.number, Offer(lines=(uuid4(),), reason="x"))
    assert unknown.value.code == "unknown_line"
    await offer_part(cast.owner.head, loan.number, Offer(lines=(first["id"],), reason="另一台自用"))
    assert await states(loan.number) == ["held", "refused"]
    assert (await lines_of(loan.number))[1]["reason"] == "另一台自用"
    with pytest.raises(NotAllowed):
        await accept_offer(cast.owner.head, loan.number)
    assert (await accept_offer(cast.borrower.officer, loan.number)).state == "approved"
    assert await states(loan.number) == ["reserved", "refused"]


@pytest.mark.usefixtures("noon")
async def test_a_refusal_needs_a_plain_reason(cast: Cast) -> None:
    """Without one nothing changes; with one the item is free and the requester may be the one refused."""
    loan = await make_loan(cast=cast)
    with pytest.raises(Invalid):
        await refuse_loan(cast.owner.head, loan.number, "  ")
    assert await states(loan.number) == ["asked"]
    await refuse_loan(cast.owner.head, loan.number, "全部自用")
    assert (await state_of(loan.number), await states(loan.number)) == ("refused", ["refused"])
    with pytest.raises(WrongState):
        await approve_loan(cast.owner.head, loan.number)


@pytest.mark.usefixtures("noon")
async def test_withdrawing_and_taking_back_set_the_items_free(cast: Cast) -> None:
    """Each side ends an approved loan in its own way; a hand-over that waits dies with it."""
    item = await make_item(keeper=cast.owner.custodian)
    loan = await make_loan(cast=cast, codes=(item.code,), state="approved")
    with clock.at(loan.starts_at):
        draft = handover_draft(Direction.OUT, cast.borrower.officer, item.code)
        handover = await propose_handover(cast.owner.custodian, loan.number, draft)
        await withdraw_loan(cast.borrower.clerk, loan.number, "行动取消")
        with pytest.raises(WrongState):
            await confirm_handover(cast.borrower.officer, handover)
    again = await make_loan(cast=cast, codes=(item.code,), state="approved")
    with pytest.raises(Invalid):
        await revoke_approval(cast.owner.head, again.number, "")
    await revoke_approval(cast.owner.head, again.number, "突发任务")
    assert await state_of(again.number) == "refused"
    assert await said_to(cast.borrower.officer, "taken back")
    await make_loan(cast=cast, codes=(item.code,), state="approved")


async def test_a_conflict_is_resolved_by_substitute_or_without_the_line(cast: Cast) -> None:
    """A named item in repair: no substitute of its own; back from repair it resolves; or the rest goes on."""
    keeper = cast.owner.custodian
    item, other = [await make_item(keeper=keeper) for _ in range(2)]
    loan = await make_loan(cast=cast, codes=(item.code, other.code), state="conflict")
    assert sorted(await states(loan.number)) == ["conflict", "reserved"]
    assert await said_to(cast.borrower.officer, "not available any more")
    with clock.at(MONDAY + 3 * HOUR):
        with pytest.raises(WrongState) as refused:
            await resolve_conflict(cast.owner.head, loan.number)
        assert refused.value.code == "not_lendable"
        broken = next(line for line in await lines_of(loan.number) if line["state"] == "conflict")
        every = [line["id"] for line in await lines_of(loan.number)]
        with pytest.raises(Invalid):
            await resolve_conflict(cast.owner.head, loan.number, without=every)
        await resolve_conflict(cast.owner.head, loan.number, without=[broken["id"]])
    assert await state_of(loan.number) == "approved"
    assert sorted(await states(loan.number)) == ["dropped", "reserved"]


async def test_an_item_back_from_repair_resolves_the_conflict(cast: Cast) -> None:
    """The same item, free again."""
    loan = await make_loan(cast=cast, state="conflict")
    with clock.at(MONDAY + 3 * HOUR):
        await change_item_state(cast.owner.custodian, loan.codes[0], "take_back_repaired")
        await resolve_conflict(cast.owner.head, loan.number)
    assert await states(loan.number) == ["reserved"]


@pytest.mark.usefixtures("noon")
async def test_an_old_page_does_not_decide(cast: Cast) -> None:
    """Whoever saw an older version is told so."""
    loan = await make_loan(cast=cast)
    with pytest.raises(WrongState) as refused:
        await approve_loan(cast.owner.head, loan.number, version=7)
    assert refused.value.code == "stale"
