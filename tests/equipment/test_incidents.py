"""Damage and loss: the item leaves the pool, the loan waits, later bookings are planned anew; inspection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.schemas.handover import IncidentKind, IncidentReport, InspectedItem, Settlement
from shared_resources.equipment.service.incidents import inspect_return, report_incident, settle_incident
from shared_resources.equipment.service.register import change_item_state
from shared_resources.kernel import clock, custody
from shared_resources.kernel.custody import HolderKind
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from tests.makers import (
    END,
    HOUR,
    START,
    bring_back,
    lines_of,
    make_item,
    make_loan,
    make_model,
    said_to,
    state_of,
)
from tests.people import make_cast

if TYPE_CHECKING:
    from tests.makers import MadeLoan
    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


def report(code: str, kind: IncidentKind = IncidentKind.DAMAGE) -> IncidentReport:
    """What somebody found."""
    return IncidentReport(code=code, kind=kind, description="外壳开裂")


async def item_of(code: str) -> tuple[str, custody.Holder | None]:
    """State and holder of an item."""
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT r.id, r.state FROM record r JOIN item i ON i.id = r.id WHERE code = $1", code
        )
    return row["state"], await custody.holder_of(row["id"])


async def booked_later(cast: Cast, loan: MadeLoan, model: object = None) -> MadeLoan:
    """An approved loan of the same item, or of its model, two days later."""
    codes = () if model else loan.codes
    later = {"starts_at": START + 48 * HOUR, "ends_at": END + 48 * HOUR}
    return await make_loan(cast=cast, codes=codes, model=model, state="approved", **later)  # type: ignore[arg-type]


async def test_damage_in_the_field(cast: Cast) -> None:
    """Damaged, brought back, settled, inspected: every step in its place, and the loan closes."""
    loan = await make_loan(cast=cast, state="out")
    with clock.at(START + HOUR):
        incident = await report_incident(cast.borrower.officer, report(loan.codes[0]))
        assert await state_of(loan.number) == "incident"
        assert (await item_of(loan.codes[0]))[0] == "damaged"
        with pytest.raises(WrongState):
            await report_incident(cast.borrower.officer, report(loan.codes[0]))
    await bring_back(cast.owner, cast.borrower, loan)
    assert await state_of(loan.number) == "incident"
    with clock.at(END):
        with pytest.raises(NotAllowed):
            await settle_incident(cast.borrower.head, incident, Settlement(settlement="照价维修"))
        await settle_incident(cast.owner.head, incident, Settlement(settlement="照价维修", cost_yuan=120.5))
        assert await state_of(loan.number) == "returned"
        await inspect_return(cast.owner.custodian, loan.number, [InspectedItem(code=loan.codes[0], fit=False)])
    assert await state_of(loan.number) == "closed"
    async with reading() as db:
        assert await db.fetchval("SELECT cost_cents FROM incident") == 12050


async def test_settled_before_the_item_is_back(cast: Cast) -> None:
    """The loan waits for it, then goes on."""
    loan = await make_loan(cast=cast, state="out")
    with clock.at(START + HOUR):
        incident = await report_incident(cast.borrower.officer, report(loan.codes[0]))
        await settle_incident(cast.owner.head, incident, Settlement(settlement="照价维修"))
    assert await state_of(loan.number) == "incident"
    await bring_back(cast.owner, cast.borrower, loan)
    assert await state_of(loan.number) == "returned"


async def test_loss(cast: Cast) -> None:
    """Nobody holds it any more; settled, the loan closes by itself; found again it is on the shelf."""
    loan = await make_loan(cast=cast, state="out")
    with clock.at(START + HOUR):
        incident = await report_incident(cast.borrower.officer, report(loan.codes[0], IncidentKind.LOSS))
    state, holder = await item_of(loan.codes[0])
    assert (state, holder and holder.kind) == ("lost", HolderKind.LOST)
    assert [line["state"] for line in await lines_of(loan.number)] == ["lost"]
    with clock.at(END):
        await settle_incident(cast.owner.head, incident, Settlement(settlement="照价赔偿"))
        assert await state_of(loan.number) == "closed"
        await change_item_state(cast.owner.custodian, loan.codes[0], "find_again")
    state, holder = await item_of(loan.codes[0])
    assert (state, holder and holder.kind) == ("available", HolderKind.DEPOT)


async def test_later_bookings_of_a_named_item_come_into_conflict(cast: Cast) -> None:
    """Both sides are told; a request falls back to asking."""
    loan = await make_loan(cast=cast, state="out")
    later = await booked_later(cast, loan)
    asked = await make_loan(cast=cast, codes=loan.codes, starts_at=START + 96 * HOUR, ends_at=END + 96 * HOUR)
    with clock.at(START + HOUR):
        await report_incident(cast.borrower.officer, report(loan.codes[0]))
    assert await state_of(later.number) == "conflict"
    assert [line["state"] for line in await lines_of(later.number)] == ["conflict"]
    assert await said_to(cast.borrower.officer, "not available any more")
    assert await said_to(cast.owner.custodian, "not available any more")
    assert await state_of(asked.number) == "requested"
    assert await said_to(cast.owner.head, "cannot count on")


async def test_later_bookings_of_a_model_take_another_item(cast: Cast) -> None:
    """Without anybody's doing, with notice."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper)
    item = await make_item(keeper=keeper, model=model)
    loan = await make_loan(cast=cast, codes=(item.code,), state="out")
    later = await booked_later(cast, loan, model)
    assert later.codes == loan.codes
    other = await make_item(keeper=keeper, model=model)
    with clock.at(START + HOUR):
        await report_incident(cast.borrower.officer, report(item.code))
    assert await state_of(later.number) == "approved"
    assert [(line["code"], line["state"]) for line in await lines_of(later.number)] == [(other.code, "reserved")]
    assert await said_to(cast.borrower.officer, "takes the place")


