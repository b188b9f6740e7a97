"""Who administers the whole house; for system administrators only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Permission, Relation, Role, require
from shared_resources.kernel.schemas.people import PersonLine

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor


async def administrators(actor: Actor) -> list[PersonLine]:
    """Every system administrator, those at rest included.

    Raises:
        NotAllowed: not one of them.
    """
    require(actor, Permission.AGENCY_CREATE, {Relation.THIRD})
    async with reading() as db:
        rows = await db.fetch(
            "SELECT id, username, name, is_active, totp_confirmed_at IS NOT NULL AS has_second_factor FROM person"
            " WHERE is_system_admin ORDER BY NOT is_active, name, username"
        )
    return [PersonLine(**row, unit=None, roles=(Role.SYSTEM_ADMIN,), permit_no=None) for row in rows]
