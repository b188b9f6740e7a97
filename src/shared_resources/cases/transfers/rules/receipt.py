"""First receiver (machine 15; FR-1 to FR-3) as data: answerable until handled, or until the next one signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.cases.transfers.schemas.common import PhoneRecord, Result, Source, Telling
from shared_resources.cases.transfers.schemas.receipt import OwnJurisdiction
from shared_resources.cases.transfers.schemas.transfer import PassingOn
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.roles import LEADING, PAPERS, Relation
from shared_resources.kernel.words import N_, Sentence
from shared_resources.kernel.workdays import CAL, FWD

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

RECEIVER, SENDER = Relation.RECEIVER, Relation.SENDER
HANDLE, JUDGE = Permission.RECEIPT_HANDLE, Permission.RECEIPT_JUDGE
UNDECIDED = ("received", "undecided")

RECEIPT = register(
    Procedure(
        kind="receipt",
        prefix="FR",
        basis="FR-1",
        label=N_("First receipt of a case"),
        path="/receipts/%(number)s",
        opening="register",
        initial="received",
        parties=(RECEIVER, SENDER),
        states={
            "received": State(N_("Received, jurisdiction open"), "waiting"),
            "undecided": State(N_("Undecided for ten days"), "bad"),
            "own": State(N_("Ours, to be handled"), "active"),
            "result": State(N_("Result there, to be told"), "waiting"),
            "not_own": State(N_("Not ours, on its way"), "waiting"),
            "passed": State(N_("Passed on"), "neutral", final=True),
            "closed": State(N_("Closed"), "neutral", final=True),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=(
            Step(
                "judge_own",
                UNDECIDED,
                "own",
                JUDGE,
                N_("We have jurisdiction"),
                "FR-2a",
                form=OwnJurisdiction,
                competes=True,
            ),
            Step(
                "judge_not_own",
                UNDECIDED,
                "not_own",
                JUDGE,
                N_("No jurisdiction: transfer"),
                "FR-3a",
                form=PassingOn,
                competes=True,
            ),
            Step(
                "handle", ("own",), "result", HANDLE, N_("Enter the result"), "FR-2a", form=Result, competes=True
            ),
            Step(
                "inform_by_letter",
                ("result",),
                "closed",
                HANDLE,
                N_("Tell the source in writing"),
                "FR-2b",
                tells=(SENDER,),
                told_roles=PAPERS,
                notice=N_("The result of case %(number)s “%(title)s” is there."),
                form=Telling,
                document="result_notice_transfer",
            ),
            Step(
                "inform_by_phone",
                ("result",),
                "closed",
                HANDLE,
                N_("Tell the source by phone"),
                "FR-2b",
                tells=(SENDER,),
                told_roles=PAPERS,
                notice=N_("The result of case %(number)s “%(title)s” was told by phone."),
                form=PhoneRecord,
            ),
            Step("close", ("result",), "closed", HANDLE, N_("Close the case"), "FR-2a"),
            Step(
                "withdraw",
                (*UNDECIDED, "own", "result"),
                "withdrawn",
                JUDGE,
                N_("Withdraw"),
                "FR-1",
                tells=(SENDER,),
                told_roles=PAPERS,
                notice=N_("Case %(number)s “%(title)s” is withdrawn by the agency that registered it."),
                needs_note=True,
            ),
            Step(
                "warn_undecided",
                ("received",),
                "undecided",
                None,
                N_("Undecided for ten days"),
                "FR-3b",
                tells=(RECEIVER,),
                told_roles=LEADING,
                notice=N_("Case %(number)s “%(title)s” has waited ten days for a decision on jurisdiction."),
            ),
            Step(
                "passed",
                ("not_own",),
                "passed",
                None,
                N_("The next agency has signed"),
                "FR-1",
                tells=(RECEIVER, SENDER),
                told_roles=PAPERS,
                notice=N_("Another agency has signed for case %(number)s “%(title)s”: you answer for it no more."),
            ),
            Step(
                "take_back",
                ("not_own",),
                "received",
                None,
                N_("Back with the first receiver"),
                "FR-1",
                tells=(RECEIVER,),
                told_roles=PAPERS,
                notice=N_("The transfer was withdrawn: case %(number)s “%(title)s” is with you again."),
            ),
        ),
        terms=(
            Term(
                "judge",
                N_("Decide on jurisdiction"),
                ("register", "take_back"),
                ("judge_own", "judge_not_own"),
                RECEIVER,
                None,
                "FR-3b",
                CAL(10),
                void=("withdraw",),
                then="warn_undecided",
            ),
            Term(
                "handle",
                N_("Handle the case"),
                ("judge_own",),
                ("handle",),
                RECEIVER,
                SENDER,
                "FR-2a",
                CAL(90),
                void=("withdraw",),
            ),
            Term(
                "inform",
                N_("Tell the result to the source"),
                ("handle",),
                ("inform_by_letter", "inform_by_phone", "close"),
                RECEIVER,
                SENDER,
                "FR-2b",
                FWD(2),
                void=("withdraw",),
            ),
        ),
        offices=frozenset({Relation.LEGAL_OFFICE, Relation.SUPERVISOR}),
    )
)


def own(facts: Facts) -> dict[str, Any]:
    """What the page of a receipt shows besides what all records show."""
    return {"is_answerable": not RECEIPT.states[facts.state].final, "is_passing": facts.state == "not_own"}


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """An own finding has no source to tell; every other one is told before the case is closed."""
    own = facts.last(RECEIPT.opening).get("source") == Source.OWN_FINDING
    if step == "close" and not own:
        return Sentence(N_("Tell the result to the source first."))
    if step.startswith("inform_") and own:
        return Sentence(N_("This was your own finding: nobody waits to be told."))
    return None
