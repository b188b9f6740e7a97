"""Invitations leave with the notice, change and cancel with it; answers come back as claims, never as replies."""

from __future__ import annotations

import asyncio
import imaplib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import vobject

from shared_resources.cases.meetings.jobs import fetch_answers
from shared_resources.cases.meetings.rules.forms import prefill
from shared_resources.cases.meetings.rules.page import meeting_parts
from shared_resources.cases.meetings.schemas.meeting import Slip
from shared_resources.cases.meetings.service.invitations import receive_answer
from shared_resources.kernel import clock, inbound, outbox
from shared_resources.kernel.errors import Invalid, NotFound, WrongState
from shared_resources.kernel.mail import CalendarPart, Letter, deliver_mail
from shared_resources.kernel.permissions import SYSTEM_ACTOR
from shared_resources.settings import settings
from tests.cases.meetings.convening import MORNING, Convening, due_of, make_convening, rows
from tests.cases.meetings.imap_server import imap_server

if TYPE_CHECKING:
    from uuid import UUID


async def convened() -> Convening:
    """A meeting whose notice is out."""
    meeting = await make_convening()
    await meeting.to("noticed")
    return meeting


async def invitations(person: UUID | None) -> list[Any]:
    """The calendar parts that were left for a person, in their order."""
    found = await rows(
        "SELECT body FROM outbox WHERE body ? 'calendar' AND body ->> 'person' = $1 ORDER BY id", str(person)
    )
    return [vobject.readOne(json.loads(row["body"])["calendar"]["text"]) for row in found]


def answer(invitation: Any, status: str = "ACCEPTED", minutes: int = 5) -> str:
    """What the invited person's calendar program answers, so many minutes after the notice."""
    reply = vobject.iCalendar()
    reply.add("method").value = "REPLY"
    event = reply.add("vevent")
    for name in ("uid", "sequence", "dtstart"):
        event.add(name).value = getattr(invitation.vevent, name).value
    at = MORNING + timedelta(minutes=minutes)
    event.add("dtstamp").value = at.replace(tzinfo=vobject.icalendar.utc)
    attendee = event.add("attendee")
    attendee.value = invitation.vevent.attendee.value
    attendee.params["PARTSTAT"] = [status]
    return str(reply.serialize(validate=False))


async def test_everybody_who_handles_papers_of_an_invited_agency_is_invited(db: str) -> None:
    with clock.at(MORNING):
        meeting = await convened()
        [first] = await invitations(meeting.cast.borrower.clerk.person)
        assert first.method.value == "REQUEST"
        assert first.vevent.sequence.value == "0"
        assert first.vevent.attendee.value == "mailto:borrower.clerk@example.test"
        assert await invitations(meeting.county.officer.person)
        for outsider in (meeting.cast.borrower.custodian, meeting.cast.third.clerk, meeting.cast.owner.clerk):
            assert await invitations(outsider.person) == []
        while await outbox.deliver({"mail": deliver_mail}):
            pass
    kept = await rows(
        "SELECT attachment FROM mail WHERE recipient = 'borrower.clerk@example.test' AND attachment <> ''"
    )
    assert vobject.readOne(kept[0]["attachment"]).vevent.uid.value == first.vevent.uid.value


async def test_each_change_raises_the_edition_and_cancelling_takes_it_out(db: str) -> None:
    with clock.at(MORNING):
        meeting = await convened()
        await meeting.take("postpone", "cancel")
    parts = await invitations(meeting.cast.borrower.clerk.person)
    assert [part.method.value for part in parts] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [part.vevent.sequence.value for part in parts] == ["0", "1", "2"]
    assert len({part.vevent.uid.value for part in parts}) == 1
    assert parts[1].vevent.dtstart.value - parts[0].vevent.dtstart.value == timedelta(days=7)


async def test_withdrawing_a_meeting_empties_calendars_too(db: str) -> None:
    with clock.at(MORNING):
        meeting = await convened()
        await meeting.take("withdraw")
    last = (await invitations(meeting.cast.borrower.clerk.person))[-1]
    assert (last.method.value, last.vevent.sequence.value) == ("CANCEL", "1")


async def test_an_answer_is_a_claim_until_the_agency_sends_its_slip(db: str) -> None:
    with clock.at(MORNING):
        meeting = await convened()
        clerk = meeting.cast.borrower.clerk
        [asked] = await invitations(clerk.person)
        await receive_answer(clerk, answer(asked), meeting.number)
        facts = await meeting.facts()
        parts = meeting_parts(facts)
        assert [(claim["label"], claim["person"]) for claim in parts["claims"]] == [("accepted", "borrower.clerk")]
        assert str(clerk.agency) in parts["silent"]
        assert {row["state"] for row in await due_of(meeting.number, "reply")} == {"running"}
        filled = dict(prefill(facts, "reply", clerk) or {})
        assert filled["attendance"] == "attend"
        person = {**filled["delegates"][0], "post": "科长", "phone": "023-1"}
        await meeting.take("reply", actor=clerk, entries=Slip.model_validate({**filled, "delegates": [person]}))
        assert meeting_parts(await meeting.facts())["claims"] == []
        assert prefill(await meeting.facts(), "reply", meeting.county.officer) is None


