"""Asking: one cart, one loan for each owner, items of a model allotted at once, every reason at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.schemas.booking import BookingDraft, Mode, Wish
from shared_resources.equipment.service.requests import request_booking
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import NotAllowed, Refusal, Refusals, Repeated, SignInNeeded, Taken
from shared_resources.kernel.permissions import Actor
from tests.makers import (
    END,
    HOUR,
    MONDAY,
    OFFICE,
    START,
    draft_of,
    lines_of,
    make_certificate,
    make_depot,
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
    from tests.people import Cast

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def cast(db: str) -> Cast:
    """The three agencies."""
    return await make_cast()


async def refusal(cast: Cast, draft: BookingDraft) -> Refusal:
    """What the borrower's officer is told."""
    with pytest.raises(Refusal) as refused:
        await make_request(asker=cast.borrower.officer, draft=draft)
    return refused.value


def codes(refused: Refusal) -> set[str]:
    """Every reason by its code."""
    return {reason.code for reason in refused.reasons} if isinstance(refused, Refusals) else {refused.code}


async def count(table: str) -> int:
    """Rows of a table."""
    async with reading() as db:
        return int(await db.fetchval(f"SELECT count(*) FROM {table}"))


async def test_a_cart_falls_into_one_loan_for_each_owner(cast: Cast) -> None:
    """Two owners, three items: two loans, both requested, both owners told, an answer due by rule."""
    model = await make_model(keeper=cast.owner.custodian)
    first = await make_item(keeper=cast.owner.custodian, model=model)
    second = await make_item(keeper=cast.owner.custodian, model=model)
    third = await make_item(keeper=cast.third.custodian, model=model)
    draft = draft_of(first.code, second.code, third.code)
    made = await make_request(asker=cast.borrower.officer, draft=draft)
    assert {loan.owner: loan.state for loan in made.loans} == {
        cast.owner.agency: "requested",
        cast.third.agency: "requested",
    }
    mine = next(loan for loan in made.loans if loan.owner == cast.owner.agency)
    assert {line["state"] for line in await lines_of(mine.number)} == {"asked"}
    assert len(await lines_of(mine.number)) == 2
    assert len(await said_to(cast.owner.custodian, "asks for equipment")) == 1
    assert len(await said_to(cast.third.head, "asks for equipment")) == 1
    assert not await said_to(cast.owner.officer, "asks for equipment")
    async with reading() as db:
        due = await db.fetch("SELECT rule, due_on FROM deadline WHERE term = 'answer'")
    assert {(row["rule"], row["due_on"]) for row in due} == {("FWD 1", date(2026, 12, 1))}


