"""What pages and the API show of agencies and people; only what the reader may see.

Agencies are known to every agency user. Who works there is known to colleagues, to the system administrator and,
person by person, to agencies that meet the person on a shared record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.identity.keys import digest
from shared_resources.kernel.identity.proofs import in_person
from shared_resources.kernel.identity.validity import agency_is_valid, covers, served
from shared_resources.kernel.permissions import Actor, Role, not_found
from shared_resources.kernel.schemas.people import (
    AgencyChoice,
    AgencyLine,
    AgencyPage,
    AppointmentLine,
    DutyOfficer,
    Named,
    PersonChoice,
    PersonLine,
    PersonPage,
    SessionLine,
    ShiftLine,
    TokenLine,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

MOST = 200

AGENCY_COLUMNS = (
    "a.id, a.slug, a.name_zh, a.name_en, a.level, a.body, a.county, a.valid_from, a.valid_to, a.is_sample,"
    f" {agency_is_valid('a', '$1')} AS is_valid,"
    " coalesce((SELECT array_agg(n.name_zh ORDER BY n.valid_from NULLS FIRST) FROM agency_name n"
    " WHERE n.agency = a.id), '{}') AS former_names, coalesce(c.officers, 0) AS officers,"
    " coalesce(c.people, 0) AS people"
)
AGENCY_SOURCE = (
    " FROM agency a LEFT JOIN (SELECT t.agency, count(DISTINCT t.person) AS people,"
    " count(DISTINCT t.person) FILTER (WHERE t.role = 'officer') AS officers FROM appointment t"
    f" JOIN person p ON p.id = t.person AND p.is_active WHERE {covers('t', '$1')} GROUP BY t.agency) c"
    " ON c.agency = a.id"
)
MEETS = (
    "EXISTS (SELECT FROM journal_line j JOIN party mine ON mine.record = j.chain"
    " WHERE j.actor = p.id AND mine.agency = {agency})"
)
"""The person acted on a record on which the reader's agency is named."""


def is_administrator(actor: Actor) -> bool:
    """Whether the reader administers the whole house (accounts, no content)."""
    return Role.SYSTEM_ADMIN in actor.roles


async def agencies(actor: Actor, text: str = "", after: str = "", limit: int = MOST) -> list[AgencyLine]:
    """Agencies in order of their slugs, beginning after ``after``; ``text`` finds present and former names."""
    pattern = _pattern(text)
    async with reading() as db:
        rows = await db.fetch(
            f"SELECT {AGENCY_COLUMNS}{AGENCY_SOURCE} WHERE a.slug > $2 AND ($3 = '%%' OR a.slug ILIKE $3"
            " OR a.name_zh ILIKE $3 OR a.name_en ILIKE $3 OR EXISTS (SELECT FROM agency_name n"
            " WHERE n.agency = a.id AND n.name_zh ILIKE $3)) ORDER BY a.slug LIMIT $4",
            clock.today(),
            after,
            pattern,
            min(limit, MOST),
        )
    return [AgencyLine(**row) for row in rows]


async def agency_page(actor: Actor, slug: str) -> AgencyPage:
    """One agency with its former names and who is on duty now.

    Raises:
        NotFound: there is none.
    """
    async with reading() as db:
        row = await db.fetchrow(
            f"SELECT {AGENCY_COLUMNS}, a.credit_code, a.joins_by_agreement, a.entrusted_by,"
            " a.letter_code, a.address, a.electronic_consent_on, a.office,"
            " e.slug AS entrusting_slug, e.name_zh AS entrusting_name_zh, e.name_en AS entrusting_name_en"
            f"{AGENCY_SOURCE} LEFT JOIN agency e ON e.id = a.entrusted_by WHERE a.slug = $2",
            clock.today(),
            slug,
        )
        if row is None:
            raise not_found()
        names = await db.fetch(
            "SELECT name_zh, valid_from, valid_to FROM agency_name WHERE agency = $1"
            " ORDER BY valid_from DESC NULLS LAST",
            row["id"],
        )
    values = dict(row)
    line = AgencyLine(**{name: values.pop(name) for name in AgencyLine.model_fields})
    return AgencyPage(
        line=line,
        **values,
        former_names=tuple(Named(**name) for name in names),
        desks=tuple(await duty_now(line.id)),
        may_see_people=_sees_people(actor, line.id),
    )


