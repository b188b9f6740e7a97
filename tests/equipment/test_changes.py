"""Changing loans: another time, another item, a later return."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.schemas.booking import Exchange, ExtensionDraft, MoveDraft
from shared_resources.equipment.schemas.handover import InspectedItem
from shared_resources.equipment.service.changes import (
    ask_extension,
    decline_extension,
    exchange_item,
    extend_loan,
    move_loan,
)
from shared_resources.equipment.service.incidents import inspect_return
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, Taken, WrongState
from tests.makers import (
    END,
    HOUR,
    MONDAY,
    OFFICE,
    START,
    bring_back,
    hand_out,
    lines_of,
    make_depot,
    make_item,
    make_loan,
    make_model,
    said_to,
    state_of,
)
from tests.people import make_cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator
    from datetime import datetime
    from typing import Any

    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db", "noon")


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


@pytest.fixture
def noon() -> Iterator[None]:
    """The clock stands an hour after the requests."""
    with clock.at(MONDAY + HOUR):
        yield


def to(starts_at: datetime, ends_at: datetime, **more: Any) -> MoveDraft:
    """A new time."""
    return MoveDraft.model_validate({"from": starts_at, "to": ends_at, **more})


async def code_of(act: Awaitable[object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(Refusal) as refused:
        await act
    return refused.value.code


async def test_a_request_is_moved_by_either_side(cast: Cast) -> None:
    """Loan and line move together, buffers with them; the other side is told."""
    model = await make_model(keeper=cast.owner.custodian, buffer_after_minutes=30)
    item = await make_item(keeper=cast.owner.custodian, model=model)
    loan = await make_loan(cast=cast, codes=(item.code,))
    version = await move_loan(cast.borrower.officer, loan.number, to(START + HOUR, END + 3 * HOUR, version=0))
    assert version == 1
    line = (await lines_of(loan.number))[0]
    assert (line["period"].lower, line["period"].upper) == (START + HOUR, END + 3 * HOUR)
    assert line["blocked"].upper == END + 3.5 * HOUR
    assert line["state"] == "asked"
    assert await said_to(cast.owner.custodian, "is moved")
    await move_loan(cast.owner.head, loan.number, to(START, END))
    assert await said_to(cast.borrower.officer, "is moved")
    assert await code_of(move_loan(cast.third.head, loan.number, to(START, END))) == "not_found"
    assert await code_of(move_loan(cast.owner.head, loan.number, to(START, END, version=0))) == "stale"


async def test_an_approved_loan_displaces_nobody_and_grows_only_with_its_owner(cast: Cast) -> None:
    """The next booking decides; a longer time is the owner's to give."""
    item = await make_item(keeper=cast.owner.custodian)
    loan = await make_loan(cast=cast, codes=(item.code,), state="approved")
    await make_loan(cast=cast, codes=(item.code,), state="approved", starts_at=END, ends_at=END + 4 * HOUR)
    borrower, owner = cast.borrower.officer, cast.owner.head
    assert await code_of(move_loan(borrower, loan.number, to(START + HOUR, END + HOUR))) == "item_taken"
    for person, knows in ((borrower, False), (owner, True)):
        with pytest.raises(Taken) as refused:
            await move_loan(person, loan.number, to(START + HOUR, END + HOUR))
        assert ("number" in refused.value.sentence.params) is knows
    with pytest.raises(Taken) as refused:
        await ask_extension(borrower, loan.number, ExtensionDraft(until=END + HOUR))
    assert "number" not in refused.value.sentence.params
    assert await code_of(move_loan(borrower, loan.number, to(START - HOUR, END))) == "longer"
    assert await code_of(move_loan(owner, loan.number, to(END, START))) == "inverted"
    assert await code_of(move_loan(owner, loan.number, to(START - 40 * HOUR, END))) == "past"
    await move_loan(owner, loan.number, to(START - HOUR, END))
    await move_loan(borrower, loan.number, to(START - HOUR, END - HOUR))
    assert [line["state"] for line in await lines_of(loan.number)] == ["reserved"]
    assert await state_of(loan.number) == "approved"


async def test_any_item_of_a_model_is_replaced_when_a_move_needs_it(cast: Cast) -> None:
    """The line takes another item where its own is lent at the new time."""
    model = await make_model(keeper=cast.owner.custodian)
    items = [await make_item(keeper=cast.owner.custodian, model=model) for _ in range(2)]
    loan = await make_loan(cast=cast, model=model, state="approved")
    await make_loan(cast=cast, codes=loan.codes, state="approved", starts_at=END, ends_at=END + 4 * HOUR)
    await move_loan(cast.borrower.officer, loan.number, to(END, END + 4 * HOUR))
    assert (await lines_of(loan.number))[0]["code"] == next(i.code for i in items if i.code not in loan.codes)


