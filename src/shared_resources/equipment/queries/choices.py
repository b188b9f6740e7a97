"""What forms of the register offer to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.equipment.schemas.loans import PersonName
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Permission, Role, require

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor


async def keepers(actor: Actor) -> list[PersonName]:
    """The equipment custodians of the reader's agency today.

    Raises:
        SignInNeeded, NotAllowed: the reader has no working role.
    """
    require(actor, Permission.ITEM_SEE, actor.relations(actor.agency))
    async with reading() as db:
        rows = await db.fetch(
            "SELECT DISTINCT p.id, p.name FROM person p JOIN appointment t ON t.person = p.id"
            " WHERE t.agency = $1 AND t.role = $2 AND p.is_active AND t.valid_from <= $3"
            " AND (t.valid_to IS NULL OR t.valid_to >= $3) ORDER BY p.name",
            actor.agency,
            Role.CUSTODIAN,
            clock.today(),
        )
    return [PersonName(**row) for row in rows]
