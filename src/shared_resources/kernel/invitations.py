"""Invitations to calendars and the answers to them (iTIP, RFC 5546): text in, values out. Pure.

An answer is matched by UID, attendee and DTSTAMP, never by a subject line. It says what a mail program sent, so it
is a claim until somebody who may speak for the agency confirms it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress

from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

PRODUCT = "-//Shared Resources//Meetings//ZH"
DOMAIN = "meeting.shared-resources"
"""What the UIDs of our invitations end with; any other UID is somebody else's."""
LONGEST = 200_000
"""Characters of an answer that are read; real ones have about two thousand."""


class Method(StrEnum):
    """What an invitation does to the reader's calendar."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class Answer(StrEnum):
    """What an attendee says (PARTSTAT)."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


@dataclass(frozen=True)
class Attendee:
    """A person with a mail address."""

    name: str
    email: str


@dataclass(frozen=True)
class Invitation:
    """One event as one person is invited to it; ``sequence`` rises with every change of time or place."""

    uid: str
    sequence: int
    stamped_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    organizer: Attendee
    attendee: Attendee
    place: str = ""
    description: str = ""
    url: str = ""


@dataclass(frozen=True)
class CalendarAnswer:
    """What a calendar program sent back."""

    uid: str
    record: UUID
    sequence: int
    stamped_at: datetime
    email: str
    name: str
    answer: Answer
    comment: str = ""


def uid_of(record: UUID) -> str:
    """The UID of a record's event: the same for its whole life."""
    return f"{record}@{DOMAIN}"


def invitation_text(invitation: Invitation, method: Method) -> str:
    """The ``text/calendar`` part that asks for attendance, or takes the event out of the reader's calendar."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(_event(invitation, method))
    text: str = calendar.to_ical().decode()
    return text


def _event(invitation: Invitation, method: Method) -> Event:
    event = Event()
    event.add("uid", invitation.uid)
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.stamped_at.astimezone(UTC))
    event.add("dtstart", invitation.starts_at.astimezone(UTC))
    event.add("dtend", invitation.ends_at.astimezone(UTC))
    event.add("summary", invitation.summary)
    event.add("organizer", _address(invitation.organizer), encode=False)
    attendee = _address(invitation.attendee)
    if method is Method.REQUEST:
        attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
    event.add("attendee", attendee, encode=False)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    for name, value in (
        ("location", invitation.place),
        ("description", invitation.description),
        ("url", invitation.url),
    ):
        if value:
            event.add(name, value)
    return event


def _address(one: Attendee) -> vCalAddress:
    address = vCalAddress(f"mailto:{one.email}")
    address.params["CN"] = one.name
    return address


def read_reply(text: str) -> CalendarAnswer:
    """The answer in an ``.ics`` text.

    Raises:
        Invalid: no calendar, no answer, to another invitation than ours, or without a person, time or decision.
    """
    if len(text) > LONGEST:
        raise _unusable(N_("This is too long for an answer to an invitation."))
    try:
        calendar = Calendar.from_ical(text)
        events = list(calendar.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        raise _unusable(N_("This is no calendar entry.")) from None
    if str(calendar.get("method", "")).upper() != "REPLY" or len(events) != 1:
        raise _unusable(N_("This calendar entry is no answer to an invitation."))
    return _answer(events[0])


def _answer(event: Any) -> CalendarAnswer:
    uid = str(event.get("uid", ""))
    attendee = event.get("attendee")
    stamped_at = _instant(event)
    if isinstance(attendee, list) or attendee is None or stamped_at is None:
        raise _unusable(N_("The answer does not say who answers, or when."))
    answer = str(attendee.params.get("PARTSTAT", "")).lower()
    if answer not in set(Answer):
        raise _unusable(N_("The answer neither accepts nor declines."))
    return CalendarAnswer(
        uid=uid,
        record=_record(uid),
        sequence=_whole(event.get("sequence", 0)),
        stamped_at=stamped_at,
        email=_mail(str(attendee)),
        name=str(attendee.params.get("CN", ""))[:80],
        answer=Answer(answer),
        comment=str(event.get("comment", ""))[:500],
    )


def _record(uid: str) -> UUID:
    record, _, domain = uid.rpartition("@")
    try:
        if domain == DOMAIN:
            return UUID(record)
    except ValueError:
        pass
    raise _unusable(N_("This answer belongs to an invitation that was not sent from here."))


def _instant(event: Any) -> datetime | None:
    try:
        found = event.decoded("dtstamp")
    except (KeyError, ValueError):
        return None
    if not isinstance(found, datetime):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _whole(value: Any) -> int:
    try:
        return max(0, min(int(value), 2**31 - 1))
    except (TypeError, ValueError):
        return 0


def _mail(address: str) -> str:
    scheme, _, rest = address.partition(":")
    return (rest if scheme.lower() == "mailto" else address).strip().lower()


def _unusable(sentence: str) -> Invalid:
    return Invalid(
        sentence,
        do=N_("Choose the answer (.ics) that your calendar program sent, or fill in the reply slip."),
        code="calendar_answer",
        field="answer",
    )
