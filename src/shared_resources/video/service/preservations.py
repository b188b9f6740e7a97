"""Preserving first: the notice goes out with the submission, before anybody has approved anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, notices
from shared_resources.kernel.casework.acts import begin, move
from shared_resources.kernel.casework.entered import coming_day
from shared_resources.kernel.casework.family import Outcome, family_of
from shared_resources.kernel.casework.reads import facts_of
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.identity.queries import duty_officers
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Relation
from shared_resources.kernel.roles import FILMS
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import SAME_DAY
from shared_resources.video.rules.request import holder_of, terms_of
from shared_resources.video.rules.sources import overwritten_on
from shared_resources.video.schemas.preservations import PreservationAsked, PreservedSpan
from shared_resources.video.service.holds import hold_spans, release_holds

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from shared_resources.kernel.casework.facts import Facts, Linked
    from shared_resources.kernel.casework.family import Happening
    from shared_resources.kernel.deadlines import Due

STANDING = ("asked", "preserved", "impossible")


async def ask_to_preserve(happening: Happening) -> None:
    """Open the preservation notice for a request that was just submitted.

    One that stands stays if it is about the same; else a new one takes its place: the request was sent back and
    amended.
    """
    facts = happening.facts
    asked, holder, family = terms_of(facts), holder_of(facts), family_of("preservation")
    assert family is not None, "families of footage are loaded together"
    spans = [await _span(span, holder) for span in asked["spans"]]
    before = await _asked_before(facts)
    if before is not None and [_what(span) for span in before] == [_what(span) for span in spans]:
        return
    await end_preservation(facts)
    entries = PreservationAsked(spans=tuple(spans), urgent=bool(asked.get("urgent")))
    first = min((span.overwritten_on for span in spans if span.overwritten_on), default=None)
    hurry = entries.urgent or (first is not None and (first - clock.today()).days <= 1)
    due: dict[str, Due] = {"confirm": SAME_DAY} if hurry else {}
    opened = await begin(
        family,
        happening.actor,
        entries,
        parties={Relation.REQUESTING: facts.parties[Relation.REQUESTING], Relation.HOLDER: holder},
        title="、".join(span.camera for span in spans)[:120],
        links_to=(("part_of", happening.record),),
        due=due,
    )
    await _tell(opened.id, opened.number, holder, hurry=hurry)


async def confirmed(happening: Happening) -> Outcome | None:
    """The holder has preserved it: what is kept here of it is held as well."""
    coming_day(happening.entries.until, "until")
    facts = happening.facts
    await release_holds(happening.record)
    held = await hold_spans(
        facts.last("ask")["spans"], facts.parties[Relation.HOLDER], happening.record, happening.actor
    )
    return Outcome(data={"held": held})


async def ended(happening: Happening) -> Outcome | None:
    """Nothing need be preserved any longer."""
    await release_holds(happening.record)
    return None


async def end_preservation(facts: Facts) -> None:
    """Within the running verb: end the preservation that belongs to a request which has ended."""
    family = family_of("preservation")
    assert family is not None
    for link in _standing(facts):
        await move(family, link.record, "end", SYSTEM_ACTOR)


def _standing(facts: Facts) -> list[Linked]:
    return [link for link in facts.linked("preservation") if link.state in STANDING]


async def _asked_before(facts: Facts) -> list[PreservedSpan] | None:
    """What the notice that stands asks to be preserved; None where none stands."""
    standing = _standing(facts)
    if not standing:
        return None
    told = (await facts_of(standing[-1].record)).last("ask")["spans"]
    return [PreservedSpan.model_validate(span) for span in told]


def _what(span: PreservedSpan) -> dict[str, Any]:
    return span.model_dump(exclude={"overwritten_on"})


async def _span(span: dict[str, Any], holder: UUID) -> PreservedSpan:
    """A span of the request with the day on which its source overwrites it.

    Raises:
        Invalid: the source is not the holder's.
    """
    if not span.get("source"):
        return PreservedSpan.model_validate(span)
    row = await connection().fetchrow(
        "SELECT s.store_days FROM footage_source s JOIN record r ON r.id = s.id"
        " WHERE r.number = $1 AND s.holder = $2",
        span["source"],
        holder,
    )
    if row is None:
        raise Invalid(
            N_("%(source)s is not a source of this holder."),
            do=N_("Amend the request: take the number from the register, or leave it empty."),
            code="unknown_source",
            source=span["source"],
        )
    found = PreservedSpan.model_validate(span)
    day: date | None = overwritten_on(clock.local_date(found.begins), row["store_days"])
    return found.model_copy(update={"overwritten_on": day})


async def _tell(record: UUID, number: str, holder: UUID, *, hurry: bool) -> None:
    """Tell those who keep footage at the holder; what is urgent rings at the duty desk, at any hour."""
    sentence = (
        N_("Urgent: footage is to be preserved today, %(number)s.")
        if hurry
        else N_("Footage is to be preserved: %(number)s. Confirm it, or state why not.")
    )
    params, link, key = {"number": number}, f"/preservations/{number}", f"{record}:ask"
    await notices.tell([holder], FILMS, sentence, params, record=record, link=link, key=key)
    if hurry:
        people = await duty_officers(holder)
        await notices.tell_people(people, sentence, params, record=record, link=link, key=f"{key}:duty")
