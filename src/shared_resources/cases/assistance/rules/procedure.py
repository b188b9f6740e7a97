"""Enforcement assistance as data: machine 4; AS-1 to AS-8, SN-3."""

from __future__ import annotations

from typing import Any

from shared_resources.cases.assistance import schemas
from shared_resources.cases.assistance.rules.terms import TERMS
from shared_resources.kernel.permissions import PAPERS, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, register
from shared_resources.kernel.schemas.asked import Claim
from shared_resources.kernel.words import N_

REQUESTING, ASSISTING = Relation.REQUESTING, Relation.ASSISTING
ASK, SIGN = Permission.ASSISTANCE_ASK, Permission.ASSISTANCE_SIGN
ANSWER, HELP = Permission.ASSISTANCE_ANSWER, Permission.ASSISTANCE_HELP


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
    """A step that tells the other side, where it has a notice: both sides where the clock or the house acts."""
    side = {ASK: (ASSISTING,), SIGN: (ASSISTING,), ANSWER: (REQUESTING,), HELP: (REQUESTING,)}
    tells = (side[permission] if permission else (REQUESTING, ASSISTING)) if notice else ()
    return Step(
        name, sources, target, permission, label, basis, tells=tells, told_roles=PAPERS, notice=notice, **more
    )


STATES = {
    "draft": State(N_("Draft"), "neutral"),
    "oral_open": State(N_("Asked by word of mouth"), "warning"),
    "sent": State(N_("Letter sent"), "waiting"),
    "received": State(N_("Received"), "waiting"),
    "supplementing": State(N_("Supplement asked for"), "waiting"),
    "agreed": State(N_("Agreed"), "good"),
    "assisting": State(N_("Assisting"), "active"),
    "reported": State(N_("Assistance reported"), "waiting"),
    "done": State(N_("Assistance done"), "good"),
    "refused": State(N_("Cannot help"), "bad"),
    "disputed": State(N_("In dispute"), "bad"),
    "closed": State(N_("Closed"), "neutral", final=True),
    "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
}

ASKING_STEPS = (
    _step(
        "amend",
        ("draft", "oral_open", "assisting", "reported"),
        None,
        ASK,
        N_("Amend the request"),
        "AS-3b",
        form=schemas.Terms,
    ),
    _step(
        "oral_request",
        ("draft",),
        "oral_open",
        ASK,
        N_("Record an oral request"),
        "AS-3b",
        N_("Assistance %(number)s “%(title)s” was asked of you by word of mouth. The letter follows."),
        form=schemas.OralRequest,
    ),
    _step(
        "issue",
        ("draft",),
        "sent",
        SIGN,
        N_("Issue the letter"),
        "AS-6a",
        N_("You are asked for assistance: %(number)s “%(title)s”."),
        document="assistance_letter",
    ),
    _step(
        "backfill_letter",
        ("oral_open",),
        "sent",
        SIGN,
        N_("Back-fill the letter"),
        "AS-3b",
        N_("The letter of assistance %(number)s “%(title)s” is here."),
        document="assistance_letter",
    ),
    _step(
        "file_letter",
        ("assisting", "reported"),
        None,
        SIGN,
        N_("File the letter afterwards"),
        "AS-3b",
        N_("The letter of assistance %(number)s “%(title)s” is here."),
        document="assistance_letter",
    ),
)

