"""The mails that went out to one person: the demo's mailbox, elsewhere the proof of what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.permissions import Permission, Relation, not_found, require
from shared_resources.kernel.schemas.notices import MailLine, MailList, MailPage

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor

SIZE = 50
MOST = 200

OWN = (
    "SELECT m.id, m.sender, m.recipient, m.subject, m.sent_at, m.body, m.attachment"
    " FROM mail m JOIN outbox o ON o.id = m.outbox WHERE o.body ->> 'person' = $1"
)
"""Mails to the person, whatever their address was at the time."""


async def mails_of(actor: Actor, *, cursor: str | None = None, size: int | None = None) -> MailList:
    """The reader's own mails, the latest first."""
    limit = max(1, min(size or SIZE, MOST))
    async with reading() as db:
        rows = await db.fetch(
            f"{OWN} AND ($2::uuid IS NULL"
            " OR (m.sent_at, m.id) < (SELECT l.sent_at, l.id FROM mail l WHERE l.id = $2))"
            " ORDER BY m.sent_at DESC, m.id DESC LIMIT $3",
            _reader(actor),
            _position(cursor),
            limit + 1,
        )
    lines = tuple(MailLine(**{name: row[name] for name in MailLine.model_fields}) for row in rows[:limit])
    return MailList(lines=lines, next=str(lines[-1].id) if len(rows) > limit else None)


async def mail(actor: Actor, id: UUID) -> MailPage:
    """One of the reader's own mails.

    Raises:
        NotFound: there is none, or it went to somebody else.
    """
    async with reading() as db:
        row = await db.fetchrow(f"{OWN} AND m.id = $2", _reader(actor), id)
    if row is None:
        raise not_found()
    line = MailLine(**{name: row[name] for name in MailLine.model_fields})
    return MailPage(line=line, body=row["body"], attachment=row["attachment"])


def _reader(actor: Actor) -> str:
    require(actor, Permission.MAILBOX_READ, {Relation.SELF})
    return str(actor.person)


def _position(cursor: str | None) -> UUID | None:
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        return None
