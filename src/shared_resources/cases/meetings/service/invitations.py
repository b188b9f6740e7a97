"""Calendar invitations out to the people of invited agencies, their calendar answers back in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.meetings.queries import invitee_with, invitees
from shared_resources.cases.meetings.rules import MEETING
from shared_resources.cases.meetings.rules.standing import (
    ATTENDING,
    CONVENING,
    ends_at,
    is_stale,
    programme,
    sequence,
    starts_at,
)
from shared_resources.cases.meetings.schemas.meeting import CalendarClaim
from shared_resources.kernel import journal, notices
from shared_resources.kernel.casework.acts import move
from shared_resources.kernel.casework.family import family_of
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, NotFound
from shared_resources.kernel.invitations import (
    Attendee,
    CalendarAnswer,
    Invitation,
    Method,
    invitation_text,
    read_reply,
    uid_of,
)
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Permission, may, not_found, require
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from shared_resources.cases.meetings.queries import Invitee
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.casework.family import Happening
    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor


async def invite(happening: Happening, sentence: str, method: Method | None, edition: int | None = None) -> None:
    """Tell everybody who handles papers for an invited agency; ``method`` makes it an invitation to calendars."""
    facts = happening.facts
    link = MEETING.path % {"number": facts.number}
    said = programme(facts)
    values = {"number": facts.number, "title": facts.title, "at": starts_at(facts), "place": said["place"]}
    key = f"{facts.id}:{facts.version}:{happening.step}"
    for one in await invitees(facts.parties.all(ATTENDING)):
        calendar = None
        if method is not None and one.email:
            count = sequence(facts) if edition is None else edition
            text = invitation_text(_invitation(facts, one, count, link), method)
            calendar = {"method": method.value, "text": text}
        await notices.tell_people(
            [one.person], sentence, values, record=facts.id, link=link, key=key, calendar=calendar
        )


def _invitation(facts: Facts, one: Invitee, edition: int, link: str) -> Invitation:
    said = programme(facts)
    agenda = "\n".join(f"{number}. {row['topic']}" for number, row in enumerate(said["agenda"], 1))
    return Invitation(
        uid=uid_of(facts.id),
        sequence=edition,
        stamped_at=facts.now,
        starts_at=starts_at(facts),
        ends_at=ends_at(facts),
        summary=f"{said['subject']}联席会议",
        organizer=Attendee(facts.agency(CONVENING).name_zh, settings().mail_from),
        attendee=Attendee(one.name, one.email or ""),
        place=said["place"],
        description=agenda,
        url=f"{settings().address}{link}",
    )


@verb
async def receive_answer(
    actor: Actor, text: str, number: str | None = None, *, act_id: str | None = None
) -> Moved:
    """Put a calendar answer on its meeting, as a claim of the person who gave it.

    ``actor`` is the system for answers from the mailbox, else somebody of the meeting who hands one in.

    Raises:
        NotFound, NotAllowed: the meeting is none of the actor's business.
        Invalid: no answer of ours, not of an invited person, to another meeting, or older than what is on file.
        WrongState: the meeting is over, or was cancelled.
    """
    answer = read_reply(text)
    facts = await _meeting_of(answer, actor, number)
    person = await invitee_with(answer.email, facts.parties.all(ATTENDING))
    if person is None:
        raise _refused(N_("%(email)s was not invited to this meeting."), email=answer.email)
    if is_stale(facts, answer.email, answer.sequence, answer.stamped_at):
        raise _refused(N_("This answer is older than what is on file; nothing was changed."))
    claim = CalendarClaim(
        agency=person.agency,
        person=person.name,
        email=answer.email,
        phone=person.mobile,
        answer=answer.answer.value,
        comment=answer.comment or None,
        sequence=answer.sequence,
        stamped_at=answer.stamped_at,
    )
    family = family_of(MEETING.kind)
    assert family is not None, "meetings are loaded with every family"
    return await move(family, facts.id, "calendar_answer", SYSTEM_ACTOR, claim, act_id=act_id)


async def _meeting_of(answer: CalendarAnswer, actor: Actor, number: str | None) -> Facts:
    """The meeting that was answered, locked."""
    known = await connection().fetchval(
        "SELECT true FROM record WHERE id = $1 AND kind = $2 FOR NO KEY UPDATE", answer.record, MEETING.kind
    )
    if number is not None:
        await _refuse_stranger(actor, number)
    if not known:
        raise _refused(N_("This answer belongs to an invitation that was not sent from here."))
    try:
        facts = await facts_of(answer.record)
    except NotFound:
        raise not_found() from None
    if number is not None and facts.number != number:
        raise _refused(N_("This answer belongs to another meeting."))
    return facts


async def _refuse_stranger(actor: Actor, number: str) -> None:
    """Only the convening agency and those invited hand in answers."""
    record = await connection().fetchval(
        "SELECT id FROM record WHERE number = $1 AND kind = $2", number, MEETING.kind
    )
    if record is None:
        raise not_found()
    relations = journal.relations_of(MEETING, actor, await journal.parties_of(record))
    if may(actor, Permission.MEETING_CONVENE, relations) is not True:
        require(actor, Permission.MEETING_REPLY, relations)


def _refused(sentence: str, **values: str) -> Invalid:
    return Invalid(
        sentence,
        do=N_("Fill in the reply slip on the page of the meeting."),
        code="calendar_answer",
        field="answer",
        **values,
    )
