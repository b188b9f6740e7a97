"""Every step of a delegation, side by side (machine 13)."""

from __future__ import annotations

from shared_resources.kernel.casework.between import between
from shared_resources.kernel.permissions import PAPERS, Permission, Relation
from shared_resources.kernel.roles import INTAKE, LEADING
from shared_resources.kernel.schemas.asked import BookingLink
from shared_resources.kernel.words import N_
from shared_resources.lab.schemas import delegations as forms

REQUESTING, LABORATORY = Relation.REQUESTING, Relation.LABORATORY
ASK, ISSUE = Permission.DELEGATION_ASK, Permission.DELEGATION_ISSUE
ANSWER, REPORT, SIGN = Permission.DELEGATION_ANSWER, Permission.DELEGATION_REPORT, Permission.DELEGATION_SIGN
RECEIVE = Permission.DELEGATION_RECEIVE
IN_WORK = ("accepted", "sampled", "testing", "waiting", "under_review")
REPORTED = ("reported", "received")


OTHER_SIDE = {
    **dict.fromkeys((ASK, ISSUE, RECEIVE), LABORATORY),
    **dict.fromkeys((ANSWER, REPORT, SIGN), REQUESTING),
}
_step = between(OTHER_SIDE, (REQUESTING,), {REQUESTING: PAPERS, LABORATORY: INTAKE}, "IN-1b")

COMMISSIONING = (
    _step("amend", ("draft",), None, ASK, N_("Amend the delegation"), form=forms.Delegation),
    _step(
        "submit",
        ("draft",),
        "submitted",
        ASK,
        N_("Submit for approval"),
        N_("Appraisal delegation %(number)s “%(title)s” is to be issued."),
        tells=(REQUESTING,),
        told_roles=LEADING,
    ),
    _step("send_back", ("submitted",), "draft", ISSUE, N_("Send back to the drafter"), needs_note=True),
    _step(
        "issue",
        ("submitted",),
        "sent",
        ISSUE,
        N_("Issue the delegation"),
        N_("You are delegated an appraisal: %(number)s “%(title)s”."),
        document="lab_delegation_letter",
    ),
    _step(
        "accept",
        ("sent",),
        "accepted",
        ANSWER,
        N_("Accept the delegation"),
        N_("The laboratory accepts %(number)s “%(title)s”."),
        form=forms.Acceptance,
        document="lab_acceptance",
    ),
    _step(
        "decline",
        ("sent",),
        "declined",
        ANSWER,
        N_("Decline the delegation"),
        N_("The laboratory declines %(number)s “%(title)s”. The reason is on its page."),
        form=forms.Declining,
        document="lab_refusal",
    ),
    _step(
        "withdraw",
        ("draft", "submitted", "sent", "accepted", "sampled", "testing", "waiting"),
        "withdrawn",
        ASK,
        N_("Withdraw"),
        N_("Appraisal delegation %(number)s “%(title)s” is withdrawn."),
        needs_note=True,
    ),
)

TESTING = (
    _step(
        "samples_in",
        ("accepted",),
        "sampled",
        None,
        N_("Samples are in"),
        N_("The samples of %(number)s “%(title)s” are in the laboratory."),
    ),
    _step(
        "begin",
        ("accepted", "sampled"),
        "testing",
        REPORT,
        N_("Begin testing"),
        N_("The laboratory has begun with %(number)s “%(title)s”."),
    ),
    _step(
        "need_more",
        ("testing",),
        "waiting",
        REPORT,
        N_("Ask for more material"),
        N_("The laboratory needs more for %(number)s “%(title)s”: the agreed term stands still."),
        form=forms.MoreNeeded,
        document="lab_more_needed",
    ),
    _step(
        "supply",
        ("waiting",),
        "testing",
        ASK,
        N_("Supply what was asked for"),
        N_("What you asked for is supplied: %(number)s “%(title)s”."),
        form=forms.Supplied,
    ),
    _step(
        "ask_later",
        IN_WORK,
        None,
        REPORT,
        N_("Ask for a later day"),
        N_("The laboratory asks for a later day for %(number)s “%(title)s”."),
        form=forms.Later,
    ),
    _step(
        "agree_later",
        IN_WORK,
        None,
        ASK,
        N_("Agree to the later day"),
        N_("The client agrees to the later day for %(number)s “%(title)s”."),
        form=forms.LaterAgreed,
    ),
    _step(
        "draft_report",
        ("testing",),
        "under_review",
        REPORT,
        N_("Draft the report"),
        N_("The report of %(number)s “%(title)s” is to be signed."),
        form=forms.ReportDraft,
        tells=(LABORATORY,),
        told_roles=LEADING,
    ),
    _step("send_back_report", ("under_review",), "testing", SIGN, N_("Send back to the bench"), needs_note=True),
    _step(
        "sign",
        ("under_review",),
        "reported",
        SIGN,
        N_("Sign the report"),
        N_("The report of %(number)s “%(title)s” is there."),
    ),
    _step(
        "amend_report",
        REPORTED,
        "testing",
        SIGN,
        N_("Amend the report"),
        N_("The laboratory amends the report of %(number)s “%(title)s”: a new version follows."),
        form=forms.Amendment,
    ),
)

AFTER = (
    _step(
        "receive",
        ("reported",),
        "received",
        RECEIVE,
        N_("Receive the report"),
        N_("The client has received the report of %(number)s “%(title)s”."),
        form=forms.ReportReceived,
    ),
    _step(
        "tell_period",
        IN_WORK,
        None,
        RECEIVE,
        N_("Tell the party of the time"),
        form=forms.PeriodTold,
        document="lab_period_notice",
    ),
    _step(
        "tell_party",
        ("received",),
        None,
        RECEIVE,
        N_("Tell the party the result"),
        form=forms.PartyTold,
        document="lab_result_notice",
    ),
    _step(
        "object",
        ("received",),
        "retest_decision",
        RECEIVE,
        N_("Record an objection"),
        N_("The party objects to the report of %(number)s “%(title)s”."),
        form=forms.Objection,
    ),
    _step(
        "grant_retest",
        ("retest_decision",),
        "retest",
        ISSUE,
        N_("Have it tested again"),
        N_("%(number)s “%(title)s” is tested again."),
        form=forms.Retest,
    ),
    _step(
        "refuse_retest",
        ("retest_decision",),
        "retest_refused",
        ISSUE,
        N_("Refuse a re-test"),
        form=forms.RetestRefused,
        document="lab_retest_refusal",
    ),
    _step(
        "close",
        ("received", "retest", "retest_refused"),
        "closed",
        RECEIVE,
        N_("Close"),
        N_("Appraisal delegation %(number)s “%(title)s” is closed."),
    ),
)

ON_SITE = (
    _step(
        "link_booking",
        ("accepted", "sampled", "testing", "waiting"),
        None,
        REPORT,
        N_("Link a loan of test equipment"),
        form=BookingLink,
    ),
)

STEPS = (*COMMISSIONING, *TESTING, *ON_SITE, *AFTER)
