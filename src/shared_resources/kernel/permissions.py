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
from shared_resources.kernel.roles import (
    ADMIN,
    DECIDING,
    EVERYBODY,
    FIELD,
    KEEPING,
    LEADING,
    OFFICES,
    PAPERS,
    ROLE_LABELS,
    SYSTEM,
    WORKING,
    Relation,
    Role,
)
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "DECIDING",
    "FIELD",
    "KEEPING",
    "KNOWN_BY",
    "LEADING",
    "MATRIX",
    "NOT_SIGNED_IN",
    "OFFICES",
    "PAPERS",
    "ROLE_LABELS",
    "SYSTEM_ACTOR",
    "SYSTEM_NAME",
    "WORKING",
    "Actor",
    "Permission",
    "Reason",
    "Relation",
    "Role",
    "may",
    "not_found",
    "require",
]


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
    SEAL_EDIT = "kernel:seal:edit"
    SEAL_FILE = "kernel:seal:file"
    SEAL_USE = "kernel:seal:use"
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
    TRACKER_SEE = "equipment:tracker:see"
    TRACKER_EDIT = "equipment:tracker:edit"
    POSITION_SEE = "equipment:position:see"
    POSITION_HOLD = "equipment:position:hold"
    AREA_SET = "equipment:area:set"
    ALARM_SEE = "equipment:alarm:see"
    ALARM_HANDLE = "equipment:alarm:handle"
    CHECKIN_DECIDE = "equipment:checkin:decide"
    CHECKIN_UNDO = "equipment:checkin:undo"
    ASSISTANCE_SEE = "cases:assistance:see"
    ASSISTANCE_ASK = "cases:assistance:ask"
    ASSISTANCE_SIGN = "cases:assistance:sign"
    ASSISTANCE_ANSWER = "cases:assistance:answer"
    ASSISTANCE_HELP = "cases:assistance:help"
    OPERATION_SEE = "cases:operation:see"
    OPERATION_LEAD = "cases:operation:lead"
    OPERATION_SIGN = "cases:operation:sign"
    OPERATION_REVIEW = "cases:operation:review"
    OPERATION_COMMENT = "cases:operation:comment"
    OPERATION_APPOINT = "cases:operation:appoint"
    OPERATION_NOTE = "cases:operation:note"
    TASK_SEE = "cases:task:see"
    TASK_ASSIGN = "cases:task:assign"
    TASK_DO = "cases:task:do"
    TASK_EXCUSE = "cases:task:excuse"
    TASK_JUDGE = "cases:task:judge"
    TASK_DECIDE = "cases:task:decide"
    MEETING_SEE = "cases:meeting:see"
    MEETING_CONVENE = "cases:meeting:convene"
    MEETING_SIGN = "cases:meeting:sign"
    MEETING_REPLY = "cases:meeting:reply"
    MEETING_CONSENT = "cases:meeting:consent"
    DUTY_SEE = "cases:duty:see"
    DUTY_DO = "cases:duty:do"
    DUTY_JUDGE = "cases:duty:judge"
    TRANSFER_SEE = "cases:transfer:see"
    TRANSFER_PREPARE = "cases:transfer:prepare"
    TRANSFER_SIGN = "cases:transfer:sign"
    TRANSFER_RECEIVE = "cases:transfer:receive"
    TRANSFER_PASS_ON = "cases:transfer:pass_on"  # noqa: S105 a permission, not a password
    TRANSFER_URGE = "cases:transfer:urge"
    TRANSFER_NAME = "cases:transfer:name"
    REFERRAL_SEE = "cases:referral:see"
    REFERRAL_PREPARE = "cases:referral:prepare"
    REFERRAL_DECIDE = "cases:referral:decide"
    REFERRAL_RECEIVE = "cases:referral:receive"
    REFERRAL_FILE = "cases:referral:file"
    RECEIPT_SEE = "cases:receipt:see"
    RECEIPT_HANDLE = "cases:receipt:handle"
    RECEIPT_JUDGE = "cases:receipt:judge"
    NOTICE_SEE = "cases:situation_notice:see"
    NOTICE_DRAFT = "cases:situation_notice:draft"
    NOTICE_SIGN = "cases:situation_notice:sign"
    NOTICE_ACKNOWLEDGE = "cases:situation_notice:acknowledge"
    DISPUTE_SEE = "cases:dispute:see"
    DISPUTE_RAISE = "cases:dispute:raise"
    DISPUTE_NEGOTIATE = "cases:dispute:negotiate"
    DISPUTE_SETTLE = "cases:dispute:settle"
    DISPUTE_COORDINATE = "cases:dispute:coordinate"
    DISPUTE_DECIDE = "cases:dispute:decide"
    PARTY_SEE = "cases:regulated_party:see"
    PARTY_EDIT = "cases:regulated_party:edit"
    INSPECTION_SEE = "cases:inspection:see"
    INSPECTION_PLAN = "cases:inspection:plan"
    INSPECTION_JUSTIFY = "cases:inspection:justify"
    INSPECTION_JOIN = "cases:inspection:join"
    RECORD_ATTACH = "kernel:record:attach"
    RECORD_LINK = "kernel:record:link"
    SAFETY_ACT = "cases:record:safety_act"
    FIGURES_SEE = "cases:figures:see"


