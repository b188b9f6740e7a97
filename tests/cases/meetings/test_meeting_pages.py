"""The pages of a meeting: the last days at once, slips, a calendar answer confirmed, and who sees nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.cases.meetings.family import MEETINGS, RESOLVED_ITEMS
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import take_step
from shared_resources.kernel.casework.queries import CaseFilter, case_list, case_page
from shared_resources.kernel.errors import NotAllowed, NotFound
from tests.cases.meetings.convening import MORNING, Convening, make_convening
from tests.cases.meetings.test_calendar_answers import answer, invitations
from tests.clients import client_for
from tests.equipment.counter import english

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor


async def test_the_opening_page_tells_the_last_days_for_a_day(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        async with english(meeting.cast.owner.officer) as browser:
            form = await browser.page("/meetings/new")
            assert form.status_code == 200
            assert 'hx-get="/meetings/last-days"' in form.text
            part = await browser.get(
                "/meetings/last-days?starts_at=2026-12-03T09:30", headers={"hx-request": "true"}
            )
            assert "2026-11-26" in part.text
            assert "2026-12-01" in part.text
            assert "<html" not in part.text
            late = await browser.page("/meetings/last-days?day=2026-11-30")
            assert "needs its notice by" in late.text
            assert "first possible day is" in late.text
            for odd in ("", "soon", "9999-12-31", "2026-02-30"):
                assert (await browser.page(f"/meetings/last-days?day={odd}")).status_code == 200


async def test_a_late_meeting_keeps_what_was_entered_and_says_why(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        fields = {
            "subject": "道路运输",
            "scope": "law_requires",
            "type": "operation",
            "role": "lead_agency",
            "tasks": ["unify_action"],
            "starts_at": "2026-11-30T09:30",
            "ends_at": "2026-11-30T11:30",
            "place": "三楼会议室",
            "persons": "分管负责人",
            "agenda.0.topic": "通报情况",
            "preparation": "请准备材料",
            "contact": "张三",
            "contact_phone": "023-1",
            "invitees": [str(meeting.cast.borrower.agency)],
        }
        async with english(meeting.cast.owner.officer) as browser:
            await browser.page("/meetings/new")
            refused = await browser.send("/meetings/new", **fields)
            assert refused.status_code == 422
            assert "needs its notice by" in refused.text
            assert "请准备材料" in refused.text
            opened = await browser.send("/meetings/new", **{**fields, "urgent_reason": "重大隐患"})
            assert opened.status_code == 303, opened.text[:2000]
            page = await browser.page(opened.headers["location"])
            assert page.status_code == 200


async def test_a_calendar_answer_is_handed_in_and_confirmed_with_one_press(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to("noticed")
        clerk = meeting.cast.borrower.clerk
        [asked] = await invitations(clerk.person)
        async with english(clerk) as browser:
            here = f"/meetings/{meeting.number}"
            assert (await browser.page(f"{here}/calendar-reply")).status_code == 200
            wrong = await browser.send(f"{here}/calendar-reply", answer="hello")
            assert wrong.status_code == 422
            assert "no calendar entry" in wrong.text
            file = {"file": ("reply.ics", answer(asked).encode(), "text/calendar")}
            assert (await browser.send(f"{here}/calendar-reply", files=file)).status_code == 303
            page = await browser.page(here)
            assert "Confirm as our reply" in page.text
            assert "borrower.clerk" in (await browser.page(f"{here}/reply")).text
        async with english(meeting.county.clerk) as browser:
            page = await browser.page(here)
            assert page.status_code == 200
            assert "Confirm as our reply" not in page.text
            assert "borrower.clerk" in page.text
        async with client_for(meeting.cast.third.clerk) as browser:
            for path in (here, f"{here}/calendar-reply", f"{here}/reply"):
                assert (await browser.page(path)).status_code == 404, path
            assert (await browser.send(f"{here}/calendar-reply", answer=answer(asked))).status_code == 404


@pytest.mark.parametrize("state", MEETINGS.procedure.states)
async def test_every_state_has_its_page_for_both_sides(db: str, state: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to(state)
        for reader in (meeting.cast.owner.head, meeting.cast.borrower.head):
            async with client_for(reader) as browser:
                page = await browser.page(f"/meetings/{meeting.number}")
                assert page.status_code == 200
                for step in {step.name for step in MEETINGS.procedure.steps_from(state) if step.form}:
                    form = await browser.page(f"/meetings/{meeting.number}/{step}")
                    assert form.status_code in (200, 303), step


def readers(meeting: Convening) -> dict[str, Actor]:
    """Somebody of every agency."""
    return {
        "convening": meeting.cast.owner.auditor,
        "attending": meeting.cast.borrower.custodian,
        "county": meeting.county.clerk,
        "third": meeting.cast.third.head,
        "legal": meeting.offices.legal.clerk,
        "government": meeting.offices.government.clerk,
        "supervisor": meeting.offices.supervisor.head,
    }


async def sees(actor: Actor, meeting: Convening) -> bool:
    """Whether the actor finds the meeting by its number; its list says the same."""
    listed = await case_list(actor, MEETINGS, CaseFilter(ended=True))
    try:
        await case_page(actor, MEETINGS, meeting.number)
    except NotFound:
        assert listed.lines == ()
        return False
    assert [line.number for line in listed.lines] == [meeting.number]
    return True


async def test_invitees_see_the_meeting_and_the_office_only_what_is_filed_with_it(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to("consented")
        before = {name for name, actor in readers(meeting).items() if await sees(actor, meeting)}
        assert before == {"convening", "attending", "county"}
        await meeting.take("issue")
        after = {name for name, actor in readers(meeting).items() if await sees(actor, meeting)}
        assert after == before | {"legal"}


@pytest.mark.parametrize(
    ("step", "state", "who", "refusal"),
    [
        ("send_notice", "planning", "owner.officer", NotAllowed),
        ("send_notice", "planning", "borrower.head", NotAllowed),
        ("send_notice", "planning", "yubei.head", NotAllowed),
        ("send_notice", "planning", "third.head", NotFound),
        ("reply", "noticed", "owner.head", NotAllowed),
        ("reply", "noticed", "borrower.custodian", NotAllowed),
        ("reply", "noticed", "third.officer", NotFound),
        ("reply", "noticed", "legal.head", NotFound),
        ("consent", "consulting", "borrower.officer", NotAllowed),
        ("consent", "consulting", "owner.head", NotAllowed),
        ("consent", "consulting", "legal.head", NotFound),
        ("issue", "consented", "owner.officer", NotAllowed),
        ("issue", "consented", "government.head", NotFound),
        ("file_copy", "issued", "legal.head", NotAllowed),
        ("withdraw", "planning", "borrower.head", NotAllowed),
    ],
)
async def test_who_may_not(db: str, step: str, state: str, who: str, refusal: type[Exception]) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to(state)
        team, member = who.split(".")
        teams = (meeting.cast.owner, meeting.cast.borrower, meeting.cast.third, meeting.county)
        offices = (meeting.offices.legal, meeting.offices.government)
        actor = getattr(next(each for each in (*teams, *offices) if each.slug == team), member)
        with pytest.raises(refusal):
            await meeting.take(step, actor=actor)


async def test_an_item_belongs_to_its_two_sides(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to("issued")
        first, _ = await meeting.items()
        for actor, expected in (
            (meeting.county.officer, NotFound),
            (meeting.cast.third.officer, NotFound),
            (meeting.cast.owner.officer, NotAllowed),
            (meeting.cast.borrower.custodian, NotAllowed),
        ):
            with pytest.raises(expected):
                await take_step(actor, RESOLVED_ITEMS, first, "report_done")
        assert (await case_page(meeting.cast.borrower.auditor, RESOLVED_ITEMS, first)).facts.number == first
