"""Verbs of credentials: issued and seen once, renewed with a grace, revoked. Only the hash is kept.

The broker hears of every change by ``NOTIFY broker`` when the verb has committed; see ``broker.keeping``. That an
agency did so to a tracker stands in the tracker's journal; a source has none: its rows say who and when.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared_resources.equipment.trackers.rules.credentials import (
    LISTENER,
    SALT_BYTES,
    Login,
    generation_of,
    hash_of,
    username_of,
)
from shared_resources.equipment.trackers.rules.dynsec import entering
from shared_resources.equipment.trackers.service.devices import noted, own_tracker, tell_broker
from shared_resources.equipment.trackers.service.dynsec import admin_address, apply
from shared_resources.equipment.trackers.service.sources import own_source
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import connection, verb
from shared_resources.kernel.errors import Invalid, WrongState
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import not_found
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from shared_resources.kernel.permissions import Actor

log = logging.getLogger(__name__)

GRACE_HOURS = 24
LONGEST_GRACE_HOURS = 30 * 24
PASSWORD_BYTES = 16
BROKER_LOCK = 0x5352_4252_4F4B_4552
"""Key of the advisory lock ("SRBROKER"): held shared by who issues, alone by who clears away at the broker."""
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Issued:
    """What is typed into the device. Nobody sees the password again."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"Issued({self.username!r})"


@dataclass(frozen=True)
class _Owner:
    """The device or source that credentials are of, locked; ``row`` only for a tracker."""

    kind: str
    id: UUID
    key: str
    row: Any


@verb
async def issue_credential(
    actor: Actor, *, tracker: str | None = None, source: str | None = None, act_id: str | None = None
) -> Issued:
    """Give a device (by number) or a source (by key) its credentials.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: it is out of use, has credentials already, or a source speaks for it.
        Repeated: this ``act_id`` was used before.
    """
    owner = await _owner(actor, tracker, source)
    if await _current(owner):
        raise WrongState(
            N_("It has credentials already."),
            do=N_("Renew them; the old ones then end after a day."),
            code="has_credential",
        )
    return await _issue(actor, owner, "issue_credential", {}, act_id)


@verb
async def rotate_credential(
    actor: Actor,
    *,
    tracker: str | None = None,
    source: str | None = None,
    grace_hours: int = GRACE_HOURS,
    act_id: str | None = None,
) -> Issued:
    """Give it new credentials; those it has are valid for ``grace_hours`` more, so that somebody can go there.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: it is out of use, has none yet, or a source speaks for it.
        Invalid: a grace below nothing or longer than 30 days.
        Repeated: this ``act_id`` was used before.
    """
    if not 0 <= grace_hours <= LONGEST_GRACE_HOURS:
        raise Invalid(N_("The grace is between 0 hours and 30 days."), code="grace", field="grace_hours")
    owner = await _owner(actor, tracker, source)
    if not await _current(owner):
        raise WrongState(N_("It has no credentials yet."), do=N_("Issue them."), code="no_credential")
    until = clock.now() + timedelta(hours=grace_hours)
    await connection().execute(
        f"UPDATE tracker_credential SET valid_until = $2 WHERE {owner.kind} = $1 AND revoked_at IS NULL"
        " AND (valid_until IS NULL OR valid_until > $2)",
        owner.id,
        until,
    )
    return await _issue(actor, owner, "rotate_credential", {"until": until.isoformat()}, act_id)


@verb
async def revoke_credential(actor: Actor, credential: UUID, act_id: str | None = None) -> None:
    """Shut credentials out at once; a connection that they opened is closed.

    Raises:
        NotFound, NotAllowed: see ``permissions.require``.
        WrongState: revoked already.
        Repeated: this ``act_id`` was used before.
    """
    row = await connection().fetchrow(
        "SELECT c.id, c.username, r.number, s.key FROM tracker_credential c LEFT JOIN record r ON r.id = c.tracker"
        " LEFT JOIN tracker_source s ON s.id = c.source WHERE c.id = $1",
        credential,
    )
    if row is None:
        raise not_found()
    tracker = await own_tracker(actor, row["number"]) if row["number"] else None
    if tracker is None:
        await own_source(actor, row["key"])
    done = await connection().execute(
        "UPDATE tracker_credential SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
        credential,
        clock.now(),
    )
    if done == "UPDATE 0":
        raise WrongState(N_("These credentials are revoked already."), code="revoked")
    if tracker is not None:
        await noted(actor, tracker, "revoke_credential", {"username": row["username"]}, act_id=act_id)
    await tell_broker()


@verb
async def note_use(username: str) -> None:
    """A broker that asks us let this name in just now; written once a minute at most."""
    at: datetime = clock.now()
    await connection().execute(
        "UPDATE tracker_credential SET last_used_at = $2 WHERE username = $1"
        " AND (last_used_at IS NULL OR last_used_at < $3)",
        username,
        at,
        at - USED_EVERY,
    )


async def _owner(actor: Actor, tracker: str | None, source: str | None) -> _Owner:
    if (tracker is None) == (source is None):
        raise ValueError("name a tracker or a source")
    if tracker is not None:
        row = await own_tracker(actor, tracker)
        if row["source"] is not None:
            raise WrongState(
                N_("A source speaks for this device; it does not sign in itself."),
                do=N_("Issue the credentials of the source."),
                code="has_source",
            )
        gone = row["state"] == "retired"
    else:
        row = await own_source(actor, str(source))
        gone = row["retired_at"] is not None
    if gone or row["key"] == LISTENER:
        raise WrongState(N_("It is out of use."), code="retired")
    return _Owner("source" if tracker is None else "tracker", row["id"], row["key"], row)


async def _current(owner: _Owner) -> bool:
    found: bool = await connection().fetchval(
        f"SELECT EXISTS (SELECT FROM tracker_credential WHERE {owner.kind} = $1 AND revoked_at IS NULL"
        " AND valid_until IS NULL)",
        owner.id,
    )
    return found


async def _issue(actor: Actor, owner: _Owner, name: str, data: dict[str, Any], act_id: str | None) -> Issued:
    """Write the next generation's row; names are never used twice."""
    used = await connection().fetch(f"SELECT username FROM tracker_credential WHERE {owner.kind} = $1", owner.id)
    generation = 1 + max((generation_of(row["username"]) for row in used), default=0)
    made = Issued(username_of(owner.key, generation), secrets.token_urlsafe(PASSWORD_BYTES))
    await _tell_dynamic(Login(made.username, "", owner.key, owner.kind == "source"), made.password)
    await connection().execute(
        f"INSERT INTO tracker_credential (id, {owner.kind}, username, hash, issued_by, issued_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        new_id(),
        owner.id,
        made.username,
        hash_of(made.password, os.urandom(SALT_BYTES)),
        actor.person,
        clock.now(),
    )
    if owner.kind == "tracker":
        await noted(actor, owner.row, name, {"username": made.username, **data}, act_id=act_id)
    await tell_broker()
    return made


async def _tell_dynamic(login: Login, password: str) -> None:
    """Let the name in at a broker elsewhere that keeps its own passwords. It is told before we commit.

    If we do not commit, nobody has the password, and the broker's keeper removes the name.
    """
    admin = admin_address()
    if admin is None:
        return
    await connection().execute("SELECT pg_advisory_xact_lock_shared($1)", BROKER_LOCK)
    try:
        await asyncio.to_thread(apply, admin, entering(login.username, password, login.may))
    except OSError as error:
        log.warning("no credentials could be issued: %s", error)
        raise WrongState(
            N_("The broker does not answer; nothing was issued."), do=N_("Try again later."), code="broker_away"
        ) from error
