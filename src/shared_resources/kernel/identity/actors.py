"""Who is asking: from a session, from a token, or by name of person and agency. One statement each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.identity.keys import TOKEN_MARK, digest
from shared_resources.kernel.identity.sessions import LONGEST, expiry
from shared_resources.kernel.identity.validity import served
from shared_resources.kernel.permissions import Actor, Relation, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

TOUCH_EVERY = timedelta(minutes=1)
"""``last_seen_at`` is no finer than this: most requests only read."""

BY_SESSION = (
    "WITH found AS (SELECT s.id, s.agency AS chosen, NULL::text[] AS scopes, p.id AS person, p.name, p.locale,"
    " p.is_system_admin FROM session s JOIN person p ON p.id = s.person"
    " WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.expires_at > $3 AND p.is_active),"
    " touched AS (UPDATE session SET last_seen_at = $3, expires_at = least($5, session.created_at + $6)"
    " FROM found WHERE session.id = found.id AND session.last_seen_at <= $4 AND session.revoked_at IS NULL)"
    " SELECT *, (SELECT count(*) FROM (SELECT FROM notice n WHERE n.person = f.person AND n.read_at IS NULL"
    f" LIMIT 100) waiting) AS unread FROM found f LEFT JOIN LATERAL ({served('f.person', '$2')}) held ON true"
)
BY_TOKEN = (
    "WITH found AS (SELECT k.id, k.agency AS chosen, k.scopes, p.id AS person, p.name, p.locale,"
    " false AS is_system_admin FROM api_token k JOIN person p ON p.id = k.person"
    " WHERE k.token_hash = $1 AND k.revoked_at IS NULL AND k.expires_at > $3"
    " AND p.is_active AND NOT p.is_system_admin),"
    " touched AS (UPDATE api_token SET last_used_at = $3 FROM found WHERE api_token.id = found.id"
    " AND (api_token.last_used_at IS NULL OR api_token.last_used_at <= $4))"
    f" SELECT * FROM found f JOIN LATERAL ({served('f.person', '$2')}) held ON held.agency = f.chosen"
)
BY_PERSON = (
    "SELECT $3::uuid AS chosen, NULL::text[] AS scopes, p.id AS person, p.name, p.locale, p.is_system_admin,"
    " held.*"
    f" FROM person p JOIN LATERAL ({served('p.id', '$2')}) held ON held.agency = $3"
    " WHERE p.id = $1 AND p.is_active AND NOT p.is_system_admin"
)


class Recognised(NamedTuple):
    """Who it is; how many notices wait for them, counted up to 100; how many agencies they may act for."""

    actor: Actor | None
    unread: int = 0
    agencies: int = 0


async def actor_for_session(token: str) -> Actor | None:
    """Who is signed in with this session key; None when nobody is or the account is suspended."""
    return (await recognise(token)).actor


async def recognise(token: str) -> Recognised:
    """Who is signed in with this session key, and what every page shows of them.

    A person of several agencies who has not chosen yet, or whose chosen agency rests, acts for none and has no
    role. A use slides the session's end, at most once a minute.
    """
    at = clock.now()
    values = (digest(token), clock.local_date(at), at, at - TOUCH_EVERY, expiry(at), LONGEST)
    async with reading() as db:
        rows = await db.fetch(BY_SESSION, *values)
    if not rows:
        return Recognised(None)
    return Recognised(_actor(rows), rows[0]["unread"], sum(row["agency"] is not None for row in rows))


async def actor_for_token(token: str) -> Actor | None:
    """Whose program this is: the token's person in the token's agency, within its scopes; None when it is over."""
    if not token.startswith(TOKEN_MARK):
        return None
    at = clock.now()
    async with reading() as db:
        return _actor(await db.fetch(BY_TOKEN, digest(token), clock.local_date(at), at, at - TOUCH_EVERY))


async def serving(person: UUID, agency: UUID, day: date | None = None) -> Actor | None:
    """The person as they may act for this agency on ``day`` (default today); None when they may not."""
    async with reading() as db:
        return _actor(await db.fetch(BY_PERSON, person, day or clock.today(), agency))


def _actor(rows: Sequence[Any]) -> Actor | None:
    """The actor behind the rows of one person, one row for each agency served."""
    if not rows:
        return None
    first = rows[0]
    person = {"person": first["person"], "name": first["name"], "locale": first["locale"]}
    if first["is_system_admin"]:
        return Actor(**person, agency=None, roles=frozenset({Role.SYSTEM_ADMIN}))
    if first["agency"] is None:
        return None
    held = next((row for row in rows if row["agency"] == row["chosen"]), None)
    if held is None:
        return Actor(**person, agency=None)
    return Actor(
        **person,
        agency=held["agency"],
        agency_name=held["name_en"] if held["locale"] == "en" else held["name_zh"],
        roles=frozenset(map(Role, held["roles"])),
        county=held["county"],
        office=Relation(held["office"]) if held["office"] else None,
        scopes=frozenset(held["scopes"]) if held["scopes"] is not None else None,
    )