async def test_some_of_a_model_come_from_one_depot_the_least_used_first(cast: Cast) -> None:
    """Three wanted: the depot that has three serves them all; the item that was out stays last."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper)
    near, far = await make_depot(keeper=keeper), await make_depot(keeper=keeper)
    await make_item(keeper=keeper, model=model, depot=near)
    shelf = [await make_item(keeper=keeper, model=model, depot=far) for _ in range(4)]
    await make_loan(cast=cast, state="closed", codes=(shelf[0].code,))
    loan = await make_loan(cast=cast, model=model, count=3, starts_at=START + 48 * HOUR, ends_at=END + 48 * HOUR)
    assert set(loan.codes) == {item.code for item in shelf[1:]}
    assert all(line["by_model"] for line in await lines_of(loan.number))


async def test_more_than_there_are_is_refused_with_the_number(cast: Cast) -> None:
    """Nothing is half done: no cart, no loan."""
    model = await make_model(keeper=cast.owner.custodian)
    await make_item(keeper=cast.owner.custodian, model=model)
    refused = await refusal(cast, draft_of(model=model, count=2))
    assert refused.code == "not_enough"
    assert refused.sentence.params["free"] == 1
    assert await count("cart") == 0


async def test_every_reason_at_once(cast: Cast) -> None:
    """Too long, too short notice, closed twice, no certificate, in repair, one's own, twice, unknown."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper, longest_loan_hours=5, notice_hours=48, evidence_needs_certificate=True)
    depot = await make_depot(keeper=keeper, hours=OFFICE)
    item = await make_item(keeper=keeper, model=model, depot=depot)
    broken = await make_item(keeper=keeper, model=model, depot=depot, state="repair")
    own = await make_item(keeper=cast.borrower.custodian, model=model)
    draft = draft_of(
        item.code,
        item.code,
        broken.code,
        own.code,
        "7Q2MK4V4",
        starts_at=START + 12 * HOUR,
        evidential=True,
        ends_at=END + 14 * HOUR,
    )
    refused = await refusal(cast, draft)
    assert codes(refused) == {
        "too_long", "short_notice", "closed_at_start", "closed_at_end", "certificate", "not_lendable", "own_item",
        "duplicate", "unknown_code",
    }  # fmt: skip
    assert refused.status == 422
    assert isinstance(refused, Refusals)
    assert all(reason.do for reason in refused.reasons)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "code"),
    [
        (END, START, "inverted"),
        (START, START, "inverted"),
        (MONDAY - HOUR, END, "past"),
        (START, START + timedelta(days=900), "too_far"),
    ],
)
async def test_a_period_that_makes_no_sense(cast: Cast, starts_at: datetime, ends_at: datetime, code: str) -> None:
    """Refused by itself, before anything else is asked."""
    item = await make_item(keeper=cast.owner.custodian)
    assert (await refusal(cast, draft_of(item.code, starts_at=starts_at, ends_at=ends_at))).code == code


async def test_evidence_needs_the_certificate_until_the_return(cast: Cast) -> None:
    """Valid through the last day it is lent; refused when it lapses the day before the return."""
    model = await make_model(keeper=cast.owner.custodian, evidence_needs_certificate=True)
    good = await make_item(keeper=cast.owner.custodian, model=model)
    short = await make_item(keeper=cast.owner.custodian, model=model)
    await make_certificate(keeper=cast.owner.custodian, code=good.code, valid_to=date(2026, 12, 1))
    await make_certificate(keeper=cast.owner.custodian, code=short.code, valid_to=date(2026, 11, 30))
    assert (await refusal(cast, draft_of(short.code, evidential=True))).code == "certificate"
    loan = await make_loan(cast=cast, model=model, evidential=True)
    assert loan.codes == (good.code,)
    await make_loan(cast=cast, codes=(short.code,))


async def test_requests_compete_until_one_is_approved(cast: Cast) -> None:
    """Two may ask for the same item; once it is lent, a third one is told when, and what else is free."""
    model = await make_model(keeper=cast.owner.custodian, buffer_before_minutes=60)
    item = await make_item(keeper=cast.owner.custodian, model=model)
    other = await make_item(keeper=cast.owner.custodian, model=model)
    await make_loan(cast=cast, codes=(item.code,))
    await make_loan(cast=cast, codes=(item.code,), state="approved")
    touching = draft_of(item.code, starts_at=END, ends_at=END + HOUR)
    refused = await refusal(cast, touching)
    assert isinstance(refused, Taken)
    assert refused.code == "item_taken"
    assert refused.do is not None
    assert other.code[:4] in str(refused.do)
    assert "number" not in refused.sentence.params
    await make_request(
        asker=cast.borrower.officer, draft=draft_of(item.code, starts_at=END + HOUR, ends_at=END + 2 * HOUR)
    )


async def test_a_late_item_is_busy_for_every_later_time(cast: Cast) -> None:
    """Nobody knows when it comes back."""
    loan = await make_loan(cast=cast, state="out")
    later = draft_of(*loan.codes, starts_at=START + 240 * HOUR, ends_at=END + 240 * HOUR)
    with clock.at(END + HOUR), pytest.raises(Taken) as refused:
        await request_booking(cast.third.officer, later)
    assert refused.value.code == "still_out"


