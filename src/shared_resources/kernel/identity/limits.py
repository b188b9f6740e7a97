"""How often somebody may try to sign in: by name and by network address.

A try is written down as failed *before* the password is looked at and turned into a success afterwards. So a
hundred guesses at once count as a hundred, and a server that dies in between forgives none. Unknown names are
locked like known ones: the answer tells nobody which names exist.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import TooMany
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.words import N_
from shared_resources.settings import settings

if TYPE_CHECKING:
    from datetime import datetime

ADDRESS_WINDOW = timedelta(minutes=10)
KEPT = timedelta(days=1)


@verb
async def claim_attempt(username: str, address: str) -> UUID:
    """Write down one try for this name from this address; returns its id. An empty address has no limit.

    Raises:
        TooMany: the name is locked or the address has used up its tries; such a try is not counted.
    """
    at = clock.now()
    for key in filter(None, (f"sign-in name {username}", f"sign-in address {address}" if address else "")):
        await connection().execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", key)
    free_at = max(await _name_free_at(username), await _address_free_at(address, at) if address else at)
    if free_at > at:
        raise _too_many(free_at - at)
    attempt = new_id()
    await connection().execute(
        "INSERT INTO sign_in_attempt (id, username, address, at, succeeded) VALUES ($1, $2, $3, $4, false)",
        attempt,
        username,
        address,
        at,
    )
    return attempt


async def note_success(attempt: UUID) -> None:
    """Within the running verb: the try was right, earlier failures of the name no longer count."""
    await connection().execute("UPDATE sign_in_attempt SET succeeded = true WHERE id = $1", attempt)


@verb
async def sweep_attempts() -> int:
    """Forget tries that are older than a day; returns how many."""
    done = await connection().execute("DELETE FROM sign_in_attempt WHERE at < $1", clock.now() - KEPT)
    return int(done.split()[-1])


async def _name_free_at(username: str) -> datetime:
    """The instant from which the name may be tried (long past when it is not locked).

    Locked: as many failures in a row as the settings allow, all within the lock's length.
    """
    allowed, length = settings().sign_in_failures, timedelta(minutes=settings().sign_in_lock_minutes)
    rows = await connection().fetch(
        "SELECT at FROM sign_in_attempt WHERE username = $1 AND NOT succeeded AND at > coalesce("
        "(SELECT max(at) FROM sign_in_attempt WHERE username = $1 AND succeeded), '-infinity')"
        " ORDER BY at DESC LIMIT $2",
        username,
        allowed,
    )
    if len(rows) < allowed or rows[0]["at"] - rows[-1]["at"] > length:
        return clock.now() - length
    locked_until: datetime = rows[0]["at"] + length
    return locked_until


async def _address_free_at(address: str, at: datetime) -> datetime:
    """The instant from which the address may try again."""
    row = await connection().fetchrow(
        "SELECT at FROM sign_in_attempt WHERE address = $1 AND at > $2 ORDER BY at DESC OFFSET $3 LIMIT 1",
        address,
        at - ADDRESS_WINDOW,
        settings().sign_in_per_address - 1,
    )
    free_at: datetime = row["at"] + ADDRESS_WINDOW if row else at
    return free_at


def _too_many(left: timedelta) -> TooMany:
    seconds = max(1, int(left.total_seconds() + 0.999))
    return TooMany(
        N_("Too many tries. Please wait %(minutes)d min and try again."),
        do=N_("If you forgot your password, ask your agency's administrator for a new link."),
        code="too_many_tries",
        seconds=seconds,
        minutes=-(-seconds // 60),
    )
