"""Words about agencies, the people who work for them, and their sign-ins."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from shared_resources.kernel.permissions import Role
from shared_resources.kernel.words import N_


class Level(StrEnum):
    """Whose agency it is. Central bodies join by agreement only."""

    MUNICIPAL = "municipal"
    COUNTY = "county"
    CENTRAL = "central"


class Body(StrEnum):
    """What kind of organ takes part (APP-1)."""

    ADMINISTRATIVE = "administrative"
    AUTHORISED = "authorised"
    ENTRUSTED = "entrusted"


class Office(StrEnum):
    """A standing office of the municipality (ROLES.md); the names are those of ``Relation``."""

    LEGAL = "legal_office"
    GOVERNMENT = "municipal_office"
    SUPERVISOR = "supervisory_organ"


class Locale(StrEnum):
    """A language of the pages."""

    ZH_CN = "zh_CN"
    EN = "en"


OFFICE_LABELS = {
    Office.LEGAL: N_("Municipal legal office"),
    Office.GOVERNMENT: N_("Municipal Government Office"),
    Office.SUPERVISOR: N_("Supervisory organ"),
}
LEVEL_LABELS = {
    Level.MUNICIPAL: N_("Municipal"),
    Level.COUNTY: N_("District or county"),
    Level.CENTRAL: N_("Central"),
}
BODY_LABELS = {
    Body.ADMINISTRATIVE: N_("Administrative agency"),
    Body.AUTHORISED: N_("Legally authorised organisation"),
    Body.ENTRUSTED: N_("Entrusted organisation"),
}


class Words(BaseModel):
    """A value: checked when made, never changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Password = Annotated[str, StringConstraints(strip_whitespace=False)]
"""A space at either end belongs to it, as it does when signing in."""


class AgencyDraft(Words):
    """An agency as an administrator writes it down. Dates are inclusive; no end means until further notice."""

    slug: str = Field(max_length=60, examples=["cq-em"])
    name_zh: str = Field(max_length=120, examples=["市应急管理局"])
    name_en: str = Field(max_length=120, examples=["Emergency Management Bureau"])
    level: Level = Level.MUNICIPAL
    body: Body = Body.ADMINISTRATIVE
    credit_code: str | None = Field(default=None, max_length=18, examples=["11500000MB99000644"])
    county: str | None = Field(default=None, max_length=6, examples=["500103"])
    entrusted_by: str | None = Field(default=None, max_length=60, description="slug of the entrusting agency")
    valid_from: date | None = None
    valid_to: date | None = Field(default=None, description="last day; of an entrustment: its last day")
    joins_by_agreement: bool = False
    letter_code: str | None = Field(default=None, max_length=20, examples=["渝应急"])
    address: str | None = Field(default=None, max_length=120, examples=["渝北区黄山大道中段68号"])
    electronic_consent_on: date | None = Field(
        default=None, description="since when it consents to electronic transfers (TR-4a)"
    )
    office: Office | None = Field(default=None, description="the standing office of the municipality it holds")


class PersonDraft(Words):
    """A new colleague. Without a password a one-time link is made for them to choose one."""

    username: str = Field(max_length=60, examples=["zhao.keeper"])
    name: str = Field(max_length=60, examples=["赵志强"])
    email: str | None = Field(default=None, max_length=200)
    mobile: str | None = Field(default=None, max_length=40)
    locale: Locale = Locale.ZH_CN
    password: Password | None = Field(default=None, max_length=200, repr=False)


class PersonEdit(Words):
    """What may be changed of a person; the sign-in name stays for good."""

    name: str = Field(max_length=60)
    email: str | None = Field(default=None, max_length=200)
    mobile: str | None = Field(default=None, max_length=40)


class AppointmentDraft(Words):
    """A role in an agency. Dates are inclusive; officers carry the number of their enforcement permit."""

    agency: str = Field(max_length=60, description="slug", examples=["cq-em"])
    role: Role
    unit: str | None = Field(default=None, max_length=120, examples=["执法支队"])
    permit_no: str | None = Field(default=None, max_length=60, examples=["23000012345"])
    valid_from: date
    valid_to: date | None = None


