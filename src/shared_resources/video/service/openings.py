"""Opening a recording or a copy: the line comes before the first byte, bytes go out against the ticket only.

Art. 16 of 公共安全视频图像信息系统管理条例: reason, content, the person's unit and name of each look-up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from shared_resources.kernel import clock, journal, markings
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import Invalid, NotAllowed, NotFound, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import OFFICES, Actor, Permission, Relation, not_found
from shared_resources.kernel.storage import open_file
from shared_resources.kernel.words import N_
from shared_resources.video.queries.visible import SeenFootage, visible_copy, visible_footage
from shared_resources.video.rules.footage import FOOTAGE

if TYPE_CHECKING:
    from pathlib import Path

    from shared_resources.kernel.storage import StoredFile

Act = Literal["view", "download"]
LASTS = timedelta(hours=12)
"""How long a ticket is good for."""
SHORTEST_REASON = 4


@dataclass(frozen=True)
class Ticket:
    """What an opening gives out, and where the bytes lie."""

    opening: UUID
    act: Act
    file: StoredFile
    path: Path
    footage_number: str
    copy_number: str | None


@verb
async def open_recording(actor: Actor, number: str, act: Act, reason: str) -> UUID:
    """Open a whole recording, with the reason on record first.

    Raises:
        NotFound, NotAllowed: see ``visible_footage``.
        Invalid: no reason, or one that bears a secrecy marking.
        WrongState: it is deleted.
    """
    seen = await visible_footage(actor, number, Permission.FOOTAGE_VIEW)
    return await _open(actor, seen, act, reason, copy=None, data={})


@verb
async def open_copy(actor: Actor, number: str, act: Act, reason: str) -> UUID:
    """Open one copy, with the reason on record first.

    Raises:
        NotFound, NotAllowed: see ``visible_copy``.
        Invalid: no reason, or one that bears a secrecy marking.
        WrongState: it is not made yet, or deleted.
    """
    seen = await visible_copy(actor, number)
    if seen.state != "ready":
        raise WrongState(
            N_("This copy is not ready yet."), do=N_("Come back in a few minutes."), code="copy_not_ready"
        )
    return await _open(
        actor, seen.footage, act, reason, copy=seen.id, data={"copy": seen.number, "request": seen.request}
    )


async def ticket(actor: Actor, opening: UUID) -> Ticket:
    """What an opening gives out now.

    Raises:
        NotFound: unknown, somebody else's, too old, or its ground has ended since.
    """
    row = await _row(opening)
    if row is None or row["person"] != actor.person or row["agency"] != actor.agency:
        raise not_found()
    if not await _stands(actor, row):
        raise not_found()
    file, path = await open_file(row["file"])
    return Ticket(opening, row["act"], file, path, row["footage_number"], row["copy_number"])


async def still_open(actor: Actor, opening: UUID) -> bool:
    """Whether bytes may go on flowing: asked again while they do."""
    row = await _row(opening)
    return row is not None and row["person"] == actor.person and await _stands(actor, row)


@verb
async def count_sent(opening: UUID, sent: int) -> None:
    """Add to the bytes that went out against an opening."""
    await connection().execute(
        "UPDATE footage_opening SET bytes_sent = bytes_sent + $2, last_at = $3 WHERE id = $1",
        opening,
        sent,
        clock.now(),
    )


async def _open(
    actor: Actor, seen: SeenFootage, act: Act, reason: str, *, copy: UUID | None, data: dict[str, Any]
) -> UUID:
    """Write the line, then the ticket."""
    if seen.state == "deleted":
        raise WrongState(N_("This recording has been deleted."), code="footage_deleted")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(
            N_("Every look at footage needs its reason."),
            do=N_("Name the case or the request in one sentence."),
            code="reason",
            field="reason",
        )
    markings.refuse_marked((reason,), field="reason")
    opening, at = new_id(), clock.now()
    supervises = bool(seen.relations & OFFICES) and not seen.relations & {Relation.HOLDER, Relation.CO_USER}
    moved = await journal.standing(FOOTAGE, seen.id)
    await journal.write(
        FOOTAGE,
        None,
        moved,
        actor,
        reason.strip(),
        {"opening": opening, "act": act, **data},
        None,
        name="supervise" if supervises else act,
    )
    await connection().execute(
        "INSERT INTO footage_opening (id, footage, copy, agency, person, act, reason, opened_at, last_at,"
        " bytes_sent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0)",
        opening,
        seen.id,
        copy,
        actor.agency,
        actor.person,
        act,
        reason.strip(),
        at,
    )
    return opening


async def _row(opening: UUID) -> Any:
    async with reading() as db:
        return await db.fetchrow(
            "SELECT o.person, o.agency, o.act, o.opened_at, r.number AS footage_number, c.number AS copy_number,"
            " coalesce(c.file, f.file) AS file FROM footage_opening o JOIN footage f ON f.id = o.footage"
            " JOIN record r ON r.id = f.id LEFT JOIN footage_copy c ON c.id = o.copy"
            " WHERE o.id = $1 AND f.deleted_at IS NULL",
            opening,
        )


async def _stands(actor: Actor, row: Any) -> bool:
    """Whether the ground of an opening stands at this moment."""
    if row["opened_at"] + LASTS < clock.now():
        return False
    try:
        if row["copy_number"] is None:
            await visible_footage(actor, row["footage_number"], Permission.FOOTAGE_VIEW)
        else:
            await visible_copy(actor, row["copy_number"])
    except (NotFound, NotAllowed):
        return False
    return True
