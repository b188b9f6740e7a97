"""Roles of accounts inside their agency, and the parts that agencies play on a record (ROLES.md). Pure.

Role is per account and agency; part is per record: one agency leads here, assists there and receives elsewhere.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class Role(StrEnum):
    """An account's role inside its agency."""

    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    LEADER = "leader_in_charge"
    CLERK = "clerk"
    CUSTODIAN = "equipment_custodian"
    LAB_CLERK = "lab_clerk"
    ANALYST = "analyst"
    ARCHIVIST = "archivist"
    AUDITOR = "auditor"
    AGENCY_ADMIN = "agency_admin"
    SYSTEM_ADMIN = "system_admin"


ROLE_LABELS: Mapping[Role, str] = {
    Role.OFFICER: N_("Officer"),
    Role.UNIT_HEAD: N_("Unit head"),
    Role.LEADER: N_("Leader in charge"),
    Role.CLERK: N_("Clerk"),
    Role.CUSTODIAN: N_("Equipment custodian"),
    Role.LAB_CLERK: N_("Lab clerk"),
    Role.ANALYST: N_("Analyst"),
    Role.ARCHIVIST: N_("Archivist"),
    Role.AUDITOR: N_("Auditor"),
    Role.AGENCY_ADMIN: N_("Agency administrator"),
    Role.SYSTEM_ADMIN: N_("System administrator"),
}

WORKING = frozenset(Role) - {Role.SYSTEM_ADMIN}
KEEPING = frozenset({Role.CUSTODIAN})
DECIDING = frozenset({Role.CUSTODIAN, Role.UNIT_HEAD, Role.LEADER})
LEADING = frozenset({Role.UNIT_HEAD, Role.LEADER})
FIELD = frozenset({Role.OFFICER, Role.UNIT_HEAD, Role.CLERK, Role.CUSTODIAN})
PAPERS = frozenset({Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK})
"""Those who draft, register and send the papers of a case."""
FILMS = FIELD | LEADING | frozenset({Role.ARCHIVIST})
"""Those who handle an agency's footage."""
INTAKE = LEADING | frozenset({Role.LAB_CLERK})
"""Those of a laboratory who deal with its clients."""
BENCH = frozenset({Role.ANALYST})
SEES_CLIENTS = WORKING - BENCH
"""Whoever tests knows samples by their codes only: whose they are is hidden from analysts (EXPECTATIONS 6)."""
ADMIN = frozenset({Role.AGENCY_ADMIN})
SYSTEM = frozenset({Role.SYSTEM_ADMIN})
EVERYBODY = frozenset(Role)


class Relation(StrEnum):
    """What the actor's agency (or the actor) is to the thing in question: its part on the record.

    The last three are offices of the municipality as well: see ``Procedure.offices``.
    """

    OWNER = "owner"
    BORROWER = "borrower"
    SELF = "self"
    THIRD = "third"
    LEAD = "lead_agency"
    COOPERATING = "cooperating_agency"
    REQUESTING = "requesting_agency"
    ASSISTING = "assisting_agency"
    CONVENING = "convening_agency"
    ATTENDING = "attending_agency"
    SENDER = "sender"
    RECEIVER = "receiving_agency"
    NOTIFYING = "notifying_agency"
    NOTIFIED = "notified_agency"
    APPLICANT = "applicant"
    RESPONDENT = "respondent"
    PLANNING = "planning_agency"
    HOLDER = "holder"
    CO_USER = "co_user"
    LABORATORY = "laboratory"
    LEGAL_OFFICE = "legal_office"
    GOVERNMENT = "municipal_office"
    SUPERVISOR = "supervisory_organ"


PART_LABELS: Mapping[Relation, str] = {
    Relation.OWNER: N_("Owner"),
    Relation.BORROWER: N_("Borrower"),
    Relation.LEAD: N_("Lead agency"),
    Relation.COOPERATING: N_("Cooperating agency"),
    Relation.REQUESTING: N_("Requesting agency"),
    Relation.ASSISTING: N_("Assisting agency"),
    Relation.CONVENING: N_("Convening agency"),
    Relation.ATTENDING: N_("Attending agency"),
    Relation.SENDER: N_("Sending agency"),
    Relation.RECEIVER: N_("Receiving agency"),
    Relation.NOTIFYING: N_("Notifying agency"),
    Relation.NOTIFIED: N_("Notified agency"),
    Relation.APPLICANT: N_("Applicant"),
    Relation.RESPONDENT: N_("Other side"),
    Relation.PLANNING: N_("Planning agency"),
    Relation.HOLDER: N_("Footage holder"),
    Relation.CO_USER: N_("Co-user"),
    Relation.LABORATORY: N_("Laboratory"),
    Relation.LEGAL_OFFICE: N_("Municipal legal office"),
    Relation.GOVERNMENT: N_("Municipal Government Office"),
    Relation.SUPERVISOR: N_("Supervisory organ"),
}
"""Parts as people read them beside an agency on a record."""

OFFICES = frozenset({Relation.LEGAL_OFFICE, Relation.GOVERNMENT, Relation.SUPERVISOR})
"""Standing offices of the municipality; ``agency.office`` names the one an agency holds."""
