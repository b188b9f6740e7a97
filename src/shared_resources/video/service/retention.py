"""How long recordings are kept, and how they go: due by their class, held back, deleted by two persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.kernel import clock, journal
from shared_resources.kernel.casework.entered import coming_day
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import WrongState
from shared_resources.kernel.permissions import SYSTEM_ACTOR, Actor, Permission
from shared_resources.kernel.storage import forget
from shared_resources.kernel.words import N_
from shared_resources.video.queries.visible import visible_footage
from shared_resources.video.rules.footage import FOOTAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

DISPOSE = Permission.FOOTAGE_DISPOSE
FREE = (
    "f.deleted_at IS NULL AND NOT EXISTS (SELECT FROM footage_hold h WHERE h.footage = f.id"
    " AND h.released_at IS NULL)"
    " AND NOT EXISTS (SELECT FROM footage_share s WHERE s.footage = f.id AND s.ended_at IS NULL"
    " AND (s.until IS NULL OR s.until > $1) AND s.ground = 'request')"
    " AND NOT EXISTS (SELECT FROM record d WHERE d.id = f.shared_use AND d.state = 'owed')"
)
"""Nothing keeps this recording: no hold, no request that still uses it, no duty that is still open at $1."""


async def fall_due() -> int:
    """Recordings whose day has come and that nothing keeps are due for deletion. How many."""
    now = clock.now()
    async with reading() as db:
        rows = await db.fetch(
            "SELECT f.id FROM footage f JOIN record r ON r.id = f.id WHERE r.state = 'kept' AND f.keep_until <= $2"
            f" AND {FREE} ORDER BY f.keep_until LIMIT 500",
            now,
            clock.today(),
        )
    return sum([await _fall_due(row["id"]) for row in rows])


@verb
async def _fall_due(footage: UUID) -> bool:
    row = await connection().fetchrow(
        "SELECT r.state FROM footage f JOIN record r ON r.id = f.id"
        f" WHERE f.id = $2 AND r.state = 'kept' AND {FREE} FOR NO KEY UPDATE OF r SKIP LOCKED",
        clock.now(),
        footage,
    )
    if row is None:
        return False
    await journal.act(FOOTAGE, "fall_due", footage, SYSTEM_ACTOR)
    return True


@verb
async def approve_deletion(actor: Actor, number: str, act_id: str | None = None) -> None:
    """The first of two approvals.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        WrongState: something keeps it now.
    """
    seen = await visible_footage(actor, number, DISPOSE)
    await _refuse_kept(seen.id)
    await journal.act(FOOTAGE, "approve_deletion", seen.id, actor, act_id=act_id)


@verb
async def delete_footage(actor: Actor, number: str, act_id: str | None = None) -> Sequence[bytes]:
    """The second approval, by another person: the recording goes, its record stays.

    Returns:
        The contents that it named, for ``storage.remove_contents`` after the commit.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        WrongState: the same person approved first, or something keeps it now.
    """
    seen = await visible_footage(actor, number, DISPOSE)
    await journal.refuse_repeated(act_id)
    await _refuse_kept(seen.id)
    first = await connection().fetchval(
        "SELECT actor FROM journal_line WHERE chain = $1 AND step = 'approve_deletion' ORDER BY seq DESC LIMIT 1",
        seen.id,
    )
    if first == actor.person:
        raise WrongState(
            N_("The second approval is another person's."),
            do=N_("Ask a colleague who may approve."),
            code="same_person",
        )
    await journal.act(FOOTAGE, "delete", seen.id, actor, data={"first": first}, act_id=act_id)
    files = await connection().fetch(
        "SELECT file FROM footage WHERE id = $1 UNION SELECT file FROM footage_picture WHERE footage = $1"
        " UNION SELECT file FROM footage_copy WHERE footage = $1 AND file IS NOT NULL",
        seen.id,
    )
    await connection().execute("DELETE FROM footage_picture WHERE footage = $1", seen.id)
    await connection().execute(
        "UPDATE footage_copy SET state = 'withdrawn' WHERE footage = $1 AND state <> 'withdrawn'", seen.id
    )
    await connection().execute("UPDATE footage SET deleted_at = $2 WHERE id = $1", seen.id, clock.now())
    return await forget([row["file"] for row in files])


@verb
async def keep_longer(actor: Actor, number: str, until: date, reason: str, act_id: str | None = None) -> None:
    """Keep a recording until a later day.

    Raises:
        NotFound, NotAllowed, WrongState, Repeated: see ``journal.act``.
        Invalid: no reason, or a day that has come already.
    """
    seen = await visible_footage(actor, number, DISPOSE)
    coming_day(until, "until")
    await journal.act(
        FOOTAGE, "keep_longer", seen.id, actor, note=reason, data={"until": until.isoformat()}, act_id=act_id
    )
    await connection().execute("UPDATE footage SET keep_until = $2 WHERE id = $1", seen.id, until)


async def _refuse_kept(footage: UUID) -> None:
    """Refuse where a hold or a use keeps the recording; none can come until the verb ends.

    Raises:
        WrongState: it is kept.
    """
    await journal.standing(FOOTAGE, footage)
    free: Any = await connection().fetchval(
        f"SELECT true FROM footage f WHERE f.id = $2 AND {FREE}", clock.now(), footage
    )
    if not free:
        raise WrongState(
            N_("A hold, a request or a duty keeps this recording."),
            do=N_("Look at its holds and shares; it can be deleted when they have ended."),
            code="footage_held",
        )
