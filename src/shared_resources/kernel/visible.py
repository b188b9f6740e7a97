"""Any record by its number, for what all kinds have in common: papers, links, search. Who may see it, sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared_resources.kernel.casework.family import family_of
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.errors import NotAllowed, NotFound
from shared_resources.kernel.journal import parties_of, relations_of
from shared_resources.kernel.permissions import MATRIX, Permission, may, not_found, require
from shared_resources.kernel.procedure import known_procedures, procedure_of

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.parties import Parties
    from shared_resources.kernel.permissions import Actor, Reason, Relation
    from shared_resources.kernel.procedure import Procedure

_seen_with: dict[str, Permission] = {"loan": Permission.LOAN_SEE}
"""Kinds without a family that carry papers and links, and the permission to look at them."""


@dataclass(frozen=True)
class Seen:
    """A record that the actor may see, and what the actor is on it."""

    id: UUID
    number: str
    title: str
    state: str
    procedure: Procedure
    see: Permission
    parties: Parties
    relations: frozenset[Relation]

    @property
    def path(self) -> str:
        """The address of its page."""
        return self.procedure.path % {"number": self.number}

    def may(self, actor: Actor, permission: Permission) -> bool | Reason:
        """Whether ``actor`` may do this here, or why not."""
        return may(actor, permission, self.relations)


def see_permission(kind: str) -> Permission | None:
    """The permission to look at records of ``kind``; None for kinds that carry no papers."""
    family = family_of(kind)
    return family.see if family else _seen_with.get(kind)


def kinds_in_scope(actor: Actor) -> list[str] | None:
    """Kinds of record that the reader may look at at all; None where that is every kind.

    A program sees what it was granted; people see what their agency does, but for kinds that their roles keep from
    them whatever the part of their agency (analysts do not learn whose samples they test).
    """
    known = known_procedures()
    if actor.scopes is not None:
        return [each.kind for each in known if see_permission(each.kind) in actor.scopes]
    seen = [each.kind for each in known if not _is_kept_from(actor, see_permission(each.kind))]
    return None if len(seen) == len(known) else seen


def _is_kept_from(actor: Actor, see: Permission | None) -> bool:
    """Whether no part that an agency could play lets the actor see records that need this permission."""
    return see is not None and not any(may(actor, see, {part}) is True for part in MATRIX[see])


async def typed_record(actor: Actor, number: str) -> Seen | None:
    """The record whose number somebody typed; None where it is unknown or foreign to them (no difference)."""
    try:
        return await visible_record(actor, number.strip())
    except (NotFound, NotAllowed):
        return None


async def visible_record(actor: Actor, number: str) -> Seen:
    """The record with this number, whatever its kind.

    Raises:
        NotFound: unknown, of a kind that carries no papers, or none of the actor's business: no difference.
        NotAllowed: the actor's agency is on the record, the actor's role does not suffice.
    """
    async with reading() as db:
        row = await db.fetchrow("SELECT id, number, title, state, kind FROM record WHERE number = $1", number)
    see = see_permission(row["kind"]) if row else None
    if row is None or see is None:
        raise not_found()
    procedure, parties = procedure_of(row["kind"]), await parties_of(row["id"])
    relations = relations_of(procedure, actor, parties)
    require(actor, see, relations)
    return Seen(row["id"], row["number"], row["title"], row["state"], procedure, see, parties, relations)
