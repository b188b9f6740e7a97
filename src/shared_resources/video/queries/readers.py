"""Who may read what a request obtained: the officers that it names, by their permit numbers (ROLES.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.identity.queries import permits_in

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor


async def permits_of_actor(actor: Actor) -> frozenset[str]:
    """Permit numbers that stand for an actor in their agency today."""
    if actor.agency is None or actor.person is None:
        return frozenset()
    return (await permits_in(actor.agency)).get(actor.person, frozenset())


async def permits_of(request: UUID) -> frozenset[str]:
    """Permit numbers of the officers in the newest form of a request."""
    async with reading() as db:
        body = await db.fetchval(
            "SELECT body FROM filing WHERE record = $1 AND body ? 'officers' AND step IN ('draft', 'amend')"
            " ORDER BY at DESC, id DESC LIMIT 1",
            request,
        )
    return frozenset(officer["permit_no"] for officer in json.loads(body)["officers"]) if body else frozenset()