class DeskDraft(Words):
    """A duty desk: the telephone that is answered at any hour."""

    name: str = Field(max_length=120, examples=["应急值班室"])
    phone: str = Field(max_length=40, examples=["023-63810000"])


class ShiftDraft(Words):
    """Who sits at a desk, over a half-open stretch of time."""

    person: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class TokenDraft(Words):
    """A program's key: name, permissions it may use, and its last instant."""

    name: str = Field(max_length=80, examples=["asset system"])
    scopes: frozenset[str] = Field(examples=[["equipment:item:see", "equipment:loan:see"]])
    expires_at: AwareDatetime


class NewPerson(Words):
    """A person just made; ``link_token`` is shown once and is None where a password was given."""

    id: UUID
    link_token: str | None = Field(default=None, repr=False)


class NewToken(Words):
    """A key just made; ``token`` is shown once and cannot be shown again."""

    id: UUID
    token: str = Field(repr=False)
    expires_at: datetime


class Enrolment(Words):
    """A second factor waiting for its first code: secret (base 32), address for apps, QR code as SVG."""

    secret: str = Field(repr=False)
    uri: str = Field(repr=False)
    svg: str = Field(repr=False)


class Named(Words):
    """A former name and the days on which it was used."""

    name_zh: str
    valid_from: date | None
    valid_to: date | None


class AgencyLine(Words):
    """One agency in a list. ``officers`` counts permit holders appointed today."""

    id: UUID
    slug: str
    name_zh: str
    name_en: str
    level: Level
    body: Body
    county: str | None
    valid_from: date | None
    valid_to: date | None
    is_valid: bool
    is_sample: bool
    former_names: tuple[str, ...]
    officers: int
    people: int


class DutyOfficer(Words):
    """Who answers now, at which desk, until when."""

    desk: UUID
    desk_name: str
    phone: str
    person: UUID | None
    name: str | None
    ends_at: datetime | None


class AgencyPage(Words):
    """An agency in full; ``may_see_people`` says whether the reader may open its list of people."""

    line: AgencyLine
    credit_code: str | None
    entrusted_by: UUID | None
    entrusting_slug: str | None
    entrusting_name_zh: str | None
    entrusting_name_en: str | None
    joins_by_agreement: bool
    letter_code: str | None
    address: str | None
    electronic_consent_on: date | None
    office: Office | None
    former_names: tuple[Named, ...]
    desks: tuple[DutyOfficer, ...]
    may_see_people: bool


class AppointmentLine(Words):
    """One role of one person; ``is_current`` on today's date."""

    id: UUID
    agency: UUID
    agency_slug: str
    agency_name_zh: str
    agency_name_en: str
    role: Role
    unit: str | None
    permit_no: str | None
    valid_from: date
    valid_to: date | None
    is_current: bool


class PersonLine(Words):
    """A colleague in the list of an agency; ``roles`` of today, in this agency."""

    id: UUID
    username: str
    name: str
    unit: str | None
    roles: tuple[Role, ...]
    permit_no: str | None
    is_active: bool
    has_second_factor: bool


class PersonPage(Words):
    """A person as the reader may see them; contact details only for colleagues and administrators."""

    id: UUID
    name: str
    username: str | None
    email: str | None
    mobile: str | None
    locale: Locale
    is_active: bool
    is_system_admin: bool
    has_second_factor: bool
    created_at: datetime
    appointments: tuple[AppointmentLine, ...]


class PersonChoice(Words):
    """A person as a picker offers them; ``agency`` is the one they serve today."""

    id: UUID
    name: str
    unit: str | None
    agency: UUID
    agency_slug: str
    agency_name_zh: str
    agency_name_en: str


class AgencyChoice(Words):
    """An agency that a person may act for today."""

    id: UUID
    slug: str
    name_zh: str
    name_en: str
    roles: tuple[Role, ...]


class SessionLine(Words):
    """One signed-in browser of one's own; ``is_this`` marks the one being used."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str | None
    agent: str | None
    agency_name_zh: str | None
    agency_name_en: str | None
    is_this: bool


class TokenLine(Words):
    """One key of one's own; the key itself is nowhere."""

    id: UUID
    name: str
    agency: UUID
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class ShiftLine(Words):
    """One shift at a duty desk."""

    id: UUID
    desk: UUID
    desk_name: str
    person: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
