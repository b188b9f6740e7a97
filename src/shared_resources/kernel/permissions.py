"""Who may do what: one table, one question, one answer with its reason (ROLES.md).

Pages draw a button with ``may``, verbs guard the act with ``require``: the same function. Whoever may not
even know that a thing exists meets ``NotFound``, exactly as for an unknown id.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from shared_resources.kernel.errors import NotAllowed, NotFound, SignInNeeded
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Role(StrEnum):
    """An account's role inside its agency."""

    OFFICER = "officer"
    UNIT_HEAD = "unit_head"
    LEADER = "leader_in_charge"
    CLERK = "clerk"
    CUSTODIAN = "equipment_custodian"
    LAB_CLERK = "lab_clerk"
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
    Role.ARCHIVIST: N_("Archivist"),
    Role.AUDITOR: N_("Auditor"),
    Role.AGENCY_ADMIN: N_("Agency administrator"),
    Role.SYSTEM_ADMIN: N_("System administrator"),
}


class Relation(StrEnum):
    """What the actor's agency (or the actor) is to the thing in question."""

    OWNER = "owner"
    BORROWER = "borrower"
    SELF = "self"
    THIRD = "third"


class Permission(StrEnum):
    """Every act that needs permission, ``department:thing:act``."""

    AGENCY_CREATE = "kernel:agency:create"
    AGENCY_EDIT = "kernel:agency:edit"
    APPOINTMENT_EDIT = "kernel:appointment:edit"
    CALENDAR_EDIT = "kernel:calendar:edit"
    DUTY_EDIT = "kernel:duty:edit"
    JOURNAL_READ = "kernel:journal:read"
    MAILBOX_READ = "kernel:mailbox:read"
    PERSON_EDIT = "kernel:person:edit"
    SESSION_END = "kernel:session:end"
    TOKEN_EDIT = "kernel:token:edit"  # noqa: S105 a permission, not a secret
    CATALOGUE_EDIT = "equipment:catalogue:edit"
    DEPOT_EDIT = "equipment:depot:edit"
    ITEM_EDIT = "equipment:item:edit"
    ITEM_SEE = "equipment:item:see"
    ITEM_SEE_FREE = "equipment:item:see_free"
    LABEL_PRINT = "equipment:label:print"
    RULE_EDIT = "equipment:rule:edit"
    CUSTODY_SEE = "equipment:custody:see"
    INCIDENT_REPORT = "equipment:incident:report"
    INCIDENT_SETTLE = "equipment:incident:settle"
    LOAN_ACCEPT = "equipment:loan:accept"
    LOAN_APPROVE = "equipment:loan:approve"
    LOAN_CANCEL = "equipment:loan:cancel"
    LOAN_GIVE = "equipment:loan:give"
    LOAN_HAND_OVER = "equipment:loan:hand_over"
    LOAN_INSPECT = "equipment:loan:inspect"
    LOAN_MOVE = "equipment:loan:move"
    LOAN_RELEASE = "equipment:loan:release"
    LOAN_REQUEST = "equipment:loan:request"
    LOAN_REVOKE = "equipment:loan:revoke"
    LOAN_SEE = "equipment:loan:see"
    LOAN_TAKE = "equipment:loan:take"


WORKING = frozenset(Role) - {Role.SYSTEM_ADMIN}
KEEPING = frozenset({Role.CUSTODIAN})
DECIDING = frozenset({Role.CUSTODIAN, Role.UNIT_HEAD, Role.LEADER})
LEADING = frozenset({Role.UNIT_HEAD, Role.LEADER})
FIELD = frozenset({Role.OFFICER, Role.UNIT_HEAD, Role.CLERK, Role.CUSTODIAN})
ADMIN = frozenset({Role.AGENCY_ADMIN})
SYSTEM = frozenset({Role.SYSTEM_ADMIN})
EVERYBODY = frozenset(Role)

O, B, S, T = Relation.OWNER, Relation.BORROWER, Relation.SELF, Relation.THIRD  # noqa: E741 columns of the table

