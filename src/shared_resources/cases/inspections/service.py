"""Keeping the register; what inspection plans do to each other: found at once, joined, kept apart with reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg

from shared_resources.cases.inspections.queries import overlapping, party_named, window_of
from shared_resources.cases.inspections.rules import INVITED, PLANNING, window_title
from shared_resources.cases.inspections.schemas import HeardReason, OtherPlan, OverlapFound, PartyDraft
from shared_resources.kernel import clock, journal, links, markings, notices
from shared_resources.kernel.casework import acts
from shared_resources.kernel.casework.entered import past_day
from shared_resources.kernel.casework.family import Family, Outcome, family_of
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import (
    LEADING,
    PAPERS,
    SYSTEM_ACTOR,
    Permission,
    Relation,
    not_found,
    require,
)
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared_resources.kernel.casework.family import Happening
    from shared_resources.kernel.permissions import Actor

for constraint, field in (("regulated_party_code", "code"), ("regulated_party_id_number", "id_number")):
    speaks_for(
        constraint,
        N_("A party with this number is in the register already."),
        do=N_("Search for the number and use that entry."),
        code="party_known",
        field=field,
    )


@verb
async def add_party(actor: Actor, draft: PartyDraft, *, act_id: str | None = None) -> str:
    """Take a party into the register; returns its number.

    Raises:
        NotAllowed, NotFound: see ``permissions.require``.
        Taken: its code or identity number is known already.
        Invalid: a text bears a secrecy marking.
    """
    require(actor, Permission.PARTY_EDIT, {Relation.THIRD})
    markings.refuse_marked((draft.name, draft.address or ""), field="name")
    serial = await connection().fetchval("SELECT nextval('regulated_party_serial')")
    number, now = f"RP{clock.today().year}-{serial:05d}", clock.now()
    await connection().execute(
        "INSERT INTO regulated_party (id, number, kind, name, code, id_number, address, subfields, version,"
        " kept_by, made_by, made_at, changed_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,0,$9,$10,$11,$11)",
        new_id(),
        number,
        *_columns(draft),
        actor.agency,
        actor.person,
        now,
    )
    return number


@verb
async def edit_party(actor: Actor, number: str, draft: PartyDraft, version: int | None = None) -> None:
    """Change an entry; an identity number that is left empty stays as it is.

    Raises:
        NotAllowed, NotFound: see ``permissions.require``.
        WrongState: somebody changed it meanwhile.
        Taken: its code or identity number is another entry's.
    """
    require(actor, Permission.PARTY_EDIT, {Relation.THIRD})
    markings.refuse_marked((draft.name, draft.address or ""), field="name")
    known = await connection().fetchval(
        "SELECT version FROM regulated_party WHERE number = $1 FOR NO KEY UPDATE", number
    )
    if known is None:
        raise not_found()
    if version is not None and version != known:
        raise journal.stale()
    await connection().execute(
        "UPDATE regulated_party SET kind = $2, name = $3, code = $4, id_number = coalesce($5, id_number),"
        " address = $6, subfields = $7, version = version + 1, changed_at = $8 WHERE number = $1",
        number,
        *_columns(draft),
        clock.now(),
    )


def _columns(draft: PartyDraft) -> tuple[Any, ...]:
    subfields = [subfield.value for subfield in draft.subfields]
    return draft.kind.value, draft.name, draft.code, draft.id_number, draft.address, subfields


async def plan_window(happening: Happening) -> Outcome:
    """Take the window; what overlaps learns of it at once, on both sides.

    The party's row is locked first: of two agencies that plan at the same moment, the second sees the first.
    """
    entries, agency = happening.entries, happening.facts.parties[PLANNING]
    party = await party_named(entries.party)
    if party is None:
        raise Invalid(
            N_("No party with this number or code is in the register."),
            do=N_("Take it into the register first."),
            code="unknown_party",
            field="party",
        )
    await connection().execute("SELECT FROM regulated_party WHERE id = $1 FOR NO KEY UPDATE", party.id)
    await connection().execute(
        "INSERT INTO inspection_window (id, plan, party, agency, days) VALUES ($1, $2, $3, $4, $5)",
        new_id(),
        happening.record,
        party.id,
        agency,
        asyncpg.Range(entries.first, entries.last, upper_inc=True),
    )
    title = window_title(party.name, entries.first, entries.last)
    await connection().execute("UPDATE record SET title = $2 WHERE id = $1", happening.record, title)
    others = await overlapping(party.id, entries.first, entries.last, agency)
    own = OtherPlan(agency=agency, first=entries.first, last=entries.last)
    for other in others:
        await links.link(happening.record, other["plan"], "about", None)
        if other["state"] in ("planned", "overlap", "justified"):
            found = OverlapFound(others=(own,))
            await acts.move(_family(), other["plan"], "find_overlap", SYSTEM_ACTOR, found)
    data = {"party": party.number, "overlaps": len(others)}
    if not others:
        return Outcome(data=data)
    return Outcome(data=data, then="find_overlap", then_entries=OverlapFound(others=_plans(others)))


async def propose_join(happening: Happening) -> Outcome:
    """Invite the other agency onto this plan and tell it."""
    entries, facts = happening.entries, happening.facts
    others = await _others(happening)
    if entries.agency not in {other["agency"] for other in others}:
        raise Invalid(
            N_("This agency plans no inspection of this party in these days."),
            do=N_("Choose one that the overlap was found with."),
            code="no_overlap",
            field="agency",
        )
    invited = facts.parties.all(INVITED)
    if invited and entries.agency not in invited:
        raise WrongState(
            N_("A joint inspection was proposed to another agency before."),
            do=N_("Give the reason for separate inspections, or withdraw this plan."),
            code="invited",
        )
    await journal.join(happening.record, INVITED, entries.agency)
    await notices.tell(
        [entries.agency],
        PAPERS | LEADING,
        N_("A joint inspection is proposed to you: %(number)s, %(title)s."),
        {"number": facts.number, "title": facts.title},
        record=facts.id,
        link=f"/inspections/{facts.number}",
        key=f"join:{facts.id}:{facts.version}",
    )
    return Outcome(data={"agency": entries.agency})


async def accept_join(happening: Happening) -> Outcome:
    """The invited agency's own overlapping plans become part of this one, whose window is now the joint one."""
    invited, merged = happening.actor.agency, []
    for other in await _others(happening):
        if other["agency"] == invited and other["state"] != "merged":
            await links.link(other["plan"], happening.record, "part_of", happening.actor.person)
            await acts.move(_family(), other["plan"], "absorb", SYSTEM_ACTOR)
            await _clear(other["plan"])
            merged.append(other["number"])
    await _move_window(happening)
    return Outcome(data={"merged": merged})


