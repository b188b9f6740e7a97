"""Machine 14 walked in full: every state by real verbs; every other act is refused and leaves nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared_resources.cases.transfers.rules.transfer import TRANSFER
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.errors import Refusal
from shared_resources.kernel.identifiers import new_id
from tests.cases.transfers.transferring import (
    MORNING,
    TRANSFERS,
    Transferring,
    finding,
    lapse,
    letters_of,
    make_transferring,
    one,
    passing_on,
    sending,
    signing,
    state_of,
    traces,
    transfer_forms,
)

SENT = ("prepare", "approve", "send")
PATHS: dict[str, tuple[str, ...]] = {
    "determined": (),
    "drafting": ("prepare", "prepare"),
    "approved": ("prepare", "approve"),
    "overdue": ("OVERDUE",),
    "sent": (*SENT,),
    "bounced": (*SENT, "bounce"),
    "supplementing": (*SENT, "incomplete"),
    "accepted": (*SENT, "incomplete", "supplement", "accept"),
    "handling": (*SENT, "accept", "file", "progress"),
    "concluded": (*SENT, "bounce", "send", "accept", "file", "conclude"),
    "onward": (*SENT, "accept", "pass_on"),
    "naming": (*SENT, "accept", "ask_naming"),
    "disputed": (*SENT, "accept", "dispute"),
    "passed_on": (*SENT, "accept", "pass_on", "NEXT"),
    "closed": (*SENT, "accept", "file", "conclude", "tell_by_letter"),
    "withdrawn": ("prepare", "withdraw"),
}


async def walk(case: Transferring, path: tuple[str, ...]) -> None:
    """Take a path; OVERDUE lets the clock run out, NEXT lets the next agency sign."""
    for step in path:
        if step == "OVERDUE":
            assert await lapse(MORNING + timedelta(days=3)) == 1
        elif step == "NEXT":
            first = case.number
            await case.follow(case.cast.borrower, case.cast.third)
            await case.take(*SENT, "accept")
            case.number, case.sender, case.receiver = first, case.cast.owner, case.cast.borrower
        else:
            await case.take(step)


def test_paths_reach_every_state() -> None:
    assert PATHS.keys() == TRANSFER.states.keys()


@pytest.mark.parametrize("state", PATHS)
async def test_every_act_that_does_not_fit_is_refused_and_leaves_nothing(db: str, state: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await walk(case, PATHS[state])
        assert await state_of(case.number) == state
        before = await traces()
        fits = {step.name for step in TRANSFER.steps_from(state)}
        for step in {step.name: step for step in TRANSFER.steps}.values():
            if step.name in fits:
                continue
            actor = case.actor(step.name)
            form = transfer_forms(case.cast.third.agency).get(step.name)
            with pytest.raises(Refusal) as refused:
                await take_step(actor, TRANSFERS, case.number, step.name, form, note="理由")
            assert refused.value.status in (404, 409), (step.name, refused.value)
            assert await traces() == before, step.name


async def test_an_overdue_transfer_is_prepared_approved_and_sent_in_its_state(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await walk(case, ("OVERDUE",))
    with clock.at(MORNING + timedelta(days=3)):
        for step in ("approve", "send"):
            with pytest.raises(Refusal) as refused:
                await case.take(step)
            assert refused.value.code == "not_yet"
        await case.take("urge", "prepare")
        with pytest.raises(Refusal):
            await case.take("send")
        await case.take("approve", "explain_delay")
        with pytest.raises(Refusal) as again:
            await case.take("prepare")
        assert again.value.code == "not_yet"
        await case.take("send", "accept")
        open_terms = "SELECT count(*) FROM deadline WHERE term IN ('send', 'urged_sender') AND state = 'running'"
        assert await one(open_terms) == 0
    assert await state_of(case.number) == "accepted"
    told = "SELECT count(*) FROM notice WHERE person = $1 AND sentence LIKE '%not sent within%'"
    assert await one(told, case.offices.legal.head.person) == 1
    assert await one(told, case.cast.owner.head.person) == 1


async def test_the_letters_of_a_whole_transfer(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take(*SENT, "incomplete", "supplement", "accept", "file", "urge", "answer_urging", "conclude")
        await case.take("tell_by_letter")
    assert await letters_of(case.number) == [
        "transfer_inventory",
        "transfer_letter",
        "proof_of_service",
        "transfer_inventory",
        "proof_of_service",
        "urging_notice",
        "result_notice_transfer",
    ]


async def test_who_prepared_does_not_approve(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        head = case.cast.owner.head
        forms = transfer_forms(case.cast.third.agency)
        await take_step(head, TRANSFERS, case.number, "prepare", forms["prepare"])
        with pytest.raises(Refusal) as refused:
            await take_step(head, TRANSFERS, case.number, "approve", forms["approve"])
        assert "somebody else" in str(refused.value)


async def test_more_is_asked_for_once_and_acceptance_is_not_withheld_for_it(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take(*SENT, "incomplete", "supplement")
        with pytest.raises(Refusal) as refused:
            await case.take("incomplete")
        assert refused.value.code == "not_yet"
        await case.take("accept")
        await case.open()
        await case.take(*SENT, "incomplete", "accept")
    assert await state_of(case.number) == "accepted"


def test_the_receiver_has_no_way_to_refuse() -> None:
    offered = {step.name for step in TRANSFER.steps_from("sent")}
    assert offered == {"accept", "incomplete", "bounce", "withdraw", "urge", "answer_urging"}


@pytest.mark.parametrize("days", [1, 400])
async def test_a_finding_is_not_made_in_the_future(db: str, days: int) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        before = await traces()
        with pytest.raises(Refusal) as refused:
            await case.open(determined_on=clock.today() + timedelta(days=days))
        assert (refused.value.code, refused.value.field) == ("future", "determined_on")
        with pytest.raises(Refusal) as own:
            await case.open(receiver=case.cast.owner.agency)
        assert own.value.code == "own_agency"
        assert await traces() == before


def test_nothing_is_determined_before_it_was_found() -> None:
    with clock.at(MORNING), pytest.raises(ValueError, match="before it was found"):
        finding(new_id(), found_on=clock.today() + timedelta(days=1))


async def test_signing_is_neither_early_nor_in_the_future(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take(*SENT)
        for minutes, code in ((-1, "too_early"), (1, "future")):
            form = signing(received_at=MORNING + timedelta(minutes=minutes))
            with pytest.raises(Refusal) as refused:
                await take_step(case.cast.borrower.clerk, TRANSFERS, case.number, "accept", form)
            assert refused.value.code == code


async def test_posted_papers_may_be_received_before_the_posting_was_entered(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take("prepare", "approve")
        day = clock.today() - timedelta(days=1)
        form = sending(channel="post", carrier="EMS", tracking_no="EX1", sent_on=day)
        await take_step(case.cast.owner.clerk, TRANSFERS, case.number, "send", form)
        early = signing(received_at=MORNING - timedelta(hours=2))
        await take_step(case.cast.borrower.clerk, TRANSFERS, case.number, "accept", early)
    assert await state_of(case.number) == "accepted"


def test_by_post_needs_carrier_number_and_day() -> None:
    with pytest.raises(ValueError, match="tracking number"):
        sending(channel="post", carrier="EMS")


async def test_a_case_is_not_sent_back_where_it_came_from(db: str) -> None:
    with clock.at(MORNING):
        case = await make_transferring()
        await case.open()
        await case.take(*SENT, "accept")
        before = await traces()
        form = passing_on(case.cast.owner.agency)
        with pytest.raises(Refusal) as refused:
            await take_step(case.cast.borrower.head, TRANSFERS, case.number, "pass_on", form)
        assert refused.value.code == "sent_back"
        assert await traces() == before
