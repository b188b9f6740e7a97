"""Situation notices (machine 16) as data, their periods, and what blocks a step. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared_resources.cases.notices.schemas import Acknowledgement, Approval, Situation
from shared_resources.kernel.permissions import LEADING, PAPERS, Permission, Relation
from shared_resources.kernel.procedure import Procedure, State, Step, Term, register
from shared_resources.kernel.words import N_, Sentence
from shared_resources.kernel.workdays import FWD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

NOTIFYING, NOTIFIED = Relation.NOTIFYING, Relation.NOTIFIED
UNSENT = ("due", "drafted", "signed", "missed")
DAYS_TO_SEND = FWD(5)
"""After the end of the period: our own aim, the decree leaves the period to the plan."""
PERIODS_BACK = 12
"""How many periods are caught up at most after the house stood still."""

SITUATION_NOTICE = register(
    Procedure(
        kind="situation_notice",
        prefix="SN",
        basis="SN-1",
        label=N_("Situation notice"),
        path="/situation-notices/%(number)s",
        opening="open",
        initial="due",
        parties=(NOTIFYING, NOTIFIED),
        offices=frozenset({Relation.LEGAL_OFFICE}),
        states={
            "due": State(N_("To be notified"), "waiting"),
            "drafted": State(N_("Drafted"), "active"),
            "signed": State(N_("Signed by the leader"), "active"),
            "sent": State(N_("Sent"), "waiting"),
            "acknowledged": State(N_("Acknowledged"), "good", final=True),
            "missed": State(N_("Missed"), "bad"),
            "withdrawn": State(N_("Withdrawn"), "neutral", final=True),
        },
        steps=(
            Step(
                "draft",
                ("due", "drafted", "missed"),
                "drafted",
                Permission.NOTICE_DRAFT,
                N_("Draft the notice"),
                "SN-1",
                tells=(NOTIFYING,),
                told_roles=LEADING,
                notice=N_("Situation notice %(number)s (%(title)s) waits for your signature."),
                form=Situation,
            ),
            Step(
                "sign",
                ("drafted",),
                "signed",
                Permission.NOTICE_SIGN,
                N_("Sign the notice"),
                "SN-2a",
                tells=(NOTIFYING,),
                told_roles=PAPERS,
                notice=N_("Situation notice %(number)s is signed and can be sent."),
                form=Approval,
            ),
            Step(
                "send",
                ("signed",),
                "sent",
                Permission.NOTICE_DRAFT,
                N_("Send the notice"),
                "SN-2a",
                tells=(NOTIFIED,),
                told_roles=PAPERS | LEADING,
                notice=N_("Situation notice %(number)s has come: %(title)s."),
                document="situation_notice",
            ),
            Step(
                "acknowledge",
                ("sent",),
                None,
                Permission.NOTICE_ACKNOWLEDGE,
                N_("Acknowledge"),
                "SN-1",
                tells=(NOTIFYING,),
                told_roles=PAPERS,
                notice=N_("Situation notice %(number)s was acknowledged."),
                form=Acknowledgement,
            ),
            Step("complete", ("sent",), "acknowledged", None, N_("Acknowledged by all"), "SN-1"),
            Step(
                "miss",
                ("due", "drafted", "signed"),
                "missed",
                None,
                N_("Missed"),
                "SN-1",
                tells=(NOTIFYING, NOTIFIED),
                told_roles=PAPERS | LEADING,
                notice=N_("Situation notice %(number)s was not sent in its time: %(title)s."),
            ),
            Step(
                "withdraw",
                UNSENT,
                "withdrawn",
                Permission.NOTICE_DRAFT,
                N_("Withdraw"),
                "SN-1",
                tells=(NOTIFIED,),
                told_roles=PAPERS,
                notice=N_("Situation notice %(number)s was withdrawn."),
                needs_note=True,
            ),
        ),
        terms=(
            Term(
                "send",
                N_("Send the notice"),
                ("open",),
                ("send",),
                NOTIFYING,
                NOTIFIED,
                "SN-1",
                void=("withdraw", "miss"),
                then="miss",
            ),
            Term(
                "send_late",
                N_("Send the missed notice"),
                ("miss",),
                ("send",),
                NOTIFYING,
                NOTIFIED,
                "SN-1",
                rule=FWD(3),
                void=("withdraw",),
            ),
            Term(
                "acknowledge",
                N_("Acknowledge the notice"),
                ("send",),
                ("acknowledge",),
                NOTIFIED,
                NOTIFYING,
                "SN-1",
                rule=FWD(3),
                each=True,
            ),
        ),
    )
)


def blocks(facts: Facts, step: str, actor: Actor) -> Sentence | None:
    """An agency acknowledges once; those who merely see it have nothing to acknowledge."""
    if step == "acknowledge" and actor.agency is not None and facts.has("acknowledge", actor.agency):
        return Sentence(N_("Your agency has acknowledged it already."))
    return None


def all_acknowledged(facts: Facts) -> bool:
    """Whether every notified agency has acknowledged."""
    return all(facts.has("acknowledge", agency) for agency in facts.parties.all(NOTIFIED))


@dataclass(frozen=True)
class Period:
    """The days that a notice speaks of, the last one included."""

    first: date
    last: date


def ended_periods(every: int | None, since: date, today: date) -> tuple[Period, ...]:
    """The periods that ended before ``today``, the first one from ``since``; the newest few after a standstill."""
    found: list[Period] = []
    for period in periods(every, since):
        if period.last >= today:
            break
        found.append(period)
    return tuple(found[-PERIODS_BACK:])


def periods(every: int | None, since: date) -> Iterator[Period]:
    """The periods of a plan in force since a day: so many days each, or months with a short first one."""
    first = since
    while True:
        last = first + timedelta(days=every - 1) if every else month_end(first)
        yield Period(first, last)
        first = last + timedelta(days=1)


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
