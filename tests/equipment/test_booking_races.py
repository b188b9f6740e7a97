"""Exactly one winner, everybody else a clear refusal, no other error: on real connections and processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from shared_resources.equipment.schemas.booking import Exchange, MoveDraft
from shared_resources.equipment.schemas.handover import Direction
from shared_resources.equipment.service.changes import exchange_item, extend_loan, move_loan
from shared_resources.equipment.service.decisions import approve_loan
from shared_resources.equipment.service.handover import confirm_handover, propose_handover
from shared_resources.equipment.service.requests import request_booking
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading, transaction
from tests.equipment.racing import outcomes, outcomes_of_processes
from tests.makers import (
    END,
    HOUR,
    MONDAY,
    START,
    draft_of,
    handover_draft,
    lines_of,
    loan_made,
    make_item,
    make_loan,
    make_model,
    make_request,
    make_rule,
    walk,
)
from tests.people import make_cast

if TYPE_CHECKING:
    from tests.makers import MadeLoan
    from tests.people import Cast

MANY, PROCESSES, SOME = 200, 4, 12


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


async def occupied() -> int:
    """Lines that occupy an item."""
    async with reading() as db:
        return int(await db.fetchval("SELECT count(*) FROM loan_line WHERE state IN ('held', 'reserved', 'out')"))


async def test_200_requests_of_four_processes_for_one_slot(cast: Cast, db: str) -> None:
    """The rule approves the first; 199 are told that it is taken."""
    await make_rule(keeper=cast.owner.custodian, automatic_hours=24)
    item = await make_item(keeper=cast.owner.custodian)
    race = {
        "person": cast.borrower.officer.person,
        "agency": cast.borrower.agency,
        "tries": [item.code] * MANY,
    }
    assert await outcomes_of_processes(db, "request", PROCESSES, race) == {"done": 1, "item_taken": MANY - 1}
    assert await occupied() == 1
    async with reading() as connection:
        assert await connection.fetchval("SELECT count(*) FROM cart") == 1


async def test_200_approvals_of_four_processes_for_one_slot(cast: Cast, db: str) -> None:
    """Requests compete, one is approved, every other refusal names the loan that has the item."""
    item = await make_item(keeper=cast.owner.custodian)
    numbers = []
    for _ in range(MANY):
        made = await make_request(asker=cast.borrower.officer, draft=draft_of(item.code))
        numbers.append(made.loans[0].number)
    race = {"person": cast.owner.head.person, "agency": cast.owner.agency, "tries": numbers}
    assert await outcomes_of_processes(db, "approve", PROCESSES, race) == {"done": 1, "item_taken": MANY - 1}
    assert await occupied() == 1


async def test_one_loan_approved_by_many(cast: Cast) -> None:
    """The record's lock lets one through; the others meet its new state."""
    loan = await make_loan(cast=cast)
    with clock.at(MONDAY + HOUR):
        found = await outcomes(approve_loan(cast.owner.head, loan.number) for _ in range(SOME))
    assert found == {"done": 1, "wrong_state": SOME - 1}


async def test_items_of_a_model_are_dealt_out_without_a_double(cast: Cast) -> None:
    """As many winners as items."""
    await make_rule(keeper=cast.owner.custodian, automatic_hours=24)
    model = await make_model(keeper=cast.owner.custodian)
    for _ in range(5):
        await make_item(keeper=cast.owner.custodian, model=model)
    with clock.at(MONDAY):
        found = await outcomes(request_booking(cast.borrower.officer, draft_of(model=model)) for _ in range(SOME))
    assert found == {"done": 5, "not_enough": SOME - 5}


async def approved_one_after_the_other(cast: Cast, code: str, count: int) -> list[MadeLoan]:
    """Approved loans of one item, an hour each, one a day from Wednesday on."""
    loans = []
    for day in range(1, count + 1):
        starts = START + 24 * day * HOUR
        loans.append(
            await make_loan(cast=cast, codes=(code,), state="approved", starts_at=starts, ends_at=starts + HOUR)
        )
    return loans


