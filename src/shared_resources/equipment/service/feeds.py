"""Secret calendar addresses: made, shown once, revoked at will."""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

from shared_resources.equipment.queries.register import HIDDEN_ABROAD
from shared_resources.equipment.schemas.feeds import FeedKind
from shared_resources.kernel import clock
from shared_resources.kernel.codes import parse_code
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Permission, not_found, require


def token_hash(token: str) -> bytes:
    """What the database keeps of a feed's secret."""
    return hashlib.sha256(token.encode()).digest()


@verb
async def create_feed(actor: Actor, kind: FeedKind, subject: str = "") -> str:
    """Make a feed of ``kind``; returns its secret token, which is shown this once only.

    ``subject`` is an item's code for ``item`` feeds and unused otherwise.

    Raises:
        NotFound: unknown item, or one of another agency that is lost or retired.
        NotAllowed: the actor may not see what the feed would show.
    """
    require(actor, Permission.LOAN_SEE, actor.relations(actor.agency))
    if kind is FeedKind.QUEUE:
        require(actor, Permission.LOAN_APPROVE, actor.relations(actor.agency))
    about = await subject_of(actor, kind, subject)
    token = secrets.token_urlsafe(32)
    await connection().execute(
        "INSERT INTO feed (id, token_hash, person, agency, kind, subject, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        new_id(),
        token_hash(token),
        actor.person,
        actor.agency,
        kind,
        about,
        clock.now(),
    )
    return token


async def subject_of(actor: Actor, kind: FeedKind, subject: str) -> str:
    """What a feed is about, as stored: a person, an agency or an item by id."""
    if kind is FeedKind.ITEM:
        row = await connection().fetchrow(
            "SELECT i.id, i.owner, r.state FROM item i JOIN record r ON r.id = i.id WHERE i.code = $1",
            parse_code(subject),
        )
        if row is None or (row["owner"] != actor.agency and row["state"] in HIDDEN_ABROAD):
            raise not_found()
        return str(row["id"])
    return str(actor.person if kind in (FeedKind.PERSON, FeedKind.OWN_DUES) else actor.agency)


@verb
async def revoke_feed(actor: Actor, feed: UUID) -> None:
    """End a feed: its address answers like an unknown one from this moment.

    Raises:
        NotFound: no such feed of this person.
        SignInNeeded, NotAllowed: see ``permissions.require``.
    """
    require(actor, Permission.LOAN_SEE, actor.relations(actor.agency))
    done = await connection().fetchval(
        "UPDATE feed SET revoked_at = $3 WHERE id = $1 AND person = $2 AND revoked_at IS NULL RETURNING true",
        feed,
        actor.person,
        clock.now(),
    )
    if not done:
        raise not_found()
