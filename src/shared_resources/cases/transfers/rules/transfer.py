"""Case transfer (machine 14; TR-1 to TR-4, FR-2, FR-3) as data, and what stands in the way of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared_resources.cases.schemas import Claim
from shared_resources.cases.transfers.rules.transfer_terms import TERMS
from shared_resources.cases.transfers.schemas.common import Opinion, PhoneRecord, Result, Service, Telling
from shared_resources.cases.transfers.schemas.inventory import Inventory, MoreDocuments
from shared_resources.cases.transfers.schemas.transfer import (
    Bounce,
    CaseFiled,
    Gaps,
    Kept,
    Naming,
    NamingAsked,
    PassingOn,
    Progress,
    Sending,
    Urging,
    UrgingAnswered,
)
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.procedure import Procedure, State, Step, register
from shared_resources.kernel.roles import LEADING, OFFICES, PAPERS, Relation
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

SENDER, RECEIVER, LEGAL = Relation.SENDER, Relation.RECEIVER, Relation.LEGAL_OFFICE
BOTH = (SENDER, RECEIVER)
PREPARE, SIGN = Permission.TRANSFER_PREPARE, Permission.TRANSFER_SIGN
RECEIVE, PASS_ON = Permission.TRANSFER_RECEIVE, Permission.TRANSFER_PASS_ON
URGE, NAME = Permission.TRANSFER_URGE, Permission.TRANSFER_NAME

STATES = {
    "determined": State(N_("No jurisdiction found"), "waiting"),
    "drafting": State(N_("Being prepared"), "waiting"),
    "approved": State(N_("Approved, to be sent"), "active"),
    "overdue": State(N_("Withheld: not sent in time"), "bad"),
    "sent": State(N_("Sent, to be signed for"), "waiting"),
    "bounced": State(N_("Came back, to be sent again"), "warning"),
    "supplementing": State(N_("To be supplemented"), "waiting"),
    "accepted": State(N_("Signed for"), "active"),
    "handling": State(N_("Being handled"), "active"),
    "concluded": State(N_("Concluded, result to be told"), "waiting"),
    "onward": State(N_("On its way to the next agency"), "waiting"),
    "naming": State(N_("Waiting for the legal office"), "waiting"),
    "disputed": State(N_("In dispute"), "bad"),
    "passed_on": State(N_("Passed on"), "neutral", final=True),
    "closed": State(N_("Closed"), "neutral", final=True),
    "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
}

_SENDING = (
    Step("prepare", ("determined", "drafting"), "drafting", PREPARE, N_("Prepare"), "TR-1a", form=Inventory),
    Step("prepare", ("overdue",), None, PREPARE, N_("Prepare"), "TR-1a", form=Inventory),
    Step(
        "approve",
        ("drafting",),
        "approved",
        SIGN,
        N_("Approve"),
        "TR-1a",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("Transfer %(number)s “%(title)s” is approved: send it."),
        form=Opinion,
        document="transfer_letter",
    ),
    Step(
        "approve",
        ("overdue",),
        None,
        SIGN,
        N_("Approve"),
        "TR-1a",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("Transfer %(number)s “%(title)s” is approved: send it."),
        form=Opinion,
        document="transfer_letter",
    ),
    Step(
        "send",
        ("approved", "overdue", "bounced"),
        "sent",
        PREPARE,
        N_("Send"),
        "TR-1a",
        tells=(RECEIVER,),
        told_roles=PAPERS,
        notice=N_("Case “%(title)s” is transferred to you under %(number)s: sign for it."),
        form=Sending,
        document="proof_of_service",
    ),
    Step(
        "bounce",
        ("sent",),
        "bounced",
        PREPARE,
        N_("Came back"),
        "TR-3",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("The papers of transfer %(number)s “%(title)s” came back: send them again today."),
        form=Bounce,
    ),
    Step(
        "supplement",
        ("supplementing",),
        "sent",
        PREPARE,
        N_("Supplement"),
        "TR-1b",
        tells=(RECEIVER,),
        told_roles=PAPERS,
        notice=N_("What was missing in transfer %(number)s “%(title)s” is there now."),
        form=MoreDocuments,
        document="transfer_inventory",
    ),
    Step(
        "withdraw",
        ("determined", "drafting", "approved", "overdue", "sent", "bounced", "supplementing"),
        "withdrawn",
        SIGN,
        N_("Withdraw"),
        "TR-1a",
        tells=BOTH,
        told_roles=PAPERS,
        notice=N_("Transfer %(number)s “%(title)s” is withdrawn by the sender."),
        needs_note=True,
    ),
    Step(
        "mark_overdue",
        ("determined", "drafting", "approved"),
        "overdue",
        None,
        N_("Withheld"),
        "FR-3b",
        tells=(SENDER, LEGAL),
        told_roles=LEADING,
        notice=N_("Transfer %(number)s “%(title)s” was not sent within two working days."),
    ),
)

_RECEIVING = (
    Step(
        "accept",
        ("sent", "supplementing"),
        "accepted",
        RECEIVE,
        N_("Sign for the case"),
        "TR-1b",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("Transfer %(number)s “%(title)s” is signed for: your duty ends here."),
        form=Service,
        document="proof_of_service",
    ),
    Step(
        "incomplete",
        ("sent",),
        "supplementing",
        RECEIVE,
        N_("Say what is missing"),
        "TR-1b",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("Something is missing in transfer %(number)s “%(title)s”: supplement it."),
        form=Gaps,
    ),
    Step(
        "file",
        ("accepted",),
        "handling",
        RECEIVE,
        N_("Take up the case"),
        "FR-2a",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("The case of transfer %(number)s “%(title)s” is taken up."),
        form=CaseFiled,
    ),
    Step("progress", ("handling",), None, RECEIVE, N_("Report progress"), "FR-2a", form=Progress),
    Step(
        "conclude",
        ("handling",),
        "concluded",
        RECEIVE,
        N_("Enter the result"),
        "FR-2a",
        form=Result,
        competes=True,
    ),
    Step(
        "tell_by_letter",
        ("concluded",),
        "closed",
        RECEIVE,
        N_("Tell the result in writing"),
        "FR-2b",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("The result of transfer %(number)s “%(title)s” is there."),
        form=Telling,
        document="result_notice_transfer",
    ),
    Step(
        "tell_by_phone",
        ("concluded",),
        "closed",
        RECEIVE,
        N_("Tell the result by phone"),
        "FR-2b",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("The result of transfer %(number)s “%(title)s” was told by phone."),
        form=PhoneRecord,
    ),
    Step(
        "answer_urging",
        ("overdue",),
        None,
        PREPARE,
        N_("Answer the urging"),
        "TR-2",
        tells=(LEGAL,),
        told_roles=LEADING,
        notice=N_("The urging on transfer %(number)s “%(title)s” is answered."),
        form=UrgingAnswered,
    ),
    Step(
        "answer_urging",
        ("sent", "accepted", "handling"),
        None,
        RECEIVE,
        N_("Answer the urging"),
        "TR-2",
        tells=(LEGAL,),
        told_roles=LEADING,
        notice=N_("The urging on transfer %(number)s “%(title)s” is answered."),
        form=UrgingAnswered,
    ),
)

_JURISDICTION = (
    Step(
        "pass_on",
        ("accepted",),
        "onward",
        PASS_ON,
        N_("No jurisdiction: pass on"),
        "FR-3a",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("The case of transfer %(number)s “%(title)s” is passed on to another agency."),
        form=PassingOn,
        competes=True,
    ),
    Step(
        "ask_naming",
        ("accepted",),
        "naming",
        PASS_ON,
        N_("Ask the legal office to name the agency"),
        "DS-1b",
        tells=(SENDER, LEGAL),
        told_roles=LEADING,
        notice=N_("Transfer %(number)s “%(title)s”: the legal office is asked to name the agency."),
        form=NamingAsked,
        competes=True,
    ),
    Step("dispute", ("accepted",), "disputed", PASS_ON, N_("Raise a dispute"), "DS-1a", form=Claim, competes=True),
    Step(
        "name_receiver",
        ("naming", "disputed"),
        "accepted",
        NAME,
        N_("Leave the case with the receiver"),
        "DS-1b",
        tells=BOTH,
        told_roles=PAPERS,
        notice=N_("The legal office leaves the case of transfer %(number)s “%(title)s” with the receiver."),
        form=Kept,
    ),
    Step(
        "name_agency",
        ("naming", "disputed"),
        "onward",
        NAME,
        N_("Name another agency"),
        "DS-1b",
        tells=BOTH,
        told_roles=PAPERS,
        notice=N_("The legal office names another agency for the case of transfer %(number)s “%(title)s”."),
        form=Naming,
    ),
    Step(
        "resume",
        ("disputed",),
        "accepted",
        PASS_ON,
        N_("Go on after the dispute"),
        "DS-1c",
        tells=(SENDER,),
        told_roles=PAPERS,
        notice=N_("The case of transfer %(number)s “%(title)s” goes on after the dispute."),
        needs_note=True,
        competes=True,
    ),
    Step("bind", ("determined",), None, None, N_("Named by the legal office"), "DS-1b", form=Naming),
    Step(
        "next_signed",
        ("onward",),
        "passed_on",
        None,
        N_("The next agency has signed"),
        "FR-1",
        tells=BOTH,
        told_roles=PAPERS,
        notice=N_("The next agency has signed for the case of transfer %(number)s “%(title)s”."),
    ),
    Step(
        "take_back",
        ("onward",),
        "accepted",
        None,
        N_("Back with the receiver"),
        "FR-1",
        tells=(RECEIVER,),
        told_roles=PAPERS,
        notice=N_("The onward transfer was withdrawn: the case of %(number)s “%(title)s” is with you again."),
    ),
)

_URGE = Step(
    "urge",
    ("overdue", "sent", "accepted", "handling"),
    None,
    URGE,
    N_("Urge"),
    "TR-2",
    tells=BOTH,
    told_roles=PAPERS,
    notice=N_("An urging notice on transfer %(number)s “%(title)s” has come."),
    form=Urging,
    document="urging_notice",
)

TRANSFER = register(
    Procedure(
        kind="transfer",
        prefix="TR",
        basis="TR-1a",
        label=N_("Case transfer"),
        path="/transfers/%(number)s",
        opening="find",
        initial="determined",
        parties=BOTH,
        states=STATES,
        steps=(*_SENDING, *_RECEIVING, *_JURISDICTION, _URGE),
        terms=TERMS,
        offices=OFFICES,
    )
)

NAMED = Sentence(N_("The legal office has named your agency: the case stays with you."))


def is_named(facts: Facts) -> bool:
    """Whether the legal office has decided that this receiver handles the case."""
    return facts.has("bind") or facts.has("name_receiver")


def is_onward(facts: Facts) -> bool:
    """Whether this transfer is the onward hop of another one."""
    return any(link.outward for link in facts.linked("transfer", "follows"))


def idle_days(facts: Facts) -> int:
    """Natural days since the receiver last put something on the record, or since it was sent to it."""
    steps = ("send", "accept", "file", "progress", "answer_urging", "name_receiver")
    acts = [filed.at for filed in facts.filings if filed.step in steps]
    return (facts.now - max(acts)).days if acts else 0


def open_urging(facts: Facts) -> bool:
    """Whether an urging waits for its answer."""
    return facts.has("urge") and not facts.since("urge", "answer_urging")


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """Why a step may not be taken yet, or not by this actor."""
    if step in ("pass_on", "ask_naming", "dispute"):
        return _keeps_the_case(facts, step)
    if step == "incomplete" and facts.has("incomplete"):
        return Sentence(N_("More was asked for once already: sign for the case now, ask for the rest afterwards."))
    if step == "answer_urging" and not open_urging(facts):
        return Sentence(N_("No urging waits for an answer."))
    if step in ("prepare", "approve", "send"):
        return _papers(facts, step, actor)
    return None


def _keeps_the_case(facts: Facts, step: str) -> Sentence | None:
    if is_named(facts):
        return NAMED
    if step == "pass_on" and is_onward(facts):
        return Sentence(
            N_(
                "This case was passed on once already: ask the legal office to name the agency, or raise a dispute."
            )
        )
    return None


def _papers(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """An overdue transfer keeps its state while its papers are made: what was filed tells how far it is."""
    prepared, approved = facts.all("prepare"), facts.has("approve")
    if step == "prepare":
        return Sentence(N_("The letter is issued already: send it.")) if approved else None
    if not prepared:
        return Sentence(N_("The inventory is not there yet: prepare it."))
    if step == "send":
        return None if approved else Sentence(N_("The transfer is not approved yet."))
    if approved:
        return Sentence(N_("The transfer is approved already: send it."))
    if prepared[-1].person == actor.person:
        return Sentence(N_("You prepared this yourself, so somebody else has to approve it."))
    return None
