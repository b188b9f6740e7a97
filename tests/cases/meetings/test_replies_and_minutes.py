"""Slips counted and silence noted; minutes only by consent; filed with one office; items become duties."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from shared_resources.cases.meetings.family import MEETINGS, RESOLVED_ITEMS
from shared_resources.cases.meetings.rules.page import meeting_parts
from shared_resources.cases.meetings.rules.standing import bound
from shared_resources.cases.meetings.schemas import meeting as forms
from shared_resources.cases.meetings.schemas.item import Duty
from shared_resources.kernel import clock
from shared_resources.kernel.casework.acts import open_case, take_step
from shared_resources.kernel.casework.jobs import JOBS
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.errors import Invalid, NotFound, WrongState
from shared_resources.kernel.permissions import Relation
from tests.cases.meetings.convening import (
    DEADLINE,
    MORNING,
    Convening,
    due_of,
    during,
    make_convening,
    one,
    rows,
    slip,
    state_of,
)

DAY_AFTER = datetime(2026, 12, 31, 16, 1, tzinfo=UTC)


async def ready(state: str) -> Convening:
    """A meeting brought to ``state``."""
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to(state)
    return meeting


async def letter(meeting: Convening, kind: str) -> str:
    """The newest letter of a kind, as data."""
    return str(
        await one(
            "SELECT draft::text FROM document WHERE record = $1 AND kind = $2"
            " ORDER BY issued_at DESC, id DESC LIMIT 1",
            meeting.record,
            kind,
        )
    )


async def test_each_agency_replies_once_and_may_change_its_mind(db: str) -> None:
    meeting = await ready("noticed")
    with clock.at(MORNING):
        with pytest.raises(WrongState, match="not replied yet"):
            await meeting.take("change_reply")
        await meeting.take("reply")
        with pytest.raises(WrongState, match="replied already"):
            await meeting.take("reply")
        assert [row["state"] for row in await due_of(meeting.number, "reply")] == ["met", "running"]
        await meeting.take("change_reply")
        parts = meeting_parts(await meeting.facts())
        assert dict(parts["counts"])["Asks for leave"] == 1
        assert parts["silent"] == [str(meeting.county.agency)]
    assert "有紧急任务" in await letter(meeting, "meeting_reply")


def test_a_slip_says_who_or_why() -> None:
    with pytest.raises(ValidationError, match="with a reason"):
        slip(attendance=forms.Attendance.LEAVE, leave_reason=None)
    with pytest.raises(ValidationError, match="who comes"):
        slip(delegates=())


async def test_silence_is_called_and_noted_in_the_minutes(db: str) -> None:
    meeting = await ready("noticed")
    with clock.at(MORNING):
        await meeting.take("reply", "confirm")
        with pytest.raises(WrongState, match="not begun"):
            await step_now(meeting, "hold", meeting.attendance())
        await meeting.take("hold", "draft_minutes")
        await meeting.consented()
        await meeting.take("issue")
    assert "渝北区应急管理局未送会议回执" in await letter(meeting, "minutes")
    assert [row["state"] for row in await due_of(meeting.number, "reply")] == ["met", "cancelled"]


async def step_now(meeting: Convening, step: str, entries: forms.Record) -> None:
    """Take a step at the present time of the test, not after the meeting."""
    await take_step(meeting.actor(step), MEETINGS, meeting.number, step, entries)


async def test_only_invited_agencies_attend_and_resolve(db: str) -> None:
    meeting = await ready("confirmed")
    third = meeting.cast.third.agency
    with clock.at(MORNING):
        stranger = forms.Attended(agency=third, presence=forms.Presence.PRESENT)
        with pytest.raises(Invalid, match="not invited") as refused:
            await meeting.take("hold", entries=meeting.attendance(attended=(stranger,)))
        assert refused.value.field == "attended.0.agency"
        nobody = forms.Attended(agency=meeting.invited[0], presence=forms.Presence.ABSENT)
        with pytest.raises(Invalid, match="Nobody"):
            await meeting.take("hold", entries=meeting.attendance(attended=(nobody,)))
        await meeting.take("hold")
        with pytest.raises(Invalid, match="not invited") as refused:
            await meeting.take("draft_minutes", entries=meeting.draft(third))
        assert refused.value.field == "items.0.agency"
        late = forms.Resolution(
            matter="检查", agency=None, deadline=date(2026, 12, 1), progress="每周", measure="设卡"
        )
        with pytest.raises(Invalid, match="passed"):
            await meeting.take("draft_minutes", entries=meeting.draft(items=(late,)))


async def test_two_agencies_consent_at_once_and_the_minutes_are_consented_once(db: str) -> None:
    meeting = await ready("consulting")
    with clock.at(MORNING), during():
        await asyncio.gather(
            meeting.take("consent"), meeting.take("consent", actor=meeting.county.head), return_exceptions=False
        )
    assert await meeting.state() == "consented"
    lines = await rows("SELECT step FROM journal_line WHERE chain = $1 ORDER BY seq", meeting.record)
    assert [row["step"] for row in lines].count("all_consented") == 1


async def test_an_objection_stops_the_issue_until_the_draft_is_amended(db: str) -> None:
    meeting = await ready("consulting")
    with clock.at(MORNING):
        await meeting.take("object")
        with pytest.raises(WrongState, match="objected already"):
            await meeting.take("object")
        await meeting.take("consent", actor=meeting.county.head)
        assert await meeting.state() == "consulting"
        assert ("objects") in dict(meeting_parts(await meeting.facts())["consents"]).values()
        with pytest.raises(WrongState):
            await meeting.take("issue")
        await meeting.take("draft_minutes")
        assert set(dict(meeting_parts(await meeting.facts())["consents"]).values()) == {"has not answered yet"}
        states = [row["state"] for row in await due_of(meeting.number, "consent")]
        assert sorted(states) == ["met", "met", "running", "running"]
        await meeting.consented()
        with pytest.raises(WrongState):
            await meeting.take("consent")
        assert await meeting.state() == "consented"
        await meeting.take("draft_minutes")
        assert await meeting.state() == "consulting"


async def test_who_objected_may_consent_after_all(db: str) -> None:
    meeting = await ready("consulting")
    with clock.at(MORNING):
        await meeting.take("object", "consent")
        await meeting.take("consent", actor=meeting.county.head)
    assert await meeting.state() == "consented"


async def test_only_those_bound_are_asked(db: str) -> None:
    meeting = await ready("minuting")
    with clock.at(MORNING):
        await meeting.take("draft_minutes", entries=meeting.draft(meeting.invited[0], None))
        assert bound(await meeting.facts()) == (meeting.invited[0],)
        with pytest.raises(WrongState, match="name no task"):
            await meeting.take("consent", actor=meeting.county.head)
        await meeting.take("consent")
        assert await meeting.state() == "consented"
        await meeting.take("issue")
    names = await rows(
        "SELECT array_agg(p.agency ORDER BY p.id) AS agencies FROM record r JOIN party p ON p.record = r.id"
        " WHERE r.kind = 'resolved_item' GROUP BY r.id ORDER BY r.id"
    )
    owner = meeting.cast.owner.agency
    assert [tuple(row["agencies"]) for row in names] == [(owner, meeting.invited[0]), (owner, owner)]


async def test_minutes_without_items_bind_all_that_took_part(db: str) -> None:
    meeting = await ready("minuting")
    with clock.at(MORNING):
        await meeting.take("draft_minutes", entries=meeting.draft(items=()))
        assert bound(await meeting.facts()) == (meeting.invited[0],)
        await meeting.take("consent", "issue")
    assert await meeting.state() == "closed"


async def test_the_office_joins_and_reads_what_is_filed_with_it(db: str) -> None:
    meeting = await ready("consented")
    facts = await meeting.facts()
    assert Relation.LEGAL_OFFICE not in facts.parties
    with clock.at(MORNING):
        await meeting.take("issue")
    facts = await meeting.facts()
    assert facts.parties[Relation.LEGAL_OFFICE] == meeting.offices.legal.agency
    told = await one(
        "SELECT count(*) FROM notice WHERE record = $1 AND person = $2",
        meeting.record,
        meeting.offices.legal.head.person,
    )
    assert told == 1
    assert "市司法局" in await letter(meeting, "minutes")
    assert not meeting_parts(facts)["unfiled"]


async def test_without_filing_it_is_flagged_and_stays_open(db: str) -> None:
    meeting = await ready("consented")
    with clock.at(MORNING):
        await meeting.take("issue", entries=forms.Issue(signed_by="王五"))
        await meeting.items_done()
        assert await meeting.state() == "issued"
        assert meeting_parts(await meeting.facts())["unfiled"]
        await meeting.take("file_copy")
    facts = await meeting.facts()
    assert facts.state == "closed"
    assert facts.parties[Relation.GOVERNMENT] == meeting.offices.government.agency


async def test_an_office_that_nobody_holds_is_said(db: str) -> None:
    with clock.at(MORNING):
        meeting = await make_convening()
        await meeting.to("consented")
        async with transaction() as connection:
            await connection.execute("UPDATE agency SET office = NULL")
        with pytest.raises(Invalid, match="No agency holds"):
            await meeting.take("issue")
    assert await meeting.state() == "consented"
    assert await one("SELECT count(*) FROM record WHERE kind = 'resolved_item'") == 0


async def test_items_are_duties_with_their_deadlines(db: str) -> None:
    meeting = await ready("issued")
    first, second = await meeting.items()
    [clock_of] = await due_of(first, "deadline")
    assert (clock_of["due_on"], clock_of["statutory"], clock_of["owed_by"]) == (
        DEADLINE,
        False,
        meeting.invited[0],
    )
    await meeting.do(second, "report_done")
    with clock.at(DAY_AFTER):
        for job in JOBS:
            await job.run()
        assert (await state_of(first), await state_of(second)) == ("overdue", "reported")
    await meeting.do(first, "report_done")
    await meeting.do(first, "give_back", deadline=date(2027, 1, 15))
    running = [row for row in await due_of(first, "deadline") if row["state"] == "running"]
    assert [row["due_on"] for row in running] == [date(2027, 1, 15)]


async def test_a_deadline_that_passed_while_agencies_consented_is_drafted_again(db: str) -> None:
    meeting = await ready("consented")
    with clock.at(DAY_AFTER), pytest.raises(Invalid, match="has passed"):
        await meeting.take("issue")
    assert await meeting.state() == "consented"


async def test_nobody_opens_an_item_by_hand(db: str) -> None:
    meeting = await ready("planning")
    duty = Duty(matter="检查", agency=meeting.invited[0], deadline=DEADLINE, progress="每周", measure="设卡")
    with pytest.raises(NotFound):
        await open_case(meeting.cast.owner.head, RESOLVED_ITEMS, duty)
