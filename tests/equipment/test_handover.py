"""Changing hands: both sides confirm, partly out and in, person to person, custody without a gap."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.schemas.handover import Direction, HandoverDraft
from shared_resources.equipment.service.handover import (
    confirm_handover,
    decline_handover,
    propose_handover,
    withdraw_handover,
)
from shared_resources.kernel import clock, custody
from shared_resources.kernel.custody import HolderKind
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, Taken, WrongState
from tests.makers import (
    END,
    HOUR,
    MONDAY,
    START,
    bring_back,
    hand_out,
    handover_draft,
    lines_of,
    make_item,
    make_loan,
    make_model,
    state_of,
)
from tests.people import make_cast

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tests.makers import MadeLoan
    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


async def custody_of(loan: MadeLoan) -> list[tuple[str, str]]:
    """Kind of each custody line of the loan's first item, with the kind of holder after it."""
    async with reading() as db:
        item = await db.fetchval("SELECT id FROM item WHERE code = $1", loan.codes[0])
    return [(line["kind"], line["holder_kind"]) for line in await custody.log_of(item)]


async def holder(code: str) -> custody.Holder | None:
    """Who holds the item behind a code."""
    async with reading() as db:
        item = await db.fetchval("SELECT id FROM item WHERE code = $1", code)
    return await custody.holder_of(item)


async def test_the_whole_way_of_a_loan(cast: Cast) -> None:
    """Requested, approved, out, back, inspected, closed; the item is in its depot again."""
    loan = await make_loan(cast=cast, state="closed")
    assert await state_of(loan.number) == "closed"
    assert [line["state"] for line in await lines_of(loan.number)] == ["done"]
    assert await custody_of(loan) == [("receive", "depot"), ("issue", "person"), ("return", "depot")]
    async with reading() as db:
        deadlines = await db.fetch("SELECT term, state FROM deadline WHERE record = $1", loan.id)
    assert {(row["term"], row["state"]) for row in deadlines} == {
        ("answer", "met"),
        ("return", "met"),
        ("inspection", "met"),
    }


async def test_nothing_moves_before_the_second_person_confirms(cast: Cast) -> None:
    """A proposal alone leaves loan and holder as they were."""
    loan = await make_loan(cast=cast, state="approved")
    with clock.at(START):
        draft = handover_draft(Direction.OUT, cast.borrower.officer, *loan.codes)
        handover = await propose_handover(cast.owner.custodian, loan.number, draft)
        held = await holder(loan.codes[0])
        assert held is not None
        assert held.kind is HolderKind.DEPOT
        assert await state_of(loan.number) == "approved"
        with pytest.raises(NotFound):
            await confirm_handover(cast.owner.custodian, handover)
        with pytest.raises(NotFound):
            await confirm_handover(cast.borrower.second_officer, handover)
        assert await confirm_handover(cast.borrower.officer, handover) == loan.number
        held = await holder(loan.codes[0])
        assert held is not None
        assert held.id == str(cast.borrower.officer.person)
        with pytest.raises(WrongState) as refused:
            await confirm_handover(cast.borrower.officer, handover)
    assert refused.value.code == "handover_answered"


async def test_partly_out_and_partly_back(cast: Cast) -> None:
    """Two of three go out, one comes back, then the other: the loan waits for the third until its time is over."""
    model = await make_model(keeper=cast.owner.custodian)
    for _ in range(3):
        await make_item(keeper=cast.owner.custodian, model=model)
    loan = await make_loan(cast=cast, state="approved", model=model, count=3)
    first, second, third = loan.codes
    await hand_out(cast.owner, cast.borrower, loan, first, second)
    assert await state_of(loan.number) == "out"
    await bring_back(cast.owner, cast.borrower, loan, first, at=START + HOUR)
    assert await state_of(loan.number) == "out"
    await hand_out(cast.owner, cast.borrower, loan, third, at=START + 2 * HOUR)
    await bring_back(cast.owner, cast.borrower, loan, second, third, at=START + 3 * HOUR)
    assert await state_of(loan.number) == "returned"
    assert {line["state"] for line in await lines_of(loan.number)} == {"back"}