async def people_of(actor: Actor, agency: UUID, *, past: bool = False) -> list[PersonLine]:
    """The people of an agency today (``past``: those of the past and of the future as well), by name.

    Raises:
        NotFound: not the reader's agency.
    """
    if not _sees_people(actor, agency):
        raise not_found()
    current = covers("t", "$2")
    async with reading() as db:
        rows = await db.fetch(
            "SELECT p.id, p.username, p.name, p.is_active, p.totp_confirmed_at IS NOT NULL AS has_second_factor,"
            f" max(t.unit) FILTER (WHERE {current}) AS unit,"
            f" max(t.permit_no) FILTER (WHERE {current}) AS permit_no,"
            f" coalesce(array_agg(DISTINCT t.role) FILTER (WHERE {current}), '{{}}') AS roles"
            " FROM appointment t JOIN person p ON p.id = t.person WHERE t.agency = $1 GROUP BY p.id"
            f" HAVING $3 OR (p.is_active AND bool_or({current})) ORDER BY p.name, p.username",
            agency,
            clock.today(),
            past,
        )
    return [PersonLine(**row) for row in rows]


async def person_page(actor: Actor, person: UUID) -> PersonPage:
    """A person: in full for themselves, colleagues and the system administrator; name and agency for partners.

    Raises:
        NotFound: there is none, or none that the reader has to do with.
    """
    async with reading() as db:
        row = await db.fetchrow(
            "SELECT p.id, p.name, p.username, p.email, p.mobile, p.locale, p.is_active, p.is_system_admin,"
            " p.totp_confirmed_at IS NOT NULL AS has_second_factor, p.created_at,"
            " EXISTS (SELECT FROM appointment t WHERE t.person = p.id AND t.agency = $2) AS is_colleague,"
            f" {MEETS.format(agency='$2')} AS meets FROM person p WHERE p.id = $1",
            person,
            actor.agency,
        )
        if row is None:
            raise not_found()
        values = dict(row)
        near = values.pop("is_colleague") or is_administrator(actor) or actor.person == person
        if not values.pop("meets") and not near:
            raise not_found()
        found = await _appointments(db, person)
    if not near:
        values |= {"username": None, "email": None, "mobile": None, "has_second_factor": False}
        found = [line for line in found if line.is_current]
    return PersonPage(**values, appointments=tuple(found))


async def _appointments(db: Any, person: UUID) -> list[AppointmentLine]:
    rows = await db.fetch(
        "SELECT t.id, t.agency, a.slug AS agency_slug, a.name_zh AS agency_name_zh, a.name_en AS agency_name_en,"
        f" t.role, t.unit, t.permit_no, t.valid_from, t.valid_to, {covers('t', '$2')} AND"
        f" {agency_is_valid('a', '$2')} AS is_current FROM appointment t JOIN agency a ON a.id = t.agency"
        " WHERE t.person = $1 ORDER BY is_current DESC, t.valid_from DESC, t.role",
        person,
        clock.today(),
    )
    return [AppointmentLine(**row) for row in rows]


async def search_people(
    actor: Actor, text: str, *, agency: UUID | None = None, limit: int = 20
) -> list[PersonChoice]:
    """People for a picker, by name: colleagues, and whoever acts on a record shared with the reader's agency.

    ``agency`` narrows to those who serve it today.
    """
    if actor.agency is None:
        return []
    async with reading() as db:
        rows = await db.fetch(
            "SELECT p.id, p.name, max(t.unit) AS unit, a.id AS agency, a.slug AS agency_slug,"
            " a.name_zh AS agency_name_zh, a.name_en AS agency_name_en"
            " FROM person p JOIN appointment t ON t.person = p.id JOIN agency a ON a.id = t.agency"
            f" WHERE p.is_active AND {covers('t', '$1')} AND {agency_is_valid('a', '$1')} AND p.name ILIKE $3"
            f" AND ($4::uuid IS NULL OR a.id = $4) AND (a.id = $2 OR {MEETS.format(agency='$2')})"
            " GROUP BY p.id, a.id ORDER BY a.id <> $2, p.name, a.slug LIMIT $5",
            clock.today(),
            actor.agency,
            _pattern(text),
            agency,
            min(limit, MOST),
        )
    return [PersonChoice(**row) for row in rows]