O, B, S, T = Relation.OWNER, Relation.BORROWER, Relation.SELF, Relation.THIRD  # noqa: E741 columns of the table
LED, COO, REQ, AST = Relation.LEAD, Relation.COOPERATING, Relation.REQUESTING, Relation.ASSISTING
CNV, ATT, SND, RCV = Relation.CONVENING, Relation.ATTENDING, Relation.SENDER, Relation.RECEIVER
FRM, UTO, APP, RSP = Relation.NOTIFYING, Relation.NOTIFIED, Relation.APPLICANT, Relation.RESPONDENT
PLN, LEG, GOV, SUP = Relation.PLANNING, Relation.LEGAL_OFFICE, Relation.GOVERNMENT, Relation.SUPERVISOR


ON_RECORDS = (O, B, LED, COO, REQ, AST, CNV, ATT, SND, RCV, FRM, UTO, APP, RSP, PLN, LEG, GOV, SUP)
"""Every part that an agency can play on a record."""


def seen_by(*parts: Relation) -> Mapping[Relation, frozenset[Role]]:
    """A row in which everybody who works for one of ``parts`` may look."""
    return dict.fromkeys(parts, WORKING)


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
    Permission.SEAL_EDIT: {O: ADMIN},
    Permission.SEAL_FILE: {O: PAPERS},
    Permission.SEAL_USE: {O: LEADING},
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
    Permission.TRACKER_SEE: {O: WORKING},
    Permission.TRACKER_EDIT: {O: KEEPING},
    Permission.POSITION_SEE: {O: KEEPING, B: frozenset({Role.UNIT_HEAD})},
    Permission.POSITION_HOLD: {O: DECIDING, B: LEADING},
    Permission.AREA_SET: {O: DECIDING},
    Permission.ALARM_SEE: {O: WORKING, B: LEADING},
    Permission.ALARM_HANDLE: {O: DECIDING},
    Permission.CHECKIN_DECIDE: {O: KEEPING},
    Permission.CHECKIN_UNDO: {O: KEEPING, B: FIELD},
    Permission.ASSISTANCE_SEE: seen_by(REQ, AST, LEG, GOV),
    Permission.ASSISTANCE_ASK: {REQ: PAPERS},
    Permission.ASSISTANCE_SIGN: {REQ: LEADING},
    Permission.ASSISTANCE_ANSWER: {AST: LEADING},
    Permission.ASSISTANCE_HELP: {AST: PAPERS},
    Permission.OPERATION_SEE: seen_by(LED, COO, LEG, GOV, SUP),
    Permission.OPERATION_LEAD: {LED: PAPERS},
    Permission.OPERATION_SIGN: {LED: LEADING},
    Permission.OPERATION_REVIEW: {LEG: LEADING},
    Permission.OPERATION_COMMENT: {COO: PAPERS},
    Permission.OPERATION_APPOINT: {LED: LEADING, COO: LEADING},
    Permission.OPERATION_NOTE: {LED: PAPERS, COO: PAPERS},
    Permission.TASK_SEE: seen_by(LED, COO, LEG, GOV, SUP),
    Permission.TASK_ASSIGN: {LED: PAPERS},
    Permission.TASK_DO: {COO: PAPERS},
    Permission.TASK_EXCUSE: {COO: LEADING},
    Permission.TASK_JUDGE: {LED: LEADING},
    Permission.TASK_DECIDE: {GOV: LEADING},
    Permission.MEETING_SEE: seen_by(CNV, ATT, LEG, GOV),
    Permission.MEETING_CONVENE: {CNV: PAPERS},
    Permission.MEETING_SIGN: {CNV: LEADING},
    Permission.MEETING_REPLY: {ATT: PAPERS},
    Permission.MEETING_CONSENT: {ATT: LEADING},
    Permission.DUTY_SEE: seen_by(CNV, ATT, LEG, GOV),
    Permission.DUTY_DO: {ATT: PAPERS},
    Permission.DUTY_JUDGE: {CNV: LEADING},
    Permission.TRANSFER_SEE: seen_by(SND, RCV, LEG, GOV, SUP),
    Permission.TRANSFER_PREPARE: {SND: PAPERS},
    Permission.TRANSFER_SIGN: {SND: LEADING},
    Permission.TRANSFER_RECEIVE: {RCV: PAPERS},
    Permission.TRANSFER_PASS_ON: {RCV: LEADING},
    Permission.TRANSFER_URGE: {LEG: LEADING, GOV: LEADING},
    Permission.TRANSFER_NAME: {LEG: LEADING},
    Permission.REFERRAL_SEE: seen_by(SND, RCV, LEG, SUP),
    Permission.REFERRAL_PREPARE: {SND: PAPERS},
    Permission.REFERRAL_DECIDE: {SND: frozenset({Role.LEADER})},
    Permission.REFERRAL_RECEIVE: {RCV: PAPERS},
    Permission.REFERRAL_FILE: {RCV: LEADING},
    Permission.RECEIPT_SEE: seen_by(RCV, SND, LEG, SUP),
    Permission.RECEIPT_HANDLE: {RCV: PAPERS},
    Permission.RECEIPT_JUDGE: {RCV: LEADING},
    Permission.NOTICE_SEE: seen_by(FRM, UTO, LEG),
    Permission.NOTICE_DRAFT: {FRM: PAPERS},
    Permission.NOTICE_SIGN: {FRM: LEADING},
    Permission.NOTICE_ACKNOWLEDGE: {UTO: PAPERS},
    Permission.DISPUTE_SEE: seen_by(APP, RSP, LEG, GOV),
    Permission.DISPUTE_RAISE: {APP: LEADING},
    Permission.DISPUTE_NEGOTIATE: {APP: PAPERS, RSP: PAPERS},
    Permission.DISPUTE_SETTLE: {APP: LEADING, RSP: LEADING},
    Permission.DISPUTE_COORDINATE: {LEG: LEADING},
    Permission.DISPUTE_DECIDE: {GOV: LEADING},
    Permission.PARTY_SEE: {T: WORKING},
    Permission.PARTY_EDIT: {T: PAPERS},
    Permission.INSPECTION_SEE: seen_by(PLN, COO, LEG),
    Permission.INSPECTION_PLAN: {PLN: PAPERS},
    Permission.INSPECTION_JUSTIFY: {PLN: LEADING},
    Permission.INSPECTION_JOIN: {COO: LEADING},
    Permission.RECORD_ATTACH: dict.fromkeys(ON_RECORDS, PAPERS | KEEPING),
    Permission.RECORD_LINK: dict.fromkeys(ON_RECORDS, PAPERS | KEEPING),
    Permission.SAFETY_ACT: dict.fromkeys((LED, COO, REQ, AST, CNV, ATT, SND, RCV, FRM, UTO, PLN), LEADING),
    Permission.FIGURES_SEE: {LEG: WORKING, GOV: WORKING, SUP: WORKING, O: LEADING | {Role.AUDITOR}},
}
"""Default deny: a pair that is not here is refused."""

KNOWN_BY: Mapping[Permission, frozenset[Relation]] = {
    permission: frozenset(row).union(
        *(MATRIX[see] for see in Permission if see == f"{permission.rpartition(':')[0]}:see"),
        {O, B} if permission.startswith(("equipment:incident", "equipment:checkin")) else (),
    )
    for permission, row in MATRIX.items()
}
"""Relations that may know of the thing, those that may see it: they meet 403 with a reason, all others 404."""


@dataclass(frozen=True)
class Reason:
    """Why not. False in a condition, a sentence on the page."""

    sentence: Sentence

    def __bool__(self) -> bool:
        return False


@dataclass(frozen=True)
class Actor:
    """Who acts: a person for one agency at a time, with the roles held there today.

    ``scopes`` is None for a signed-in person and the granted permissions for an API token. ``office`` is the
    standing office of the municipality that the agency holds (legal office, government, supervisory organ).
    """

    person: UUID | None
    agency: UUID | None
    name: str
    agency_name: str = ""
    roles: frozenset[Role] = frozenset()
    county: str | None = None
    scopes: frozenset[str] | None = None
    locale: str = "zh_CN"
    office: Relation | None = None

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