async def test_a_return_sets_the_rest_of_the_time_free(cast: Cast) -> None:
    """Back two hours early: the item is blocked only for the buffer after it."""
    model = await make_model(keeper=cast.owner.custodian, buffer_after_minutes=30)
    item = await make_item(keeper=cast.owner.custodian, model=model)
    loan = await make_loan(cast=cast, state="out", codes=(item.code,))
    await bring_back(cast.owner, cast.borrower, loan, at=END - 2 * HOUR)
    line = (await lines_of(loan.number))[0]
    assert line["blocked"].upper == END - 1.5 * HOUR


async def test_from_person_to_person(cast: Cast) -> None:
    """A colleague takes over in the field; only who holds the item can give it."""
    loan = await make_loan(cast=cast, state="out")
    officer, colleague = cast.borrower.officer, cast.borrower.second_officer
    with clock.at(START + HOUR):
        draft = handover_draft(Direction.MOVE, colleague, *loan.codes)
        handover = await propose_handover(officer, loan.number, draft)
        await confirm_handover(colleague, handover)
        assert await state_of(loan.number) == "out"
        held = await holder(loan.codes[0])
        assert held is not None
        assert held.id == str(colleague.person)
        stale = await propose_handover(
            officer, loan.number, handover_draft(Direction.MOVE, cast.borrower.clerk, *loan.codes)
        )
        with pytest.raises(WrongState) as refused:
            await confirm_handover(cast.borrower.clerk, stale)
    assert refused.value.code == "holder_changed"


async def test_at_the_counter_any_custodian_may_take_back(cast: Cast) -> None:
    """The borrower names one custodian, another one of the owner stands there and becomes the taker."""
    loan = await make_loan(cast=cast, state="out")
    with clock.at(END - HOUR):
        draft = handover_draft(Direction.BACK, cast.owner.custodian, *loan.codes)
        handover = await propose_handover(cast.borrower.officer, loan.number, draft)
        await confirm_handover(cast.owner.officer, handover)
    async with reading() as db:
        taker = await db.fetchval("SELECT taker FROM handover WHERE id = $1", handover)
    assert taker == cast.owner.officer.person
    assert await state_of(loan.number) == "returned"


async def test_the_custodian_may_propose_the_return(cast: Cast) -> None:
    """The owner's custodian scans at the counter, the holder confirms on their own telephone."""
    loan = await make_loan(cast=cast, state="out")
    with clock.at(END - HOUR):
        draft = handover_draft(Direction.BACK, cast.borrower.officer, *loan.codes)
        handover = await propose_handover(cast.owner.custodian, loan.number, draft)
        await confirm_handover(cast.borrower.officer, handover)
    assert await state_of(loan.number) == "returned"


async def test_declined_and_withdrawn(cast: Cast) -> None:
    """Neither changes a holder; both leave the item free for the next proposal; declining needs a reason."""
    loan = await make_loan(cast=cast, state="approved")
    draft = handover_draft(Direction.OUT, cast.borrower.officer, *loan.codes)
    with clock.at(START):
        first = await propose_handover(cast.owner.custodian, loan.number, draft)
        with pytest.raises(Taken):
            await propose_handover(cast.owner.custodian, loan.number, draft)
        with pytest.raises(Invalid):
            await decline_handover(cast.borrower.officer, first, " ")
        await decline_handover(cast.borrower.officer, first, "配件不全")
        second = await propose_handover(cast.owner.custodian, loan.number, draft)
        with pytest.raises(NotFound):
            await withdraw_handover(cast.borrower.officer, second)
        await withdraw_handover(cast.owner.custodian, second)
        with pytest.raises(WrongState):
            await confirm_handover(cast.borrower.officer, second)
    assert await state_of(loan.number) == "approved"
    assert await custody_of(loan) == [("receive", "depot")]