async def people_with(agency: UUID, roles: Iterable[Role]) -> list[UUID]:
    """Who holds one of these roles in the agency today; whom to tell. For our own code, not for pages."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT DISTINCT p.id FROM person p JOIN appointment t ON t.person = p.id"
            f" WHERE p.is_active AND t.agency = $1 AND t.role = ANY($3::text[]) AND {covers('t', '$2')}"
            " ORDER BY p.id",
            agency,
            clock.today(),
            list(roles),
        )
    return [row["id"] for row in rows]


async def permits_in(agency: UUID) -> Mapping[UUID, frozenset[str]]:
    """Permit numbers that stand in an agency today, by person. For our own code, not for pages."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT p.id, array_agg(t.permit_no) AS permits FROM person p JOIN appointment t ON t.person = p.id"
            f" WHERE p.is_active AND t.agency = $1 AND t.permit_no <> '' AND {covers('t', '$2')} GROUP BY p.id",
            agency,
            clock.today(),
        )
    return {row["id"]: frozenset(row["permits"]) for row in rows}


async def own_agencies(actor: Actor) -> list[AgencyChoice]:
    """The agencies that the reader may act for today, to choose from."""
    if actor.person is None or is_administrator(actor):
        return []
    async with reading() as db:
        rows = await db.fetch(f"{served('$1', '$2')} ORDER BY a.slug", actor.person, clock.today())
    return [
        AgencyChoice(
            id=row["agency"], slug=row["slug"], name_zh=row["name_zh"], name_en=row["name_en"], roles=row["roles"]
        )
        for row in rows
    ]


async def own_sessions(actor: Actor, session: str | None = None) -> list[SessionLine]:
    """One's own sessions that are not over, the latest first; ``session`` is the key of the one in use."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT s.id, s.created_at, s.last_seen_at, s.expires_at, s.address, s.agent,"
            " a.name_zh AS agency_name_zh, a.name_en AS agency_name_en, s.token_hash = $3 AS is_this"
            " FROM session s LEFT JOIN agency a ON a.id = s.agency WHERE s.person = $1 AND s.revoked_at IS NULL"
            " AND s.expires_at > $2 ORDER BY s.last_seen_at DESC, s.id",
            in_person(actor),
            clock.now(),
            digest(session) if session else b"",
        )
    return [SessionLine(**row) for row in rows]


async def own_tokens(actor: Actor) -> list[TokenLine]:
    """One's own tokens, the newest first, those that are over included."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT id, name, agency, scopes, created_at, expires_at, revoked_at, last_used_at FROM api_token"
            " WHERE person = $1 ORDER BY created_at DESC, id",
            in_person(actor),
        )
    return [TokenLine(**row) for row in rows]


async def duty_now(agency: UUID) -> list[DutyOfficer]:
    """Every desk of the agency with whoever answers there now; a desk may have nobody but its telephone."""
    async with reading() as db:
        rows = await db.fetch(
            "SELECT d.id AS desk, d.name AS desk_name, d.phone, p.id AS person, p.name, s.ends_at FROM duty_desk d"
            " LEFT JOIN (duty_shift s JOIN person p ON p.id = s.person AND p.is_active)"
            " ON s.desk = d.id AND s.starts_at <= $2 AND s.ends_at > $2"
            " WHERE d.agency = $1 ORDER BY d.name, d.id, s.starts_at, p.name",
            agency,
            clock.now(),
        )
    return [DutyOfficer(**row) for row in rows]


async def duty_officers(agency: UUID) -> list[UUID]:
    """The persons on duty now for the agency; those who may release in an emergency (CO-1b)."""
    return [found.person for found in await duty_now(agency) if found.person is not None]


async def shifts(actor: Actor, agency: UUID, since: datetime, until: datetime) -> list[ShiftLine]:
    """The plan of an agency's desks over a stretch of time, for the agency itself.

    Raises:
        NotFound: not the reader's agency.
    """
    if not _sees_people(actor, agency):
        raise not_found()
    async with reading() as db:
        rows = await db.fetch(
            "SELECT s.id, s.desk, d.name AS desk_name, s.person, p.name, s.starts_at, s.ends_at FROM duty_shift s"
            " JOIN duty_desk d ON d.id = s.desk JOIN person p ON p.id = s.person"
            " WHERE d.agency = $1 AND s.starts_at < $3 AND s.ends_at > $2 ORDER BY s.starts_at, d.name, p.name",
            agency,
            since,
            until,
        )
    return [ShiftLine(**row) for row in rows]


def _sees_people(actor: Actor, agency: UUID) -> bool:
    return actor.agency == agency or is_administrator(actor)


def _pattern(text: str) -> str:
    """An ILIKE pattern that finds ``text`` anywhere, taken literally."""
    literal = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{literal}%"
