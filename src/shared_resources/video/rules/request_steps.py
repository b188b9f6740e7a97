"""Every step of a footage request, side by side (machine 9)."""

from __future__ import annotations

from shared_resources.kernel.casework.between import between
from shared_resources.kernel.permissions import FIELD, LEADING, PAPERS, Permission, Relation
from shared_resources.kernel.schemas.asked import Claim
from shared_resources.kernel.words import N_
from shared_resources.video.schemas import requests as forms

REQUESTING, HOLDER = Relation.REQUESTING, Relation.HOLDER
ASK, APPROVE = Permission.FOOTAGE_REQUEST_ASK, Permission.FOOTAGE_REQUEST_APPROVE
DECIDE, SUPPLY = Permission.FOOTAGE_REQUEST_DECIDE, Permission.FOOTAGE_REQUEST_SUPPLY
RECEIVE = Permission.FOOTAGE_REQUEST_RECEIVE
ASKED, SUPPLIED = ("received", "oral"), ("delivered", "in_use")
OTHER_SIDE = {ASK: HOLDER, APPROVE: HOLDER, RECEIVE: HOLDER, DECIDE: REQUESTING, SUPPLY: REQUESTING}


TOLD = dict.fromkeys((REQUESTING, HOLDER), PAPERS | FIELD)
_step = between(OTHER_SIDE, (REQUESTING, HOLDER), TOLD, "VI-1c")

ASKING = (
    _step("amend", ("draft",), None, ASK, N_("Amend the request"), form=forms.Terms),
    _step(
        "submit",
        ("draft",),
        "submitted",
        ASK,
        N_("Submit for approval"),
        N_("Footage request %(number)s “%(title)s” is to be approved."),
        tells=(REQUESTING,),
        told_roles=LEADING,
    ),
    _step("send_back", ("submitted",), "draft", APPROVE, N_("Send back to the drafter"), needs_note=True),
    _step("approve", ("submitted",), "approved", APPROVE, N_("Approve the request")),
    _step(
        "send",
        ("approved",),
        "received",
        ASK,
        N_("Send the letter"),
        N_("Footage is asked of you: %(number)s “%(title)s”."),
        document="footage_request_letter",
    ),
    _step(
        "call",
        ("submitted", "approved"),
        "oral",
        ASK,
        N_("Record the call"),
        N_("Footage was asked of you by telephone: %(number)s “%(title)s”. Papers follow."),
        "AR-2d",
        form=forms.PhoneCall,
    ),
    _step(
        "file_papers",
        ("oral",),
        "received",
        APPROVE,
        N_("File the papers"),
        N_("The papers of footage request %(number)s “%(title)s” are here."),
        document="footage_request_letter",
    ),
)

ANSWERING = (
    _step(
        "narrow",
        ASKED,
        None,
        DECIDE,
        N_("Propose a narrower range"),
        N_("The holder proposes a narrower range for %(number)s “%(title)s”."),
        "VI-1d",
        form=forms.Narrowing,
    ),
    _step(
        "grant",
        ASKED,
        "granted",
        DECIDE,
        N_("Grant"),
        N_("Footage request %(number)s “%(title)s” is granted."),
        "VI-1d",
        form=forms.Grant,
        competes=True,
    ),
    _step(
        "grant_in_part",
        ASKED,
        "granted",
        DECIDE,
        N_("Grant in part"),
        N_("Footage request %(number)s “%(title)s” is granted in part."),
        "VI-1d",
        form=forms.PartGrant,
        document="footage_part_grant",
        competes=True,
    ),
    _step(
        "refuse",
        ASKED,
        "refused",
        DECIDE,
        N_("Refuse"),
        N_("Footage request %(number)s “%(title)s” is refused. The ground is on its page."),
        "VI-1d",
        form=forms.CannotSupply,
        document="footage_refusal",
        competes=True,
    ),
    _step(
        "does_not_exist",
        ASKED,
        "nonexistent",
        DECIDE,
        N_("State that it does not exist"),
        N_("The footage of %(number)s “%(title)s” does not exist. The statement is on its page."),
        "VI-1d",
        form=forms.Nonexistent,
        document="footage_nonexistence",
        competes=True,
    ),
    _step(
        "accept_answer",
        ("refused", "nonexistent"),
        "closed",
        APPROVE,
        N_("Accept the answer"),
        N_("The answer to footage request %(number)s “%(title)s” is accepted."),
        competes=True,
    ),
    _step("dispute", ("refused", "nonexistent"), "disputed", APPROVE, N_("Raise a dispute"), form=Claim),
    _step(
        "resume",
        ("disputed",),
        "received",
        APPROVE,
        N_("Ask again after the dispute"),
        N_("The dispute is over: footage request %(number)s “%(title)s” is asked of you again."),
        "DS-1c",
        competes=True,
    ),
    _step(
        "close_disputed",
        ("disputed",),
        "closed",
        APPROVE,
        N_("Close after the dispute"),
        N_("Footage request %(number)s “%(title)s” is closed after the dispute."),
        "DS-1c",
        competes=True,
    ),
)

SUPPLYING = (
    _step(
        "deliver",
        ("granted",),
        "delivered",
        SUPPLY,
        N_("Hand the copies over"),
        N_("The copies of footage request %(number)s “%(title)s” are handed over: compare and sign."),
        "VI-1d",
        form=forms.Delivery,
    ),
    _step(
        "mismatch",
        ("delivered",),
        None,
        None,
        N_("Values differ"),
        N_("Footage request %(number)s “%(title)s”: the values of a copy differ. It cannot be signed for."),
        "VI-1d",
        told_roles=LEADING,
        tells=(REQUESTING, HOLDER),
    ),
    _step(
        "take_back",
        ("delivered",),
        "granted",
        SUPPLY,
        N_("Take back and hand over anew"),
        N_("The copies of footage request %(number)s “%(title)s” are taken back and come anew."),
        "VI-1d",
        needs_note=True,
    ),
    _step(
        "sign",
        ("delivered",),
        "in_use",
        RECEIVE,
        N_("Sign for the copies"),
        N_("The copies of footage request %(number)s “%(title)s” are compared and signed for."),
        "VI-1d",
        form=forms.Receiving,
    ),
    _step(
        "extend_share",
        SUPPLIED,
        None,
        DECIDE,
        N_("Extend the share"),
        N_("The share of footage request %(number)s “%(title)s” lasts longer."),
        form=forms.Extension,
    ),
    _step(
        "revoke",
        SUPPLIED,
        "share_ended",
        DECIDE,
        N_("Revoke the share"),
        N_("The share of footage request %(number)s “%(title)s” is revoked."),
        needs_note=True,
    ),
    _step(
        "end_share",
        SUPPLIED,
        "share_ended",
        None,
        N_("The share ends"),
        N_("The share of footage request %(number)s “%(title)s” has ended: account for the copies."),
    ),
    _step(
        "purpose_done",
        ("in_use", "share_ended"),
        "returned",
        RECEIVE,
        N_("Account for the copies"),
        N_("The copies of footage request %(number)s “%(title)s” are accounted for."),
        form=forms.PurposeDone,
    ),
    _step(
        "close",
        ("returned",),
        "closed",
        SUPPLY,
        N_("Close"),
        N_("Footage request %(number)s “%(title)s” is closed."),
    ),
    _step(
        "withdraw",
        ("draft", "submitted", "approved", *ASKED, "granted"),
        "withdrawn",
        ASK,
        N_("Withdraw"),
        N_("Footage request %(number)s “%(title)s” is withdrawn."),
        needs_note=True,
    ),
)

STEPS = (*ASKING, *ANSWERING, *SUPPLYING)