async def test_damage_found_at_inspection(cast: Cast) -> None:
    """The unfit item gets its incident, the fit one is free; settled, the loan closes."""
    items = [await make_item(keeper=cast.owner.custodian) for _ in range(2)]
    loan = await make_loan(cast=cast, codes=tuple(item.code for item in items), state="returned")
    good, bad = loan.codes
    with clock.at(END):
        findings = [InspectedItem(code=good, fit=True), InspectedItem(code=bad, fit=False, note="无法开机")]
        assert await inspect_return(cast.owner.custodian, loan.number, findings) == "returned"
        incident = await report_incident(cast.owner.custodian, report(bad))
        assert await state_of(loan.number) == "incident"
        await settle_incident(cast.owner.custodian, incident, Settlement(settlement="送修"))
    assert await state_of(loan.number) == "closed"
    assert {line["state"] for line in await lines_of(loan.number)} == {"done"}


async def test_who_reports_and_who_inspects(cast: Cast) -> None:
    """Whoever owns or has borrowed it; the owner's custodian inspects what came back."""
    loan = await make_loan(cast=cast, state="out")
    with clock.at(END):
        with pytest.raises(NotFound):
            await report_incident(cast.third.officer, report(loan.codes[0]))
        with pytest.raises(Invalid) as refused:
            await inspect_return(cast.owner.custodian, loan.number, [InspectedItem(code=loan.codes[0], fit=True)])
        assert refused.value.code == "not_back"
    await bring_back(cast.owner, cast.borrower, loan)
    with clock.at(END), pytest.raises(NotAllowed):
        await inspect_return(cast.borrower.custodian, loan.number, [InspectedItem(code=loan.codes[0], fit=True)])


async def test_damage_in_store_needs_no_loan(cast: Cast) -> None:
    """The keeper finds it on the shelf."""
    item = await make_item(keeper=cast.owner.custodian)
    number = await report_incident(cast.owner.custodian, report(item.code))
    assert (await item_of(item.code))[0] == "damaged"
    await settle_incident(cast.owner.custodian, number, Settlement(settlement="送修"))
    assert await state_of(number) == "settled"