async def _move_window(happening: Happening) -> None:
    """The joint window takes the place of the planned one; plans that it meets anew learn of it."""
    proposal, window = happening.facts.last("propose_join"), await window_of(happening.record)
    own = OtherPlan.model_validate(
        {"agency": window["agency"], "first": proposal["first"], "last": proposal["last"]}
    )
    await connection().execute(
        "UPDATE inspection_window SET days = $2 WHERE plan = $1",
        happening.record,
        asyncpg.Range(own.first, own.last, upper_inc=True),
    )
    for other in await overlapping(window["party"], own.first, own.last, own.agency):
        if other["state"] == "planned" and other["agency"] != happening.actor.agency:
            found = OverlapFound(others=(own,))
            await acts.move(_family(), other["plan"], "find_overlap", SYSTEM_ACTOR, found)


async def separate(happening: Happening) -> Outcome:
    """The reason goes to every agency that the plan overlaps with, onto its own plan."""
    agency = happening.facts.parties[PLANNING]
    heard = HeardReason(agency=agency, reason=happening.entries.reason)
    others = await _others(happening)
    for other in others:
        await acts.move(_family(), other["plan"], "hear_reason", SYSTEM_ACTOR, heard)
    return Outcome(data={"told": [other["number"] for other in others]})


async def inspected(happening: Happening) -> Outcome:
    """An inspection that has taken place stands in nobody's way any longer."""
    past_day(happening.entries.done_on, "done_on")
    return await leave(happening)


async def leave(happening: Happening) -> Outcome:
    """A plan that is done or withdrawn stands in nobody's way any longer."""
    await _clear(happening.record)
    return Outcome()


async def _clear(leaving: UUID) -> None:
    """Plans that overlapped with ``leaving`` and nothing else are planned as before."""
    window = await window_of(leaving)
    for other in await overlapping(window["party"], window["first"], window["last"], window["agency"]):
        if other["state"] == "overlap" and not await _left(other, leaving, window["party"]):
            await acts.move(_family(), other["plan"], "overlap_gone", SYSTEM_ACTOR)


async def _left(plan: Any, leaving: UUID, party: UUID) -> bool:
    rows = await overlapping(party, plan["first"], plan["last"], plan["agency"])
    return any(row["plan"] != leaving for row in rows)


async def _others(happening: Happening) -> Sequence[Any]:
    """Open plans of others that share a day with this one; the party's row is locked until the verb ends."""
    window = await window_of(happening.record)
    await connection().execute("SELECT FROM regulated_party WHERE id = $1 FOR NO KEY UPDATE", window["party"])
    return await overlapping(window["party"], window["first"], window["last"], window["agency"])


def _plans(rows: Sequence[Any]) -> tuple[OtherPlan, ...]:
    return tuple(OtherPlan(agency=row["agency"], first=row["first"], last=row["last"]) for row in rows)


def _family() -> Family:
    family = family_of("inspection")
    assert family is not None
    return family