MATRIX: Mapping[Permission, Mapping[Relation, frozenset[Role]]] = {
    Permission.AGENCY_CREATE: {T: SYSTEM},
    Permission.AGENCY_EDIT: {O: ADMIN | SYSTEM, T: SYSTEM},
    Permission.APPOINTMENT_EDIT: {O: ADMIN, T: SYSTEM},
    Permission.CALENDAR_EDIT: {T: SYSTEM},
    Permission.DUTY_EDIT: {O: ADMIN | LEADING},
    Permission.JOURNAL_READ: {O: WORKING, B: WORKING},
    Permission.MAILBOX_READ: {S: EVERYBODY},
    Permission.PERSON_EDIT: {O: ADMIN, S: EVERYBODY, T: SYSTEM},
    Permission.SESSION_END: {O: ADMIN, S: EVERYBODY, T: SYSTEM},
    Permission.TOKEN_EDIT: {S: WORKING},
    Permission.CATALOGUE_EDIT: {T: KEEPING, O: KEEPING},
    Permission.DEPOT_EDIT: {O: KEEPING | ADMIN},
    Permission.ITEM_EDIT: {O: KEEPING},
    Permission.ITEM_SEE: {O: WORKING},
    Permission.ITEM_SEE_FREE: {O: WORKING, B: WORKING, T: WORKING},
    Permission.LABEL_PRINT: {O: KEEPING},
    Permission.RULE_EDIT: {O: DECIDING},
    Permission.CUSTODY_SEE: {O: WORKING, B: WORKING},
    Permission.INCIDENT_REPORT: {O: WORKING, B: WORKING},
    Permission.INCIDENT_SETTLE: {O: DECIDING},
    Permission.LOAN_ACCEPT: {B: FIELD},
    Permission.LOAN_APPROVE: {O: DECIDING},
    Permission.LOAN_CANCEL: {B: FIELD},
    Permission.LOAN_GIVE: {O: KEEPING | {Role.OFFICER}},
    Permission.LOAN_HAND_OVER: {O: WORKING, B: FIELD | LEADING},
    Permission.LOAN_INSPECT: {O: KEEPING},
    Permission.LOAN_MOVE: {O: DECIDING, B: FIELD},
    Permission.LOAN_RELEASE: {O: DECIDING | {Role.OFFICER}},
    Permission.LOAN_REQUEST: {B: FIELD},
    Permission.LOAN_REVOKE: {O: DECIDING},
    Permission.LOAN_SEE: {O: WORKING, B: WORKING},
    Permission.LOAN_TAKE: {O: KEEPING | {Role.OFFICER}, B: FIELD | LEADING},
}
"""Default deny: a pair that is not here is refused."""

KNOWN_BY: Mapping[Permission, frozenset[Relation]] = {
    permission: frozenset(row)
    | ({O, B} if permission.startswith(("equipment:loan", "equipment:incident")) else frozenset())
    for permission, row in MATRIX.items()
}
"""Relations that may know of the thing: they meet 403 with a reason, all others 404."""


@dataclass(frozen=True)
class Reason:
    """Why not. False in a condition, a sentence on the page."""

    sentence: Sentence

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True)
class Actor:
    """Who acts: a person for one agency at a time, with the roles held there today.

    ``scopes`` is None for a signed-in person and the granted permissions for an API token.
    """

    person: UUID | None
    agency: UUID | None
    name: str
    agency_name: str = ""
    roles: frozenset[Role] = frozenset()
    county: str | None = None
    scopes: frozenset[str] | None = None
    locale: str = "zh_CN"

    @property
    def is_system(self) -> bool:
        """The clock or a job of ours, not a person."""
        return self.person is None and self.name == SYSTEM_NAME

    def relations(self, owner: UUID | None = None, borrower: UUID | None = None) -> frozenset[Relation]:
        """What this actor's agency is to a thing of ``owner`` lent to ``borrower``."""
        if self.agency is None:
            return frozenset({Relation.THIRD})
        found = {
            relation
            for relation, agency in ((Relation.OWNER, owner), (Relation.BORROWER, borrower))
            if agency is not None and agency == self.agency
        }
        return frozenset(found or {Relation.THIRD})


SYSTEM_NAME = "system"
SYSTEM_ACTOR = Actor(person=None, agency=None, name=SYSTEM_NAME)

NOT_SIGNED_IN = Reason(Sentence(N_("Please sign in first.")))
NOT_YOUR_ROLE = Reason(Sentence(N_("Your role in this agency does not include this act.")))
NOT_YOUR_PART = Reason(Sentence(N_("This act belongs to the other side.")))
NOT_IN_SCOPE = Reason(Sentence(N_("This token was not granted this act.")))


def may(actor: Actor | None, permission: Permission, relations: Iterable[Relation]) -> bool | Reason:
    """True, or the reason why not."""
    if actor is None or (actor.person is None and not actor.is_system):
        return NOT_SIGNED_IN
    if actor.is_system:
        return True
    if actor.scopes is not None and permission not in actor.scopes:
        return NOT_IN_SCOPE
    row = MATRIX[permission]
    held = set(relations)
    if any(row.get(relation, frozenset()) & actor.roles for relation in held):
        return True
    return NOT_YOUR_ROLE if held & row.keys() else NOT_YOUR_PART


def require(actor: Actor | None, permission: Permission, relations: Iterable[Relation]) -> None:
    """Pass, or refuse in the way that gives nothing away.

    Raises:
        SignInNeeded: nobody is signed in.
        NotAllowed: the actor may know of the thing but not do this.
        NotFound: the actor may not know of the thing.
    """
    held = frozenset(relations)
    answer = may(actor, permission, held)
    if answer is True:
        return
    if answer is NOT_SIGNED_IN:
        raise SignInNeeded(NOT_SIGNED_IN.sentence.msgid)
    if not held & KNOWN_BY[permission]:
        raise not_found()
    assert isinstance(answer, Reason)
    raise NotAllowed(answer.sentence.msgid, code="not_allowed", do=N_("Ask a colleague with the right role."))


def not_found() -> NotFound:
    """The one answer for things that are not there and for things that are none of the reader's business."""
    return NotFound(
        N_("There is nothing here under this address."),
        do=N_("Check the number, or search for it."),
        code="not_found",
    )