ANSWERING_STEPS = (
    _step(
        "receive",
        ("sent",),
        "received",
        HELP,
        N_("Acknowledge receipt"),
        "AS-6b",
        N_("The letter of assistance %(number)s “%(title)s” was received."),
    ),
    _step(
        "ask_supplement",
        ("received",),
        "supplementing",
        HELP,
        N_("Ask for a supplement"),
        "AS-3c",
        N_("More is needed for assistance %(number)s “%(title)s”."),
        form=schemas.SupplementAsked,
    ),
    _step(
        "supplement",
        ("supplementing",),
        "received",
        ASK,
        N_("Supplement"),
        "AS-3c",
        N_("What was missing for assistance %(number)s “%(title)s” is here."),
        form=schemas.Supplement,
    ),
    _step(
        "agree",
        ("received",),
        "agreed",
        ANSWER,
        N_("Agree"),
        "AS-6b",
        N_("Assistance %(number)s “%(title)s” is agreed and starts today."),
        form=schemas.Consent,
        document="assistance_reply",
        competes=True,
    ),
    _step(
        "agree_in_part",
        ("received",),
        "agreed",
        ANSWER,
        N_("Agree in part"),
        "AS-6b",
        N_("Assistance %(number)s “%(title)s” is agreed in part and starts today."),
        form=schemas.PartConsent,
        document="assistance_reply",
        competes=True,
    ),
    _step(
        "refuse",
        ("received",),
        "refused",
        ANSWER,
        N_("Cannot help"),
        "AS-8b",
        N_("Assistance %(number)s “%(title)s” cannot be given. The ground is on its page."),
        form=schemas.CannotHelp,
        document="assistance_refusal",
        competes=True,
    ),
    _step(
        "accept_refusal",
        ("refused",),
        "closed",
        SIGN,
        N_("Accept the answer"),
        "AS-8b",
        N_("The answer to assistance %(number)s “%(title)s” is accepted."),
        competes=True,
    ),
    _step("dispute", ("refused",), "disputed", SIGN, N_("Raise a dispute"), "AS-3d", form=Claim),
    _step(
        "resume",
        ("disputed",),
        "received",
        SIGN,
        N_("Ask again after the dispute"),
        "DS-1c",
        N_("The dispute is over: assistance %(number)s “%(title)s” is asked of you again."),
        competes=True,
    ),
    _step(
        "close_disputed",
        ("disputed",),
        "closed",
        SIGN,
        N_("Close after the dispute"),
        "DS-1c",
        N_("Assistance %(number)s “%(title)s” is closed after the dispute."),
        competes=True,
    ),
)

HELPING_STEPS = (
    _step(
        "act_at_once",
        ("sent", "oral_open", "received"),
        "assisting",
        HELP,
        N_("Act at once"),
        "AS-7a",
        N_("Urgent assistance %(number)s “%(title)s” has begun. The reply follows."),
        form=schemas.Start,
    ),
    _step(
        "start",
        ("agreed",),
        "assisting",
        HELP,
        N_("Start"),
        "AS-7b",
        N_("Assistance %(number)s “%(title)s” has begun."),
        form=schemas.Start,
    ),
    _step(
        "flag_late",
        ("assisting",),
        None,
        None,
        N_("Late start"),
        "AS-7b",
        N_("Assistance %(number)s “%(title)s” started later than the day of the consenting reply."),
    ),
    _step(
        "file_reply",
        ("assisting", "reported"),
        None,
        ANSWER,
        N_("File the reply afterwards"),
        "AS-7a",
        N_("The reply to urgent assistance %(number)s “%(title)s” is here."),
        form=schemas.Consent,
        document="assistance_reply",
    ),
    _step("log", ("assisting",), None, HELP, N_("Record help given"), "AS-4a", form=schemas.HelpLog),
    _step(
        "extend",
        ("assisting",),
        None,
        HELP,
        N_("Extend the finish"),
        "AS-4a",
        N_("The finish of assistance %(number)s “%(title)s” moves. The reason is on its page."),
        form=schemas.Extension,
    ),
    _step(
        "report",
        ("assisting",),
        "reported",
        ANSWER,
        N_("Report the assistance"),
        "SN-3a",
        N_("Assistance %(number)s “%(title)s” is reported as given."),
        form=schemas.HelpReport,
        document="assistance_report",
    ),
    _step(
        "confirm",
        ("reported",),
        "done",
        ASK,
        N_("Confirm"),
        "SN-3a",
        N_("Assistance %(number)s “%(title)s” is confirmed."),
        form=schemas.Confirmation,
        competes=True,
    ),
    _step(
        "close",
        ("done",),
        "closed",
        SIGN,
        N_("Tell the result and close"),
        "SN-3b",
        N_("The result of assistance %(number)s “%(title)s” is here."),
        form=schemas.ResultNotice,
        document="result_notice",
        competes=True,
    ),
    _step(
        "withdraw",
        tuple(name for name, state in STATES.items() if not state.final and name != "done"),
        "withdrawn",
        ASK,
        N_("Withdraw"),
        "AS-6a",
        N_("Assistance %(number)s “%(title)s” is withdrawn."),
        needs_note=True,
        competes=True,
    ),
)

ASSISTANCE = register(
    Procedure(
        kind="assistance",
        prefix="AS",
        basis="AS-3a",
        label=N_("Enforcement assistance"),
        path="/assistance/%(number)s",
        opening="ask",
        initial="draft",
        parties=(REQUESTING, ASSISTING),
        states=STATES,
        steps=(*ASKING_STEPS, *ANSWERING_STEPS, *HELPING_STEPS),
        terms=TERMS,
    )
)
