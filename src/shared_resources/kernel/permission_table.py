"""Every act that needs permission, and the one table of who holds it: parts × roles (ROLES.md). Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from shared_resources.kernel.roles import (
    ADMIN,
    BENCH,
    DECIDING,
    EVERYBODY,
    FIELD,
    FILMS,
    INTAKE,
    KEEPING,
    LEADING,
    PAPERS,
    SEES_CLIENTS,
    SYSTEM,
    WORKING,
    Relation,
    Role,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


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
    SOURCE_SEE = "video:source:see"
    SOURCE_EDIT = "video:source:edit"
    FOOTAGE_SEE = "video:footage:see"
    FOOTAGE_TAKE_IN = "video:footage:take_in"
    FOOTAGE_VIEW = "video:footage:view"
    FOOTAGE_CUT = "video:footage:cut"
    FOOTAGE_SHARE = "video:footage:share"
    FOOTAGE_HOLD = "video:footage:hold"
    FOOTAGE_DISPOSE = "video:footage:dispose"
    FOOTAGE_LOOKS = "video:footage:looks"
    FOOTAGE_REQUEST_SEE = "video:request:see"
    FOOTAGE_REQUEST_ASK = "video:request:ask"
    FOOTAGE_REQUEST_APPROVE = "video:request:approve"
    FOOTAGE_REQUEST_DECIDE = "video:request:decide"
    FOOTAGE_REQUEST_SUPPLY = "video:request:supply"
    FOOTAGE_REQUEST_RECEIVE = "video:request:receive"
    PRESERVATION_SEE = "video:preservation:see"
    PRESERVATION_ANSWER = "video:preservation:answer"
    SHARED_FOOTAGE_SEE = "video:shared:see"
    SHARED_FOOTAGE_SHARE = "video:shared:share"
    SHARED_FOOTAGE_STATE = "video:shared:state"
    SHARED_FOOTAGE_RECEIVE = "video:shared:receive"
    LABORATORY_SEE = "lab:laboratory:see"
    LABORATORY_EDIT = "lab:laboratory:edit"
    DELEGATION_SEE = "lab:delegation:see"
    DELEGATION_ASK = "lab:delegation:ask"
    DELEGATION_ISSUE = "lab:delegation:issue"
    DELEGATION_ANSWER = "lab:delegation:answer"
    DELEGATION_REPORT = "lab:delegation:report"
    DELEGATION_SIGN = "lab:delegation:sign"
    DELEGATION_RECEIVE = "lab:delegation:receive"
    SAMPLE_SEE = "lab:sample:see"
    SAMPLE_TAKE = "lab:sample:take"
    SAMPLE_KEEP = "lab:sample:keep"
    BENCH_SEE = "lab:bench:see"
    BENCH_WORK = "lab:bench:work"
    BENCH_REVIEW = "lab:bench:review"
    RECORD_ATTACH = "kernel:record:attach"
    RECORD_LINK = "kernel:record:link"
    SAFETY_ACT = "cases:record:safety_act"
    FIGURES_SEE = "cases:figures:see"


O, B, S, T = Relation.OWNER, Relation.BORROWER, Relation.SELF, Relation.THIRD  # noqa: E741 columns of the table
LED, COO, REQ, AST = Relation.LEAD, Relation.COOPERATING, Relation.REQUESTING, Relation.ASSISTING
CNV, ATT, SND, RCV = Relation.CONVENING, Relation.ATTENDING, Relation.SENDER, Relation.RECEIVER
FRM, UTO, APP, RSP = Relation.NOTIFYING, Relation.NOTIFIED, Relation.APPLICANT, Relation.RESPONDENT
PLN, LEG, GOV, SUP = Relation.PLANNING, Relation.LEGAL_OFFICE, Relation.GOVERNMENT, Relation.SUPERVISOR
HLD, USE, LAB = Relation.HOLDER, Relation.CO_USER, Relation.LABORATORY


ON_RECORDS = (O, B, LED, COO, REQ, AST, CNV, ATT, SND, RCV, FRM, UTO, APP, RSP, PLN, HLD, USE, LEG, GOV, SUP)
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
    Permission.SOURCE_SEE: {HLD: WORKING, T: WORKING},
    Permission.SOURCE_EDIT: {HLD: KEEPING | LEADING | {Role.ARCHIVIST}},
    Permission.FOOTAGE_SEE: {HLD: FILMS, USE: FILMS, LEG: LEADING, SUP: LEADING},
    Permission.FOOTAGE_TAKE_IN: {HLD: FILMS},
    Permission.FOOTAGE_VIEW: {HLD: FILMS, USE: FILMS, LEG: LEADING, SUP: LEADING},
    Permission.FOOTAGE_CUT: {HLD: FILMS},
    Permission.FOOTAGE_SHARE: {HLD: LEADING},
    Permission.FOOTAGE_HOLD: {HLD: LEADING, LEG: LEADING},
    Permission.FOOTAGE_DISPOSE: {HLD: LEADING},
    Permission.FOOTAGE_LOOKS: {HLD: LEADING | {Role.ARCHIVIST, Role.AUDITOR}},
    Permission.FOOTAGE_REQUEST_SEE: seen_by(REQ, HLD, LEG, SUP),
    Permission.FOOTAGE_REQUEST_ASK: {REQ: PAPERS},
    Permission.FOOTAGE_REQUEST_APPROVE: {REQ: LEADING},
    Permission.FOOTAGE_REQUEST_DECIDE: {HLD: LEADING},
    Permission.FOOTAGE_REQUEST_SUPPLY: {HLD: FILMS},
    Permission.FOOTAGE_REQUEST_RECEIVE: {REQ: PAPERS},
    Permission.PRESERVATION_SEE: seen_by(REQ, HLD, LEG, SUP),
    Permission.PRESERVATION_ANSWER: {HLD: FILMS},
    Permission.SHARED_FOOTAGE_SEE: seen_by(HLD, USE, LEG),
    Permission.SHARED_FOOTAGE_SHARE: {HLD: FILMS},
    Permission.SHARED_FOOTAGE_STATE: {HLD: LEADING},
    Permission.SHARED_FOOTAGE_RECEIVE: {USE: FILMS},
    Permission.LABORATORY_SEE: {LAB: WORKING, T: WORKING},
    Permission.LABORATORY_EDIT: {LAB: INTAKE},
    Permission.DELEGATION_SEE: {REQ: SEES_CLIENTS, LAB: SEES_CLIENTS},
    Permission.DELEGATION_ASK: {REQ: PAPERS},
    Permission.DELEGATION_ISSUE: {REQ: LEADING},
    Permission.DELEGATION_ANSWER: {LAB: INTAKE},
    Permission.DELEGATION_REPORT: {LAB: INTAKE},
    Permission.DELEGATION_SIGN: {LAB: LEADING},
    Permission.DELEGATION_RECEIVE: {REQ: PAPERS},
    Permission.SAMPLE_SEE: {REQ: SEES_CLIENTS, LAB: SEES_CLIENTS},
    Permission.SAMPLE_TAKE: {REQ: PAPERS},
    Permission.SAMPLE_KEEP: {LAB: INTAKE},
    Permission.BENCH_SEE: {LAB: INTAKE | BENCH},
    Permission.BENCH_WORK: {LAB: BENCH},
    Permission.BENCH_REVIEW: {LAB: LEADING | BENCH},
    Permission.RECORD_ATTACH: {**dict.fromkeys(ON_RECORDS, PAPERS | KEEPING), LAB: PAPERS | INTAKE | KEEPING},
    Permission.RECORD_LINK: {**dict.fromkeys(ON_RECORDS, PAPERS | KEEPING), LAB: PAPERS | INTAKE | KEEPING},
    Permission.SAFETY_ACT: dict.fromkeys((LED, COO, REQ, AST, CNV, ATT, SND, RCV, FRM, UTO, PLN, HLD), LEADING),
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