async def test_a_move_asks_the_rules_again(cast: Cast) -> None:
    """Opening hours and length bind both sides; notice does not bind the owner."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper, longest_loan_hours=8, notice_hours=20)
    item = await make_item(keeper=keeper, model=model, depot=await make_depot(keeper=keeper, hours=OFFICE))
    loan = await make_loan(cast=cast, codes=(item.code,))
    borrower, owner = cast.borrower.officer, cast.owner.head
    assert await code_of(move_loan(owner, loan.number, to(START, END + 20 * HOUR))) == "too_long"
    assert await code_of(move_loan(owner, loan.number, to(START, END + 4 * HOUR))) == "too_long"
    assert await code_of(move_loan(owner, loan.number, to(START + 4 * HOUR, END + 4 * HOUR))) == "closed_at_end"
    today = to(MONDAY + 2 * HOUR, MONDAY + 4 * HOUR)
    assert await code_of(move_loan(borrower, loan.number, today)) == "short_notice"
    await move_loan(owner, loan.number, today)


async def test_what_is_out_cannot_be_moved(cast: Cast) -> None:
    """The state is asked after the permission."""
    loan = await make_loan(cast=cast, state="out")
    assert await code_of(move_loan(cast.owner.head, loan.number, to(START, END))) == "wrong_state"
    assert await code_of(exchange_item(cast.owner.head, loan.number, await exchange(loan.number))) == "wrong_state"


async def exchange(number: str, to_item: str | None = None) -> Exchange:
    """An exchange of the loan's first line."""
    return Exchange(line=(await lines_of(number))[0]["id"], to_item=to_item)


async def test_an_item_is_exchanged_by_code_or_for_the_least_used(cast: Cast) -> None:
    """Same owner, same kind, free; the borrower does not exchange by themselves."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper)
    item, second, third = [await make_item(keeper=keeper, model=model) for _ in range(3)]
    strange, foreign = await make_item(keeper=keeper), await make_item(keeper=cast.third.custodian, model=model)
    loan = await make_loan(cast=cast, codes=(item.code,), state="approved")
    await make_loan(cast=cast, codes=(second.code,), state="approved")
    head = cast.owner.head
    for code, reason in (
        (second.code, "item_taken"),
        (strange.code, "other_kind"),
        (foreign.code, "foreign_item"),
        (item.code, "duplicate"),
    ):
        wrong = await exchange(loan.number, code)
        assert await code_of(exchange_item(head, loan.number, wrong)) == reason
    with pytest.raises(NotAllowed):
        await exchange_item(cast.borrower.officer, loan.number, await exchange(loan.number))
    assert await exchange_item(head, loan.number, await exchange(loan.number)) == third.code
    assert await exchange_item(head, loan.number, await exchange(loan.number, item.code)) == item.code
    assert len(await said_to(cast.borrower.officer, "is exchanged")) == 2
    wish = await exchange(loan.number)
    assert await code_of(exchange_item(head, loan.number, wish, version=0)) == "stale"


async def test_the_last_exchange_ends_the_conflict(cast: Cast) -> None:
    """Two acts, one press: exchanged and resolved."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper)
    item = await make_item(keeper=keeper, model=model)
    loan = await make_loan(cast=cast, codes=(item.code,), state="conflict")
    with clock.at(MONDAY + 3 * HOUR):
        assert await code_of(exchange_item(keeper, loan.number, await exchange(loan.number))) == "nothing_free"
        other = await make_item(keeper=keeper, model=model)
        assert await exchange_item(keeper, loan.number, await exchange(loan.number)) == other.code
    assert await state_of(loan.number) == "approved"
    assert [line["state"] for line in await lines_of(loan.number)] == ["reserved"]