async def test_what_cannot_be_handed_over(cast: Cast) -> None:
    """Too early, foreign, not lent yet, to oneself, to a third agency: each with its own reason."""
    requested = await make_loan(cast=cast, state="requested")
    loan = await make_loan(cast=cast, state="approved")
    other = await make_item(keeper=cast.owner.custodian)
    custodian, officer = cast.owner.custodian, cast.borrower.officer
    out = handover_draft(Direction.OUT, officer, *loan.codes)
    foreign = handover_draft(Direction.OUT, officer, other.code)
    asked = handover_draft(Direction.OUT, officer, *requested.codes)
    to_self = handover_draft(Direction.OUT, custodian, *loan.codes)
    to_third = handover_draft(Direction.OUT, cast.third.officer, *loan.codes)

    async def code_of(number: str, draft: HandoverDraft, at: datetime = START) -> str:
        with clock.at(at), pytest.raises(Refusal) as refused:
            await propose_handover(custodian, number, draft)
        return refused.value.code

    assert await code_of(loan.number, out, MONDAY + 2 * HOUR) == "too_early"
    assert await code_of(loan.number, foreign) == "foreign_item"
    assert await code_of(requested.number, asked) == "line_state"
    assert await code_of(loan.number, to_self) == "other_person"
    assert await code_of(loan.number, to_third) == "other_person"
    with clock.at(START), pytest.raises(NotFound):
        await propose_handover(cast.third.custodian, loan.number, out)
    with clock.at(START), pytest.raises(NotAllowed):
        await propose_handover(cast.borrower.auditor, loan.number, out)


async def test_shared_use_never_leaves_the_owner(cast: Cast) -> None:
    """The owner's operator takes the item along and brings it back; the borrower cannot take it."""
    loan = await make_loan(cast=cast, state="approved", mode="shared_use")
    custodian, operator = cast.owner.custodian, cast.owner.officer
    with clock.at(START):
        with pytest.raises(Invalid):
            await propose_handover(
                custodian, loan.number, handover_draft(Direction.OUT, cast.borrower.officer, *loan.codes)
            )
        draft = handover_draft(Direction.OUT, operator, *loan.codes)
        await confirm_handover(operator, await propose_handover(custodian, loan.number, draft))
        held = await holder(loan.codes[0])
        assert held is not None
        assert (held.id, held.agency) == (str(operator.person), cast.owner.agency)
    with clock.at(END - HOUR):
        draft = handover_draft(Direction.BACK, custodian, *loan.codes)
        await confirm_handover(custodian, await propose_handover(operator, loan.number, draft))
    assert await state_of(loan.number) == "returned"


@pytest.mark.parametrize("seed", range(4))
async def test_any_sequence_of_verbs_keeps_one_holder(cast: Cast, seed: int) -> None:
    """Proposals and answers in any order by anybody: custody has no gap, each line its two persons."""
    chance = random.Random(seed)
    keeper, people = cast.owner.custodian, [cast.borrower.officer, cast.borrower.second_officer]
    model = await make_model(keeper=keeper)
    for _ in range(2):
        await make_item(keeper=keeper, model=model)
    loan = await make_loan(cast=cast, state="approved", model=model, count=2)
    waiting: list[UUID] = []
    for minute in range(40):
        with clock.at(START + minute * HOUR / 20), contextlib.suppress(Refusal):
            if waiting and chance.random() < 0.6:
                who = chance.choice([keeper, *people])
                answer = chance.choice([confirm_handover, confirm_handover, withdraw_handover])
                await answer(who, waiting.pop(chance.randrange(len(waiting))))
            else:
                me, other = chance.sample([keeper, *people], 2)
                draft = handover_draft(chance.choice(list(Direction)), other, chance.choice(loan.codes))
                waiting.append(await propose_handover(me, loan.number, draft))
    async with reading() as db:
        items = [row["id"] for row in await db.fetch("SELECT id FROM item WHERE code = ANY($1)", loan.codes)]
    for item in items:
        log = await custody.log_of(item)
        assert [entry["seq"] for entry in log] == list(range(1, len(log) + 1))
        assert [entry["at"] for entry in log] == sorted(entry["at"] for entry in log)
        for before, after in itertools.pairwise(log):
            said = json.loads(after["body"])
            assert said["from"] == f"{before['holder_kind']}:{before['holder']}"
            assert after["giver"] != after["taker"]
    states = {line["code"]: line["state"] for line in await lines_of(loan.number)}
    for code in loan.codes:
        held = await holder(code)
        assert held is not None
        assert (held.kind is HolderKind.PERSON) == (states[code] == "out")
