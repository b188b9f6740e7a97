"""The cast of the tests: two agencies that lend, a third that looks on, and one person for each role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import transaction
from shared_resources.kernel.identifiers import new_id
from shared_resources.kernel.permissions import Actor, Relation, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG_AGO = date(2020, 1, 1)


@dataclass(frozen=True)
class Team:
    """One agency and its people, each ready to act."""

    agency: UUID
    slug: str
    officer: Actor
    second_officer: Actor
    head: Actor
    custodian: Actor
    clerk: Actor
    auditor: Actor
    admin: Actor

    def with_role(self, role: Role) -> Actor:
        """The member who holds ``role``; the officer's name carries roles nobody else has."""
        for member in (self.officer, self.head, self.custodian, self.clerk, self.auditor, self.admin):
            if role in member.roles:
                return member
        return Actor(self.officer.person, self.agency, "role", roles=frozenset({role}))


@dataclass(frozen=True)
class Cast:
    """Owner lends, borrower borrows, third looks on."""

    owner: Team
    borrower: Team
    third: Team


@dataclass(frozen=True)
class Offices:
    """The standing offices of the municipality."""

    legal: Team
    government: Team
    supervisor: Team


async def make_agency(
    slug: str,
    name: str,
    *,
    level: str = "municipal",
    county: str | None = None,
    office: Relation | None = None,
) -> UUID:
    """An agency, nothing else."""
    agency = new_id()
    async with transaction() as connection:
        await connection.execute(
            "INSERT INTO agency (id, slug, name_zh, name_en, level, body, county, joins_by_agreement, is_sample,"
            " office, letter_code) VALUES ($1, $2, $3, $4, $5, 'administrative', $6, false, true, $7, $8)",
            agency,
            slug,
            name,
            slug,
            level,
            county,
            office,
            f"渝{slug}",
        )
    return agency


async def make_person(agency: UUID, username: str, roles: Sequence[Role], office: Relation | None = None) -> Actor:
    """A person who holds ``roles`` in ``agency`` since long ago."""
    person = new_id()
    async with transaction() as connection:
        await connection.execute(
            "INSERT INTO person (id, username, name, locale, email, is_system_admin, is_active, failed_sign_ins,"
            " created_at) VALUES ($1, $2, $3, 'zh_CN', $4, false, true, 0, $5)",
            person,
            username,
            username,
            f"{username}@example.test",
            clock.now(),
        )
        await connection.executemany(
            "INSERT INTO appointment (id, person, agency, role, permit_no, valid_from)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            [(new_id(), person, agency, role.value, "渝-0001", LONG_AGO) for role in roles],
        )
    return Actor(person, agency, username, slug_of(username), frozenset(roles), office=office)


def slug_of(username: str) -> str:
    """The agency part of a test person's name."""
    return username.partition(".")[0]


async def make_team(slug: str, name: str, office: Relation | None = None) -> Team:
    """An agency with one person for each role that matters here."""
    agency = await make_agency(slug, name, office=office)
    members = {
        "officer": Role.OFFICER,
        "second_officer": Role.OFFICER,
        "head": Role.UNIT_HEAD,
        "custodian": Role.CUSTODIAN,
        "clerk": Role.CLERK,
        "auditor": Role.AUDITOR,
        "admin": Role.AGENCY_ADMIN,
    }
    people = {part: await make_person(agency, f"{slug}.{part}", [role], office) for part, role in members.items()}
    return Team(agency, slug, **people)


async def make_cast() -> Cast:
    """The three agencies of every permission story."""
    return Cast(
        await make_team("owner", "市应急管理局"),
        await make_team("borrower", "市市场监督管理局"),
        await make_team("third", "市城市管理局"),
    )


async def make_offices() -> Offices:
    """Legal office, government and supervisory organ, each with its people."""
    return Offices(
        await make_team("legal", "市司法局", Relation.LEGAL_OFFICE),
        await make_team("government", "市政府办公厅", Relation.GOVERNMENT),
        await make_team("supervisor", "市监察委员会", Relation.SUPERVISOR),
    )
