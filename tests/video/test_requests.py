"""Asking for footage: preserved first, approved by another, answered lawfully, compared by both, ended in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.jobs import take_lapsed_steps
from shared_resources.kernel.casework.queries import case_page
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import Invalid, NotFound, Refusal, WrongState
from shared_resources.video.families import PRESERVATIONS, REQUESTS
from shared_resources.video.schemas.requests import CannotSupply, Request, Terms
from shared_resources.video.service.openings import open_copy, open_recording, still_open
from tests.people import Cast, make_cast, make_offices
from tests.video import asking

if TYPE_CHECKING:
    from uuid import UUID


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def state_of(record: UUID) -> str:
    return (await facts_of(record)).state


async def test_the_preservation_notice_leaves_with_the_submission(cast: Cast) -> None:
    moved = await asking.drafted(cast)
    await asking.step(cast.borrower.officer, moved, "submit")
    notice = await asking.preservation_of(moved.id)
    assert notice.state == "asked"
    assert notice.letter("preservation_notice") is not None
    page = await case_page(cast.owner.officer, PRESERVATIONS, notice.number)
    assert "confirm" in {choice.step.name for choice in page.choices if choice.allowed}
    with pytest.raises(NotFound):
        await case_page(cast.owner.officer, REQUESTS, moved.number)


async def test_preserved_is_not_released(cast: Cast) -> None:
    footage = await asking.kept(cast.owner.officer)
    moved = await asking.sent(cast)
    await asking.confirm_preservation(cast, moved.id)
    assert (await asking.preservation_of(moved.id)).state == "preserved"
    for actor in (cast.borrower.officer, cast.borrower.head, cast.third.officer):
        with pytest.raises(NotFound):
            await open_recording(actor, footage.number, "view", "查看保全的录像")


async def test_another_person_approves(cast: Cast) -> None:
    moved = await asking.drafted(cast)
    await asking.step(cast.borrower.officer, moved, "submit")
    with pytest.raises(Refusal):
        await asking.step(cast.borrower.officer, moved, "approve")
    page = await case_page(cast.borrower.head, REQUESTS, moved.number)
    assert "approve" in {choice.step.name for choice in page.choices if choice.allowed}


async def test_the_whole_way_from_request_to_destroyed_copies(cast: Cast) -> None:
    moved, number = await asking.granted(cast)
    with pytest.raises(NotFound):
        await open_copy(cast.borrower.officer, number, "view", "调取后查看")
    await asking.step(cast.owner.officer, moved, "deliver")
    facts = await facts_of(moved.id)
    assert {letter.kind for letter in facts.letters} == {
        "footage_request_letter",
        "footage_list",
        "handover_list",
    }
    with pytest.raises(WrongState):
        await asking.step(cast.borrower.officer, moved, "sign")
    assert await asking.compare(cast, moved) == [True]
    await asking.step(cast.borrower.officer, moved, "sign")
    opening = await open_copy(cast.borrower.second_officer, number, "view", "调取后查看")
    with pytest.raises(NotFound):
        await open_copy(cast.borrower.head, number, "view", "未列名的人员查看")
    await asking.step(cast.borrower.officer, moved, "purpose_done")
    assert not await still_open(cast.borrower.second_officer, opening)
    await asking.step(cast.owner.officer, moved, "close")
    assert await state_of(moved.id) == "closed"
    assert (await asking.preservation_of(moved.id)).state == "ended"


async def test_unequal_values_bar_the_signature_and_are_told(cast: Cast) -> None:
    offices = await make_offices()
    moved, _ = await asking.delivered(cast)
    assert await asking.compare(cast, moved, spoil=True) == [False]
    with pytest.raises(WrongState):
        await asking.step(cast.borrower.officer, moved, "sign")
    async with reading() as db:
        told = await db.fetch("SELECT person FROM notice WHERE record = $1 AND sentence LIKE '%differ%'", moved.id)
    people = {row["person"] for row in told}
    assert {cast.owner.head.person, cast.borrower.head.person, offices.supervisor.head.person} <= people
    assert await asking.compare(cast, moved) == [True]
    await asking.step(cast.borrower.officer, moved, "sign")


async def test_nothing_is_handed_over_with_a_gap(cast: Cast) -> None:
    moved = await asking.sent(cast)
    await asking.step(cast.owner.head, moved, "grant")
    with pytest.raises(WrongState):
        await asking.step(cast.owner.officer, moved, "deliver")


async def test_refusal_needs_its_article_and_leads_to_a_dispute_in_one_step(cast: Cast) -> None:
    with pytest.raises(ValueError, match="article"):
        CannotSupply.model_validate({"ground": "secret", "provision": "保密规定", "facts": "涉及保密，不能提供。"})
    moved = await asking.sent(cast)
    await asking.step(cast.owner.head, moved, "refuse")
    assert (await facts_of(moved.id)).letter("footage_refusal") is not None
    await asking.step(cast.borrower.head, moved, "dispute")
    facts = await facts_of(moved.id)
    assert [link.record_kind for link in facts.links if link.kind == "about"] == ["dispute"]
    assert facts.state == "disputed"


async def test_the_share_ends_with_its_day_and_when_it_is_revoked(cast: Cast) -> None:
    moved, number = await asking.in_use(cast)
    opening = await open_copy(cast.borrower.officer, number, "view", "调取后查看")
    with clock.at(clock.now() + timedelta(days=61)):
        assert not await still_open(cast.borrower.officer, opening)
        await take_lapsed_steps()
        assert await state_of(moved.id) == "share_ended"
    second, copy = await asking.in_use(cast)
    opening = await open_copy(cast.borrower.officer, copy, "view", "调取后查看")
    await asking.step(cast.owner.head, second, "revoke")
    assert not await still_open(cast.borrower.officer, opening)


async def test_an_urgent_request_by_telephone_and_its_papers(cast: Cast) -> None:
    urgent = {"urgent": True, "urgent_reason": "嫌疑车辆正在逃离。", "urgent_leader": "陈局长"}
    moved = await asking.drafted(cast, **urgent)
    await asking.step(cast.borrower.officer, moved, "submit")
    await asking.step(cast.borrower.officer, moved, "call")
    page = await case_page(cast.owner.head, REQUESTS, moved.number)
    assert {due.term for due in page.dues} >= {"answer", "papers"}
    await asking.step(cast.owner.head, moved, "narrow")
    await asking.step(cast.borrower.head, moved, "file_papers")
    assert (await facts_of(moved.id)).letter("footage_request_letter") is not None


async def test_archive_information_has_its_statutory_five_days(cast: Cast) -> None:
    moved = await asking.sent(cast, archived=True)
    async with reading() as db:
        rows = await db.fetch(
            "SELECT term, statutory FROM deadline WHERE record = $1 AND state = 'running'", moved.id
        )
    assert [(row["term"], row["statutory"]) for row in rows] == [("archive_answer", True)]


async def test_a_statement_that_nothing_exists_is_an_answer(cast: Cast) -> None:
    moved = await asking.sent(cast)
    await asking.step(cast.owner.head, moved, "does_not_exist")
    assert (await facts_of(moved.id)).letter("footage_nonexistence") is not None
    await asking.step(cast.borrower.head, moved, "accept_answer")
    assert (await asking.preservation_of(moved.id)).state == "ended"


async def test_what_cannot_be_preserved_is_said_and_may_be_mended(cast: Cast) -> None:
    moved = await asking.sent(cast)
    notice = await asking.preservation_of(moved.id)
    form = asking.preservations.CannotPreserve(why="该录像机硬盘已损坏，正在抢修。", stated_by="张管理")
    await take_step(cast.owner.officer, PRESERVATIONS, notice.number, "cannot", form)
    assert (await asking.preservation_of(moved.id)).state == "impossible"
    await asking.confirm_preservation(cast, moved.id)
    assert (await asking.preservation_of(moved.id)).state == "preserved"


async def test_part_of_it_is_granted_on_least_range(cast: Cast) -> None:
    moved = await asking.sent(cast)
    await asking.step(cast.owner.head, moved, "grant_in_part")
    assert (await facts_of(moved.id)).letter("footage_part_grant") is not None


async def test_somebody_named_must_be_able_to_open_it(cast: Cast) -> None:
    await asking.permit(cast.third.officer, asking.OFFICERS[0]["permit_no"])
    with pytest.raises(Invalid) as refused:
        await open_case(cast.borrower.officer, REQUESTS, asking.request_form(cast))
    assert refused.value.field == "officers"
    await asking.permit(cast.borrower.officer, asking.OFFICERS[1]["permit_no"])
    await open_case(cast.borrower.officer, REQUESTS, asking.request_form(cast))


async def test_a_request_opens_with_its_own_officer(cast: Cast) -> None:
    await asking.permit(cast.borrower.officer, "50010001")
    assert REQUESTS.begin is not None
    (first,) = (await REQUESTS.begin(cast.borrower.officer, {}))["officers"]
    assert (first["name"], first["permit_no"]) == (cast.borrower.officer.name, "50010001")


async def test_what_was_amended_is_preserved_anew(cast: Cast) -> None:
    moved = await asking.drafted(cast)
    await asking.step(cast.borrower.officer, moved, "submit")
    first = await asking.preservation_of(moved.id)
    await asking.step(cast.borrower.head, moved, "send_back")
    same = asking.request_form(cast, purpose="查明占道经营当事人及其车辆。")
    await asking.step(cast.borrower.officer, moved, "amend", terms(same))
    await asking.step(cast.borrower.officer, moved, "submit")
    assert await notices_of(moved.id) == [(first.number, "asked")], "the same footage: the notice stands"
    await asking.step(cast.borrower.head, moved, "send_back")
    later = {**asking.SPAN, "ends": asking.SPAN["ends"] + timedelta(minutes=30)}
    await asking.step(cast.borrower.officer, moved, "amend", terms(asking.request_form(cast, spans=(later,))))
    await asking.step(cast.borrower.officer, moved, "submit")
    (ended, asked) = await notices_of(moved.id)
    assert (ended, asked[1]) == ((first.number, "ended"), "asked")


def terms(form: Request) -> Terms:
    """What an amendment may change: all but the holder."""
    return Terms.model_validate(form.model_dump(exclude={"holder"}))


async def notices_of(request: UUID) -> list[tuple[str, str]]:
    """The preservation notices of a request, the oldest first."""
    return sorted((link.number, link.state) for link in (await facts_of(request)).linked("preservation"))
