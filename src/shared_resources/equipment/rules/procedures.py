"""The three procedures of equipment as data: item (machine 10), loan (machine 11, beside this), incident."""

from __future__ import annotations

from shared_resources.equipment.rules.loan import LOAN
from shared_resources.kernel.permissions import FIELD, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, register
from shared_resources.kernel.words import N_

__all__ = ["CHECKED_IN", "INCIDENT", "ITEM", "LINE_OCCUPIES", "LINE_STATES", "LOAN", "PROCEDURES"]

OWNER, BORROWER = Relation.OWNER, Relation.BORROWER
BOTH = (OWNER, BORROWER)

ITEM = Procedure(
    kind="item",
    prefix="E",
    basis="VI-1a",
    label=N_("Equipment item"),
    path="/items/%(number)s",
    opening="register",
    initial="available",
    parties=(OWNER,),
    states={
        "available": State(N_("Available"), "good"),
        "standby": State(N_("Emergency reserve"), "neutral"),
        "repair": State(N_("In repair"), "warning"),
        "damaged": State(N_("Damaged"), "bad"),
        "lost": State(N_("Lost"), "bad"),
        "retired": State(N_("Retired"), "neutral", final=True),
    },
    steps=(
        Step("keep_in_reserve", ("available",), "standby", Permission.ITEM_EDIT, N_("Keep as reserve"), "CO-1b"),
        Step(
            "release_from_reserve", ("standby",), "available", Permission.ITEM_EDIT, N_("Open to loans"), "CO-1b"
        ),
        Step("send_to_repair", ("available", "damaged"), "repair", Permission.ITEM_EDIT, N_("To repair"), "VI-1a"),
        Step("take_back_repaired", ("repair",), "available", Permission.ITEM_EDIT, N_("Repaired"), "VI-1a"),
        Step("declare_fit", ("damaged",), "available", Permission.ITEM_EDIT, N_("Declare fit"), "VI-1a"),
        Step("mark_damaged", ("available", "standby", "repair"), "damaged", None, N_("Damaged"), "VI-1a"),
        Step("mark_lost", ("available", "standby", "repair", "damaged"), "lost", None, N_("Lost"), "VI-1a"),
        Step("find_again", ("lost",), "available", Permission.ITEM_EDIT, N_("Found again"), "VI-1a"),
        Step(
            "retire",
            ("available", "standby", "repair", "damaged", "lost"),
            "retired",
            Permission.ITEM_EDIT,
            N_("Retire"),
            "VI-1a",
            needs_note=True,
        ),
    ),
)

INCIDENT = Procedure(
    kind="incident",
    prefix="D",
    basis="VI-1a",
    label=N_("Incident"),
    path="/incidents/%(number)s",
    opening="report",
    initial="reported",
    parties=BOTH,
    states={
        "reported": State(N_("Reported"), "bad"),
        "settled": State(N_("Settled"), "neutral", final=True),
    },
    steps=(
        Step(
            "settle",
            ("reported",),
            "settled",
            Permission.INCIDENT_SETTLE,
            N_("Settle"),
            "VI-1a",
            tells=BOTH,
            told_roles=FIELD,
            notice=N_("Incident %(number)s “%(title)s” is settled."),
            needs_note=True,
        ),
    ),
)

PROCEDURES = tuple(register(procedure) for procedure in (ITEM, LOAN, INCIDENT))

LINE_OCCUPIES = frozenset({"held", "reserved", "out", "back"})
"""Line states in which a numbered item is occupied; the exclusion constraint names the same four."""

LINE_STATES = {
    "asked": State(N_("Asked for"), "waiting"),
    "held": State(N_("Held"), "waiting"),
    "reserved": State(N_("Reserved"), "good"),
    "conflict": State(N_("Conflict"), "warning"),
    "out": State(N_("Out"), "active"),
    "back": State(N_("Back, to inspect"), "waiting"),
    "done": State(N_("Returned"), "neutral", final=True),
    "refused": State(N_("Refused"), "neutral", final=True),
    "dropped": State(N_("Released"), "neutral", final=True),
    "lost": State(N_("Lost"), "bad", final=True),
}

CHECKED_IN = State(N_("Checked in, awaiting inspection"), "waiting")
"""How a line that is out is shown once its tracker brought it home; a loan, once that is so of all it has out."""
