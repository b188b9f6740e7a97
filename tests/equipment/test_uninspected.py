"""An item that has come back is nobody's until somebody has looked at it: what lists say, verbs do (SWITCH 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shared_resources.equipment.queries.availability import free
from shared_resources.equipment.schemas.handover import InspectedItem
from shared_resources.equipment.schemas.loans import FreeFilter
from shared_resources.equipment.service.decisions import approve_loan
from shared_resources.equipment.service.incidents import inspect_return
from shared_resources.equipment.service.requests import request_booking
from shared_resources.kernel import clock
from shared_resources.kernel.errors import Refusal
from tests.makers import (
    END,
    HOUR,
    START,
    MadeLoan,
    draft_of,
    hand_out,
    lines_of,
    make_item,
    make_loan,
    make_model,
)
from tests.people import make_cast

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from uuid import UUID

    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db")
LATER: dict[str, Any] = {"starts_at": START + 240 * HOUR, "ends_at": END + 240 * HOUR}


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


@pytest.fixture
async def model(cast: Cast) -> UUID:
    """A model."""
    return await make_model(keeper=cast.owner.custodian)


@pytest.fixture
async def waiting(cast: Cast, model: UUID) -> MadeLoan:
    """A loan whose one item, the only one of its model, has come back."""
    item = await make_item(keeper=cast.owner.custodian, model=model)
    return await make_loan(cast=cast, codes=(item.code,), state="returned")


async def code_of(doing: Awaitable[object]) -> str:
    """Why not."""
    with pytest.raises(Refusal) as refused:
        await doing
    return refused.value.code


async def test_lists_do_not_show_it_and_verbs_do_not_lend_it(cast: Cast, model: UUID, waiting: MadeLoan) -> None:
    """Named, as any of its model, and in the list, for a time ten days ahead; then it is looked at."""
    officer, fit = cast.borrower.officer, [InspectedItem(code=waiting.codes[0], fit=True)]
    with clock.at(END):
        wanted = FreeFilter(**LATER)
        assert not (await free(officer, wanted)).groups
        assert await code_of(request_booking(officer, draft_of(model=model, **LATER))) == "not_enough"
        assert await code_of(request_booking(officer, draft_of(*waiting.codes, **LATER))) == "uninspected"
        await inspect_return(cast.owner.custodian, waiting.number, fit)
        assert [group.codes for group in (await free(officer, wanted)).groups] == [waiting.codes]
        await request_booking(officer, draft_of(*waiting.codes, **LATER))


async def test_the_borrower_is_not_told_whose_loan_it_was(cast: Cast, waiting: MadeLoan) -> None:
    """The sentence says what to wait for, not on whom."""
    with clock.at(END), pytest.raises(Refusal) as refused:
        await request_booking(cast.third.officer, draft_of(*waiting.codes, **LATER))
    assert "waits for inspection" in str(refused.value)
    assert "number" not in refused.value.sentence.params


async def test_requests_and_bookings_made_before_wait_for_the_inspection(cast: Cast, model: UUID) -> None:
    """Neither approved nor handed out meanwhile; the owner's side reads on which loan it came back."""
    item = await make_item(keeper=cast.owner.custodian, model=model)
    asked = await make_loan(cast=cast, codes=(item.code,), **LATER)
    booked = await make_loan(
        cast=cast, codes=(item.code,), state="approved", starts_at=END + HOUR, ends_at=END + 4 * HOUR
    )
    back = await make_loan(cast=cast, codes=(item.code,), state="returned")
    with clock.at(END):
        with pytest.raises(Refusal) as refused:
            await approve_loan(cast.owner.head, asked.number)
        assert (refused.value.code, refused.value.sentence.params["number"]) == ("uninspected", back.number)
        assert await code_of(hand_out(cast.owner, cast.borrower, booked, at=END + HOUR)) == "uninspected"
        await inspect_return(cast.owner.custodian, back.number, [InspectedItem(code=item.code, fit=True)])
        await approve_loan(cast.owner.head, asked.number)
    await hand_out(cast.owner, cast.borrower, booked, at=END + HOUR)
    assert (await lines_of(booked.number))[0]["state"] == "out"
