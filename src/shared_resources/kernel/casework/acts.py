"""The verbs of every family: open a record, take a step, act for safety. One transaction, one line each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import documents, fulltext, holds, journal, links, markings, records
from shared_resources.kernel.casework.facts import Facts
from shared_resources.kernel.casework.family import Family, Happening, Outcome
from shared_resources.kernel.casework.filing import file_form
from shared_resources.kernel.casework.reads import before_opening, facts_of
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.journal import Moved
from shared_resources.kernel.parties import Parties
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor, Permission, not_found, require
from shared_resources.kernel.visible import visible_record
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.asks import Asked
    from shared_resources.kernel.deadlines import Due
    from shared_resources.kernel.letters import LetterDraft
    from shared_resources.kernel.roles import Relation


@verb
async def open_case(
    actor: Actor,
    family: Family,
    entries: Asked,
    *,
    about: str | None = None,
    note: str | None = None,
    act_id: str | None = None,
) -> Moved:
    """Open a record of ``family`` with its opening form; ``about`` is the number of a record that it concerns.

    Raises:
        NotFound: records of this kind are opened by other acts only, or ``about`` is none of the actor's business.
        NotAllowed: the actor's role does not suffice.
        Invalid, Refusals: what the form says cannot be.
        Repeated: this ``act_id`` was used before.
    """
    if family.open is None or family.opens_as is None:
        raise not_found()
    require(actor, family.open, {family.opens_as})
    concerned = ((family.about_as, (await visible_record(actor, about)).id),) if about else ()
    return await begin(family, actor, entries, links_to=concerned, note=note, act_id=act_id)


@verb
async def take_step(
    actor: Actor,
    family: Family,
    number: str,
    step: str,
    entries: Asked | None = None,
    *,
    note: str | None = None,
    version: int | None = None,
    act_id: str | None = None,
) -> Moved:
    """Take one step of a record's procedure.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        WrongState: something else has to be done first, or a dispute is open.
        Invalid, Refusals: the form is missing, or what it says cannot be.
    """
    record = await connection().fetchval(
        "SELECT id FROM record WHERE number = $1 AND kind = $2", number, family.kind
    )
    if record is None or step not in {each.name for each in family.procedure.steps}:
        raise not_found()
    return await move(family, record, step, actor, entries, note=note, version=version, act_id=act_id)


@verb
async def safety_act(
    actor: Actor, family: Family, number: str, reason: str, *, act_id: str | None = None
) -> Moved:
    """Record an urgent act for public or personal safety on a record that a dispute holds (art. 11).

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: no dispute is open.
        Invalid: no reason given.
    """
    record = await connection().fetchval(
        "SELECT id FROM record WHERE number = $1 AND kind = $2", number, family.kind
    )
    if record is None:
        raise not_found()
    require(actor, Permission.SAFETY_ACT, (await journal.parties_of(record)).relations_of(actor))
    if await holds.held_by(record) is None:
        raise WrongState(
            N_("No dispute is open about this record."),
            do=N_("Take the step itself; nothing stands in its way."),
            code="not_held",
        )
    if not reason.strip():
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="note")
    markings.refuse_marked((reason,))
    procedure, permission = family.procedure, Permission.SAFETY_ACT
    return await journal.note_line(procedure, "safety_act", record, actor, permission, note=reason, act_id=act_id)


async def begin(
    family: Family,
    actor: Actor,
    entries: Asked,
    *,
    parties: Mapping[Relation, UUID | Sequence[UUID]] | None = None,
    title: str | None = None,
    links_to: Sequence[tuple[str, UUID]] = (),
    due: Mapping[str, Due] | None = None,
    note: str | None = None,
    act_id: str | None = None,
) -> Moved:
    """Within the running verb: open a record and let it point to others (kind of link, record).

    ``parties`` takes the place of what the form says, for records that another record's act opens.
    """
    procedure = family.procedure
    taking_part = parties if parties is not None else _parties(family, actor, entries)
    moved = await records.enter(procedure, actor, taking_part, title or family.title(entries))
    for kind, other in links_to:
        await links.link(moved.id, other, kind, actor.person)
    facts = await before_opening(moved, family.kind, actor.person)
    filed, digest = await file_form(moved.id, procedure.opening, entries, actor)
    happening = Happening(procedure.opening, actor, facts.with_filing(filed), entries, note, act_id)
    outcome = await _effect(family, happening)
    await journal.open_line(
        procedure,
        moved,
        actor,
        note=note,
        data={**outcome.data, "filing": digest},
        act_id=act_id,
        due={**outcome.due, **(due or {})},
    )
    await _issue(family, family.opening_document, procedure.opening, moved, actor)
    await fulltext.index(moved.id)
    return await _then(family, outcome, moved)


async def move(
    family: Family,
    record: UUID,
    step_name: str,
    actor: Actor,
    entries: Asked | None = None,
    *,
    note: str | None = None,
    due: Mapping[str, Due] | None = None,
    version: int | None = None,
    act_id: str | None = None,
) -> Moved:
    """Within the running verb: take a step of a record, with its form, guard, effect, line and letter."""
    procedure = family.procedure
    row = await journal.locked(record, procedure)
    await journal.refuse_repeated(act_id)
    step = journal.guard(procedure, step_name, row["state"], actor, await journal.parties_of(record))
    if step.form is not None and not isinstance(entries, step.form):
        raise Invalid(N_("The form of this act is missing."), do=N_("Fill it in."), code="form")
    facts = await facts_of(record)
    _refuse_blocked(family, facts, step_name, actor)
    markings.refuse_marked((note or "",), field="note")
    data: dict[str, Any] = {}
    if step.form is not None and entries is not None:
        filed, data["filing"] = await file_form(record, step_name, entries, actor)
        facts = facts.with_filing(filed)
    outcome = await _effect(family, Happening(step_name, actor, facts, entries, note, act_id))
    moved = await journal.act(
        procedure,
        step_name,
        record,
        actor,
        note=note,
        data={**outcome.data, **data},
        act_id=act_id,
        version=version,
        due={**outcome.due, **(due or {})},
    )
    await _issue(family, step.document, step_name, moved, actor)
    await fulltext.index(record)
    return await _then(family, outcome, moved)


def _parties(family: Family, actor: Actor, entries: Asked) -> Mapping[Relation, UUID | Sequence[UUID]]:
    """The opener's own part and those that the form names.

    Raises:
        Invalid: the agency would deal with itself.
    """
    assert family.opens_as is not None
    assert actor.agency is not None
    others = family.parties(entries, actor)
    if actor.agency in Parties.of(others).agencies:
        raise Invalid(N_("An agency does not turn to itself."), do=N_("Choose another agency."), code="own_agency")
    return {family.opens_as: actor.agency, **others}


def _refuse_blocked(family: Family, facts: Facts, step: str, actor: Actor) -> None:
    reason = family.blocks(facts, step, actor)
    if reason is not None and not actor.is_system:
        raise WrongState(reason.msgid, do=N_("Do that first, then come back."), code="not_yet", **reason.params)


async def _then(family: Family, outcome: Outcome, moved: Moved) -> Moved:
    """The step that follows of itself, if any."""
    if not outcome.then:
        return moved
    return await move(family, moved.id, outcome.then, SYSTEM_ACTOR, outcome.then_entries)


async def _effect(family: Family, happening: Happening) -> Outcome:
    effect = family.effects.get(happening.step)
    return (await effect(happening) if effect else None) or Outcome()


async def _issue(family: Family, kind: str, step: str, moved: Moved, actor: Actor) -> None:
    """Issue the letter of a step; its number and hash get a line of their own in the journal."""
    if not kind:
        return
    assert actor.agency is not None
    draft = family.letters[kind](await facts_of(moved.id), step, actor)
    await issue_letter(family, draft, moved, step, actor)


async def issue_letter(
    family: Family, draft: LetterDraft, moved: Moved, step: str, actor: Actor
) -> documents.Issued:
    """Within the running verb: issue a letter on a record, with its number and hash in a journal line."""
    assert actor.agency is not None
    issued = await documents.issue(draft, record=moved.id, step=step, issuer=actor.agency, actor=actor)
    data = {"document": issued.id, "number": issued.number, "sha256": issued.sha256.hex()}
    standing = replace(moved, before=moved.state)  # the act itself has its line already: this one moves nothing
    basis = next((each.basis for each in family.procedure.steps if each.name == step), None)
    await journal.write(
        family.procedure, None, standing, actor, None, data, None, name="issue_letter", basis=basis
    )
    return issued


async def issue_also(family: Family, draft: LetterDraft, happening: Happening) -> documents.Issued:
    """Within an effect: issue a letter besides the one that the step names (inventory, proof of service)."""
    facts = happening.facts
    standing = Moved(facts.id, facts.number, facts.title, facts.state, facts.state, facts.version, facts.parties)
    return await issue_letter(family, draft, standing, happening.step, happening.actor)
