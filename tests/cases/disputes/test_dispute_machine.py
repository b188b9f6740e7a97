"""Machine 17 walked in full: every state by real verbs; every other act is refused and leaves nothing."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from shared_resources.cases.disputes.rules import DISPUTE
from shared_resources.cases.disputes.schemas import Raise
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, WrongState
from tests.cases.disputes.disputing import (
    CLAIM,
    FAMILY,
    FORMS,
    MORNING,
    due_of,
    make_disputing,
    one,
    state_of,
    traces,
)

TO_COORDINATING = ("negotiate", "to_legal", "accept")
TO_GOVERNMENT = (*TO_COORDINATING, "hear", "opine", "to_government")
PATHS = {
    "raised": (),
    "negotiating": ("state_position", "negotiate"),
    "to_legal": ("negotiate", "to_legal"),
    "coordinating": TO_COORDINATING,
    "to_government": TO_GOVERNMENT,
    "decided": (*TO_GOVERNMENT, "decide"),
    "settled": ("propose", "settle"),
    "closed": (*TO_COORDINATING, "to_government", "decide", "close"),
    "withdrawn": ("negotiate", "withdraw"),
}


def test_paths_reach_every_state() -> None:
    assert PATHS.keys() == DISPUTE.states.keys()


@pytest.mark.parametrize("state", PATHS)
async def test_every_act_that_does_not_fit_is_refused_and_leaves_nothing(db: str, state: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.open()
        await disputing.take(*PATHS[state])
        assert await state_of(disputing.number) == state
        before = await traces(disputing.number)
        fits = {step.name for step in DISPUTE.steps_from(state)}
        for step in {step.name for step in DISPUTE.steps} - fits:
            with pytest.raises(Refusal) as refused:
                await disputing.take(step)
            assert refused.value.status in (409, 404), step  # 404: the office has not joined yet
            assert (refused.value.status == 404) <= (disputing.actor(step).office is not None), step
            assert await traces(disputing.number) == before, step


async def test_every_open_state_before_the_decision_can_be_withdrawn(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        for state in ("raised", "negotiating", "to_legal", "coordinating", "to_government"):
            await disputing.open()
            await disputing.take(*PATHS[state], "withdraw")
            assert await state_of(disputing.number) == "withdrawn"
            assert not await one(
                "SELECT count(*) FROM deadline d JOIN record r ON r.id = d.record"
                " WHERE r.number = $1 AND d.state = 'running'",
                disputing.number,
            )


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ((), "to_legal"),
        (("propose",), "to_legal"),
        (("negotiate",), "settle"),
        (TO_COORDINATING, "opine"),
        (TO_COORDINATING, "opinion_executed"),
        ((*TO_COORDINATING, "hear", "opine"), "opine"),
    ],
)
async def test_what_has_to_come_first(db: str, path: tuple[str, ...], step: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.open()
        await disputing.take(*path)
        page = await case_page(disputing.actor(step), FAMILY, disputing.number)
        assert [choice.allowed for choice in page.choices if choice.step.name == step] == [False]
        before = await traces(disputing.number)
        with pytest.raises(WrongState) as refused:
            await disputing.take(step)
        assert refused.value.code == "not_yet"
        assert await traces(disputing.number) == before


async def test_nobody_accepts_their_own_proposal(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.open()
        await disputing.take("propose")
        with pytest.raises(WrongState):
            await take_step(disputing.cast.owner.head, FAMILY, disputing.number, "settle")
        await take_step(disputing.cast.borrower.head, FAMILY, disputing.number, "propose", FORMS["propose"])
        with pytest.raises(WrongState):
            await take_step(disputing.cast.borrower.head, FAMILY, disputing.number, "settle")
        await take_step(disputing.cast.owner.head, FAMILY, disputing.number, "settle")
    assert await state_of(disputing.number) == "settled"


async def test_settled_by_the_opinion_carried_out_after_both_wrote(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.open()
        owner = disputing.cast.owner.officer
        await disputing.take(*TO_COORDINATING, "state_position")
        await take_step(owner, FAMILY, disputing.number, "state_position", FORMS["state_position"])
        await disputing.take("opine")
        due = await due_of(disputing.number, "respondent_executes")
        assert (due["due_on"], due["statutory"]) == (date(2026, 12, 31), False)
        assert await due_of(disputing.number, "applicant_executes") is None
        await disputing.take("opinion_executed")
    assert await state_of(disputing.number) == "settled"
    assert (await due_of(disputing.number, "respondent_executes"))["state"] == "met"


async def test_all_clocks_are_targets(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.open()
        assert (await due_of(disputing.number, "negotiation"))["due_on"] == date(2026, 12, 8)
        await disputing.take("negotiate", "to_legal")
        assert (await due_of(disputing.number, "negotiation"))["state"] == "met"
        assert (await due_of(disputing.number, "coordination"))["due_on"] == date(2026, 12, 22)
    assert not await one("SELECT count(*) FROM deadline WHERE statutory")


async def test_dates_that_cannot_be(db: str) -> None:
    with clock.at(MORNING - timedelta(days=2)):
        disputing = await make_disputing()
        await disputing.open()
        with pytest.raises(Invalid):
            await disputing.take("negotiate")
    with clock.at(MORNING):
        await disputing.take(*TO_COORDINATING, "hear")
    with clock.at(MORNING + timedelta(days=60)), pytest.raises(Invalid):
        await disputing.take("opine")


async def test_opinion_and_report_at_once_one_wins(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.open()
        await disputing.take(*TO_COORDINATING, "hear", "opine")
        results = await asyncio.gather(
            disputing.take("opinion_executed"), disputing.take("to_government"), return_exceptions=True
        )
    lost = [result for result in results if isinstance(result, Refusal)]
    assert len(lost) == 1
    assert lost[0].status == 409


async def test_without_a_legal_office_nothing_is_sent(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.open()
        await disputing.take("negotiate")
        async with transaction() as connection:
            await connection.execute("UPDATE agency SET office = NULL WHERE office = 'legal_office'")
        before = await traces(disputing.number)
        with pytest.raises(WrongState) as refused:
            await disputing.take("to_legal")
        assert refused.value.code == "no_office"
        assert await traces(disputing.number) == before


async def test_who_may_raise_and_see(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.open()
        cast, offices = disputing.cast, disputing.offices
        form = FORMS["negotiate"]
        for team in (cast.third, offices.legal, offices.government, offices.supervisor):
            with pytest.raises(NotFound):
                await case_page(team.head, FAMILY, disputing.number)
        for actor in (cast.owner.auditor, cast.borrower.custodian):
            with pytest.raises(NotAllowed):
                await take_step(actor, FAMILY, disputing.number, "negotiate", form)
        with pytest.raises(NotAllowed):
            await take_step(cast.borrower.head, FAMILY, disputing.number, "to_legal", FORMS["to_legal"])
        with pytest.raises(NotAllowed):
            await take_step(cast.owner.officer, FAMILY, disputing.number, "to_legal", FORMS["to_legal"])
        await disputing.take("negotiate", "to_legal")
        await case_page(offices.legal.officer, FAMILY, disputing.number)
        for team in (cast.third, offices.government, offices.supervisor):
            with pytest.raises(NotFound):
                await case_page(team.head, FAMILY, disputing.number)
        with pytest.raises(NotAllowed):
            await take_step(offices.legal.officer, FAMILY, disputing.number, "accept", FORMS["accept"])
        await disputing.take("accept", "to_government")
        await case_page(offices.government.officer, FAMILY, disputing.number)
        with pytest.raises(NotAllowed):
            await take_step(offices.legal.head, FAMILY, disputing.number, "decide", FORMS["decide"])
        with pytest.raises(NotFound):
            await case_page(cast.third.head, FAMILY, disputing.number)


async def test_officers_do_not_raise_disputes(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        entries = Raise(respondent=disputing.cast.borrower.agency, **CLAIM)
        with pytest.raises(NotAllowed):
            await open_case(disputing.cast.owner.officer, FAMILY, entries)
