"""Samples from the seal to their end: no gap in holders, no portion more than the whole, nothing taken twice."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.database.transaction import reading, transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, Taken, WrongState
from shared_resources.lab.families import DELEGATIONS
from shared_resources.lab.queries.samples import custody_of, sample_page, shipment_page
from shared_resources.lab.rules.sample import SAMPLE, portions_fit, stands_in
from shared_resources.lab.schemas.samples import Destroying, Portion, PuttingAway, Retaining, Splitting
from shared_resources.lab.service.samples import (
    clear,
    destroy,
    put_away,
    retain,
    split,
    take_back,
    take_sample,
    take_to_bench,
)
from shared_resources.lab.service.shipments import call_back, close_shipment
from tests.clients import client_for
from tests.lab.appraising import Appraisal, code_of, make_appraisal, photo_of, sample_form
from tests.people import make_cast

if TYPE_CHECKING:
    from collections.abc import Awaitable

AMOUNTS = st.decimals(Decimal("0.001"), Decimal(100), places=3)


@pytest.fixture
async def one(db: str) -> Appraisal:
    return await (await make_appraisal(await make_cast())).accepted()


async def test_a_shipment_with_one_whole_one_damaged_one_missing_one_unexpected(one: Appraisal) -> None:
    taken = [await one.sample() for _ in range(4)]
    shipment = await one.shipped(*(number for number, _ in taken[:3]))
    (whole, damaged, _, stray) = (code for _, code in taken)
    assert await one.arrive(shipment, whole) == "arrived"
    assert await one.arrive(shipment, damaged, found="damaged", seal="broken", note="外包装破损。") == "damaged"
    assert await one.arrive(shipment, stray) == "unexpected"
    assert await one.arrive(shipment, "7Q2MK4V3", note="别人的样品。") == "unexpected"
    with pytest.raises(WrongState) as refused:
        await one.arrive(shipment, whole)
    assert refused.value.code == "scanned"
    await close_shipment(one.bench.clerk, shipment)
    assert await one.state() == "sampled"
    shown, _, _ = await shipment_page(one.cast.borrower.officer, shipment)
    assert [line.disposition for line in shown.lines] == [
        "arrived",
        "damaged",
        "missing",
        "unexpected",
        "unexpected",
    ]
    lost, _ = await sample_page(one.cast.borrower.officer, taken[2][0])
    assert (lost.state, lost.holder) == ("missing", one.cast.borrower.officer.name)
    with pytest.raises(WrongState):
        await close_shipment(one.bench.clerk, shipment)


async def test_closing_a_manifest_twice_by_the_api_is_one_act(one: Appraisal) -> None:
    number, code = await one.sample()
    shipment = await one.shipped(number)
    await one.arrive(shipment, code)
    async with client_for(one.bench.clerk) as browser:
        first = await browser.ask("POST", f"/api/v1/shipments/{shipment}/close", {}, idempotency_key="k-9")
        again = await browser.ask("POST", f"/api/v1/shipments/{shipment}/close", {}, idempotency_key="k-9")
    assert first.is_success, first.text
    assert (again.status_code, again.content) == (first.status_code, first.content)


async def test_a_manifest_is_locked_and_can_be_called_back_only_untouched(one: Appraisal) -> None:
    number, code = await one.sample()
    shipment = await one.shipped(number)
    with pytest.raises(WrongState):
        await one.shipped(number)
    await call_back(one.cast.borrower.officer, shipment, "地址写错。")
    again = await one.shipped(number)
    await one.arrive(again, code)
    with pytest.raises(WrongState):
        await call_back(one.cast.borrower.officer, again, "地址写错。")


async def test_a_sample_needs_two_officers_a_photo_and_a_seal_of_its_own(one: Appraisal) -> None:
    officer = one.cast.borrower.officer
    with pytest.raises(ValueError, match="Two different officers"):
        sample_form(second_taker="王执法")
    with pytest.raises(Invalid):
        await take_sample(officer, one.number, sample_form(), None)
    await take_sample(officer, one.number, sample_form(seal_no="FT-X1"), await photo_of(officer))
    with pytest.raises(Taken):
        await take_sample(officer, one.number, sample_form(seal_no="FT-X1"), await photo_of(officer))
    with pytest.raises(NotFound):
        await take_sample(one.cast.third.officer, one.number, sample_form(), None)


async def test_a_place_must_hold_the_temperature(one: Appraisal) -> None:
    number, code = await one.sample(lowest_c=-25, highest_c=-18)
    shipment = await one.shipped(number)
    await one.arrive(shipment, code)
    with pytest.raises(Invalid) as refused:
        await put_away(one.bench.clerk, number, PuttingAway(store=one.bench.store))
    assert refused.value.code == "temperature"


async def test_rejected_samples_go_back_from_hand_to_hand(one: Appraisal) -> None:
    number, code = await one.sample()
    shipment = await one.shipped(number)
    await one.arrive(shipment, code, found="rejected", note="样品腐败。")
    await close_shipment(one.bench.clerk, shipment)
    assert await one.state() == "accepted"
    with pytest.raises(WrongState):
        await take_back(one.cast.borrower.officer, number)
    await clear(one.bench.clerk, number)
    moved = await take_back(one.cast.borrower.officer, number)
    assert moved.state == "returned"
    hands = await custody_of(moved.id)
    assert [line.holder for line in hands][-1] == one.cast.borrower.officer.name
    assert hands[-1].giver == one.bench.clerk.name


async def test_what_is_to_be_kept_is_not_destroyed_before(one: Appraisal) -> None:
    await one.sampled()
    async with reading() as db:
        number = await db.fetchval(
            "SELECT r.number FROM sample s JOIN record r ON r.id = s.id WHERE s.kept_for = 'retest'"
        )
    until = clock.today() + timedelta(days=30)
    await retain(one.bench.clerk, number, Retaining(keep_until=until))
    gone = Destroying(how="焚毁", first="甲", second="乙")
    with pytest.raises(WrongState):
        await destroy(one.bench.clerk, number, gone)
    with clock.at(clock.now() + timedelta(days=31)):
        assert (await destroy(one.bench.clerk, number, gone)).state == "destroyed"


async def test_the_kept_portion_is_not_tested(one: Appraisal) -> None:
    await one.sampled()
    async with reading() as db:
        code = await db.fetchval("SELECT code FROM sample WHERE kept_for = 'retest'")
    with pytest.raises(WrongState) as refused:
        await take_to_bench(one.bench.analyst, code)
    assert refused.value.code == "kept"


async def test_two_analysts_reach_for_one_portion(one: Appraisal) -> None:
    code = await one.sampled()
    outcomes = await both(take_to_bench(one.bench.analyst, code), take_to_bench(one.bench.second_analyst, code))
    assert sorted(outcomes) == ["WrongState", "ok"]


async def test_two_split_what_is_enough_for_one(one: Appraisal) -> None:
    number, code = await one.sample()
    shipment = await one.shipped(number)
    await one.arrive(shipment, code)
    most = Splitting(portions=(Portion(amount=Decimal("1.5")),))
    outcomes = await both(split(one.bench.clerk, number, most), split(one.cast.owner.head, number, most))
    assert sorted(outcomes) == ["Invalid", "ok"]


async def test_two_press_accept_at_once(db: str) -> None:
    story = await (await make_appraisal(await make_cast())).drafted()
    await story.steps("submit", "issue")
    form = story.form("accept")
    outcomes = await both(
        take_step(story.bench.clerk, DELEGATIONS, story.number, "accept", form),
        take_step(story.cast.owner.head, DELEGATIONS, story.number, "accept", form),
    )
    assert sorted(outcomes) == ["WrongState", "ok"]
    async with reading() as db_:
        assert await db_.fetchval("SELECT count(*) FROM lab_test") == 1


async def test_two_scan_one_label(one: Appraisal) -> None:
    number, code = await one.sample()
    shipment = await one.shipped(number)
    outcomes = await both(one.arrive(shipment, code), one.arrive(shipment, code))
    assert sorted(outcomes) == ["WrongState", "ok"]


@pytest.mark.parametrize("seed", range(4))
async def test_random_histories_leave_no_gap(one: Appraisal, seed: int) -> None:
    """Whatever people try in whatever order: always exactly one holder, and never more than there was."""
    chance = random.Random(seed)
    samples = [await one.sample() for _ in range(3)]
    shipment = await one.shipped(*(number for number, _ in samples))
    for _, code in samples:
        await one.arrive(shipment, code)
    await close_shipment(one.bench.clerk, shipment)
    for _ in range(30):
        async with reading() as db:
            rows = await db.fetch("SELECT r.number, s.code FROM sample s JOIN record r ON r.id = s.id")
        row = chance.choice(rows)
        with_refusals = await tried(one, chance, row["number"], row["code"])
        assert with_refusals in ("ok", "refused")
        await nothing_is_lost()


async def tried(one: Appraisal, chance: random.Random, number: str, code: str) -> str:
    """One act on one sample, allowed or not."""
    clerk, analyst = one.bench.clerk, chance.choice([one.bench.analyst, one.bench.second_analyst])
    amounts = [Decimal(chance.randint(1, 9)) / 10 for _ in range(chance.randint(1, 3))]
    portions = tuple(Portion(amount=amount, kept_for=chance.choice(["test", "retest"])) for amount in amounts)
    acts = [
        lambda: put_away(clerk, number, PuttingAway(store=one.bench.store)),
        lambda: split(clerk, number, Splitting(portions=portions)),
        lambda: take_to_bench(analyst, code),
        lambda: retain(clerk, number, Retaining(keep_until=clock.today() + timedelta(days=9))),
        lambda: clear(clerk, number),
        lambda: take_back(one.cast.borrower.officer, number),
        lambda: destroy(clerk, number, Destroying(how="焚毁", first="甲", second="乙")),
    ]
    try:
        await chance.choice(acts)()
    except Refusal:
        return "refused"
    return "ok"


async def nothing_is_lost() -> None:
    """Every chain of custody is whole and ends where the state says; portions and rest make the amount."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT s.id, s.parent, s.amount, s.remaining, r.state FROM sample s JOIN record r ON r.id = s.id"
        )
        lines = await db.fetch("SELECT * FROM custody_line ORDER BY chain, seq")
    for row in rows:
        own = [line for line in lines if line["chain"] == row["id"]]
        bodies = [json.loads(line["body"]) for line in own]
        assert own
        assert bodies[0].get("from") is None
        assert all(before["to"] == after["from"] for before, after in pairwise(bodies))
        assert all(before["at"] <= after["at"] for before, after in pairwise(own))
        assert (own[-1]["holder_kind"] == "ended") == (row["state"] in ("divided", "consumed", "destroyed"))
        portions = sum((each["amount"] for each in rows if each["parent"] == row["id"]), Decimal(0))
        assert portions + row["remaining"] == row["amount"]


