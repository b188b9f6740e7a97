"""Case transfer (machine 14; TR-1 to TR-4, FR-2, FR-3) as data, and what stands in the way of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.cases.transfers.rules.transfer_receiving import JURISDICTION, RECEIVING, URGING
from shared_resources.cases.transfers.rules.transfer_sending import SENDING
from shared_resources.cases.transfers.rules.transfer_terms import TERMS
from shared_resources.kernel.procedure import Procedure, State, register
from shared_resources.kernel.roles import OFFICES, Relation
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

SENDER, RECEIVER = Relation.SENDER, Relation.RECEIVER

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

TRANSFER = register(
    Procedure(
        kind="transfer",
        prefix="TR",
        basis="TR-1a",
        label=N_("Case transfer"),
        path="/transfers/%(number)s",
        opening="find",
        initial="determined",
        parties=(SENDER, RECEIVER),
        states=STATES,
        steps=(*SENDING, *RECEIVING, *JURISDICTION, URGING),
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
    answered = facts.since("urge", "answer_urging") or facts.since("urge", "explain_delay")
    return facts.has("urge") and not answered


def own(facts: Facts) -> dict[str, Any]:
    """What the page of a transfer shows besides what all records show."""
    ended = TRANSFER.states[facts.state].final
    return {
        "answerable": None if ended else facts.parties[RECEIVER if facts.has("accept") else SENDER],
        "idles": facts.state in ("sent", "accepted", "handling"),
        "idle_days": idle_days(facts),
        "is_onward": is_onward(facts),
        "is_named": is_named(facts),
        "is_withheld": facts.state == "overdue",
    }


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """Why a step may not be taken yet, or not by this actor."""
    if step in ("pass_on", "ask_naming", "dispute"):
        return _keeps_the_case(facts, step)
    if step == "withdraw" and facts.has("bind"):
        return Sentence(N_("The legal office has named the agency: the case is sent there."))
    if step == "incomplete" and facts.has("incomplete"):
        return Sentence(N_("More was asked for once already: sign for the case now, ask for the rest afterwards."))
    if step in ("answer_urging", "explain_delay") and not open_urging(facts):
        return Sentence(N_("No urging waits for an answer."))
    if step in ("prepare", "approve", "send"):
        return _papers(facts, step, actor)
    return None


def _keeps_the_case(facts: Facts, step: str) -> Sentence | None:
    if is_named(facts):
        return NAMED
    if step == "pass_on" and is_onward(facts):
        return Sentence(
            N_("This case was passed on once already: let the legal office name the agency, or raise a dispute.")
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
