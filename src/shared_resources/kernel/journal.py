"""The one pathway for change: ``act`` moves a record's state and writes the line that proves it.

Guarded update, journal line, deadlines and notices belong to one transaction, the verb's. Nothing else in the
house writes a state.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, deadlines, holds, ledger, notices
from shared_resources.kernel.database.refusals import speaks_for
from shared_resources.kernel.database.transaction import connection, reading
from shared_resources.kernel.errors import Invalid, Repeated, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.parties import Parties
from shared_resources.kernel.permissions import Actor, Relation, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    import asyncpg

    from shared_resources.kernel.deadlines import Due
    from shared_resources.kernel.permissions import Permission
    from shared_resources.kernel.procedure import Procedure, Step

ONCE = N_("This was already done; nothing was done twice.")
speaks_for(
    "journal_line_act_once",
    ONCE,
    kind=Repeated,
    code="repeated",
)


@dataclass(frozen=True)
class Moved:
    """A record as an act left it."""

    id: UUID
    number: str
    title: str
    before: str | None
    state: str
    version: int
    parties: Parties


async def act(
    procedure: Procedure,
    step_name: str,
    record: UUID,
    actor: Actor,
    *,
    note: str | None = None,
    data: Mapping[str, Any] | None = None,
    act_id: str | None = None,
    version: int | None = None,
    due: Mapping[str, Due] | None = None,
) -> Moved:
    """Take one step of ``procedure`` on ``record`` within the running verb.

    Args:
        note: free text of the actor; kept erasable, only its hash is chained.
        data: facts of the act for the journal; identifiers and figures, no personal data.
        act_id: the client's id of this act; a second use raises ``Repeated``.
        version: the version the actor saw; a newer one refuses the act.
        due: by term name, the instant of a term without a rule, another rule than the procedure's, or another
            day to count from.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: the record has moved on.
        Invalid: the step needs a reason and none was given.
        Repeated: this ``act_id`` was used before.
    """
    row = await locked(record, procedure)
    parties = await parties_of(record)
    step = guard(procedure, step_name, row["state"], actor, parties)
    if step.competes and not actor.is_system:
        await holds.refuse_held(record)
    if step.needs_note and not (note and note.strip()):
        raise Invalid(N_("A reason is needed here."), do=N_("Write one sentence."), code="note", field="note")
    if version is not None and version != row["version"]:
        raise stale()
    target = step.target or row["state"]
    updated = await connection().fetchval(
        "UPDATE record SET state = $2, version = version + 1, changed_at = $3 WHERE id = $1 AND state = $4"
        " RETURNING version",
        record,
        target,
        clock.now(),
        row["state"],
    )
    moved = Moved(record, row["number"], row["title"], row["state"], target, updated, parties)
    await write(procedure, step, moved, actor, note, data or {}, act_id)
    await deadlines.follow(procedure, step_name, moved.id, parties, actor, due or {})
    await notices.announce(procedure, step, moved, actor, data or {})
    return moved


async def open_line(
    procedure: Procedure,
    moved: Moved,
    actor: Actor,
    *,
    note: str | None = None,
    data: Mapping[str, Any] | None = None,
    act_id: str | None = None,
    due: Mapping[str, Due] | None = None,
) -> None:
    """Write the first line of a record that ``records.open_record`` has just made."""
    await write(procedure, None, moved, actor, note, data or {}, act_id)
    await deadlines.follow(procedure, procedure.opening, moved.id, moved.parties, actor, due or {})


async def note_line(
    procedure: Procedure,
    name: str,
    record: UUID,
    actor: Actor,
    permission: Permission,
    *,
    note: str | None = None,
    data: Mapping[str, Any] | None = None,
    act_id: str | None = None,
) -> Moved:
    """Journal an act that leaves the state as it is (a certificate added, a label printed).

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        Repeated: this ``act_id`` was used before.
    """
    moved = await standing(procedure, record)
    require(actor, permission, relations_of(procedure, actor, moved.parties))
    await write(procedure, None, moved, actor, note, data or {}, act_id, name=name)
    return moved


async def standing(procedure: Procedure, record: UUID) -> Moved:
    """A record as it stands, locked until the verb ends: what a line that moves nothing is written for.

    Raises:
        NotFound: there is no such record of this kind.
    """
    row = await locked(record, procedure)
    parties = await parties_of(record)
    return Moved(record, row["number"], row["title"], row["state"], row["state"], row["version"], parties)


def guard(procedure: Procedure, step_name: str, state: str, actor: Actor, parties: Parties) -> Step:
    """The step that ``actor`` may take from ``state``; permission is asked before the state is told."""
    permission = procedure.permission_of(step_name)
    if permission is not None:
        require(actor, permission, relations_of(procedure, actor, parties))
    elif not actor.is_system:
        raise not_found()
    return procedure.step(step_name, state)


def relations_of(procedure: Procedure, actor: Actor, parties: Parties) -> frozenset[Relation]:
    """What ``actor`` is on a record with these parties; standing offices see what the procedure lets them see."""
    return parties.relations_of(actor, procedure.offices)


async def locked(record: UUID, procedure: Procedure) -> asyncpg.Record:
    """The record's row, locked until the verb ends; unknown ids and foreign kinds look alike.

    Raises:
        NotFound: there is no such record of this kind.
    """
    row = await connection().fetchrow(
        "SELECT number, title, state, version FROM record WHERE id = $1 AND kind = $2 FOR NO KEY UPDATE",
        record,
        procedure.kind,
    )
    if row is None:
        raise not_found()
    return row


async def parties_of(record: UUID) -> Parties:
    """The agencies on a record, by the part they play."""
    async with reading() as db:
        rows = await db.fetch("SELECT part, agency FROM party WHERE record = $1 ORDER BY id", record)
    return Parties((Relation(row["part"]), row["agency"]) for row in rows)


async def join(record: UUID, part: Relation, agency: UUID) -> None:
    """Let one more agency take part in a record within the running verb; one that does already stays as it is."""
    await connection().execute(
        "INSERT INTO party (id, record, agency, part) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (record, part, agency) DO NOTHING",
        new_id(),
        record,
        agency,
        part,
    )


async def refuse_repeated(act_id: str | None) -> None:
    """Refuse an act that was done before, even where the record has moved on since: a second press of one button.

    Raises:
        Repeated: this ``act_id`` was used before.
    """
    if act_id and await connection().fetchval("SELECT true FROM journal_line WHERE act = $1", act_id):
        raise Repeated(ONCE, code="repeated")


def stale() -> WrongState:
    """The refusal for an act on a version that is no longer the newest."""
    return WrongState(
        N_("Somebody changed this while you were looking at it."),
        do=N_("Reload the page, then try again."),
        code="stale",
    )


async def write(
    procedure: Procedure,
    step: Step | None,
    moved: Moved,
    actor: Actor,
    note: str | None,
    data: Mapping[str, Any],
    act_id: str | None,
    *,
    name: str | None = None,
    basis: str | None = None,
) -> None:
    """Append the journal line of one act; ``basis`` is the clause where the act has no step of its own."""
    act_name = name or (step.name if step else procedure.opening)
    act_key = act_id or str(new_id())
    at = clock.now()
    body = {
        "act": act_key,
        "step": act_name,
        "kind": procedure.kind,
        "number": moved.number,
        "before": moved.before,
        "after": moved.state,
        "actor": actor.person or "system",
        "agency": actor.agency,
        "at": at,
        "basis": basis or (step.basis if step else procedure.basis),
        "data": data,
    }
    columns = {"act": act_key, "step": act_name, "actor": actor.person, "agency": actor.agency, "at": at}
    await ledger.append("journal_line", moved.id, body, columns, note)
    await spread(procedure, moved)


async def spread(procedure: Procedure, moved: Moved) -> None:
    """Let open pages of the agencies concerned know, after the commit, that this record changed; not how."""
    word = {
        "number": moved.number,
        "kind": procedure.kind,
        "agencies": [str(one) for one in moved.parties.agencies],
    }
    await connection().execute("SELECT pg_notify('records', $1)", json.dumps(word))
