"""The joint meeting as data: machine 19; MT-1 to MT-4, CE-3a."""

from __future__ import annotations

from typing import Any

from shared_resources.cases.meetings.rules.days import NOTICE, REPLY
from shared_resources.cases.meetings.schemas import meeting as forms
from shared_resources.kernel.permissions import PAPERS, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD

CONVENING, ATTENDING = Relation.CONVENING, Relation.ATTENDING
CONVENE, SIGN = Permission.MEETING_CONVENE, Permission.MEETING_SIGN
REPLIES, CONSENT = Permission.MEETING_REPLY, Permission.MEETING_CONSENT
OFFICES = (Relation.GOVERNMENT, Relation.LEGAL_OFFICE)
TOLD = {
    CONVENE: (ATTENDING,),
    SIGN: (ATTENDING, *OFFICES),
    REPLIES: (CONVENING,),
    CONSENT: (CONVENING,),
    None: (CONVENING,),
}
BEFORE = ("noticed", "confirmed")
DRAWING_UP = ("minuting", "consulting", "consented")


def _step(
    name: str,
    sources: tuple[str, ...],
    target: str | None,
    permission: Permission | None,
    label: str,
    basis: str,
    notice: str = "",
    **more: Any,
) -> Step:
    """A step that tells the other side, where it has a notice."""
    tells = TOLD[permission] if notice else ()
    return Step(
        name, sources, target, permission, label, basis, tells=tells, told_roles=PAPERS, notice=notice, **more
    )


STATES = {
    "planning": State(N_("In preparation"), "neutral"),
    "noticed": State(N_("Notice sent"), "waiting"),
    "confirmed": State(N_("Meeting confirmed"), "good"),
    "minuting": State(N_("Held, minutes being drawn up"), "active"),
    "consulting": State(N_("Minutes out for consent"), "waiting"),
    "consented": State(N_("Consented"), "good"),
    "issued": State(N_("Minutes issued, items tracked"), "active"),
    "closed": State(N_("Closed"), "neutral", final=True),
    "cancelled": State(N_("Meeting cancelled"), "neutral", final=True),
    "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
}

PREPARING = (
    _step("amend", ("planning",), None, CONVENE, N_("Change the programme"), "MT-3a", form=forms.Amendment),
    _step(
        "send_notice",
        ("planning",),
        "noticed",
        SIGN,
        N_("Send the notice"),
        "MT-3a",
        form=forms.Sending,
        document="meeting_notice",
    ),
    _step(
        "reply",
        BEFORE,
        None,
        REPLIES,
        N_("Reply"),
        "MT-3b",
        N_("A reply to meeting %(number)s “%(title)s” has come."),
        form=forms.Slip,
        document="meeting_reply",
    ),
    _step(
        "change_reply",
        BEFORE,
        None,
        REPLIES,
        N_("Change the reply"),
        "MT-3b",
        N_("A reply to meeting %(number)s “%(title)s” was changed."),
        form=forms.Slip,
        document="meeting_reply",
    ),
    _step("calendar_answer", BEFORE, None, None, N_("Calendar answer"), "MT-3b", form=forms.CalendarClaim),
    _step(
        "all_replied",
        ("noticed",),
        "confirmed",
        None,
        N_("All have replied"),
        "MT-3b",
        N_("Every agency has replied to meeting %(number)s “%(title)s”."),
    ),
    _step(
        "confirm",
        ("noticed",),
        "confirmed",
        CONVENE,
        N_("Confirm without all replies"),
        "MT-3b",
        N_("Meeting %(number)s “%(title)s” takes place as announced."),
        form=forms.Calls,
    ),
    _step(
        "postpone",
        BEFORE,
        "noticed",
        SIGN,
        N_("Postpone"),
        "MT-3a",
        form=forms.Postponement,
        document="meeting_notice",
    ),
    _step(
        "cancel",
        BEFORE,
        "cancelled",
        SIGN,
        N_("Cancel the meeting"),
        "MT-3a",
        form=forms.Cancellation,
        document="meeting_notice",
    ),
)

