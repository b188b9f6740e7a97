"""Emergency borrowing (CO-1b): released at once by whoever is on duty, papers by the next working day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.schemas.handover import InspectedItem
from shared_resources.equipment.service.decisions import withdraw_loan
from shared_resources.equipment.service.emergency import file_papers, release_loan
from shared_resources.equipment.service.incidents import inspect_return
from shared_resources.equipment.service.sweeps import list_unpapered
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, NotAllowed, WrongState
from shared_resources.kernel.identity import create_desk, plan_shift
from shared_resources.kernel.schemas.people import DeskDraft, ShiftDraft
from tests.makers import HOUR, MONDAY, bring_back, hand_out, lines_of, make_item, make_loan, said_to, state_of
from tests.people import make_cast

if TYPE_CHECKING:
    from tests.makers import MadeLoan
    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies; the owner's officer is on duty on Monday from nine to eleven."""
    cast = await make_cast()
    with clock.at(MONDAY):
        desk = await create_desk(cast.owner.head, DeskDraft(name="值班室", phone="023-12350"))
        assert cast.owner.officer.person is not None
        shift = ShiftDraft(person=cast.owner.officer.person, starts_at=MONDAY, ends_at=MONDAY + 2 * HOUR)
        await plan_shift(cast.owner.head, desk, shift)
    return cast


async def emergency(cast: Cast) -> MadeLoan:
    """A request for an emergency, from Monday at ten."""
    item = await make_item(keeper=cast.owner.custodian, state="standby")
    return await make_loan(
        cast=cast, codes=(item.code,), emergency=True, starts_at=MONDAY + HOUR, ends_at=MONDAY + 9 * HOUR
    )


async def papers(loan: MadeLoan) -> tuple[str, date]:
    """State and day of the papers' deadline."""
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT state, due_on FROM deadline WHERE record = $1 AND term = 'papers'", loan.id
        )
    return row["state"], row["due_on"]


async def test_the_officer_on_duty_releases(cast: Cast) -> None:
    """Told at the desk, released, reserved; papers due on the next working day; nobody is told twice."""
    loan = await emergency(cast)
    assert len(await said_to(cast.owner.officer, "Emergency")) == 1
    with clock.at(MONDAY + HOUR):
        moved = await release_loan(cast.owner.officer, loan.number)
    assert moved.state == "approved"
    assert [line["state"] for line in await lines_of(loan.number)] == ["reserved"]
    assert await papers(loan) == ("running", date(2026, 12, 1))
    await hand_out(cast.owner, cast.borrower, loan, at=MONDAY + HOUR)
    assert await state_of(loan.number) == "out"


async def test_who_may_not_release(cast: Cast) -> None:
    """An officer off duty, the borrower; and an ordinary request takes the ordinary way."""
    loan = await emergency(cast)
    with clock.at(MONDAY + HOUR):
        with pytest.raises(NotAllowed) as refused:
            await release_loan(cast.owner.second_officer, loan.number)
        assert refused.value.code == "not_on_duty"
        with pytest.raises(NotAllowed):
            await release_loan(cast.borrower.head, loan.number)
    with clock.at(MONDAY + 3 * HOUR):
        with pytest.raises(NotAllowed):
            await release_loan(cast.owner.officer, loan.number)
        await release_loan(cast.owner.head, loan.number)
    ordinary = await make_loan(cast=cast)
    with clock.at(MONDAY + HOUR), pytest.raises(WrongState) as refused_too:
        await release_loan(cast.owner.officer, ordinary.number)
    assert refused_too.value.code == "ordinary"


async def test_papers_are_filed_once_by_the_borrower(cast: Cast) -> None:
    """With a word on which papers; the owner is told."""
    loan = await emergency(cast)
    with clock.at(MONDAY + HOUR):
        with pytest.raises(WrongState):
            await file_papers(cast.borrower.officer, loan.number, "渝应急借〔2026〕3号")
        await release_loan(cast.owner.officer, loan.number)
        with pytest.raises(NotAllowed):
            await file_papers(cast.owner.head, loan.number, "渝应急借〔2026〕3号")
        with pytest.raises(Invalid):
            await file_papers(cast.borrower.officer, loan.number, " ")
        await file_papers(cast.borrower.officer, loan.number, "渝应急借〔2026〕3号")
        with pytest.raises(WrongState) as refused:
            await file_papers(cast.borrower.officer, loan.number, "渝应急借〔2026〕3号")
    assert refused.value.code == "no_papers"
    assert (await papers(loan))[0] == "met"
    assert await said_to(cast.owner.custodian, "are filed")


async def test_releases_without_papers_are_listed_each_morning_once(cast: Cast) -> None:
    """Not on the day itself, not before eight, once a morning, until they are filed."""
    loan = await emergency(cast)
    with clock.at(MONDAY + HOUR):
        await release_loan(cast.owner.officer, loan.number)
        assert await list_unpapered() == 0
    tuesday = MONDAY + timedelta(days=1)
    with clock.at(tuesday - 2 * HOUR):
        assert await list_unpapered() == 0
    with clock.at(tuesday):
        assert [await list_unpapered(), await list_unpapered()] == [1, 0]
    with clock.at(tuesday + timedelta(days=1)):
        assert await list_unpapered() == 1
        await file_papers(cast.borrower.officer, loan.number, "渝应急借〔2026〕3号")
    with clock.at(tuesday + timedelta(days=2)):
        assert await list_unpapered() == 0
    assert len(await said_to(cast.borrower.officer, "still missing")) == 2


async def test_a_release_that_is_withdrawn_owes_no_papers(cast: Cast) -> None:
    """Nothing was handed out."""
    loan = await emergency(cast)
    with clock.at(MONDAY + HOUR):
        await release_loan(cast.owner.officer, loan.number)
        await withdraw_loan(cast.borrower.officer, loan.number)
    assert (await papers(loan))[0] == "cancelled"


async def test_a_loan_closes_with_its_papers(cast: Cast) -> None:
    """Everything is back and inspected, the papers are not filed: the loan waits for them."""
    loan = await emergency(cast)
    with clock.at(MONDAY + HOUR):
        await release_loan(cast.owner.officer, loan.number)
    await hand_out(cast.owner, cast.borrower, loan, at=MONDAY + HOUR)
    await bring_back(cast.owner, cast.borrower, loan, at=MONDAY + 2 * HOUR)
    with clock.at(MONDAY + 3 * HOUR):
        fit = [InspectedItem(code=code, fit=True) for code in loan.codes]
        assert await inspect_return(cast.owner.custodian, loan.number, fit) == "returned"
        assert (await papers(loan))[0] == "running"
        moved = await file_papers(cast.borrower.officer, loan.number, "渝应急借〔2026〕3号")
    assert moved.state == "closed"
    assert (await papers(loan))[0] == "met"
    assert await state_of(loan.number) == "closed"
