"""Sessions: signed in from one browser. The cookie holds the key, the database its hash."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import SignInNeeded
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.identity.keys import digest, new_key
from shared_resources.kernel.identity.proofs import Proof, accept, in_person, prove
from shared_resources.kernel.identity.validity import served
from shared_resources.kernel.permissions import NOT_SIGNED_IN, not_found
from shared_resources.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

    from shared_resources.kernel.permissions import Actor

LONGEST = timedelta(days=30)
"""However busy a session is, after this one signs in again."""


async def sign_in(
    username: str, password: str, code: str | None, address: str, agent: str, previous: str | None = None
) -> str:
    """Sign in; returns the key of a new session, never an old one. ``previous``, the browser's key so far, ends.

    Not itself a verb: the try is written down in a transaction of its own, so that a refusal cannot undo it.

    Raises:
        TooMany: too many tries for this name or from this address.
        SignInNeeded: name, password or code is not right.
        NotAllowed: all right, but the account is suspended.
    """
    proof = await prove(username, password, code, address)
    return await open_session(proof, address, agent, previous)


async def confirm_other_person(username: str, password: str, code: str | None, address: str = "") -> UUID:
    """Let somebody confirm on a colleague's device; returns their id. Nobody is signed in by it.

    Raises:
        TooMany, SignInNeeded, NotAllowed: as ``sign_in``.
    """
    proof = await prove(username, password, code, address)
    return await accept_other(proof)


@verb
async def accept_other(proof: Proof) -> UUID:
    """Spend a proof without a session."""
    await accept(proof)
    return proof.person


@verb
async def open_session(proof: Proof, address: str, agent: str, previous: str | None) -> str:
    """Turn a proof into a session, for the only agency there is or for one still to be chosen."""
    agencies = await accept(proof)
    if previous:
        await _revoke("token_hash = $1", digest(previous))
    key, at = new_key(), clock.now()
    await connection().execute(
        "INSERT INTO session"
        " (id, token_hash, person, agency, created_at, last_seen_at, expires_at, address, agent)"
        " VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)",
        new_id(),
        digest(key),
        proof.person,
        agencies[0]["agency"] if len(agencies) == 1 else None,
        at,
        expiry(at),
        address[:100],
        agent.replace("\x00", "")[:300],
    )
    return key


def expiry(at: datetime) -> datetime:
    """When a session ends that was used at ``at``."""
    return at + timedelta(hours=settings().session_hours)


@verb
async def choose_agency(session: str, agency: UUID) -> None:
    """Act for another of one's agencies from now on in this session.

    Raises:
        SignInNeeded: the session is over.
        NotFound: the person has no valid appointment there today.
    """
    at = clock.now()
    row = await connection().fetchrow(
        "SELECT s.id, s.person FROM session s JOIN person p ON p.id = s.person WHERE s.token_hash = $1"
        " AND s.revoked_at IS NULL AND s.expires_at > $2 AND p.is_active AND NOT p.is_system_admin"
        " FOR NO KEY UPDATE OF s",
        digest(session),
        at,
    )
    if row is None:
        raise SignInNeeded(NOT_SIGNED_IN.sentence.msgid)
    choices = await connection().fetch(served("$1", "$2"), row["person"], clock.local_date(at))
    if agency not in {choice["agency"] for choice in choices}:
        raise not_found()
    await connection().execute("UPDATE session SET agency = $2 WHERE id = $1", row["id"], agency)


@verb
async def sign_out(session: str) -> None:
    """End this session. Ending one that is over changes nothing."""
    await _revoke("token_hash = $1", digest(session))


@verb
async def sign_out_everywhere(actor: Actor, keep: str | None = None) -> int:
    """End all sessions of one's own, but for the one whose key is ``keep``; returns how many ended."""
    return await revoke_sessions(in_person(actor), keep)


@verb
async def end_session(actor: Actor, session: UUID) -> None:
    """End one session of one's own, by its id in the list of sessions.

    Raises:
        NotFound: it is not one's own, or over.
    """
    if not await _revoke("id = $1 AND person = $2", session, in_person(actor)):
        raise not_found()


async def revoke_sessions(person: UUID, keep: str | None = None) -> int:
    """Within the running verb: end the sessions of a person, but for the one whose key is ``keep``."""
    return await _revoke("person = $1 AND token_hash <> $2", person, digest(keep) if keep else b"")


async def _revoke(condition: str, *values: object) -> int:
    done = await connection().execute(
        f"UPDATE session SET revoked_at = ${len(values) + 1} WHERE revoked_at IS NULL AND " + condition,
        *values,
        clock.now(),
    )
    return int(done.split()[-1])
