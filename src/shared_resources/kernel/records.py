"""Opening records, finding them again, and what a reader owes and is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock, journal
from shared_resources.kernel.database.transaction import connection, reading
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.journal import Moved
from shared_resources.kernel.parties import Parties
from shared_resources.kernel.permissions import Actor, Permission, Relation, not_found, require

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shared_resources.kernel.deadlines import Due
    from shared_resources.kernel.procedure import Procedure


async def enter(
    procedure: Procedure, actor: Actor, parties: Mapping[Relation, UUID | Sequence[UUID]], title: str
) -> Moved:
    """Enter a record within the running verb: its number and its parties. Its first journal line must follow.

    The number is ``<prefix><year>-<serial>``; serials rise but may have gaps (letters, which may not, are
    numbered elsewhere).
    """
    at, taking_part = clock.now(), Parties.of(parties)
    serial = await connection().fetchval("SELECT nextval('record_serial')")
    record, number = new_id(), f"{procedure.prefix}{clock.local_date(at).year}-{serial:05d}"
    await connection().execute(
        "INSERT INTO record (id, number, kind, state, version, title, opened_by, opened_at, changed_at)"
        " VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $7)",
        record,
        number,
        procedure.kind,
        procedure.initial,
        title,
        actor.person,
        at,
    )
    await connection().executemany(
        "INSERT INTO party (id, record, agency, part) VALUES ($1, $2, $3, $4)",
        [(new_id(), record, agency, part) for part, agency in taking_part.pairs],
    )
    return Moved(record, number, title, None, procedure.initial, 0, taking_part)


async def open_record(
    procedure: Procedure,
    actor: Actor,
    parties: Mapping[Relation, UUID | Sequence[UUID]],
    title: str,
    *,
    note: str | None = None,
    data: Mapping[str, Any] | None = None,
    act_id: str | None = None,
    due: Mapping[str, Due] | None = None,
) -> Moved:
    """Open a record within the running verb: its number, its parties, its first journal line."""
    moved = await enter(procedure, actor, parties, title)
    await journal.open_line(procedure, moved, actor, note=note, data=data, act_id=act_id, due=due)
    return moved


async def find(number: str, procedure: Procedure, actor: Actor, permission: Permission) -> Moved:
    """The record behind a number in a URL, if this actor may see it.

    Raises:
        NotFound: unknown number, another kind, or none of the actor's business: no difference is visible.
        NotAllowed: the actor's agency is on the record, the actor's role does not suffice.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT id, number, title, state, version FROM record WHERE number = $1 AND kind = $2",
            number,
            procedure.kind,
        )
        if row is None:
            raise not_found()
        parties = await journal.parties_of(row["id"])
    require(actor, permission, journal.relations_of(procedure, actor, parties))
    return Moved(row["id"], row["number"], row["title"], row["state"], row["state"], row["version"], parties)
