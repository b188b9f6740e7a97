"""Which administrator answers for which person.

An agency's administrator answers for the people of the agency. Whoever serves two agencies has keys to both, so
their keys are in the hands of the system administrator alone: otherwise one agency could enter another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import NotAllowed
from shared_resources.kernel.permissions import Actor, Permission, Relation, Role, not_found, require
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Standing:
    """A person as an administrator meets them; ``agencies`` served now or later, else those of the past."""

    id: UUID
    username: str
    name: str
    password_hash: str | None
    is_active: bool
    is_system_admin: bool
    agencies: frozenset[UUID]


async def standing_of(person: UUID) -> Standing:
    """Within the running verb: the person, locked until it ends.

    Raises:
        NotFound: there is none.
    """
    row = await connection().fetchrow(
        "SELECT id, username, name, password_hash, is_active, is_system_admin FROM person WHERE id = $1"
        " FOR NO KEY UPDATE",
        person,
    )
    if row is None:
        raise not_found()
    return Standing(**row, agencies=await _agencies_of(person, clock.today()))


async def _agencies_of(person: UUID, day: date) -> frozenset[UUID]:
    rows = await connection().fetch(
        "SELECT agency, valid_to IS NULL OR valid_to >= $2 AS lasting FROM appointment WHERE person = $1",
        person,
        day,
    )
    lasting = frozenset(row["agency"] for row in rows if row["lasting"])
    return lasting or frozenset(row["agency"] for row in rows)


def relations_to(actor: Actor, standing: Standing) -> frozenset[Relation]:
    """What the actor is to the person: themselves, their agency, or neither."""
    found = {Relation.SELF} if actor.person == standing.id else set()
    if actor.agency is not None and actor.agency in standing.agencies:
        found.add(Relation.OWNER)
    return frozenset(found or {Relation.THIRD})


async def require_over(actor: Actor, person: UUID, permission: Permission = Permission.PERSON_EDIT) -> Standing:
    """Within the running verb: let ``actor`` touch the person's keys, or refuse. Never their own: that takes a
    password.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``; also for oneself and for people of several agencies.
    """
    standing = await standing_of(person)
    relations = relations_to(actor, standing)
    if Relation.SELF in relations:
        raise NotAllowed(
            N_("Nobody administers their own account."),
            do=N_("Use the page of your own account, or ask another administrator."),
            code="own_account",
        )
    require(actor, permission, relations)
    is_system = Role.SYSTEM_ADMIN in actor.roles
    if standing.is_system_admin and not is_system:
        raise not_found()
    if standing.agencies - {actor.agency} and not is_system:
        raise NotAllowed(
            N_("%(name)s serves another agency as well."),
            do=N_("End the appointment in your agency, or ask the system administrator."),
            code="serves_several",
            name=standing.name,
        )
    return standing
