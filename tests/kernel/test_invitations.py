"""Invitations and answers: written here, read by a second library, and back; nothing else is an answer."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.inbound import answer_in
from shared_resources.kernel.invitations import (
    LONGEST,
    Answer,
    Attendee,
    Invitation,
    Method,
    invitation_text,
    read_reply,
    uid_of,
)
from shared_resources.kernel.mail import CalendarPart, Letter

RECORD = UUID("019ab000-0000-7000-8000-000000000001")
AT = datetime(2026, 12, 3, 1, 30, tzinfo=UTC)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=60)


def invitation(
    sequence: int = 0, summary: str = "危险化学品联席会议", place: str = "三楼, 会议室; 东侧"
) -> Invitation:
    return Invitation(
        uid=uid_of(RECORD),
        sequence=sequence,
        stamped_at=AT - timedelta(days=9),
        starts_at=AT,
        ends_at=AT + timedelta(hours=2),
        summary=summary,
        organizer=Attendee("市应急管理局", "desk@share.example.test"),
        attendee=Attendee("李四", "li.si@example.test"),
        place=place,
        description="1. 通报\n2. 讨论",
    )


def answer(text: str | None = None, *, status: str = "ACCEPTED", stamp: str = "20261125T020000Z") -> str:
    """What a calendar program (vobject) makes of an invitation as its answer."""
    asked = vobject.readOne(text or invitation_text(invitation(), Method.REQUEST))
    reply = vobject.iCalendar()
    reply.add("method").value = "REPLY"
    event = reply.add("vevent")
    event.add("uid").value = asked.vevent.uid.value
    event.add("sequence").value = asked.vevent.sequence.value
    event.add("dtstart").value = asked.vevent.dtstart.value
    event.add("dtstamp").value = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=vobject.icalendar.utc)
    attendee = event.add("attendee")
    attendee.value = asked.vevent.attendee.value
    attendee.params["PARTSTAT"] = [status]
    attendee.params["CN"] = ["李四"]
    return str(reply.serialize(validate=False))


@given(WORDS, WORDS)
def test_a_second_library_reads_the_invitation(summary: str, place: str) -> None:
    read = vobject.readOne(invitation_text(invitation(2, summary, place), Method.REQUEST))
    event = read.vevent
    assert read.method.value == "REQUEST"
    assert (event.summary.value, event.location.value) == (summary, place)
    assert (event.dtstart.value, event.dtend.value) == (AT, AT + timedelta(hours=2))
    assert (event.uid.value, event.sequence.value) == (uid_of(RECORD), "2")
    assert event.organizer.value == "mailto:desk@share.example.test"
    assert event.attendee.value == "mailto:li.si@example.test"
    assert event.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]


def test_a_cancellation_takes_the_same_event_out() -> None:
    read = vobject.readOne(invitation_text(invitation(1), Method.CANCEL))
    assert read.method.value == "CANCEL"
    assert read.vevent.status.value == "CANCELLED"
    assert read.vevent.uid.value == uid_of(RECORD)


@pytest.mark.parametrize("status", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_an_answer_comes_back(status: str) -> None:
    found = read_reply(answer(status=status))
    assert (found.record, found.email, found.name) == (RECORD, "li.si@example.test", "李四")
    assert found.answer is Answer(status.lower())
    assert found.stamped_at == datetime(2026, 11, 25, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "no calendar entry"),
        ("", "no calendar entry"),
        (invitation_text(invitation(), Method.REQUEST), "no answer"),
        (answer(status="NEEDS-ACTION"), "neither accepts nor declines"),
        (answer().replace("@meeting.shared-resources", "@elsewhere"), "not sent from here"),
        (answer().replace(str(RECORD), "not-an-id"), "not sent from here"),
        (answer().replace("DTSTAMP:20261125T020000Z", "X-NO:1"), "who answers, or when"),
        (answer().replace("DTSTAMP:20261125T020000Z", "DTSTAMP:soon"), "who answers, or when"),
        ("x" * (LONGEST + 1), "too long"),
    ],
)
def test_what_is_no_answer_of_ours_is_said(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read_reply(text)


@given(st.integers(0, len(answer())), st.integers(0, 40))
def test_a_torn_answer_is_refused_or_read_never_worse(start: int, length: int) -> None:
    torn = answer()[:start] + answer()[start + length :]
    with contextlib.suppress(Invalid):
        assert read_reply(torn).answer is Answer.ACCEPTED


def test_a_mail_carries_the_invitation_beside_its_text() -> None:
    text = invitation_text(invitation(), Method.REQUEST)
    letter = Letter(
        uuid4(), "desk@share.example.test", "li.si@example.test", "会议", "您好", CalendarPart("REQUEST", text)
    )
    message = letter.message()
    assert message.get_content_type() == "multipart/alternative"
    plain, calendar = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["content-type"].params["method"] == "REQUEST"
    assert vobject.readOne(calendar.get_content()).vevent.uid.value == uid_of(RECORD)


def test_only_answers_are_taken_out_of_mails() -> None:
    asked, given_back = invitation_text(invitation(), Method.REQUEST), answer()
    for text, expected in ((asked, None), (given_back, Answer.ACCEPTED)):
        letter = Letter(uuid4(), "a@example.test", "b@example.test", "s", "t", CalendarPart("REPLY", text))
        found = answer_in(letter.message().as_bytes())
        assert (read_reply(found).answer if found else None) == expected
    assert answer_in(b"Subject: nothing\r\n\r\nhello") is None
    assert answer_in(b"") is None