async def test_many_loans_move_to_one_slot(cast: Cast) -> None:
    """One gets there."""
    item = await make_item(keeper=cast.owner.custodian)
    loans = await approved_one_after_the_other(cast, item.code, SOME)
    move = MoveDraft.model_validate({"from": START, "to": START + HOUR})
    with clock.at(MONDAY + HOUR):
        found = await outcomes(move_loan(cast.borrower.officer, loan.number, move) for loan in loans)
    assert found == {"done": 1, "item_taken": SOME - 1}


async def test_many_loans_want_one_item_in_exchange(cast: Cast) -> None:
    """One gets it."""
    model = await make_model(keeper=cast.owner.custodian)
    loans = []
    for _ in range(SOME):
        item = await make_item(keeper=cast.owner.custodian, model=model)
        loans.append(await make_loan(cast=cast, codes=(item.code,), state="approved"))
    wanted = await make_item(keeper=cast.owner.custodian, model=model)
    wishes = [
        (loan.number, Exchange(line=(await lines_of(loan.number))[0]["id"], to_item=wanted.code)) for loan in loans
    ]
    with clock.at(MONDAY + HOUR):
        found = await outcomes(exchange_item(cast.owner.head, number, wish) for number, wish in wishes)
    assert found == {"done": 1, "item_taken": SOME - 1}


async def test_an_extension_and_a_booking_want_the_same_hour(cast: Cast) -> None:
    """Many extend, many book: one of all of them has the hour after the loan."""
    await make_rule(keeper=cast.owner.custodian, automatic_hours=1)
    item = await make_item(keeper=cast.owner.custodian)
    loan = await make_loan(cast=cast, codes=(item.code,), state="out")
    with clock.at(END - HOUR):
        draft = draft_of(item.code, starts_at=END, ends_at=END + HOUR)
        acts = [extend_loan(cast.owner.head, loan.number, END + HOUR) for _ in range(SOME)]
        found = await outcomes([*acts, *(request_booking(cast.third.officer, draft) for _ in range(SOME))])
    assert found["done"] == 1
    assert set(found) <= {"done", "item_taken", "not_later"}
    assert sum(found.values()) == 2 * SOME


async def test_one_handover_confirmed_by_many_presses(cast: Cast) -> None:
    """One line of custody."""
    loan = await make_loan(cast=cast, state="approved")
    with clock.at(START):
        draft = handover_draft(Direction.OUT, cast.borrower.officer, *loan.codes)
        handover = await propose_handover(cast.owner.custodian, loan.number, draft)
        found = await outcomes(confirm_handover(cast.borrower.officer, handover) for _ in range(SOME))
    assert found == {"done": 1, "handover_answered": SOME - 1}
    async with reading() as db:
        assert await db.fetchval("SELECT count(*) FROM custody_line WHERE loan = $1", loan.id) == 1


async def test_many_propose_the_same_handover(cast: Cast) -> None:
    """One proposal waits; the others are told so."""
    loan = await make_loan(cast=cast, state="approved")
    draft = handover_draft(Direction.OUT, cast.borrower.officer, *loan.codes)
    with clock.at(START):
        found = await outcomes(propose_handover(cast.owner.custodian, loan.number, draft) for _ in range(SOME))
    assert found == {"done": 1, "handover_open": SOME - 1}


async def test_the_database_itself_refuses_what_a_verb_might_forget(cast: Cast) -> None:
    """An overlap, buffers included, an endless time and a made-up state."""
    item = await make_item(keeper=cast.owner.custodian)
    made = await make_request(asker=cast.borrower.officer, draft=draft_of(item.code))
    loan = await loan_made(made.loans[0].number, START, END)
    await walk(cast, loan, "approved")
    again = (
        "INSERT INTO loan_line (id, owner, loan, model, item, by_model, state, period, blocked) SELECT"
        " gen_random_uuid(), owner, loan, model, item, false, {state}, {period}, {period} FROM loan_line"
    )
    for state, period, error in (
        ("'held'", "period", asyncpg.ExclusionViolationError),
        ("'asked'", "tstzrange(lower(period), NULL)", asyncpg.CheckViolationError),
        ("'asked'", "tstzrange(lower(period), 'infinity')", asyncpg.CheckViolationError),
        ("'perhaps'", "period", asyncpg.CheckViolationError),
    ):
        with pytest.raises(error):
            async with transaction() as connection:
                await connection.execute(again.format(state=state, period=period))
