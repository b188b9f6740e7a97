"""What the steps of a meeting do: last days, invitations, attendance, consent, filing, resolved items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.cases.meetings.queries import days_before
from shared_resources.cases.meetings.rules import MEETING, RESOLVED_ITEM
from shared_resources.cases.meetings.rules.days import check_notice
from shared_resources.cases.meetings.rules.standing import (
    ATTENDED,
    ATTENDING,
    CONVENING,
    NOTICES,
    all_consent,
    bound,
    filed_with,
    is_done,
    meeting_day,
    programme,
    resolutions,
    sequence,
    silent,
)
from shared_resources.cases.meetings.schemas.item import Duty
from shared_resources.cases.meetings.schemas.meeting import Reckoning
from shared_resources.cases.meetings.service.invitations import invite
from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.casework.acts import begin
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.casework.filing import file_form
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.invitations import Method
from shared_resources.kernel.journal import join
from shared_resources.kernel.procedure import Counted
from shared_resources.kernel.roles import Relation
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.casework.family import Happening


async def plan(happening: Happening) -> Outcome:
    """A day is chosen: it leaves time for the notice, or the meeting is urgent (MT-3a)."""
    irregular = await _reckon(happening)
    for agency in getattr(happening.entries, "also", ()):
        if agency == happening.facts.parties[CONVENING]:
            raise Invalid(
                N_("An agency does not turn to itself."),
                do=N_("Choose another agency."),
                code="own_agency",
                field="also",
            )
        await join(happening.record, ATTENDING, agency)
    since = Counted(since=meeting_day(happening.facts))
    return Outcome(due={"notice": since}, data={"irregular": irregular})


async def _reckon(happening: Happening) -> bool:
    """Count the last days of the meeting and keep them for the letter; whether its notice is late."""
    facts, day = happening.facts, meeting_day(happening.facts)
    last = await days_before(day, facts.parties[CONVENING])
    irregular = check_notice(last, facts.today, programme(facts).get("urgent_reason"))
    counted = Reckoning(day=day, notice_by=last.notice.date, reply_by=last.reply.date, irregular=irregular)
    await file_form(facts.id, "reckon", counted, happening.actor)
    return irregular


async def notify(happening: Happening) -> Outcome:
    """The notice leaves, for the first time or with another day: people are invited, the clock of replies runs."""
    irregular = await _reckon(happening)
    sentence = (
        N_("Meeting %(number)s “%(title)s” is moved to %(at)s, %(place)s. Please reply again.")
        if happening.step == "postpone"
        else N_("You are invited to meeting %(number)s “%(title)s” on %(at)s, %(place)s.")
    )
    await invite(happening, sentence, Method.REQUEST)
    since = Counted(since=meeting_day(happening.facts))
    return Outcome(due={"reply": since}, data={"irregular": irregular})


async def cancel(happening: Happening) -> None:
    """The meeting does not take place: calendars forget it."""
    sentence = N_("Meeting %(number)s “%(title)s” on %(at)s is cancelled.")
    await invite(happening, sentence, Method.CANCEL)


async def withdraw(happening: Happening) -> None:
    """The convening agency gives it up; whoever was invited hears of it, and calendars forget what lies ahead."""
    facts = happening.facts
    if not any(facts.has(step) for step in NOTICES):
        return
    method = None if facts.has("hold") else Method.CANCEL
    await invite(happening, N_("Meeting %(number)s “%(title)s” is withdrawn."), method, sequence(facts) + 1)


async def reply(happening: Happening) -> Outcome:
    """A slip has come; with the last one the meeting is confirmed."""
    facts = happening.facts
    waiting = silent(facts)
    done = facts.state == "noticed" and not waiting
    return Outcome(data={"silent": len(waiting)}, then="all_replied" if done else "")


async def hold(happening: Happening) -> Outcome:
    """The meeting took place: somebody invited was there; silence is counted."""
    facts, rows = happening.facts, happening.entries.attended
    _refuse_strangers(facts, [row.agency for row in rows], "attended", besides=())
    if not any(row.presence in ATTENDED for row in rows):
        raise Invalid(
            N_("Nobody who was invited took part: this was no joint meeting."),
            do=N_("Cancel it, or convene it again."),
            code="nobody_there",
            field="attended",
        )
    return Outcome(data={"silent": [str(agency) for agency in silent(facts)]})


async def draft_minutes(happening: Happening) -> Outcome:
    """The minutes go out for consent; those whom they bind owe an answer. An amended draft begins anew."""
    facts, record = happening.facts, happening.record
    own = facts.parties[CONVENING]
    named = [UUID(row["agency"]) for row in resolutions(facts)]
    _refuse_strangers(facts, named, "items", besides=(own,))
    for number, item in enumerate(happening.entries.items):
        if item.deadline < facts.today:
            raise Invalid(
                N_("This day has passed."),
                do=N_("Choose today or later."),
                code="past",
                field=f"items.{number}.deadline",
            )
    await deadlines.close(record, "consent", "cancelled", happening.actor)
    term = MEETING.term("consent")
    for agency in bound(facts):
        await deadlines.start(record, term, agency, facts.parties, happening.actor, None)
    return Outcome(data={"items": len(named), "bound": len(bound(facts))})


def _refuse_strangers(facts: Facts, agencies: list[UUID], field: str, *, besides: tuple[UUID, ...]) -> None:
    known = {*facts.parties.all(ATTENDING), *besides}
    for number, agency in enumerate(agencies):
        if agency not in known:
            raise Invalid(
                N_("This agency was not invited to the meeting."),
                do=N_("Choose one of the agencies on this record."),
                code="not_invited",
                field=f"{field}.{number}.agency",
            )


async def consent(happening: Happening) -> Outcome:
    """An agency consents; with the last one the minutes may be issued."""
    return Outcome(then="all_consented" if all_consent(happening.facts) else "")


async def issue(happening: Happening) -> Outcome:
    """The minutes are issued: each resolved item becomes a duty, the copy goes to the office (MT-4)."""
    facts, office = happening.facts, happening.entries.filed_with
    for row in resolutions(facts):
        late = row["deadline"] < clock.today().isoformat()
        if late:
            raise Invalid(
                N_("The deadline of “%(matter)s” has passed while the agencies consented."),
                do=N_("Draft the minutes again with another deadline."),
                code="past",
                matter=row["matter"],
            )
    family = family_of(RESOLVED_ITEM.kind)
    assert family is not None, "resolved items are loaded with every family"
    for row in resolutions(facts):
        await begin(
            family,
            happening.actor,
            Duty.model_validate(row),
            parties={CONVENING: facts.parties[CONVENING], ATTENDING: UUID(row["agency"])},
            title=row["matter"],
            links_to=(("part_of", happening.record),),
        )
    if office is not None:
        await _file_with(facts, Relation(office.value))
    done = office is not None and not resolutions(facts)
    return Outcome(data=_filing_data(facts), then="close" if done else "")


async def file_copy(happening: Happening) -> Outcome:
    """The copy for filing follows the minutes."""
    await _file_with(happening.facts, Relation(happening.entries.filed_with.value))
    return Outcome(data=_filing_data(happening.facts), then="close" if is_done(happening.facts) else "")


def _filing_data(facts: Facts) -> dict[str, Any]:
    return {"filed_with": filed_with(facts) or "none"}


async def _file_with(facts: Facts, part: Relation) -> None:
    """Let the office take part in the record, so that it reads what is filed with it."""
    found = [agency.id for agency in facts.agencies.values() if agency.office is part]
    if not found:
        raise Invalid(
            N_("No agency holds this office in the system."),
            do=N_("Ask the system administrator to enter it, or choose the other office."),
            code="no_office",
            field="filed_with",
        )
    await join(facts.id, part, found[0])
