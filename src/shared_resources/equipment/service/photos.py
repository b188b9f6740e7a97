"""Photos that an act names: only one's own, because a record's parties may see what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.kernel.database.transaction import connection
from shared_resources.kernel.errors import Invalid
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor


async def require_own_photos(actor: Actor, photos: Iterable[UUID | None]) -> None:
    """Within the running verb: every photo was stored by the actor's agency.

    Raises:
        Invalid: one was not, or there is none of that id.
    """
    named = {photo for photo in photos if photo is not None}
    own = await connection().fetchval(
        "SELECT count(*) FROM file WHERE id = ANY($1) AND owner = $2", list(named), actor.agency
    )
    if own != len(named):
        raise Invalid(
            N_("This photo is not one of yours."), do=N_("Upload it again."), code="foreign_photo", field="photo"
        )
