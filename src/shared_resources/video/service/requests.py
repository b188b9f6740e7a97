"""What the steps of a footage request do beyond moving the record (machine 9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, deadlines
from shared_resources.kernel.casework.acts import begin, issue_also
from shared_resources.kernel.casework.entered import coming_day, open_day, other_agency, past_instant
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identity.queries import permits_in
from shared_resources.kernel.journal import join
from shared_resources.kernel.permissions import Relation
from shared_resources.kernel.procedure import Counted
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD, SAME_DAY
from shared_resources.video.letters.handing_over import footage_list, handover_list
from shared_resources.video.queries.copies import copies_of_request
from shared_resources.video.rules.request import HOLDER, REQUESTING, granted_spans, holder_of, terms_of
from shared_resources.video.service.preservations import ask_to_preserve, end_preservation
from shared_resources.video.service.shares import end_shares, share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from shared_resources.kernel.casework.family import Happening
    from shared_resources.kernel.deadlines import Due
    from shared_resources.video.queries.copies import CopyShown

FIVE_DAYS = FWD(5)


async def drafted(happening: Happening) -> Outcome | None:
    """A request is drafted: the holder is another agency, what it wants lies ahead."""
    entries, facts = happening.entries, happening.facts
    other_agency(facts, entries.holder, facts.parties[REQUESTING], "holder")
    return await amended(happening)


async def amended(happening: Happening) -> Outcome | None:
    """What a request wants lies ahead, what was filmed lies behind; somebody here will be able to open it."""
    await _somebody_opens(happening)
    open_day(happening.entries.supply_by, "supply_by")
    for span in happening.entries.spans:
        past_instant(span.begins, "spans")
    return None


async def _somebody_opens(happening: Happening) -> None:
    """Copies open for the officers named, by their permits.

    Raises:
        Invalid: none of the permits is one of the asking agency's people.
    """
    known = await permits_in(happening.facts.parties[REQUESTING])
    if frozenset().union(*known.values()).isdisjoint(officer.permit_no for officer in happening.entries.officers):
        raise Invalid(
            N_("Nobody with one of these permits works for your agency here: no one could open the footage."),
            do=N_("Name an officer whose permit number stands with the appointment."),
            code="unknown_permits",
            field="officers",
        )


async def submitted(happening: Happening) -> Outcome | None:
    """Preserve first: the notice leaves with the submission."""
    await ask_to_preserve(happening)
    return None


async def sent(happening: Happening) -> Outcome | None:
    """The request is out: from now on the holder sees it, and has to answer."""
    await join(happening.record, HOLDER, holder_of(happening.facts))
    asked = terms_of(happening.facts)
    return Outcome(due=_answer_due(asked))


async def called(happening: Happening) -> Outcome | None:
    """Asked by telephone: the holder sees it, and acts at once (AR-2d); papers follow."""
    past_instant(happening.entries.called_at, "called_at")
    await join(happening.record, HOLDER, holder_of(happening.facts))
    return Outcome(due={"answer": SAME_DAY})


def _answer_due(asked: Mapping[str, Any]) -> dict[str, Due]:
    """Five working days: by the decree for archive information (AR-2c), else as a target (VI-1d)."""
    name = "archive_answer" if asked.get("archived") else "answer"
    return {name: Counted(since=clock.today(), rule=FIVE_DAYS)}


async def granted(happening: Happening) -> Outcome | None:
    """It will be supplied by the day that the holder names."""
    open_day(happening.entries.ready_by, "ready_by")
    return Outcome(due={"supply": happening.entries.ready_by})


async def ended(happening: Happening) -> Outcome | None:
    """The request is over: nothing is shared for it any more, nothing need be preserved."""
    await end_shares(happening.record, happening.actor)
    await end_preservation(happening.facts)
    return None


async def share_ended(happening: Happening) -> Outcome | None:
    """Revoked, or the day has come: nobody opens the copies any more."""
    await end_shares(happening.record, happening.actor)
    return None


async def taken_back(happening: Happening) -> Outcome | None:
    """What was handed over is withdrawn from the other side until it comes anew."""
    return await share_ended(happening)


async def delivered(happening: Happening) -> Outcome | None:
    """Hand the copies over: each granted span is there, both lists are issued, the share begins."""
    facts, record = happening.facts, happening.record
    copies = await copies_of_request(record)
    _refuse_gaps(granted_spans(facts), copies)
    until = datetime.fromisoformat(terms_of(facts)["use_until"]).date()
    if until < clock.today():
        raise WrongState(
            N_("The day until which it is needed has passed."),
            do=N_("Let those who asked make a new request."),
            code="use_over",
        )
    family, asker, holder = family_of("footage_request"), facts.parties[REQUESTING], facts.parties[HOLDER]
    assert family is not None
    pieces, case = [copy.as_piece() for copy in copies], terms_of(facts)["case_name"]
    await issue_also(family, footage_list(facts, pieces, holder, asker, case), happening)
    await issue_also(family, handover_list(facts, pieces, holder, [asker], case), happening)
    for footage in dict.fromkeys(copy.footage for copy in copies):
        await share(footage, asker, "request", record, _end_of(until), happening.actor)
    return Outcome(
        due={"use": until},
        data={"copies": [{"number": piece.number, "sha256": piece.sha256, "sm3": piece.sm3} for piece in pieces]},
    )


def _end_of(day: date) -> datetime:
    return deadlines.end_of(day) - timedelta(microseconds=1)


def _refuse_gaps(spans: Sequence[Mapping[str, Any]], copies: Sequence[CopyShown]) -> None:
    """Refuse a hand-over in which a granted span has no copy that touches it (true time).

    Raises:
        WrongState: a copy is missing.
    """
    for span in spans:
        begins, ends = (datetime.fromisoformat(span[name]) for name in ("begins", "ends"))
        if not any(_true(copy, copy.begins) < ends and _true(copy, copy.ends) > begins for copy in copies):
            raise WrongState(
                N_("There is no finished copy for %(camera)s yet."),
                do=N_("Open the recording, mark the span and order a copy for this request."),
                code="copy_missing",
                camera=span["camera"],
            )


def _true(copy: CopyShown, shown: datetime) -> datetime:
    return shown - timedelta(milliseconds=copy.clock_offset_ms)


async def signed(happening: Happening) -> Outcome | None:
    """Sign only for what was compared and is equal, every copy of it.

    Raises:
        WrongState: a copy was not compared yet, or differs.
    """
    copies = await copies_of_request(happening.record)
    for copy in copies:
        if copy.matches is None:
            raise WrongState(
                N_("Copy %(copy)s has not been compared yet."),
                do=N_("Download it, then compare its values on the page of the copy."),
                code="not_compared",
                copy=copy.number,
            )
        if not copy.matches:
            raise WrongState(
                N_("The values of copy %(copy)s differ: it cannot be signed for."),
                do=N_("Download it anew and compare again, or ask the holder to hand it over anew."),
                code="values_differ",
                copy=copy.number,
            )
    return Outcome(data={"copies": [copy.number for copy in copies]})


async def extended(happening: Happening) -> Outcome | None:
    """The share lasts until a later day."""
    until: date = happening.entries.until
    coming_day(until, "until")
    end = _end_of(until)
    await deadlines.extend(happening.record, "use", end, happening.actor, happening.entries.reason)
    await connection().execute(
        "UPDATE footage_share SET until = $2 WHERE record = $1 AND ended_at IS NULL", happening.record, end
    )
    return None


async def accounted(happening: Happening) -> Outcome | None:
    """The copies are accounted for; what lies with us is no longer shared."""
    await end_shares(happening.record, happening.actor)
    await end_preservation(happening.facts)
    return None


async def dispute(happening: Happening) -> Outcome | None:
    """No agreement on the answer: a dispute between the two is opened about this record (AS-3d by analogy)."""
    family, parties = family_of("dispute"), happening.facts.parties
    assert family is not None, "disputes are loaded with every family"
    opened = await begin(
        family,
        happening.actor,
        happening.entries,
        parties={Relation.APPLICANT: parties[REQUESTING], Relation.RESPONDENT: parties[HOLDER]},
        links_to=(("about", happening.record),),
    )
    return Outcome(data={"dispute": opened.id})


async def asked_again(happening: Happening) -> Outcome | None:
    """After the dispute the holder has to answer anew."""
    return Outcome(due=_answer_due(terms_of(happening.facts)))
