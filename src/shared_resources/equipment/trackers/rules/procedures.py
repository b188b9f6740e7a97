"""Two procedures as data: a tracker (machine 21), and an alarm that a person looks into."""

from __future__ import annotations

from shared_resources.kernel.permissions import DECIDING, KEEPING, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.words import N_
from shared_resources.kernel.workdays import FWD

OWNER, BORROWER = Relation.OWNER, Relation.BORROWER

TRACKER = Procedure(
    kind="tracker",
    prefix="K",
    basis="VI-1a",
    label=N_("Tracker"),
    path="/trackers/%(number)s",
    opening="register",
    initial="unassigned",
    parties=(OWNER,),
    states={
        "unassigned": State(N_("On no item"), "neutral"),
        "bound": State(N_("Waiting for its first word"), "waiting"),
        "online": State(N_("Reporting"), "good"),
        "stale": State(N_("Silent"), "warning"),
        "lost_contact": State(N_("Contact lost"), "bad"),
        "retired": State(N_("Out of use"), "neutral", final=True),
    },
    steps=(
        Step("bind", ("unassigned",), "bound", Permission.TRACKER_EDIT, N_("Put on an item"), "VI-1a"),
        Step(
            "unbind",
            ("bound", "online", "stale", "lost_contact"),
            "unassigned",
            Permission.TRACKER_EDIT,
            N_("Take off the item"),
            "VI-1a",
            needs_note=True,
        ),
        Step("check_in", ("bound", "stale", "lost_contact"), "online", None, N_("Reported"), "VI-1a"),
        Step("fall_silent", ("online",), "stale", None, N_("Fell silent"), "VI-1a"),
        Step("lose_contact", ("stale",), "lost_contact", None, N_("Contact lost"), "VI-1a"),
        Step(
            "retire",
            ("unassigned", "bound", "online", "stale", "lost_contact"),
            "retired",
            Permission.TRACKER_EDIT,
            N_("Take out of use"),
            "VI-1a",
            needs_note=True,
        ),
    ),
)

ALARM = Procedure(
    kind="alarm",
    prefix="W",
    basis="VI-1a",
    label=N_("Alarm"),
    path="/alarms/%(number)s",
    opening="raise",
    initial="open",
    parties=(OWNER, BORROWER),
    states={
        "open": State(N_("To be looked into"), "bad"),
        "taken": State(N_("Being looked into"), "active"),
        "settled": State(N_("Settled"), "neutral", final=True),
        "cleared": State(N_("Over by itself"), "neutral", final=True),
    },
    steps=(
        Step("take", ("open", "taken"), "taken", Permission.ALARM_HANDLE, N_("Look into it"), "VI-1a"),
        Step(
            "settle",
            ("open", "taken"),
            "settled",
            Permission.ALARM_HANDLE,
            N_("Settle"),
            "VI-1a",
            tells=(OWNER, BORROWER),
            told_roles=DECIDING,
            notice=N_("Alarm %(number)s “%(title)s” is settled."),
            needs_note=True,
        ),
        Step("clear", ("open", "taken"), "cleared", None, N_("Over by itself"), "VI-1a"),
    ),
    terms=(
        Term(
            "look",
            N_("Look into the alarm"),
            after=("raise",),
            until=("take", "settle", "clear"),
            owed_by=OWNER,
            owed_to=None,
            basis="VI-1a",
            rule=FWD(1),
        ),
    ),
)

PROCEDURES = tuple(register(procedure) for procedure in (TRACKER, ALARM))

ALARM_KINDS = {
    "left_early": N_("Left the depot before it was handed over"),
    "outside_area": N_("Outside the allowed area"),
    "outside_period": N_("Out after the end of the loan"),
    "silent": N_("Silent"),
    "low_battery": N_("Low battery"),
    "tamper": N_("Tampered with"),
    "wrong_holder": N_("Seen with another holder"),
}
"""What an alarm is about; the words of ``alarm.kind``."""

CLEARS_ITSELF = frozenset({"left_early", "outside_area", "outside_period", "silent", "low_battery"})
"""Alarms that are over when the newest observation no longer says so; the others wait for a person."""

TOLD = KEEPING
"""Roles of the owner that hear of an alarm at once."""
