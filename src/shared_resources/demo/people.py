"""Loading the demo's agencies, people and duty desks through the same verbs that administrators use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.demo.agencies import (
    AGENCIES,
    CAST,
    GIVEN,
    LABORATORY_AGENCIES,
    LETTER_CODES,
    PAPER_ONLY,
    PASSWORD,
    SURNAMES,
    DemoAgency,
)
from shared_resources.kernel import clock
from shared_resources.kernel.identity import (
    appoint,
    create_agency,
    create_desk,
    create_first_administrator,
    create_person,
    edit_agency,
    plan_shift,
    serving,
)
from shared_resources.kernel.permissions import Actor, Role
from shared_resources.kernel.schemas.people import (
    AgencyDraft,
    AppointmentDraft,
    DeskDraft,
    Level,
    PersonDraft,
    ShiftDraft,
)

if TYPE_CHECKING:
    import random

SINCE = date(2024, 1, 1)
REFORM = date(2019, 1, 1)
"""When the municipal reform had renamed most agencies."""
ADMINISTRATOR = "admin"
LABORATORY_ROLES = (Role.LAB_CLERK, Role.ANALYST, Role.ANALYST)
STAND_IN_ROLES = (Role.OFFICER, Role.CUSTODIAN, Role.UNIT_HEAD)


@dataclass(frozen=True)
class People:
    """Everybody of the demo, ready to act: by sign-in name, and by agency and role."""

    by_name: dict[str, Actor]
    agencies: dict[str, UUID]

    def with_role(self, slug: str, role: Role) -> list[Actor]:
        """Those who hold ``role`` in an agency, in the order of their appointment."""
        agency = self.agencies[slug]
        return [person for person in self.by_name.values() if person.agency == agency and role in person.roles]


async def load_people(chance: random.Random) -> People:
    """Agencies, named cast, stand-ins for every other agency, and a duty desk at the emergency bureau."""
    admin_id = await create_first_administrator(ADMINISTRATOR, "系统管理员", PASSWORD)
    admin = Actor(admin_id, None, "系统管理员", roles=frozenset({Role.SYSTEM_ADMIN}))
    agencies = {agency.slug: await found(admin, agency) for agency in AGENCIES}
    people: dict[str, Actor] = {}
    for username, name, slug, roles, unit in CAST:
        people[username] = await hire(admin, username, name, slug, agencies[slug], [Role(r) for r in roles], unit)
    for agency in AGENCIES:
        held = {role for actor in people.values() if actor.agency == agencies[agency.slug] for role in actor.roles}
        for number, role in enumerate(role for role in STAND_IN_ROLES if role not in held):
            username = f"{agency.slug}.{number + 1}".replace("_", "-")
            name = chance.choice(SURNAMES) + chance.choice(GIVEN)
            people[username] = await hire(
                admin, username, name, agency.slug, agencies[agency.slug], [role], "执法支队"
            )
    for slug in LABORATORY_AGENCIES:
        held = {role for actor in people.values() if actor.agency == agencies[slug] for role in actor.roles}
        for number, role in enumerate(LABORATORY_ROLES, 1):
            if role is Role.ANALYST or role not in held:
                username = f"{slug}.lab{number}"
                name = chance.choice(SURNAMES) + chance.choice(GIVEN)
                people[username] = await hire(admin, username, name, slug, agencies[slug], [role], "检验室")
    everybody = People(people, agencies)
    await open_duty_desk(everybody)
    return everybody


async def found(admin: Actor, agency: DemoAgency) -> UUID:
    """An agency; one that was renamed since 2007 is entered under its old name and renamed."""
    made = await create_agency(admin, draft_of(agency, agency.former or agency.name_zh))
    if agency.former:
        await edit_agency(admin, agency.slug, draft_of(agency, agency.name_zh), since=REFORM)
    return made


def draft_of(agency: DemoAgency, name_zh: str) -> AgencyDraft:
    """A demo agency as its administrator would type it."""
    return AgencyDraft(
        slug=agency.slug,
        name_zh=name_zh,
        name_en=agency.name_en,
        level=Level(agency.level),
        credit_code=agency.code,
        county=agency.county,
        joins_by_agreement=agency.by_agreement,
        letter_code=LETTER_CODES[agency.slug],
        electronic_consent_on=None if agency.slug in PAPER_ONLY else SINCE,
        office=agency.office,
    )


async def hire(
    admin: Actor, username: str, name: str, slug: str, agency: UUID, roles: list[Role], unit: str
) -> Actor:
    """A person with a password and appointments; officers get an invented permit number."""
    person = PersonDraft(username=username, name=name, email=f"{username}@{slug}.example.test", password=PASSWORD)
    permit = f"渝{abs(hash_of(username)) % 10**8:08d}"
    drafts = [
        AppointmentDraft(agency=slug, role=role, unit=unit, permit_no=permit, valid_from=SINCE) for role in roles
    ]
    made = await create_person(admin, person, drafts[0])
    for draft in drafts[1:]:
        await appoint(admin, made.id, draft)
    actor = await serving(made.id, agency)
    assert actor is not None
    return actor


def hash_of(text: str) -> int:
    """A small number that is the same in every process."""
    return sum(ord(letter) * 131**place for place, letter in enumerate(text))


async def open_duty_desk(people: People) -> None:
    """The emergency bureau answers at any hour; its duty officer sits there for the next four weeks."""
    head, duty = people.by_name["head"], people.by_name["duty"]
    desk = await create_desk(head, DeskDraft(name="应急值班室", phone="023-63810000"))
    assert duty.person is not None
    now = clock.now()
    for week in range(4):
        starts = now + timedelta(weeks=week)
        shift = ShiftDraft(person=duty.person, starts_at=starts, ends_at=starts + timedelta(weeks=1))
        await plan_shift(head, desk, shift)