async def both(first: Awaitable[object], second: Awaitable[object]) -> list[str]:
    """How two acts at the same time end, each on a connection of its own."""

    async def ended(act: Awaitable[object]) -> str:
        try:
            await act
        except Refusal as refusal:
            return type(refusal).__name__
        return "ok"

    return list(await asyncio.gather(ended(first), ended(second)))


async def test_nobody_else_does_what_is_the_laboratorys(one: Appraisal) -> None:
    number, code = await one.sample()
    shipment = await one.shipped(number)
    await one.arrive(shipment, code)
    for stranger, wanted in ((one.cast.borrower.head, NotAllowed), (one.cast.third.head, NotFound)):
        with pytest.raises(wanted):
            await split(stranger, number, Splitting(portions=(Portion(amount=Decimal(1)),)))
    with pytest.raises(NotAllowed):
        await sample_page(one.bench.analyst, number)
    async with transaction() as db:
        await db.execute("UPDATE record SET state = 'received' WHERE number = $1", number)
    assert await code_of(number) == code


@given(st.lists(AMOUNTS, max_size=6), AMOUNTS)
def test_portions_fit_exactly_when_they_do(amounts: list[Decimal], remaining: Decimal) -> None:
    assert (portions_fit(amounts, remaining) is None) == (sum(amounts) <= remaining)


@given(
    st.none() | st.integers(-30, 30),
    st.none() | st.integers(-30, 30),
    st.none() | st.integers(-30, 30),
    st.none() | st.integers(-30, 30),
)
def test_a_place_suits_when_all_its_degrees_do(
    lowest: int | None, highest: int | None, needs_lowest: int | None, needs_highest: int | None
) -> None:
    held = range(-60 if lowest is None else lowest, (60 if highest is None else highest) + 1)
    if not held:
        return
    wanted = range(
        -60 if needs_lowest is None else needs_lowest, (60 if needs_highest is None else needs_highest) + 1
    )
    assert stands_in(lowest, highest, (needs_lowest, needs_highest)) == all(degree in wanted for degree in held)


def test_every_state_of_a_sample_is_reached_and_left() -> None:
    reached = {step.target for step in SAMPLE.steps if step.target} | {SAMPLE.initial}
    assert reached == set(SAMPLE.states)
    left = {source for step in SAMPLE.steps for source in step.sources}
    assert left == {name for name, state in SAMPLE.states.items() if not state.final}