async def test_a_move_may_name_another_item(cast: Cast) -> None:
    """Dragging a bar to another row of the timeline."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper)
    item, other = [await make_item(keeper=keeper, model=model) for _ in range(2)]
    loan = await make_loan(cast=cast, codes=(item.code,), state="approved")
    move = to(START + HOUR, END + HOUR, item=item.code, to_item=other.code)
    await move_loan(cast.owner.head, loan.number, move)
    line = (await lines_of(loan.number))[0]
    assert (line["code"], line["period"].lower, line["state"]) == (other.code, START + HOUR, "reserved")


async def test_an_extension_is_asked_for_and_granted(cast: Cast) -> None:
    """Return, line and deadline move; an overdue loan is out again."""
    loan = await make_loan(cast=cast, state="overdue")
    with clock.at(END + 2 * HOUR):
        later = ExtensionDraft(until=END + 4 * HOUR, reason="未完")
        await ask_extension(cast.borrower.officer, loan.number, later)
        assert await said_to(cast.owner.head, "extension")
        with pytest.raises(NotAllowed):
            await extend_loan(cast.borrower.head, loan.number)
        moved = await extend_loan(cast.owner.head, loan.number)
    assert (moved.before, moved.state) == ("overdue", "out")
    line = (await lines_of(loan.number))[0]
    assert line["period"].upper == END + 4 * HOUR
    async with reading() as db:
        row = await db.fetchrow("SELECT ends_at, extension_until FROM loan WHERE id = $1", loan.id)
        due = await db.fetchval("SELECT due_at FROM deadline WHERE record = $1 AND term = 'return'", loan.id)
    assert (row["ends_at"], row["extension_until"], due) == (END + 4 * HOUR, None, END + 4 * HOUR)


async def test_an_extension_displaces_nobody(cast: Cast) -> None:
    """The next booking is named to the owner; both asking and granting meet it."""
    item = await make_item(keeper=cast.owner.custodian)
    loan = await make_loan(cast=cast, codes=(item.code,), state="approved")
    after = await make_loan(cast=cast, codes=(item.code,), starts_at=END + 2 * HOUR, ends_at=END + 4 * HOUR)
    await ask_extension(cast.borrower.officer, loan.number, ExtensionDraft(until=END + 3 * HOUR))
    await move_loan(cast.owner.head, after.number, to(END + 2 * HOUR, END + 5 * HOUR))
    from_now = await make_loan(
        cast=cast, codes=(item.code,), state="approved", starts_at=END + 2 * HOUR, ends_at=END + 4 * HOUR
    )
    with pytest.raises(Taken) as refused:
        await extend_loan(cast.owner.head, loan.number)
    assert refused.value.sentence.params["number"] == from_now.number
    assert (await extend_loan(cast.owner.head, loan.number, END + 2 * HOUR)).state == "approved"


async def test_what_an_extension_may_not_be(cast: Cast) -> None:
    """Earlier, too long, into closed hours; none asked for; declined with a reason."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper, longest_loan_hours=10)
    item = await make_item(keeper=keeper, model=model, depot=await make_depot(keeper=keeper, hours=OFFICE))
    loan = await make_loan(cast=cast, codes=(item.code,), state="approved")
    officer, head = cast.borrower.officer, cast.owner.head
    assert await code_of(extend_loan(head, loan.number)) == "no_extension"
    assert await code_of(extend_loan(head, loan.number, END - HOUR)) == "not_later"
    for until, reason in ((END + 4 * HOUR, "closed_at_end"), (END + 24 * HOUR, "too_long")):
        assert await code_of(ask_extension(officer, loan.number, ExtensionDraft(until=until))) == reason
    assert await code_of(decline_extension(head, loan.number, "自用")) == "no_extension"
    await ask_extension(officer, loan.number, ExtensionDraft(until=END + 3 * HOUR))
    with pytest.raises(Invalid):
        await decline_extension(head, loan.number, " ")
    with pytest.raises(NotFound):
        await decline_extension(cast.third.head, loan.number, "自用")
    await decline_extension(head, loan.number, "自用")
    assert await said_to(officer, "is declined")
    assert await code_of(extend_loan(head, loan.number)) == "no_extension"


async def test_a_late_return_is_never_refused(cast: Cast) -> None:
    """The next booking has begun already: the item comes home, is looked at, and goes out again."""
    model = await make_model(keeper=cast.owner.custodian, buffer_after_minutes=30)
    item = await make_item(keeper=cast.owner.custodian, model=model)
    loan = await make_loan(cast=cast, codes=(item.code,), state="approved")
    after = await make_loan(
        cast=cast, codes=(item.code,), state="approved", starts_at=END + HOUR, ends_at=END + 9 * HOUR
    )
    await hand_out(cast.owner, cast.borrower, loan)
    with pytest.raises(Taken) as refused:
        await hand_out(cast.owner, cast.borrower, after, at=END + HOUR)
    assert (refused.value.code, refused.value.sentence.params["number"]) == ("still_out", loan.number)
    await bring_back(cast.owner, cast.borrower, loan, at=END + 3 * HOUR)
    line = (await lines_of(loan.number))[0]
    assert (line["state"], line["back_at"], line["blocked"].upper) == ("back", END + 3 * HOUR, END + HOUR)
    with pytest.raises(Taken, match="waits for inspection"):
        await hand_out(cast.owner, cast.borrower, after, at=END + 3 * HOUR)
    with clock.at(END + 3 * HOUR):
        await inspect_return(cast.owner.custodian, loan.number, [InspectedItem(code=item.code, fit=True)])
    await hand_out(cast.owner, cast.borrower, after, at=END + 3 * HOUR)
    with pytest.raises(WrongState):
        await move_loan(cast.owner.head, after.number, to(START, END))
