"""While a dispute is open nobody acts alone on what it is about; its end frees it; the next one sees it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from shared_resources.cases.assistance.schemas import CannotHelp, Consent
from shared_resources.cases.disputes.rules import blocks, shown_of
from shared_resources.cases.disputes.schemas import Raise
from shared_resources.kernel import clock, links
from shared_resources.kernel.casework.acts import open_case, safety_act, take_step
from shared_resources.kernel.casework.facts import Linked
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, Refusal, WrongState
from shared_resources.kernel.letters import Grid, Paragraph
from shared_resources.kernel.schemas.asked import Claim, StatutoryGround
from tests.cases.disputes.disputing import (
    ASSISTANCE,
    CLAIM,
    FAMILY,
    MORNING,
    Disputing,
    make_disputing,
    one,
    request,
    state_of,
    traces,
)

CONSENT = Consent(expected_finish=date(2026, 12, 4), contact="王五，023-9")
REFUSAL = CannotHelp(
    ground=StatutoryGround.OUTSIDE_POWERS,
    provision="《行政处罚法》第二十二条",
    facts="该违法行为不在我局管辖的行业范围之内。",
    who_can_name="市公安局",
    contact="王五，023-9",
)
ENDS = {
    "settled": ("propose", "settle"),
    "by_opinion": ("negotiate", "to_legal", "accept", "hear", "opine", "opinion_executed"),
    "decided": ("negotiate", "to_legal", "accept", "to_government", "decide"),
    "withdrawn": ("negotiate", "withdraw"),
}

BEARERS = {"settled": "Both, each its part", "by_opinion": "The other side", "decided": "The other side"}


async def agree(disputing: Disputing) -> None:
    """The assisting agency agrees to help."""
    await take_step(disputing.cast.borrower.head, ASSISTANCE, disputing.about, "agree", CONSENT)


@pytest.mark.parametrize("end", ENDS)
async def test_a_held_record_waits_until_the_dispute_is_over(db: str, end: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.request()
        await disputing.open(disputing.about)
        for step in ENDS[end]:
            with pytest.raises(WrongState) as refused:
                await agree(disputing)
            assert refused.value.code == "held"
            page = await case_page(disputing.cast.borrower.head, ASSISTANCE, disputing.about)
            assert page.held_by == disputing.number
            assert not next(choice for choice in page.choices if choice.step.name == "agree").allowed
            await disputing.take(step)
        await agree(disputing)
        ended = shown_of(await facts_of(await one("SELECT id FROM record WHERE number = $1", disputing.number)))
    assert await state_of(disputing.about) == "agreed"
    assert ended.get("bearer") == BEARERS.get(end)


async def test_safety_acts_are_recorded_and_the_hold_stays(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.request()
        await disputing.open(disputing.about)
        with pytest.raises(Invalid):
            await safety_act(disputing.cast.borrower.head, ASSISTANCE, disputing.about, " ")
        await safety_act(disputing.cast.borrower.head, ASSISTANCE, disputing.about, "罐体泄漏，先行堵漏")
        with pytest.raises(WrongState):
            await agree(disputing)


async def refuse_and_dispute(disputing: Disputing) -> None:
    """Help is refused; the requesting agency raises a dispute from the request itself."""
    owner, borrower = disputing.cast.owner, disputing.cast.borrower
    await disputing.request()
    await take_step(borrower.head, ASSISTANCE, disputing.about, "refuse", REFUSAL)
    await take_step(owner.head, ASSISTANCE, disputing.about, "dispute", Claim(**CLAIM))
    disputing.number = await one(
        "SELECT number FROM record WHERE kind = 'dispute' ORDER BY opened_at DESC, id DESC"
    )


async def test_from_refusal_to_the_government_and_back_to_help(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await refuse_and_dispute(disputing)
        head = disputing.cast.owner.head
        assert await state_of(disputing.about) == "disputed"
        for step in ("resume", "close_disputed"):
            with pytest.raises(WrongState):
                await take_step(head, ASSISTANCE, disputing.about, step)
        told = await one(
            "SELECT count(*) FROM notice WHERE person = $1 AND sentence LIKE 'A dispute is raised with you%'",
            disputing.cast.borrower.head.person,
        )
        assert told == 1
        await disputing.take("negotiate", "to_legal", "accept", "to_government", "decide")
        await take_step(head, ASSISTANCE, disputing.about, "resume")
        await agree(disputing)
        await disputing.take("close")
    assert await state_of(disputing.about) == "agreed"
    assert await state_of(disputing.number) == "closed"


async def test_the_offices_read_what_is_disputed_from_the_day_it_reaches_them(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await refuse_and_dispute(disputing)
        legal, government = disputing.offices.legal.head, disputing.offices.government.head
        for reader in (legal, government):
            with pytest.raises(NotFound):
                await case_page(reader, ASSISTANCE, disputing.about)
        await disputing.take("negotiate", "to_legal")
        await case_page(legal, ASSISTANCE, disputing.about)
        with pytest.raises(NotAllowed):
            await take_step(legal, ASSISTANCE, disputing.about, "resume")
        with pytest.raises(NotFound):
            await case_page(government, ASSISTANCE, disputing.about)
        await disputing.take("accept", "to_government")
        await case_page(government, ASSISTANCE, disputing.about)
        for reader in (disputing.cast.third.head, disputing.offices.supervisor.head):
            with pytest.raises(NotFound):
                await case_page(reader, ASSISTANCE, disputing.about)


async def test_what_was_decided_is_linked_to_the_next_request_on_the_same_matter(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await refuse_and_dispute(disputing)
        owner, borrower = disputing.cast.owner, disputing.cast.borrower
        before = await open_case(owner.officer, ASSISTANCE, request(borrower.agency))
        await disputing.take("propose", "settle")
        after = await open_case(owner.officer, ASSISTANCE, request(borrower.agency))
        other = await open_case(owner.officer, ASSISTANCE, request(disputing.cast.third.agency))
        assert not await links.links_of(before.id)
        assert not await links.links_of(other.id)
        found = await links.links_of(after.id)
    assert [(link.number, link.kind, link.state) for link in found] == [(disputing.number, "follows", "settled")]


async def test_one_dispute_at_a_time_and_only_about_ones_own(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await disputing.request()
        first = await disputing.open(disputing.about)
        before = await traces(first.number)
        with pytest.raises(WrongState) as refused:
            await disputing.open(disputing.about)
        assert refused.value.code == "already_disputed"
        with pytest.raises(Invalid):
            await disputing.open(first.number)
        third = disputing.cast.third.head
        entries = Raise(respondent=disputing.cast.borrower.agency, **CLAIM)
        with pytest.raises(NotFound):
            await open_case(third, FAMILY, entries, about=disputing.about)
    assert before == await traces(first.number)


async def test_both_sides_raise_at_once_one_holds(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        moved = await disputing.request()
        owner, borrower = disputing.cast.owner, disputing.cast.borrower
        results = await asyncio.gather(
            open_case(owner.head, FAMILY, Raise(respondent=borrower.agency, **CLAIM), about=moved.number),
            open_case(borrower.head, FAMILY, Raise(respondent=owner.agency, **CLAIM), about=moved.number),
            return_exceptions=True,
        )
    assert [type(result) for result in results if isinstance(result, Refusal)] == [WrongState]
    assert await one("SELECT count(*) FROM hold WHERE ended_at IS NULL") == 1
    assert await one("SELECT count(*) FROM record WHERE kind = 'dispute'") == 1


@pytest.mark.parametrize(("state", "proves"), [("minuting", False), ("issued", True), ("closed", True)])
async def test_minutes_of_a_joint_meeting_prove_the_first_step(db: str, state: str, proves: bool) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        dispute = await disputing.open()
        facts = await facts_of(dispute.id)
    meeting = Linked("uses", True, dispute.id, "MT2026-00001", "meeting", "联席会议", state, False)
    assert blocks(facts, "to_legal", disputing.actor("to_legal")) is not None
    barred = blocks(replace(facts, links=(meeting,)), "to_legal", disputing.actor("to_legal"))
    assert (barred is None) == proves


async def texts_of(disputing: Disputing, kind: str, step: str) -> str:
    """The text of a letter as its maker writes it from what is on the record now."""
    facts = await facts_of(await one("SELECT id FROM record WHERE number = $1", disputing.number))
    draft = FAMILY.letters[kind](facts, step, disputing.actor(step))
    assert not draft.missing
    lines = [block.text for block in draft.blocks if isinstance(block, Paragraph)]
    cells = [cell for block in draft.blocks if isinstance(block, Grid) for row in block.rows for cell in row]
    return "\n".join((draft.title, *draft.to, *lines, *cells))


async def test_letters_say_what_offices_say(db: str) -> None:
    with clock.at(MORNING):
        disputing = await make_disputing()
        await refuse_and_dispute(disputing)
        await disputing.take("negotiate", "to_legal", "accept", "hear", "opine", "to_government", "decide")
        application = await texts_of(disputing, "dispute_application", "to_legal")
        ruling = await texts_of(disputing, "coordination_ruling", "opine")
        report = await texts_of(disputing, "dispute_report", "to_government")
        decision = await texts_of(disputing, "dispute_decision", "decide")
    for part in (
        "市司法局",
        "会议协商",
        "未达成一致",
        "《道路运输条例》第七十条",
        "超期罐体可能泄漏",
        disputing.about,
    ):
        assert part in application
    assert "该项职责由市市场监督管理局承担" in ruling
    assert "2026年12月31日" in ruling
    assert "已印发协调意见书" in report
    assert "市政府办公厅" in report
    assert "现决定如下" in decision
    kinds = "SELECT array_agg(kind ORDER BY issued_at, id) FROM document WHERE kind NOT LIKE 'assistance%'"
    assert await one(kinds) == ["dispute_application", "coordination_ruling", "dispute_report", "dispute_decision"]