MINUTES = (
    _step("hold", ("confirmed",), "minuting", CONVENE, N_("Record the meeting"), "MT-4a", form=forms.Record),
    _step(
        "draft_minutes",
        DRAWING_UP,
        "consulting",
        CONVENE,
        N_("Draft the minutes"),
        "MT-4a",
        N_("The draft minutes of meeting %(number)s “%(title)s” are out for consent."),
        form=forms.Draft,
    ),
    _step(
        "consent",
        ("consulting",),
        None,
        CONSENT,
        N_("Consent to the minutes"),
        "MT-4b",
        N_("An agency consents to the minutes of meeting %(number)s “%(title)s”."),
        form=forms.Assent,
    ),
    _step(
        "object",
        ("consulting",),
        None,
        CONSENT,
        N_("Object to the minutes"),
        "MT-4b",
        N_("An agency objects to the minutes of meeting %(number)s “%(title)s”."),
        form=forms.Objection,
    ),
    _step(
        "all_consented",
        ("consulting",),
        "consented",
        None,
        N_("All have consented"),
        "MT-4b",
        N_("All agencies bound by the minutes of meeting %(number)s “%(title)s” consent."),
    ),
    _step(
        "issue",
        ("consented",),
        "issued",
        SIGN,
        N_("Issue the minutes"),
        "MT-4c",
        N_("The minutes of meeting %(number)s “%(title)s” are issued."),
        form=forms.Issue,
        document="minutes",
        competes=True,
    ),
    _step(
        "file_copy",
        ("issued",),
        None,
        SIGN,
        N_("File the minutes"),
        "MT-4c",
        N_("The minutes of meeting %(number)s “%(title)s” are filed."),
        form=forms.Filing,
    ),
    _step(
        "close",
        ("issued",),
        "closed",
        None,
        N_("All items have ended"),
        "MT-4a",
        N_("All resolved items of meeting %(number)s “%(title)s” have ended."),
    ),
    _step(
        "withdraw",
        ("planning", *BEFORE, *DRAWING_UP),
        "withdrawn",
        SIGN,
        N_("Withdraw"),
        "MT-2",
        needs_note=True,
    ),
)

TERMS = (
    Term(
        "notice",
        N_("Meeting notice"),
        after=("plan", "amend"),
        until=("send_notice",),
        owed_by=CONVENING,
        owed_to=ATTENDING,
        basis="MT-3a",
        rule=NOTICE,
        statutory=True,
        void=("amend", "withdraw"),
    ),
    Term(
        "reply",
        N_("Meeting reply slip"),
        after=("send_notice", "postpone"),
        until=("reply",),
        owed_by=ATTENDING,
        owed_to=CONVENING,
        basis="MT-3b",
        rule=REPLY,
        statutory=True,
        void=("postpone", "cancel", "hold", "withdraw"),
        each=True,
    ),
    Term(
        "minutes",
        N_("Meeting minutes"),
        after=("hold",),
        until=("issue",),
        owed_by=CONVENING,
        owed_to=ATTENDING,
        basis="MT-4a",
        rule=FWD(5),
        void=("withdraw",),
    ),
    Term(
        "consent",
        N_("Consent to the minutes"),
        after=(),
        until=("consent", "object"),
        owed_by=ATTENDING,
        owed_to=CONVENING,
        basis="MT-4b",
        rule=FWD(3),
        void=("withdraw",),
        each=True,
    ),
)
"""Consent is begun by the effect of the draft: only the agencies that it binds owe it."""

MEETING = register(
    Procedure(
        kind="meeting",
        prefix="MT",
        basis="MT-2",
        label=N_("Joint meeting"),
        path="/meetings/%(number)s",
        opening="plan",
        initial="planning",
        parties=(CONVENING, ATTENDING),
        states=STATES,
        steps=(*PREPARING, *MINUTES),
        terms=TERMS,
    )
)
