"""What the steps of enforcement assistance do beyond moving the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared_resources.cases.assistance.queries import decided_earlier
from shared_resources.cases.assistance.rules import ASSISTING, REQUESTING, assisting_of, days_late, request_of
from shared_resources.kernel import clock, deadlines, notices
from shared_resources.kernel.casework.acts import begin
from shared_resources.kernel.casework.entered import open_day, other_agency, past_instant
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identity.queries import duty_officers
from shared_resources.kernel.journal import join
from shared_resources.kernel.links import link
from shared_resources.kernel.permissions import Relation
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import SAME_DAY

if TYPE_CHECKING:
    from datetime import date

    from shared_resources.kernel.casework.family import Happening
    from shared_resources.kernel.deadlines import Due

AT_ONCE = timedelta(minutes=30)
"""How soon an urgent request should be accepted, at any hour (target, AS-7a)."""


async def ask(happening: Happening) -> Outcome | None:
    """What a request wants lies ahead."""
    open_day(happening.entries.wanted_finish, "wanted_finish")
    return None


async def opened(happening: Happening) -> Outcome | None:
    """A request is opened: what was decided earlier between these two in this field is linked to it."""
    entries, own = happening.entries, happening.facts.parties[REQUESTING]
    other_agency(happening.facts, entries.assisting, own, "assisting")
    for earlier in await decided_earlier(own, entries.assisting, entries.subfield):
        await link(happening.record, earlier, "follows", happening.actor.person)
    return await ask(happening)


async def oral_request(happening: Happening) -> Outcome | None:
    """Asked by word of mouth: the call has happened; urgent ones ring at the duty desk."""
    past_instant(happening.entries.called_at, "called_at")
    return await sent(happening)


async def sent(happening: Happening) -> Outcome | None:
    """The request is out: from now on the assisting agency sees it. An urgent one is to be accepted at once and
    answered the same day (AS-7a)."""
    await join(happening.record, ASSISTING, assisting_of(happening.facts))
    if not request_of(happening.facts).get("urgent"):
        return None
    due: dict[str, Due] = {"accept": clock.now() + AT_ONCE}
    if happening.step != "oral_request":
        due["reply"] = SAME_DAY
    await _ring(happening)
    return Outcome(due=due)


async def _ring(happening: Happening) -> None:
    """Tell whoever is on duty at the assisting agency, at any hour."""
    facts = happening.facts
    people = await duty_officers(assisting_of(facts))
    await notices.tell_people(
        people,
        N_("Urgent: assistance %(number)s “%(title)s” is to be accepted within 30 minutes."),
        {"number": facts.number, "title": facts.title},
        record=facts.id,
        link=f"/assistance/{facts.number}",
        key=f"{facts.id}:{facts.version}:{happening.step}:duty",
    )


async def agreed(happening: Happening) -> Outcome | None:
    """Help is promised: its finish lies ahead."""
    open_day(happening.entries.expected_finish, "expected_finish")
    return None


async def act_at_once(happening: Happening) -> Outcome | None:
    """Help begins before the paper."""
    started_at = happening.entries.started_at or clock.now()
    past_instant(started_at, "started_at")
    return Outcome(due=_finish(happening), data={"started_at": started_at})


async def start(happening: Happening) -> Outcome | None:
    """Help begins: on the day of the reply, else the record says that it was late (AS-7b)."""
    started_at = happening.entries.started_at or clock.now()
    past_instant(started_at, "started_at")
    late = days_late(happening.facts, started_at)
    if late < 0:
        raise Invalid(
            N_("Help does not start before the reply that agrees to it."),
            do=N_("Check the date."),
            code="too_early",
            field="started_at",
        )
    data = {"started_at": started_at, "days_late": late}
    return Outcome(due=_finish(happening), data=data, then="flag_late" if late else "")


def _finish(happening: Happening) -> dict[str, Due]:
    """The finish that was promised, or wanted where nothing was promised yet, if it lies ahead."""
    facts = happening.facts
    promised = [filed.body["expected_finish"] for filed in facts.filings if "expected_finish" in filed.body]
    text = promised[-1] if promised else request_of(facts)["wanted_finish"]
    finish = datetime.fromisoformat(text).date()
    return {"finish": finish} if finish >= facts.today else {}


async def extend(happening: Happening) -> Outcome | None:
    """The finish moves: told before it passes, never after."""
    until: date = happening.entries.until
    due_on = await connection().fetchval(
        "SELECT due_on FROM deadline WHERE record = $1 AND term = 'finish' AND state = 'running'", happening.record
    )
    if due_on is None or due_on < clock.today():
        raise WrongState(
            N_("The finish has passed: an extension is told before it."),
            do=N_("Report what was done and why it took longer."),
            code="too_late",
        )
    if until <= due_on:
        raise Invalid(
            N_("The new finish lies after the present one, %(day)s."),
            do=N_("Choose a later day."),
            code="not_later",
            field="until",
            day=due_on,
        )
    end = deadlines.end_of(until) - timedelta(microseconds=1)
    await deadlines.extend(happening.record, "finish", end, happening.actor, happening.entries.reason)
    return None


async def confirmed(happening: Happening) -> Outcome | None:
    """The requesting agency has its help; it says when its own result is to be told."""
    day: date | None = happening.entries.result_expected
    if day is None:
        return None
    open_day(day, "result_expected")
    return Outcome(due={"result": day})


async def dispute(happening: Happening) -> Outcome | None:
    """No agreement on the refusal: a dispute between the two is opened about this record (AS-3d)."""
    family, parties = family_of("dispute"), happening.facts.parties
    assert family is not None, "disputes are loaded with every family"
    opened = await begin(
        family,
        happening.actor,
        happening.entries,
        parties={Relation.APPLICANT: parties[REQUESTING], Relation.RESPONDENT: parties[ASSISTING]},
        links_to=(("about", happening.record),),
    )
    return Outcome(data={"dispute": opened.id})
