"""A sample and a shipment as data: from the seal to return, destruction or the last drop (IN-1b). Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from shared_resources.kernel.permissions import PAPERS, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, register
from shared_resources.kernel.roles import INTAKE
from shared_resources.kernel.words import N_, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

REQUESTING, LABORATORY = Relation.REQUESTING, Relation.LABORATORY
TAKE, KEEP, WORK = Permission.SAMPLE_TAKE, Permission.SAMPLE_KEEP, Permission.BENCH_WORK

SAMPLE = register(
    Procedure(
        kind="sample",
        prefix="SP",
        basis="IN-1b",
        label=N_("Sample"),
        path="/samples/%(number)s",
        opening="take",
        initial="sealed",
        parties=(REQUESTING, LABORATORY),
        states={
            "sealed": State(N_("Sealed"), "good"),
            "shipped": State(N_("On its way"), "waiting"),
            "missing": State(N_("Missing"), "bad"),
            "received": State(N_("In the laboratory"), "active"),
            "rejected": State(N_("Rejected"), "bad"),
            "at_bench": State(N_("At the bench"), "active"),
            "retained": State(N_("Kept"), "good"),
            "cleared": State(N_("To be taken back"), "waiting"),
            "divided": State(N_("Divided"), "neutral", final=True),
            "consumed": State(N_("Wholly used up"), "neutral", final=True),
            "returned": State(N_("Returned"), "neutral", final=True),
            "destroyed": State(N_("Destroyed"), "neutral", final=True),
        },
        steps=(
            Step("ship", ("sealed",), "shipped", TAKE, N_("Send to the laboratory"), "IN-1b"),
            Step("unship", ("shipped",), "sealed", TAKE, N_("Call back"), "IN-1b"),
            Step("receive", ("shipped", "missing", "sealed"), "received", KEEP, N_("Receive"), "IN-1b"),
            Step("reject", ("shipped", "missing"), "rejected", KEEP, N_("Reject"), "IN-1b", needs_note=True),
            Step("miss", ("shipped",), "missing", KEEP, N_("Report missing"), "IN-1b"),
            Step("put_away", ("received", "at_bench"), "received", KEEP, N_("Put away"), "IN-1b"),
            Step("split", ("received",), None, KEEP, N_("Split"), "IN-1b"),
            Step("divide", ("received",), "divided", KEEP, N_("Divide wholly"), "IN-1b"),
            Step("to_bench", ("received",), "at_bench", WORK, N_("Take to the bench"), "IN-1b"),
            Step("consume", ("at_bench",), "consumed", WORK, N_("Use up"), "IN-1b"),
            Step("retain", ("received",), "retained", KEEP, N_("Keep"), "IN-1b"),
            Step("serve_retest", ("received", "retained"), "received", None, N_("Serves the re-test"), "IN-1b"),
            Step(
                "clear",
                ("received", "rejected", "retained"),
                "cleared",
                KEEP,
                N_("Release for return"),
                "IN-1b",
                tells=(REQUESTING,),
                told_roles=PAPERS,
                notice=N_("Sample %(number)s “%(title)s” can be taken back."),
            ),
            Step("take_back", ("cleared",), "returned", TAKE, N_("Take back"), "IN-1b"),
            Step("take_over", ("cleared",), "sealed", TAKE, N_("Take over for the re-test"), "IN-1b"),
            Step("destroy", ("received", "rejected", "retained"), "destroyed", KEEP, N_("Destroy"), "IN-1b"),
        ),
    )
)

SHIPMENT = register(
    Procedure(
        kind="shipment",
        prefix="SM",
        basis="IN-1b",
        label=N_("Shipment"),
        path="/shipments/%(number)s",
        opening="pack",
        initial="packed",
        parties=(REQUESTING, LABORATORY),
        states={
            "packed": State(N_("Packed"), "neutral"),
            "sent": State(N_("On its way"), "waiting"),
            "received": State(N_("Received"), "good", final=True),
            "withdrawn": State(N_("Called back"), "neutral", final=True),
        },
        steps=(
            Step(
                "send",
                ("packed",),
                "sent",
                TAKE,
                N_("Send to the laboratory"),
                "IN-1b",
                tells=(LABORATORY,),
                told_roles=INTAKE,
                notice=N_("Samples are on their way to you: %(number)s “%(title)s”."),
            ),
            Step("scan", ("sent",), None, KEEP, N_("Scan a sample"), "IN-1b"),
            Step(
                "receive",
                ("sent",),
                "received",
                KEEP,
                N_("Close the manifest"),
                "IN-1b",
                tells=(REQUESTING,),
                told_roles=PAPERS,
                notice=N_("Shipment %(number)s was received. What was missing or damaged is on its page."),
            ),
            Step(
                "call_back",
                ("sent",),
                "withdrawn",
                TAKE,
                N_("Call the shipment back"),
                "IN-1b",
                tells=(LABORATORY,),
                told_roles=INTAKE,
                notice=N_("Shipment %(number)s is called back."),
                needs_note=True,
            ),
        ),
    )
)

ENDED = tuple(name for name, state in SAMPLE.states.items() if state.final)
ACCOUNTED = (*ENDED, "retained", "missing")
"""States in which a sample hinders nobody from closing the case."""


def portions_fit(amounts: Sequence[Decimal], remaining: Decimal) -> Sentence | None:
    """Why portions cannot be split off; None when they can: together they never exceed what is left."""
    asked = sum(amounts, Decimal(0))
    if asked <= remaining:
        return None
    return Sentence(
        N_("The portions make %(asked)s together; only %(remaining)s is left."),
        {"asked": f"{asked.normalize():f}", "remaining": f"{remaining.normalize():f}"},
    )


def stands_in(lowest: float | None, highest: float | None, needs: tuple[float | None, float | None]) -> bool:
    """Whether a place between ``lowest`` and ``highest`` °C suits a sample that needs to lie between ``needs``."""
    needs_lowest, needs_highest = needs
    if needs_lowest is not None and (lowest is None or lowest < needs_lowest):
        return False
    return needs_highest is None or (highest is not None and highest <= needs_highest)