async def test_a_later_answer_counts_and_stale_ones_do_not(db: str) -> None:
    with clock.at(MORNING):
        meeting = await convened()
        clerk = meeting.cast.borrower.clerk
        [asked] = await invitations(clerk.person)
        await receive_answer(clerk, answer(asked, "DECLINED", 10))
        for stale in (10, 5):
            with pytest.raises(Invalid, match="older than what is on file"):
                await receive_answer(clerk, answer(asked, "ACCEPTED", stale))
        await receive_answer(clerk, answer(asked, "TENTATIVE", 20))
        assert [claim["answer"] for claim in meeting_parts(await meeting.facts())["claims"]] == ["tentative"]
        await meeting.take("postpone")
        assert meeting_parts(await meeting.facts())["claims"] == []
        with pytest.raises(Invalid, match="older than what is on file"):
            await receive_answer(clerk, answer(asked, "ACCEPTED", 60))
        newest = (await invitations(clerk.person))[-1]
        await receive_answer(clerk, answer(newest, "ACCEPTED", 1))
        assert [claim["answer"] for claim in meeting_parts(await meeting.facts())["claims"]] == ["accepted"]


async def test_two_answers_at_once_leave_the_later_one(db: str) -> None:
    with clock.at(MORNING):
        meeting = await convened()
        [asked] = await invitations(meeting.cast.borrower.clerk.person)
        both = [answer(asked, "ACCEPTED", 5), answer(asked, "DECLINED", 6)]
        await asyncio.gather(*(receive_answer(SYSTEM_ACTOR, text) for text in both), return_exceptions=True)
    assert [claim["answer"] for claim in meeting_parts(await meeting.facts())["claims"]] == ["declined"]


async def test_whose_answer_it_is_and_who_hands_it_in(db: str) -> None:
    with clock.at(MORNING):
        meeting = await convened()
        clerk = meeting.cast.borrower.clerk
        [asked] = await invitations(clerk.person)
        foreign = answer(asked).replace("borrower.clerk@", "somebody@")
        with pytest.raises(Invalid, match="was not invited"):
            await receive_answer(meeting.cast.owner.clerk, foreign, meeting.number)
        with pytest.raises(NotFound):
            await receive_answer(meeting.cast.third.clerk, answer(asked), meeting.number)
        number, meeting.number = meeting.number, ""
        await meeting.plan()
        with pytest.raises(Invalid, match="another meeting"):
            await receive_answer(clerk, answer(asked), meeting.number)
        meeting.number = number
        await meeting.take("cancel")
        with pytest.raises((WrongState, Invalid)):
            await receive_answer(clerk, answer(asked), number)


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Any:
    with imap_server() as box:
        monkeypatch.setenv("SHARED_RESOURCES_IMAP_URL", box.url)
        settings.cache_clear()
        yield box
    settings.cache_clear()


def mailed(text: str) -> bytes:
    """A mail with a calendar answer, as mail programs send it."""
    sender, recipient = "borrower.clerk@example.test", "desk@example.test"
    part = CalendarPart("REPLY", text)
    return Letter(MEETING_MAIL, sender, recipient, "Re: 会议", "已接受", part).message().as_bytes()


MEETING_MAIL: Any = "reply-1"


async def test_answers_are_fetched_from_the_mailbox_once(db: str, mailbox: Any) -> None:
    with clock.at(MORNING):
        meeting = await convened()
        [asked] = await invitations(meeting.cast.borrower.clerk.person)
        mailbox.put(mailed(answer(asked)))
        mailbox.put(b"From: spam@example.test\r\nSubject: hello\r\n\r\nhello\r\n")
        mailbox.put(mailed(answer(asked).replace("@meeting.shared-resources", "@elsewhere")))
        assert await fetch_answers() == 1
        assert mailbox.seen == {1, 2, 3}
        assert await fetch_answers() == 0
        mailbox.seen.clear()  # as if we had died before marking them
        assert await fetch_answers() == 0
    assert len((await meeting.facts()).all("calendar_answer")) == 1


async def test_without_a_mailbox_nothing_is_fetched(db: str) -> None:
    assert await fetch_answers() == 0


def test_a_wrong_password_is_loud_and_no_password_travels_in_the_clear(mailbox: Any) -> None:
    with pytest.raises(imaplib.IMAP4.error):
        inbound.unread_answers(mailbox.url.replace("geheim", "falsch"))
    with imap_server() as box, imaplib.IMAP4("127.0.0.1", box.port) as server:
        with pytest.raises(ValueError, match="not sent in the clear"):
            inbound.protect(server, "mail.example.test")
        inbound.protect(server, "127.0.0.1")