async def test_the_owners_rule_answers_at_once(cast: Cast) -> None:
    """Up to the hours of the rule, and not beyond; the next one meets the sentence, not the constraint."""
    await make_rule(keeper=cast.owner.custodian, automatic_hours=6, answer_days=3)
    item = await make_item(keeper=cast.owner.custodian)
    short = await make_request(asker=cast.borrower.officer, draft=draft_of(item.code))
    assert short.loans[0].state == "approved"
    assert [line["state"] for line in await lines_of(short.loans[0].number)] == ["reserved"]
    assert await said_to(cast.borrower.officer, "is approved")
    assert (await refusal(cast, draft_of(item.code))).code == "item_taken"
    long = draft_of(item.code, starts_at=END + HOUR, ends_at=END + 8 * HOUR)
    made = await make_request(asker=cast.borrower.officer, draft=long)
    assert made.loans[0].state == "requested"
    async with reading() as db:
        rule = await db.fetchval("SELECT d.rule FROM deadline d WHERE d.state = 'running' AND d.term = 'answer'")
    assert rule == "FWD 3"


async def test_requests_may_hold(cast: Cast) -> None:
    """Where the owner lets them, a request occupies; the second one is refused."""
    await make_rule(keeper=cast.owner.custodian, requests_hold=True)
    loan = await make_loan(cast=cast)
    assert [line["state"] for line in await lines_of(loan.number)] == ["held"]
    assert (await refusal(cast, draft_of(*loan.codes))).code == "item_taken"


async def test_emergency_skips_notice_and_hours_and_reaches_the_reserve(cast: Cast) -> None:
    """What is put aside for emergencies is lent in one; shared use cannot be had that way."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper, notice_hours=72)
    depot = await make_depot(keeper=keeper, hours={})
    item = await make_item(keeper=keeper, model=model, depot=depot, state="standby")
    assert codes(await refusal(cast, draft_of(item.code))) >= {"not_lendable", "short_notice", "closed_at_start"}
    shared = draft_of(item.code, emergency=True, mode=Mode.SHARED_USE)
    assert codes(await refusal(cast, shared)) == {"mode"}
    made = await make_request(asker=cast.borrower.officer, draft=draft_of(item.code, emergency=True))
    assert made.loans[0].state == "requested"
    assert await said_to(cast.owner.head, "Emergency")


async def test_who_may_ask_and_who_collects(cast: Cast) -> None:
    """Field roles ask; a colleague may collect, a stranger may not; a repeated act changes nothing."""
    item = await make_item(keeper=cast.owner.custodian)
    with clock.at(MONDAY):
        with pytest.raises(NotAllowed):
            await request_booking(cast.borrower.auditor, draft_of(item.code))
        with pytest.raises(SignInNeeded):
            await request_booking(Actor(None, None, ""), draft_of(item.code))
        with pytest.raises(Refusal) as refused:
            await request_booking(cast.borrower.officer, draft_of(item.code, taker=cast.third.officer.person))
        assert refused.value.code == "taker"
        colleague = draft_of(item.code, taker=cast.borrower.second_officer.person)
        made = await request_booking(cast.borrower.officer, colleague, "act-1")
        with pytest.raises(Repeated):
            await request_booking(cast.borrower.officer, colleague, "act-1")
    assert await count("loan") == 1
    assert await state_of(made.loans[0].number) == "requested"


async def test_models_and_places_that_do_not_fit(cast: Cast) -> None:
    """An unknown agency is said; one's own items never answer a wish for a model; a depot narrows."""
    keeper = cast.owner.custodian
    model = await make_model(keeper=keeper)
    await make_item(keeper=cast.borrower.custodian, model=model)
    depot = await make_depot(keeper=keeper)
    item = await make_item(keeper=keeper, model=model, depot=depot)
    await make_item(keeper=keeper, model=model)
    nowhere = draft_of("x").model_copy(update={"wishes": (Wish(model=model, owner="nobody"),)})
    assert (await refusal(cast, nowhere)).code == "unknown_model"
    here = draft_of("x").model_copy(update={"wishes": (Wish(model=model, owner="owner", depot=depot),)})
    made = await make_request(asker=cast.borrower.officer, draft=here)
    assert [line["code"] for line in await lines_of(made.loans[0].number)] == [item.code]
