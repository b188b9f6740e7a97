"""What the clock does to loans: overdue, lapsed, reminded; each once, in two processes at once as well."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.jobs import JOBS
from shared_resources.equipment.schemas.booking import ExtensionDraft
from shared_resources.equipment.service.changes import ask_extension, extend_loan
from shared_resources.equipment.service.sweeps import lapse_uncollected, mark_overdue, remind_due
from shared_resources.kernel import clock
from tests.makers import (
    END,
    HOUR,
    START,
    bring_back,
    hand_out,
    lines_of,
    make_item,
    make_loan,
    make_model,
    said_to,
    state_of,
)
from tests.people import make_cast

if TYPE_CHECKING:
    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


async def test_overdue_once_however_many_sweep(cast: Cast) -> None:
    """Not before the agreed instant; both sides told once."""
    loan = await make_loan(cast=cast, state="out")
    with clock.at(END - HOUR):
        assert await mark_overdue() == 0
    with clock.at(END):
        assert sum(await asyncio.gather(mark_overdue(), mark_overdue(), mark_overdue())) == 1
        assert await mark_overdue() == 0
    assert await state_of(loan.number) == "overdue"
    assert len(await said_to(cast.borrower.officer, "is overdue")) == 1
    assert len(await said_to(cast.owner.custodian, "is overdue")) == 1


async def test_the_next_borrower_is_told_and_keeps_the_loan(cast: Cast) -> None:
    """The state stays approved; the notice leads to the page with what else is free."""
    item = await make_item(keeper=cast.owner.custodian)
    await make_loan(cast=cast, codes=(item.code,), state="out")
    after = await make_loan(
        cast=cast, codes=(item.code,), starts_at=END + 2 * HOUR, ends_at=END + 4 * HOUR, state="requested"
    )
    approved = await make_loan(
        cast=cast, codes=(item.code,), starts_at=END + 2 * HOUR, ends_at=END + 4 * HOUR, state="approved"
    )
    with clock.at(END + HOUR):
        await mark_overdue()
        await mark_overdue()
    told = await said_to(cast.borrower.officer, "has not come back")
    assert [row["link"] for row in told] == [f"/loans/{approved.number}"]
    assert await state_of(approved.number) == "approved"
    assert await state_of(after.number) == "requested"


async def test_what_nobody_collected_lapses_when_its_time_is_over(cast: Cast) -> None:
    """Requests, offers, approvals and conflicts; the items are free."""
    states = ("requested", "approved", "conflict")
    loans = [await make_loan(cast=cast, state=state) for state in states]
    with clock.at(END - HOUR):
        assert await lapse_uncollected() == 0
    with clock.at(END):
        assert sum(await asyncio.gather(lapse_uncollected(), lapse_uncollected())) == len(states)
        assert await lapse_uncollected() == 0
    assert {await state_of(loan.number) for loan in loans} == {"lapsed"}
    assert {line["state"] for loan in loans for line in await lines_of(loan.number)} == {"dropped"}
    assert len(await said_to(cast.borrower.officer, "has lapsed")) == len(states)


async def test_a_part_that_was_not_collected_lapses_and_the_rest_is_back(cast: Cast) -> None:
    """One of two went out and came back: when the time is over the loan is returned."""
    model = await make_model(keeper=cast.owner.custodian)
    for _ in range(2):
        await make_item(keeper=cast.owner.custodian, model=model)
    loan = await make_loan(cast=cast, model=model, count=2, state="approved")
    await hand_out(cast.owner, cast.borrower, loan, loan.codes[0])
    await bring_back(cast.owner, cast.borrower, loan, loan.codes[0])
    assert await state_of(loan.number) == "out"
    with clock.at(END):
        assert [await mark_overdue(), await lapse_uncollected()] == [0, 1]
    assert await state_of(loan.number) == "returned"


async def test_a_return_is_reminded_of_once_for_each_date(cast: Cast) -> None:
    """A day ahead; again after an extension; never when it is late already."""
    loan = await make_loan(cast=cast, state="out", starts_at=START, ends_at=END + 48 * HOUR)
    with clock.at(START + HOUR):
        assert await remind_due() == 0
    with clock.at(END + 30 * HOUR):
        assert sum(await asyncio.gather(remind_due(), remind_due())) == 1
        await ask_extension(cast.borrower.officer, loan.number, ExtensionDraft(until=END + 96 * HOUR))
        await extend_loan(cast.owner.head, loan.number)
        assert await remind_due() == 0
    with clock.at(END + 90 * HOUR):
        assert [await remind_due(), await remind_due()] == [1, 0]
    assert len(await said_to(cast.borrower.officer, "is to be returned")) == 2
    late = await make_loan(cast=cast, state="out")
    with clock.at(END + 90 * HOUR):
        assert await remind_due() == 0
    assert not [
        row for row in await said_to(cast.borrower.officer, "is to be returned") if row["record"] == late.id
    ]


def test_the_clock_knows_its_jobs() -> None:
    """Each by its own name, none more often than each minute."""
    assert [job.name for job in JOBS] == ["mark_overdue", "lapse_uncollected", "remind_due", "list_unpapered"]
    assert all(job.every.total_seconds() >= 60 for job in JOBS)
