"""Which recordings and copies an actor may know of: preserved is not released, shared is until its end.

The holder's people; agencies with which a recording from shared use is shared; the officers named in a request,
for the copies handed over to them; standing offices, whose looks are journalled like everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Actor, Permission, Relation, may, not_found, require
from shared_resources.video.queries.readers import permits_of, permits_of_actor
from shared_resources.video.rules.footage import FOOTAGE

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Reason

RECORDING = "SELECT f.id, r.number, r.title, r.state, f.holder FROM footage f JOIN record r ON r.id = f.id"
LIVE = "ended_at IS NULL AND since <= $3 AND (until IS NULL OR until > $3)"
"""A share that stands at the instant $3."""


@dataclass(frozen=True)
class SeenFootage:
    """A recording, and what the actor is to it."""

    id: UUID
    number: str
    title: str
    state: str
    holder: UUID
    relations: frozenset[Relation]

    def may(self, actor: Actor, permission: Permission) -> bool | Reason:
        """Whether ``actor`` may do this to it, or why not."""
        return may(actor, permission, self.relations)


@dataclass(frozen=True)
class SeenCopy:
    """A copy that the actor may open; ``request`` is the number it was made for."""

    id: UUID
    number: str
    kind: str
    state: str
    request: str | None
    footage: SeenFootage


async def visible_footage(
    actor: Actor, number: str, permission: Permission = Permission.FOOTAGE_SEE
) -> SeenFootage:
    """The recording with this number.

    Raises:
        NotFound: unknown, or none of the actor's business: no difference is visible.
        NotAllowed: the actor's role does not suffice.
    """
    async with reading() as db:
        row = await db.fetchrow(f"{RECORDING} WHERE r.number = $1", number)
    if row is None:
        raise not_found()
    seen = SeenFootage(**dict(row), relations=await _relations(actor, row["id"], row["holder"]))
    require(actor, permission, seen.relations)
    return seen


async def visible_copy(actor: Actor, number: str) -> SeenCopy:
    """The copy with this number, if the actor may open it.

    Raises:
        NotFound: unknown, withdrawn, not ready for this reader, or none of the actor's business.
        NotAllowed: the actor's role does not suffice.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT c.id, c.number, c.kind, c.state, c.request, q.number AS request_number, c.approved_at,"
            " c.footage FROM footage_copy c LEFT JOIN record q ON q.id = c.request WHERE c.number = $1",
            number,
        )
        found = row and await db.fetchrow(f"{RECORDING} WHERE f.id = $1", row["footage"])
    if row is None or found is None or row["state"] == "withdrawn":
        raise not_found()
    relations = await _relations(actor, found["id"], found["holder"])
    footage = SeenFootage(**dict(found), relations=relations)
    copy = SeenCopy(row["id"], row["number"], row["kind"], row["state"], row["request_number"], footage)
    if relations - {Relation.CO_USER, Relation.THIRD}:
        require(actor, Permission.FOOTAGE_VIEW, relations)
        return copy
    handed_on = row["state"] == "ready" and (row["kind"] != "masked" or row["approved_at"])
    if not handed_on or row["request"] is None or not await _is_reader(actor, found["id"], row["request"]):
        raise not_found()
    return copy


async def _relations(actor: Actor, footage: UUID, holder: UUID) -> frozenset[Relation]:
    """What the actor's agency is to a recording; a share from shared use makes a co-user while it stands."""
    if actor.agency is None:
        return frozenset({Relation.THIRD})
    held = {Relation.HOLDER} if actor.agency == holder else set()
    if actor.office is not None and actor.office in FOOTAGE.offices:
        held.add(actor.office)
    async with reading() as db:
        shared = await db.fetchval(
            f"SELECT true FROM footage_share WHERE footage = $1 AND agency = $2 AND {LIVE}"
            " AND ground = 'shared_use' LIMIT 1",
            footage,
            actor.agency,
            clock.now(),
        )
    if shared:
        held.add(Relation.CO_USER)
    return frozenset(held or {Relation.THIRD})


async def _is_reader(actor: Actor, footage: UUID, request: UUID) -> bool:
    """Whether the actor is an officer named in a request whose copies are shared at this moment."""
    async with reading() as db:
        shared = await db.fetchval(
            f"SELECT true FROM footage_share WHERE footage = $1 AND agency = $2 AND {LIVE}"
            " AND ground = 'request' AND record = $4 LIMIT 1",
            footage,
            actor.agency,
            clock.now(),
            request,
        )
    return bool(shared) and not (await permits_of_actor(actor)).isdisjoint(await permits_of(request))
