"""Names that the broker lets in at an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.rules.credentials import Login
from shared_resources.kernel.database.transaction import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

STANDING = (
    "SELECT c.username, c.hash, coalesce(t.key, s.key) AS key, c.source IS NOT NULL AS is_source,"
    " c.valid_until"
    " FROM tracker_credential c"
    " LEFT JOIN tracker t ON t.id = c.tracker LEFT JOIN record r ON r.id = c.tracker"
    " LEFT JOIN tracker_source s ON s.id = c.source"
    " WHERE c.revoked_at IS NULL AND (c.valid_until IS NULL OR c.valid_until > $1)"
    " AND r.state IS DISTINCT FROM 'retired' AND s.retired_at IS NULL"
)


async def standing_logins(at: datetime) -> tuple[Login, ...]:
    """Every name that is let in at ``at``, in order."""
    async with reading() as db:
        rows: Sequence[Any] = await db.fetch(f"{STANDING} ORDER BY c.username", at)
    return tuple(Login(**row) for row in rows)


async def login_of(username: str, at: datetime) -> Login | None:
    """The one of this name, None when it is not let in."""
    async with reading() as db:
        row = await db.fetchrow(f"{STANDING} AND c.username = $2", at, username)
    return Login(**row) if row else None
