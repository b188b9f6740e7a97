"""One-time links: a new colleague, or one who forgot, chooses a password without anybody else knowing it.

A link is signed with the house's key over the person, its end and the password so far: once a password was set
through it (or in any other way), it fits no more. Nothing needs to be stored.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, reading, verb
from shared_resources.kernel.errors import NotFound
from shared_resources.kernel.identity import passwords
from shared_resources.kernel.identity.authority import require_over
from shared_resources.kernel.identity.sessions import revoke_sessions
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from shared_resources.kernel.permissions import Actor

LASTS = timedelta(days=3)
SIGNED_BYTES = 16 + 8


def sign_link(person: UUID, password_hash: str | None) -> str:
    """The key of a link for this person, good for three days from now."""
    end = int((clock.now() + LASTS).timestamp())
    signed = person.bytes + end.to_bytes(8, "big")
    return base64.urlsafe_b64encode(signed + _signature(signed, password_hash)).decode()


@verb
async def new_link(actor: Actor, person: UUID) -> str:
    """A link for somebody who forgot their password; earlier links of theirs last on until one is used.

    Raises:
        NotFound, NotAllowed: see ``authority.require_over``.
    """
    standing = await require_over(actor, person)
    return sign_link(standing.id, standing.password_hash)


async def owner_of_link(key: str) -> tuple[str, str] | None:
    """Sign-in name and name of the person whom a link is for; None when it is over, used or not ours."""
    row = await _row_of(key)
    return (row["username"], row["name"]) if row else None


async def use_link(key: str, password: str) -> str:
    """Set the password through a link; all sessions end, a second factor stays. Returns the sign-in name.

    Raises:
        NotFound: the link is over, used or not ours.
        Invalid: the password is too easy.
    """
    row = await _row_of(key)
    if row is None:
        raise over()
    passwords.check_password(password, username=row["username"])
    await _set_password(row["id"], row["password_hash"], await passwords.make_hash(password))
    username: str = row["username"]
    return username


@verb
async def _set_password(person: UUID, before: str | None, after: str) -> None:
    done = await connection().execute(
        "UPDATE person SET password_hash = $3"
        " WHERE id = $1 AND is_active AND password_hash IS NOT DISTINCT FROM $2",
        person,
        before,
        after,
    )
    if done == "UPDATE 0":
        raise over()
    await revoke_sessions(person)


def over() -> NotFound:
    """The one answer to a link that does not fit."""
    return NotFound(
        N_("This link is over or was used already."),
        do=N_("Ask your agency's administrator for a new link."),
        code="link_over",
    )


async def _row_of(key: str) -> Any:
    try:
        data = base64.urlsafe_b64decode(key.encode())
    except (binascii.Error, ValueError):
        return None
    signed, signature = data[:SIGNED_BYTES], data[SIGNED_BYTES:]
    if len(signed) < SIGNED_BYTES:
        return None
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT id, username, name, password_hash FROM person WHERE id = $1 AND is_active",
            UUID(bytes=signed[:16]),
        )
    if row is None or not hmac.compare_digest(signature, _signature(signed, row["password_hash"])):
        return None
    end = datetime.fromtimestamp(int.from_bytes(signed[16:], "big"), UTC)
    return row if clock.now() < end else None


def _signature(signed: bytes, password_hash: str | None) -> bytes:
    message = b"one-time link\x00" + signed + (password_hash or "").encode()
    return hmac.new(settings().secret(), message, hashlib.sha256).digest()
