"""Machine 15 walked in full: whoever takes a case answers for it until handled, or until the next has signed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared_resources.cases.transfers.rules.receipt import RECEIPT
from shared_resources.cases.transfers.schemas.common import Source
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.errors import Refusal
from tests.cases.transfers.transferring import (
    MORNING,
    RECEIPTS,
    Transferring,
    lapse,
    letters_of,
    make_transferring,
    one,
    receipt_forms,
    registration,
    state_of,
    traces,
)

PATHS: dict[str, tuple[str, ...]] = {
    "received": (),
    "undecided": ("LAPSE",),
    "own": ("judge_own",),
    "result": ("judge_own", "handle"),
    "not_own": ("judge_not_own",),
    "passed": ("judge_not_own", "NEXT"),
    "closed": ("judge_own", "handle", "inform_by_letter"),
    "withdrawn": ("withdraw",),
}


async def take(case: Transferring, number: str, step: str) -> None:
    owner = case.cast.owner
    actor = owner.head if step in ("judge_own", "judge_not_own", "withdraw") else owner.clerk
    form = receipt_forms(case.cast.borrower.agency).get(step)
    await take_step(actor, RECEIPTS, number, step, form, note="登记有误")


async def walk(case: Transferring, number: str, path: tuple[str, ...]) -> None:
    """Take a path; LAPSE lets ten days pass, NEXT lets the next agency sign."""
    for step in path:
        if step == "LAPSE":
            assert await lapse(MORNING + timedelta(days=11)) == 1
        elif step == "NEXT":
            case.number = number
            await case.follow(case.cast.owner, case.cast.borrower)
            await case.take("prepare", "approve", "send")
            assert await state_of(number) == "not_own"  # answerable and visible until the signature
            await case.take("accept")
        else:
            await take(case, number, step)


def test_paths_reach_every_state() -> None:
    assert PATHS.keys() == RECEIPT.states.keys()


@pytest.mark.parametrize("state", PATHS)
async def test_every_act_that_does_not_fit_is_refused_and_leaves_nothing(db: str, state: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        number = (await open_case(case.cast.owner.clerk, RECEIPTS, registration())).number
        await walk(case, number, PATHS[state])
        assert await state_of(number) == state
        before = await traces()
        fits = {step.name for step in RECEIPT.steps_from(state)}
        for step in {step.name: step for step in RECEIPT.steps}.values():
            if step.name not in fits:
                with pytest.raises(Refusal) as refused:
                    await take(case, number, step.name)
                assert refused.value.status in (404, 409), step.name
                assert await traces() == before, step.name


async def test_ten_days_without_a_decision_are_told_to_the_leaders(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        made = registration(received_at=MORNING - timedelta(days=3))
        number = (await open_case(case.cast.owner.clerk, RECEIPTS, made)).number
    due = await one("SELECT due_on FROM deadline WHERE term = 'judge'")
    assert due == date(2026, 12, 1)  # ten natural days after the 21st
    assert not await one("SELECT bool_or(statutory) FROM deadline")
    assert await lapse(MORNING + timedelta(days=6)) == 0
    assert await lapse(MORNING + timedelta(days=8)) == 1
    told = "SELECT count(*) FROM notice WHERE person = $1 AND sentence LIKE '%ten days%'"
    assert await one(told, case.cast.owner.head.person) == 1
    with clock.at(MORNING + timedelta(days=9)):
        await take(case, number, "judge_own")


async def test_the_source_is_told_unless_it_was_ones_own_finding(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        clerk = case.cast.owner.clerk
        complaint = (await open_case(clerk, RECEIPTS, registration())).number
        own = registration(source=Source.OWN_FINDING, informant=None)
        found = (await open_case(clerk, RECEIPTS, own)).number
        for number in (complaint, found):
            await walk(case, number, ("judge_own", "handle"))
        for number, step in ((complaint, "close"), (found, "inform_by_phone"), (found, "inform_by_letter")):
            with pytest.raises(Refusal) as refused:
                await take(case, number, step)
            assert refused.value.code == "not_yet"
        await take(case, complaint, "inform_by_letter")
        await take(case, found, "close")
    assert await letters_of(complaint) == ["result_notice_transfer"]


async def test_a_case_transferred_in_by_paper_is_told_to_its_agency(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        third = case.cast.third
        made = registration(source=Source.TRANSFERRED, informant=None, from_agency=third.agency)
        number = (await open_case(case.cast.owner.clerk, RECEIPTS, made)).number
        await walk(case, number, ("judge_own", "handle", "inform_by_phone"))
        page = await case_page(third.clerk, RECEIPTS, number)
        assert page.facts.state == "closed"
        with pytest.raises(Refusal) as refused:
            await case_page(case.cast.borrower.head, RECEIPTS, number)
        assert refused.value.status == 404


async def test_a_withdrawn_transfer_gives_the_case_back_to_its_first_receiver(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        number = (await open_case(case.cast.owner.clerk, RECEIPTS, registration())).number
        await walk(case, number, ("judge_not_own",))
        case.number = number
        await case.follow(case.cast.owner, case.cast.borrower)
        await case.take("withdraw")
        assert await state_of(number) == "received"
        assert await one("SELECT count(*) FROM deadline WHERE term = 'judge' AND state = 'running'") == 1


async def test_two_hops_from_a_receipt_move_the_right_records(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        number = (await open_case(case.cast.owner.clerk, RECEIPTS, registration())).number
        await walk(case, number, ("judge_not_own", "NEXT"))
        first = case.number
        await case.take("pass_on")
        await case.follow(case.cast.borrower, case.cast.third)
        await case.take("prepare", "approve", "send", "accept")
        assert (await state_of(number), await state_of(first)) == ("passed", "passed_on")


async def test_nothing_is_received_in_the_future(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        before = await traces()
        with pytest.raises(Refusal) as refused:
            await open_case(
                case.cast.owner.clerk, RECEIPTS, registration(received_at=MORNING + timedelta(minutes=1))
            )
        assert refused.value.code == "future"
        assert await traces() == before


def test_source_agency_and_informant_fit_the_source() -> None:
    with clock.at(MORNING):
        with pytest.raises(ValueError, match="transferring agency"):
            registration(source=Source.TRANSFERRED, informant=None)
        with pytest.raises(ValueError, match="somebody who told us"):
            registration(source=Source.OWN_FINDING)
